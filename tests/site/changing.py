"""Change settings as the settings page does."""

from sharing.site.current import site
from sharing.site.models import SiteSetting


def change(**values: object) -> None:
    for name, value in values.items():
        SiteSetting.objects.update_or_create(name=name, defaults={"value": value, "changed_by": "carol"})
    site.forget()
