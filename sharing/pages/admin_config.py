"""Django's admin app with our site in place of the default one."""

from django.contrib.admin.apps import AdminConfig


class OperatorsConfig(AdminConfig):
    default_site = "sharing.pages.admin_site.OperatorSite"
