from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "sharing.files"
