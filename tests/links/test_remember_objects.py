"""An object that was found a second ago is not asked for again, and what was taken back meanwhile is not given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Link, Recipient
from sharing.storage import deadline, presence
from sharing.storage.bucket import Bucket
from tests.bucket_client import fetch
from tests.bucket_proxy import DENIED, Answer, Request, bucket_behind
from tests.factories import kept_file, link_to, recorded_file, sent_file
from tests.people import RunTasks

pytestmark = pytest.mark.django_db


@dataclass
class Asked:
    """The keys that a HEAD asked for, and the status that the bucket gives from now on, 0 for its own."""

    bucket: Bucket
    keys: list[str] = field(default_factory=list)
    status: int = 0

    def let_time_pass(self) -> None:
        for key in self.bucket._found_at:
            self.bucket._found_at[key] -= presence.REMEMBERED_SECONDS


@contextmanager
def asking() -> Iterator[Asked]:
    asked: Asked

    def note(request: Request, forward: Callable[[], Answer]) -> Answer:
        if request.action == "HeadObject":
            asked.keys.append(request.path.partition("?")[0].partition("/files/")[2])
        return Answer(asked.status, DENIED) if asked.status else forward()

    with bucket_behind(note) as bucket:
        asked = Asked(bucket)
        yield asked


@pytest.fixture(autouse=True)
def long_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take longer than a second for two requests."""
    monkeypatch.setattr(presence, "REMEMBERED_SECONDS", 3600.0)


@pytest.fixture
def file(alice: User) -> File:
    return kept_file(alice)


def status_of(link: Link | Recipient, file: File) -> int:
    return Client().post(reverse("landing_download", args=[link.token, file.pk])).status_code


def test_one_that_was_there_is_not_asked_for_again(file: File) -> None:
    with asking() as asked:
        assert [status_of(link_to(file, download_limit=limit), file) for limit in (None, 1, 1)] == [303] * 3
        assert len(asked.keys) == 1


def test_a_second_later_it_is_asked_for_again(file: File) -> None:
    with asking() as asked:
        assert status_of(link_to(file), file) == 303
        asked.let_time_pass()
        assert status_of(link_to(file), file) == 303
        assert len(asked.keys) == 2


def test_a_second_after_the_bucket_went_away_nothing_is_spent(file: File) -> None:
    link = link_to(file, download_limit=5)
    with asking() as asked:
        assert status_of(link, file) == 303
        asked.status = 503
        asked.let_time_pass()
        assert status_of(link, file) == 503
    assert link.items.get().download_count == 1


@pytest.mark.parametrize(("status", "answer"), [(403, 503), (404, 410), (503, 503)])
def test_any_failure_forgets_what_was_there(alice: User, file: File, status: int, answer: int) -> None:
    """It is not waited out: a bucket that is known to be away gives nothing."""
    link, lost = link_to(file, download_limit=5), recorded_file(alice)
    with asking() as asked:
        assert status_of(link, file) == 303
        asked.status = status
        assert status_of(link_to(lost), lost) == answer
        assert status_of(link, file) == answer
    assert link.items.get().download_count == 1


def test_a_failure_itself_is_not_remembered(alice: User) -> None:
    lost = recorded_file(alice)
    link = link_to(lost)
    with asking() as asked:
        assert [status_of(link, lost) for _ in range(2)] == [410, 410]
        assert len(asked.keys) == 2


def test_of_a_bucket_that_hangs_nothing_is_remembered(file: File) -> None:
    link = link_to(file, download_limit=5)
    with asking():
        assert status_of(link, file) == 303
        deadline._process.breaker.open()
        assert status_of(link, file) == 503


@pytest.mark.parametrize("ending", ["revoked", "expired", "used up", "taken out", "deleted", "suspended"])
def test_what_was_taken_back_within_the_second_is_not_given(
    alice: User, carol: User, file: File, ending: str
) -> None:
    link = link_to(file, download_limit=2)
    with asking() as asked:
        assert status_of(link, file) == 303
        match ending:
            case "revoked":
                link.revoke(by=alice)
            case "expired":
                Link.objects.update(expires_at="2020-01-01T00:00:00Z")
            case "used up":
                assert status_of(link, file) == 303
            case "taken out":
                link.remove_file(file, by=alice)
            case "deleted":
                file.delete_by(alice)
            case "suspended":
                alice.suspend(by=carol)
        spent = link.downloads.count()
        assert status_of(link, file) in {404, 409, 410}
        assert len(asked.keys) == 1
    assert link.downloads.count() == spent


def test_a_recipient_who_is_revoked_within_the_second_gets_nothing(alice: User, file: File) -> None:
    recipient = Recipient.objects.create(link=link_to(file), email="dora@example.com")
    with asking():
        assert status_of(recipient, file) == 303
        recipient.revoke(by=alice)
        assert status_of(recipient, file) == 410


@pytest.mark.usefixtures("bucket")
def test_one_that_was_moved_is_asked_for_by_its_new_key(alice: User, run_tasks: RunTasks) -> None:
    file = sent_file(alice)
    link, other = link_to(file), link_to(file)
    with asking() as asked:
        assert status_of(link, file) == 303
        link.revoke(by=alice, stop_downloads=True)
        for _ in range(2):
            run_tasks()
        asked.keys.clear()
        answer = Client().post(reverse("landing_download", args=[other.token, file.pk]))
        assert fetch(answer["Location"]).status == 200
        file.refresh_from_db()
        assert asked.keys == [file.object_key.removeprefix("files/")]


def test_only_so_many_are_remembered(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "REMEMBERED_AT_ONCE", 2)
    with asking() as asked:
        for file in [kept_file(alice, name=name) for name in "abc"]:
            assert status_of(link_to(file), file) == 303
        assert len(asked.bucket._found_at) <= 2
