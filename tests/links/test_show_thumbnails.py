"""Thumbnails on a waybill: only where files may be looked at before, and by whom."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.links.models import Link
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    """To two pictures and a text."""
    pictures = [recorded_file(alice, name=name, has_thumbnail=True) for name in ("a.png", "b.png")]
    return link_to(*pictures, recorded_file(alice))


def shown(client: Client, link: Link) -> int:
    return client.get(link.url).content.decode().count("X-Amz-Signature")


def test_whoever_has_the_link_sees_those_there_are(link: Link, visitor: Client) -> None:
    assert shown(visitor, link) == 2


def test_one_whose_signature_has_ended_is_asked_for_again_at_the_link(link: Link, visitor: Client) -> None:
    page = visitor.get(link.url).content.decode()
    picture = link.files.get(name="a.png")
    assert f'data-again="{urlsplit(link.url).path}files/{picture.pk}/thumbnail/"' in page


@pytest.mark.usefixtures("views_pending")
def test_they_take_no_query(
    link: Link, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        visitor.get(link.url)


@pytest.mark.parametrize(
    "rules", [{"download_limit": 3}, {"previews_allowed": False}, {"revoked_at": timezone.now()}]
)
def test_a_link_that_shows_nothing_shows_none(link: Link, visitor: Client, rules: dict[str, Any]) -> None:
    address = f"{link.url}files/{link.files.get(name='a.png').pk}/thumbnail/"
    assert visitor.get(address).status_code == 303
    Link.objects.filter(pk=link.pk).update(**rules)
    assert shown(visitor, link) == 0
    answer = visitor.get(address)
    assert (answer.status_code in {409, 410}, "Location" in answer) == (True, False)


def test_a_password_is_asked_for_first(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice, has_thumbnail=True), password="open sesame")
    assert shown(visitor, link) == 0
    visitor.post(link.url, {"password": "open sesame"})
    assert shown(visitor, link) == 1


def test_a_deleted_file_shows_none(alice: User, link: Link, visitor: Client) -> None:
    for file in link.files.filter(has_thumbnail=True):
        file.delete_by(alice)
    assert shown(visitor, link) == 0


def test_its_owner_sees_them_whatever_the_link_allows(link: Link, alice_client: Client) -> None:
    Link.objects.filter(pk=link.pk).update(previews_allowed=False)
    assert alice_client.get(link.get_absolute_url()).content.decode().count("X-Amz-Signature") == 2
