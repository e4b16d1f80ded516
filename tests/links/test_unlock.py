"""A link's password: asked for once a visitor, by everything that the link's address leads to."""

import re
import unicodedata
from datetime import timedelta
from typing import Literal

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.addresses.errors import InvalidPassword
from sharing.audit.models import Event
from sharing.links.models import Download, Link
from sharing.links.unlocking import KEY
from sharing.rate_limits import PASSWORD_TRIES, PASSWORD_TRIES_ANYWHERE
from sharing.signed_cookies import JUST_OPENED
from sharing.storage.bucket import Bucket
from tests.bucket_client import fetch
from tests.factories import kept_file, link_to, sent_file, started_upload
from tests.races import race

pytestmark = pytest.mark.django_db
PASSWORD = "open sesame"
WRONG = "open barley"


@pytest.fixture
def link(alice: User) -> Link:
    file = kept_file(alice, name="plan.pdf", size=812_345)
    return link_to(file, title="The plan", message="As promised.", password=PASSWORD, name="Our plans")


def landing(link: Link) -> str:
    return link.path_by(link.token)


def download(link: Link) -> str:
    return reverse("landing_download", args=[link.token, link.files.get().pk])


def unlock(client: Client, link: Link, password: str = PASSWORD, *, ip: str = "192.0.2.1") -> int:
    return client.post(landing(link), {"password": password}, REMOTE_ADDR=ip).status_code


def test_a_locked_link_tells_whom_it_is_from_and_nothing_else(link: Link, visitor: Client) -> None:
    answer = visitor.get(link.url)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Alice" in page
    # Random letters may be any few: the link's token and the form's.
    told = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.replace(link.token, ""))
    for secret in ("plan.pdf", "The plan", "As promised", "812", "kB", link.number):
        assert secret not in told
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_nor_does_the_bare_token_tell_its_name(link: Link, visitor: Client) -> None:
    answer = visitor.get(reverse("landing", args=[link.token]))
    assert answer.status_code == 403
    assert "our-plans" not in answer.content.decode()


