"""The bucket is asked before anything is spent: an outage costs no download, and says what it is (line 17)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event as Signal
from threading import Thread
from time import monotonic

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download, Link, Recipient
from sharing.storage import presence
from sharing.storage.bucket import Bucket, get_bucket
from tests.bucket_proxy import bucket_at, bucket_that_answers, unreachable_bucket
from tests.factories import kept_file, link_to, recorded_file

pytestmark = pytest.mark.django_db

AWAY = "The storage is not answering right now"
GONE = "This file is no longer in storage"


@pytest.fixture
def file(alice: User) -> File:
    return kept_file(alice)


@contextmanager
def hanging_bucket() -> Iterator[Bucket]:
    """One that takes requests and never answers."""
    end = Signal()

    class Silent(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            end.wait(30)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the parent's word)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        with bucket_at(f"http://127.0.0.1:{server.server_address[1]}") as bucket:
            yield bucket
    finally:
        end.set()
        server.shutdown()
        server.server_close()
        thread.join()


def download(link: Link, file: File, client: Client | None = None, token: str = "") -> tuple[int, str]:
    answer = (client or Client()).post(reverse("landing_download", args=[token or link.token, file.pk]))
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("limit", [1, None])
def test_an_outage_spends_nothing_and_is_told(file: File, limit: int | None) -> None:
    link = link_to(file, download_limit=limit)
    with unreachable_bucket():
        answer = Client().post(reverse("landing_download", args=[link.token, file.pk]))
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert AWAY in answer.content.decode()
    assert link.items.get().download_count == Download.objects.count() == 0
    assert download(link, file)[0] == 303


def test_an_outage_spends_nothing_of_a_recipient_s(file: File) -> None:
    link = link_to(file, download_limit=1)
    recipient = Recipient.objects.create(link=link, email="ann@example.com")
    with unreachable_bucket():
        assert download(link, file, token=recipient.token)[0] == 503
    assert download(link, file, token=recipient.token)[0] == 303


@pytest.mark.parametrize("limit", [1, None])
def test_download_all_spends_nothing_in_an_outage(alice: User, file: File, limit: int | None) -> None:
    link = link_to(file, kept_file(alice, name="b.txt"), download_limit=limit)
    with unreachable_bucket():
        answer = Client().post(reverse("landing_collection", args=[link.token]))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert sum(link.items.values_list("download_count", flat=True)) == Download.objects.count() == 0


def test_a_preview_in_an_outage_says_what_it_is_and_comes_back(file: File) -> None:
    link = link_to(file)
    with unreachable_bucket():
        answer = Client().get(reverse("landing_preview", args=[link.token, file.pk]))
    assert answer.status_code == 503
    assert AWAY in answer.content.decode()
    assert 'http-equiv="refresh"' in answer.content.decode()


@pytest.mark.parametrize("name", ["file_download", "file_preview"])
def test_an_owner_is_told_on_the_file_s_page(alice_client: Client, file: File, name: str) -> None:
    with unreachable_bucket():
        page = alice_client.get(reverse(name, args=[file.pk]), follow=True)
    assert AWAY in page.content.decode()


def test_a_link_that_has_ended_says_so_all_the_same(file: File) -> None:
    link = link_to(file, download_limit=1)
    download(link, file)
    with unreachable_bucket():
        assert download(link, file)[0] == 410


@pytest.mark.parametrize("limit", [1, None])
def test_a_bucket_that_refuses_our_keys_spends_nothing_and_is_told(file: File, limit: int | None) -> None:
    """Keys that have been changed or taken back: the browser would be shown the bucket's own XML."""
    link = link_to(file, download_limit=limit)
    with bucket_that_answers(403, "InvalidAccessKeyId"):
        status, page = download(link, file)
        collection = Client().post(reverse("landing_collection", args=[link.token]))
    assert (status, "<Error>" in page) == (503, False)
    assert collection.status_code == 503
    assert link.items.get().download_count == Download.objects.count() == 0


@pytest.mark.parametrize("limit", [1, None])
def test_an_object_that_is_gone_is_told_and_spends_nothing(alice: User, limit: int | None) -> None:
    file = recorded_file(alice)
    link = link_to(file, download_limit=limit)
    status, page = download(link, file)
    assert (status, GONE in page) == (410, True)
    assert link.items.get().download_count == Download.objects.count() == 0


def test_a_preview_of_an_object_that_is_gone_says_so(alice: User) -> None:
    file = recorded_file(alice)
    answer = Client().get(reverse("landing_preview", args=[link_to(file).token, file.pk]))
    assert (answer.status_code, GONE in answer.content.decode()) == (410, True)


def test_of_a_collection_what_is_gone_is_listed_and_not_spent(alice: User, file: File) -> None:
    lost = recorded_file(alice, name="lost.txt")
    link = link_to(file, lost, download_limit=1)
    answer = Client().post(reverse("landing_collection", args=[link.token])).json()
    assert [listed["path"] for listed in answer["files"]] == ["hello.txt", "lost.txt"]
    assert link.items.get(file=lost).download_count == 0
    assert link.items.get(file=file).download_count == 1
    body = {"receipt": answer["receipt"], "file": [str(file.pk), str(lost.pk)]}
    urls = Client().post(reverse("landing_collection_urls", args=[link.token]), body).json()["urls"]
    assert set(urls) == {str(file.pk)}


def test_a_collection_of_which_all_is_gone_says_so(alice: User) -> None:
    link = link_to(recorded_file(alice), download_limit=1)
    assert Client().post(reverse("landing_collection", args=[link.token])).status_code == 410


def test_a_bucket_that_hangs_is_not_waited_for(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "WAIT_SECONDS", 0.2)
    limited, free = link_to(file, download_limit=1), link_to(file)
    with hanging_bucket():
        begun = monotonic()
        # A file without a limit loses nothing: the visitor may be luckier.
        assert (download(limited, file)[0], download(free, file)[0]) == (503, 303)
        assert monotonic() - begun < 10
    assert download(free, file)[0] == 303
    with hanging_bucket() as bucket:
        bucket._answered_at = monotonic()  # a moment ago
        assert download(free, file)[0] == 503
    assert limited.items.get().download_count == 0


def test_a_bucket_that_was_away_is_asked_by_one_at_a_time(file: File) -> None:
    with unreachable_bucket() as bucket:
        statuses = [download(link_to(file), file)[0] for _ in range(3)]
        assert (statuses, bucket._away_until > 0) == ([503] * 3, True)


def test_one_connection_and_no_other_thread_serve_downloads_in_a_row(
    file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "REMEMBERED_SECONDS", 0)
    link = link_to(file)
    bucket = get_bucket()
    assert [download(link, file)[0] for _ in range(2)] == [303, 303]
    with stopped(bucket._lookers):
        assert download(link, file)[0] == 303
        bucket._answered_at = None  # long ago
        with pytest.raises(RuntimeError):
            bucket.require(file.object_key)


@contextmanager
def stopped(pool: ThreadPoolExecutor) -> Iterator[None]:
    """A pool that takes nothing."""
    pool._shutdown = True
    try:
        yield
    finally:
        pool._shutdown = False
