from django.apps import AppConfig
from django.db.models import Q


class RequestsConfig(AppConfig):
    name = "sharing.requests"

    def ready(self) -> None:
        from sharing.files.models import SenderKind, register_senders
        from sharing.requests.models import Delivery

        register_senders(SenderKind(sent=Q(delivery__isnull=False), find=Delivery.senders_of))
