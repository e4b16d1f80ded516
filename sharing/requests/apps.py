from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "sharing.requests"

    def ready(self) -> None:
        from sharing.files.models.cancellation import upload_ended
        from sharing.files.models.completion import uploads_completed
        from sharing.files.models.orphaned_object import quota_returned
        from sharing.requests.models import Delivery

        quota_returned.connect(Delivery.release, dispatch_uid="requests.release")
        upload_ended.connect(Delivery.give_back, dispatch_uid="requests.give_back")
        uploads_completed.connect(Delivery.settle, dispatch_uid="requests.settle")
