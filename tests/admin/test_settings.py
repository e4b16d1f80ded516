"""The page of settings: what each is, where it comes from, and no secret."""

import re

from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from sharing.environment import Environment, read_environment


def words_of(page: str) -> str:
    """Return the words of a page, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_each_setting_is_shown_with_its_value_and_origin(
    carol_client: Client, settings: LazySettings
) -> None:
    settings.ENVIRONMENT = read_environment(USER_QUOTA="20GB", LOG_LEVEL="DEBUG")
    page = words_of(carol_client.get(reverse("admin:settings")).content.decode())
    for name in Environment.model_fields:
        assert name in page
    assert "USER_QUOTA 20 GB Environment bytes a user may store" in page
    assert "MAX_FILE_SIZE 5.5 TB Default the largest single file" in page


def test_no_secret_is_told(carol_client: Client, settings: LazySettings) -> None:
    settings.ENVIRONMENT = read_environment(
        SECRET_KEY="keep-me-to-yourself",
        EMAIL_URL="smtp://user:hidden-word@mail.example.com",
        DATABASE_URL="postgres://user:hidden-word@db.example.com/waybill",
    )
    page = carol_client.get(reverse("admin:settings")).content.decode()
    assert "hidden-word" not in page
    assert "keep-me" not in page


def test_it_is_for_staff(client: Client, alice_client: Client) -> None:
    assert alice_client.get(reverse("admin:settings")).status_code == 404
    assert client.get(reverse("admin:settings")).status_code == 302
