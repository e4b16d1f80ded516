"""One's own name, as others see it."""

from django.test import Client

from sharing.accounts.models import User


def test_the_name_is_saved(ann: User, ann_client: Client) -> None:
    ann_client.post("/accounts/profile/", {"name": "Ann Æsop"})
    ann.refresh_from_db()
    assert ann.display_name == "Ann Æsop"


def test_without_one_the_address_is_shown(ann: User, ann_client: Client) -> None:
    ann_client.post("/accounts/profile/", {"name": ""})
    ann.refresh_from_db()
    assert ann.display_name == ann.email


def test_nothing_but_the_name_can_be_changed_there(ann: User, ann_client: Client) -> None:
    ann_client.post(
        "/accounts/profile/", {"name": "Ann", "email": "x@example.com", "is_staff": "on", "quota": "0"}
    )
    ann.refresh_from_db()
    assert (ann.email, ann.is_staff, ann.quota) == ("alice@example.com", False, None)


def test_a_name_is_escaped(ann: User, ann_client: Client) -> None:
    ann_client.post("/accounts/profile/", {"name": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in ann_client.get("/accounts/profile/").content.decode()
