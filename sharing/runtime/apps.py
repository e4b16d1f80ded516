from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "sharing.runtime"
