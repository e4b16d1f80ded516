from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "sharing.runtime"

    def ready(self) -> None:
        from sharing.runtime import checks  # noqa: F401 (registers them)
