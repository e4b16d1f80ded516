"""The admin as an installed app: Django's own, with our site in place of its default one."""

from django.contrib.admin.apps import AdminConfig


class OperatorsConfig(AdminConfig):
    default_site = "sharing.pages.admin_site.OperatorSite"