def test_the_right_password_opens_it_for_this_visitor_alone(link: Link, visitor: Client) -> None:
    answer = visitor.post(landing(link), {"password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (303, f"{landing(link)}?{JUST_OPENED}")
    assert visitor.get(answer["Location"])["Location"] == landing(link)
    assert visitor.get(link.url).status_code == 200
    assert visitor.get(reverse("landing_progress", args=[link.address_by(link.token)])).status_code == 200
    assert Client().get(link.url).status_code == 403


def test_it_is_asked_for_once(link: Link, visitor: Client) -> None:
    unlock(visitor, link)
    address = reverse("landing_download", args=[link.address_by(link.token), link.files.get().pk])
    assert visitor.post(address).status_code == 303
    assert visitor.get(link.url).status_code == 200


def test_its_cookie_is_for_this_link_alone(link: Link, visitor: Client, alice: User) -> None:
    cookie = visitor.post(landing(link), {"password": PASSWORD}).cookies[KEY.name]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (landing(link), True, "Lax")
    assert cookie["max-age"] == 24 * 60 * 60
    assert PASSWORD not in cookie.value
    other = link_to(kept_file(alice), password=PASSWORD)
    thief = Client()
    thief.cookies[KEY.name] = cookie.value
    assert thief.get(other.url).status_code == 403
    assert thief.get(link.url).status_code == 200


@pytest.mark.parametrize("cookie", ["open", "open:x:y", "", "open:1u0000:" + "A" * 43])
def test_a_cookie_of_ones_own_opens_nothing(link: Link, visitor: Client, cookie: str) -> None:
    visitor.cookies[KEY.name] = cookie
    assert visitor.get(link.url).status_code == 403
    assert visitor.post(download(link)).status_code == 403


def test_it_lasts_a_day(link: Link, visitor: Client) -> None:
    unlock(visitor, link)
    visitor.cookies[KEY.name]["expires"] = ""
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert visitor.get(link.url).status_code == 403


def test_another_password_asks_everybody_again(link: Link, visitor: Client, alice: User) -> None:
    unlock(visitor, link)
    link.set_password(PASSWORD, by=alice)  # even the same one
    assert visitor.get(link.url).status_code == 403
    assert visitor.post(download(link)).status_code == 403


@pytest.mark.parametrize("fields", [{}, {"password": WRONG}, {"password": ""}])
def test_everything_refuses_without_it(link: Link, visitor: Client, fields: dict[str, str]) -> None:
    progress = visitor.get(reverse("landing_progress", args=[link.token]))
    assert (progress.status_code, progress.json()) == (403, {"state": "locked"})
    assert visitor.post(landing(link), fields).status_code == 403
    answer = visitor.post(download(link), fields)
    assert answer.status_code == 403
    assert "plan.pdf" not in answer.content.decode()
    assert not Download.objects.exists()
    assert not answer.cookies


def test_a_locked_link_does_not_tell_which_files_it_has_not(link: Link, visitor: Client, alice: User) -> None:
    other = reverse("landing_download", args=[link.token, kept_file(alice).pk])
    assert visitor.post(other).status_code == 403
    assert visitor.post(other, {"password": PASSWORD}).status_code == 404


def test_from_a_shell_it_travels_with_the_download(alice: User, visitor: Client, bucket: Bucket) -> None:
    file = sent_file(alice, b"the plan", name="plan.txt")
    link = link_to(file, password=PASSWORD)
    answer = visitor.post(download(link), {"password": PASSWORD})
    assert answer.status_code == 303
    assert fetch(answer["Location"]).data == b"the plan"


def test_the_page_says_so(link: Link, visitor: Client) -> None:
    unlock(visitor, link)
    page = visitor.get(link.url).content.decode()
    assert "--data-urlencode &quot;password=$password&quot;" in page.replace('"', "&quot;")
    assert PASSWORD not in page


def test_get_and_a_wrong_password_spend_nothing(alice: User, visitor: Client) -> None:
    link = link_to(kept_file(alice), password=PASSWORD, download_limit=1)
    visitor.get(link.url, {"password": PASSWORD})
    visitor.post(download(link), {"password": WRONG})
    assert link.items.get().download_count == 0
    assert visitor.post(download(link), {"password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("kept", "typed"), [("café crème", "cafe\u0301 cre\u0300me"), (PASSWORD, f" {PASSWORD}\n")]
)
def test_how_it_was_typed_does_not_matter(alice: User, visitor: Client, kept: str, typed: str) -> None:
    link = link_to(kept_file(alice), password=kept)
    assert unlock(visitor, link, typed) == 303


def test_after_ten_wrong_ones_a_network_waits(link: Link, visitor: Client) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for _ in range(10):
            assert unlock(visitor, link, WRONG) == 403
        answer = visitor.post(landing(link), {"password": PASSWORD}, REMOTE_ADDR="192.0.2.99")
        assert (answer.status_code, answer["Retry-After"]) == (429, "900")
        assert "plan.pdf" not in answer.content.decode()
        assert (
            visitor.post(download(link), {"password": PASSWORD}, REMOTE_ADDR="192.0.2.1").status_code == 429
        )
        assert unlock(visitor, link, ip="198.51.100.7") == 303
    with time_machine.travel(now + timedelta(minutes=15, seconds=2)):
        assert unlock(Client(), link) == 303


def test_a_password_has_a_hundred_guesses_an_hour_from_all_networks_together(link: Link, alice: User) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for number in range(PASSWORD_TRIES_ANYWHERE.count):
            assert unlock(Client(), link, WRONG, ip=f"10.0.{number}.1") == 403
        answer = Client().post(landing(link), {"password": PASSWORD}, REMOTE_ADDR="198.51.100.7")
        assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
        assert Client().post(download(link), {"password": PASSWORD}).status_code == 429
    with time_machine.travel(now + timedelta(hours=1, seconds=1), tick=False):
        assert unlock(Client(), link, ip="198.51.100.7") == 303


def test_another_password_has_guesses_of_its_own(link: Link, alice: User) -> None:
    Link.objects.update(guesses=PASSWORD_TRIES_ANYWHERE.count, guessed_at=timezone.now())
    assert unlock(Client(), link) == 429
    link.set_password(PASSWORD, by=alice)
    assert unlock(Client(), link) == 303


@pytest.mark.django_db(transaction=True)
def test_racing_guesses_from_many_networks_are_counted_one_by_one(link: Link) -> None:
    Link.objects.update(guesses=PASSWORD_TRIES_ANYWHERE.count - 5, guessed_at=timezone.now())
    answers = race(lambda number: unlock(Client(), link, WRONG, ip=f"10.0.{number}.1"), range(16))
    assert sorted(map(str, answers)) == ["403"] * 5 + ["429"] * 11


def test_a_password_that_is_too_long_is_refused_before_it_is_composed(
    link: Link, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To compose 200,000 accents takes minutes: `\u0327\u0301` again and again must be sorted."""
    composed = []
    plain = unicodedata.normalize

    def counting(form: Literal["NFC"], text: str) -> str:
        composed.append(len(text))
        return plain(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counting)
    accents = "\u0327\u0301" * 2_000
    nowhere = reverse("landing", args=["nonsense"])
    statuses = [visitor.post(path, {"password": accents}).status_code for path in (landing(link), nowhere)]
    assert statuses == [403, 404]
    with pytest.raises(InvalidPassword):
        link.set_password(accents, by=link.owner)
    assert max(composed, default=0) <= 1000


def test_a_browser_that_keeps_no_cookie_is_told_why_it_is_asked_again(link: Link) -> None:
    answer = Client().post(landing(link), {"password": PASSWORD})
    without = Client().get(answer["Location"])
    assert without.status_code == 403
    assert "did not keep the cookie" in without.content.decode()
    assert "plan.pdf" not in without.content.decode()
    assert "did not keep the cookie" not in Client().get(link.url).content.decode()


def test_who_is_in_stays_in_while_the_network_waits(link: Link, visitor: Client) -> None:
    unlock(visitor, link)
    for _ in range(11):
        unlock(Client(), link, WRONG)
    assert visitor.get(link.url).status_code == 200


def test_the_right_password_is_no_try(link: Link) -> None:
    assert {unlock(Client(), link) for _ in range(12)} == {303}


def test_another_link_has_tries_of_its_own(link: Link, alice: User, visitor: Client) -> None:
    for _ in range(11):
        unlock(visitor, link, WRONG)
    assert unlock(visitor, link_to(kept_file(alice), password=PASSWORD)) == 303


@pytest.mark.django_db(transaction=True)
def test_racing_tries_are_counted_one_by_one(link: Link) -> None:
    answers = race(lambda client: unlock(client, link, WRONG), [Client() for _ in range(32)])
    assert sorted(map(str, answers)) == ["403"] * PASSWORD_TRIES.count + ["429"] * (32 - PASSWORD_TRIES.count)


def test_wrong_ones_are_recorded_once_a_minute(link: Link, visitor: Client) -> None:
    for _ in range(3):
        unlock(visitor, link, WRONG)
    event = Event.objects.get(action="link.refused")
    assert (event.subject_id, event.details) == (str(link.pk), {"reason": "password"})
    with time_machine.travel(timezone.now() + timedelta(seconds=62)):
        unlock(visitor, link, WRONG)
    assert Event.objects.filter(action="link.refused").count() == 2


class CountingHasher(MD5PasswordHasher):
    calls = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.calls += 1
        return super().encode(password, salt)


def test_a_wrong_password_costs_the_same_where_there_is_no_link(
    alice: User, visitor: Client, settings: LazySettings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    link = link_to(kept_file(alice), password=PASSWORD)
    nowhere = reverse("landing", args=["nonsense"])
    no_file = reverse("landing_download", args=["nonsense", link.files.get().pk])
    counts = []
    for address, status in ((landing(link), 403), (nowhere, 404), (download(link), 403), (no_file, 404)):
        CountingHasher.calls = 0
        assert visitor.post(address, {"password": WRONG}).status_code == status
        counts.append(CountingHasher.calls)
    assert counts == [1, 1, 1, 1]


@pytest.mark.parametrize("ending", ["revoked", "expired"])
def test_a_link_that_has_ended_says_so_and_asks_for_nothing(
    link: Link, visitor: Client, alice: User, ending: str
) -> None:
    if ending == "revoked":
        link.revoke(by=alice)
    else:
        Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert visitor.get(link.url).status_code == 410
    for fields in ({}, {"password": WRONG}, {"password": PASSWORD}):
        answer = visitor.post(download(link), fields)
        assert answer.status_code == 410
        assert "plan.pdf" not in answer.content.decode()


def test_files_still_on_their_way_wait_behind_it(alice: User, visitor: Client) -> None:
    link = link_to(started_upload(alice, 20_000_000, name="film.mov").file, password=PASSWORD)
    answer = visitor.get(link.url)
    assert (answer.status_code, "film.mov" in answer.content.decode()) == (403, False)


def test_a_password_for_a_link_without_one_does_no_harm(alice: User, visitor: Client) -> None:
    link = link_to(kept_file(alice))
    answer = visitor.post(landing(link), {"password": WRONG})
    assert (answer.status_code, answer["Location"]) == (303, landing(link))
    assert not answer.cookies
    assert visitor.post(download(link), {"password": WRONG}).status_code == 303


@pytest.mark.usefixtures("views_pending")
def test_it_costs_no_query_once_one_is_in(
    link: Link, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    unlock(visitor, link)
    with django_assert_num_queries(2):
        visitor.get(link.url)
