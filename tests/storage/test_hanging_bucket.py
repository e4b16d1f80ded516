"""A bucket that hangs: each call has one time in all, and who does not need the bucket does not wait for it."""

import dataclasses
import inspect
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from sharing.accounts.models import User
from sharing.files.models import Upload, file, verification
from sharing.storage import bucket as buckets
from sharing.storage import checksums, deadline
from sharing.storage.bucket import Bucket
from sharing.storage.connection import Connection
from sharing.storage.deadline import BucketBusy, at_most, carried, visiting
from sharing.storage.errors import BucketUnreachable, ObjectMissing
from sharing.storage.multipart import StoredPart
from sharing.storage.plan import UploadPlan
from sharing.storage.presigning import Presigning
from tests.factories import link_to, recorded_file

GIVEN = 0.3


class Hanging:
    """Takes connections and requests, and says nothing; or a byte now and then, if it trickles."""

    def __init__(self, *, trickles: bool) -> None:
        self.trickles = trickles
        self.calls = 0
        self.stopping = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.thread = threading.Thread(target=self._accept)
        self.thread.start()

    @property
    def bucket(self) -> Bucket:
        [_, port] = self.listener.getsockname()
        return Bucket(dataclasses.replace(settings.BUCKET, endpoint_url=f"http://127.0.0.1:{port}"))

    def end(self) -> None:
        self.stopping.set()
        socket.create_connection(self.listener.getsockname()).close()
        self.thread.join()
        self.listener.close()

    def _accept(self) -> None:
        open_ones = []
        serving = []
        while not self.stopping.is_set():
            client, _ = self.listener.accept()
            self.calls += 1
            open_ones.append(client)
            if self.trickles:
                serving.append(threading.Thread(target=self._trickle, args=[client]))
                serving[-1].start()
        for thread in serving:
            thread.join()
        for client in open_ones:
            client.close()

    def _trickle(self, client: socket.socket) -> None:
        with suppress(OSError):
            client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.stopping.wait(0.05):
                client.sendall(b" ")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of the bucket, and nobody waits for it."""
    monkeypatch.setattr(deadline, "_process", deadline._Process())


@pytest.fixture(params=[False, True], ids=["says nothing", "trickles"])
def hanging(request: pytest.FixtureRequest) -> Iterator[Hanging]:
    hanging = Hanging(trickles=request.param)
    yield hanging
    hanging.end()


@pytest.fixture
def silent() -> Iterator[Hanging]:
    hanging = Hanging(trickles=False)
    yield hanging
    hanging.end()


CALLS: dict[str, Callable[[Bucket], object]] = {
    "put": lambda bucket: bucket.put("k", b"x", sha256=""),
    "head": lambda bucket: bucket.head("k"),
    "holds": lambda bucket: bucket.holds("k"),
    "delete": lambda bucket: bucket.delete("k"),
    "list_objects": lambda bucket: list(bucket.list_objects("k", page_size=10)),
    "create_multipart": lambda bucket: bucket.create_multipart("k", content_type="", with_sha256=False),
    "list_parts": lambda bucket: bucket.list_parts("k", "id"),
    "complete_multipart": lambda bucket: bucket.complete_multipart(
        "k", "id", [StoredPart(1, 1, "e")], digests={}
    ),
    "abort_multipart": lambda bucket: bucket.abort_multipart("k", "id"),
    "put_part": lambda bucket: bucket.put_part("k", "id", 1, b"x", sha256=""),
    "list_multiparts": lambda bucket: list(bucket.list_multiparts("k", page_size=10)),
    "copy": lambda bucket: bucket.copy("k", "l", size=1, content_type=""),
    "abort_multiparts": lambda bucket: bucket.abort_multiparts("k"),
    "exists": lambda bucket: bucket.exists(),
    "create": lambda bucket: bucket.create(),
    "ensure_exists": lambda bucket: bucket.ensure_exists(),
    "allow_origins": lambda bucket: bucket.allow_origins([]),
    "allowed_origins": lambda bucket: bucket.allowed_origins(),
}


# Those that look before a download is counted have limits of their own, and are tried with it.
SHORT = {"require", "missing"}


def test_all_that_calls_the_bucket_is_tried_here() -> None:
    local = {name for name, _ in [*inspect.getmembers(Presigning), *inspect.getmembers(Connection)]}
    public = {name for name, _ in inspect.getmembers(Bucket) if not name.startswith("_")}
    assert public - local == set(CALLS) | SHORT


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_call_has_one_time_in_all(hanging: Hanging, call: Callable[[Bucket], object]) -> None:
    with at_most(GIVEN), pytest.raises(BucketUnreachable, match=r"did not answer in 0\.3 s"):
        call(hanging.bucket)


def test_a_copy_in_parts_waits_no_longer_for_all_its_parts(silent: Hanging) -> None:
    bucket = silent.bucket
    with at_most(GIVEN), ThreadPoolExecutor(8) as pool:
        copies = [
            pool.submit(
                carried(bucket._copy_part), "k", "l", "id", UploadPlan(80_000_000, 10_000_000), number
            )
            for number in range(1, 9)
        ]
    assert all(isinstance(copy.exception(), BucketUnreachable) for copy in copies)


def test_whether_it_keeps_digests_is_left_open(silent: Hanging) -> None:
    with at_most(GIVEN), pytest.raises(BucketUnreachable):
        checksums.checks_sha256(silent.bucket)


def test_the_calls_of_one_request_share_one_time() -> None:
    timeout = deadline.Timeout(alone=60, in_request=GIVEN)
    waited = threading.Event()
    with visiting():
        with pytest.raises(BucketUnreachable, match="did not answer"):
            deadline.in_time(lambda: waited.wait(20), timeout)
        with pytest.raises(BucketUnreachable, match="all the time that this request has"):
            deadline.in_time(lambda: None, timeout)
    waited.set()
    assert deadline.in_time(lambda: "another request has its own", timeout) == "another request has its own"


def test_after_a_call_that_took_too_long_nobody_asks_for_a_while(
    silent: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "TOO_LONG_SECONDS", GIVEN)
    with at_most(GIVEN), pytest.raises(BucketUnreachable, match="did not answer in"):
        silent.bucket.exists()
    asked = silent.calls
    assert deadline.is_away()
    with pytest.raises(BucketUnreachable, match="a moment ago"):
        silent.bucket.exists()
    assert silent.calls == asked


def test_joining_that_takes_long_is_no_sign_that_the_bucket_hangs(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers when it is done, and meanwhile others: nobody's download is refused for it."""
    monkeypatch.setattr(deadline, "TOO_LONG_SECONDS", GIVEN)
    joined = threading.Event()
    with at_most(GIVEN), pytest.raises(BucketUnreachable, match="did not answer in"):
        deadline.in_time(lambda: joined.wait(20), deadline.LONG)
    assert not deadline.is_away()
    assert bucket.exists()
    joined.set()


def test_then_one_tries_and_an_answer_ends_it(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    deadline._process.breaker.open()
    monkeypatch.setattr(deadline._process.breaker, "_tried_again_at", 0.0)
    with pytest.raises(ObjectMissing):  # a refusal is an answer, too
        bucket.head("no/such/object")
    assert deadline._process.breaker._tried_again_at is None


def test_while_one_tries_the_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline._process.breaker, "_tried_again_at", 0.0)
    deadline._process.breaker.require_closed()
    with pytest.raises(BucketUnreachable):
        deadline._process.breaker.require_closed()


def test_a_call_for_which_no_thread_can_be_started_is_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    for pool in (deadline._process.pool, deadline._process.waiting_pool):
        monkeypatch.setattr(pool, "submit", fail)
    for waits in (False, True):
        with deadline.visiting(in_waiting_thread=waits), pytest.raises(deadline.BucketBusy):
            deadline.in_time(lambda: None)


def test_only_so_many_requests_wait_at_once() -> None:
    released = threading.Event()

    def visit() -> Any:
        with visiting():
            return deadline.in_time(lambda: released.wait(20))

    with ThreadPoolExecutor(deadline.REQUESTS_AT_ONCE) as pool:
        waiting = [pool.submit(visit) for _ in range(deadline.REQUESTS_AT_ONCE)]
        while deadline._process.turns._taken < deadline.REQUESTS_AT_ONCE:
            released.wait(0.01)
        with pytest.raises(BucketBusy):
            visit()
        with visiting():
            pass  # who asks nothing of the bucket takes no turn
        released.set()
        assert [future.result() for future in waiting] == [True] * deadline.REQUESTS_AT_ONCE
    assert visit()


def test_those_with_threads_of_their_own_may_all_wait_and_others_still_get_a_turn() -> None:
    released = threading.Event()

    def visit() -> Any:
        with visiting(in_waiting_thread=True):
            return deadline.in_time(lambda: released.wait(20))

    with ThreadPoolExecutor(deadline.REQUESTS_AT_ONCE + 1) as pool:
        waiting = [pool.submit(visit) for _ in range(deadline.REQUESTS_AT_ONCE + 1)]
        with visiting():
            assert deadline.in_time(lambda: "asked")
        released.set()
        assert all(future.result() for future in waiting)


def test_a_call_that_no_thread_was_free_for_is_no_sign_that_the_bucket_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadline, "TOO_LONG_SECONDS", GIVEN)
    monkeypatch.setattr(deadline._process, "pool", ThreadPoolExecutor(1))
    released = threading.Event()
    deadline._process.pool.submit(released.wait, 20)
    with at_most(GIVEN), pytest.raises(BucketBusy):
        deadline.in_time(lambda: None)
    assert not deadline.is_away()
    released.set()


def test_who_looks_whether_an_object_is_there_holds_a_turn_no_longer(bucket: Bucket) -> None:
    with visiting():
        with pytest.raises(ObjectMissing):
            bucket.require("no/such/object")
        assert deadline._process.turns._taken == 0


@contextmanager
def all_turns_taken() -> Iterator[ThreadPoolExecutor]:
    """As many requests as may wait for a bucket that does not answer; gives a pool with a thread for one more."""
    released = threading.Event()

    def visit() -> Any:
        with visiting():
            return deadline.in_time(lambda: released.wait(60))

    with ThreadPoolExecutor(deadline.REQUESTS_AT_ONCE + 1) as pool:
        for _ in range(deadline.REQUESTS_AT_ONCE):
            pool.submit(visit)
        while deadline._process.turns._taken < deadline.REQUESTS_AT_ONCE:
            released.wait(0.01)
        try:
            yield pool
        finally:
            released.set()


def visit_shortly() -> str:
    with visiting():
        return deadline.in_time(lambda: "served")


def test_nobody_waits_for_a_turn_while_none_of_the_others_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadline, "TURN_SECONDS", 1000)
    with all_turns_taken() as pool:
        assert isinstance(pool.submit(visit_shortly).exception(timeout=30), BucketBusy)


def test_a_turn_is_waited_for_while_the_others_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TURN_SECONDS", "LIVELY_SECONDS"):
        monkeypatch.setattr(deadline, name, 60)
    with all_turns_taken() as pool:
        one_more = pool.submit(visit_shortly)
        with pytest.raises(TimeoutError):
            one_more.result(timeout=0.3)
    assert one_more.result() == "served"


def test_a_request_takes_one_turn_however_many_threads_it_asks_with() -> None:
    def call(_: int) -> int:
        return deadline.in_time(lambda: 1)

    with visiting(), ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(carried(call), range(40))) == 40
        assert deadline._process.turns._taken == 1
    assert deadline._process.turns._taken == 0


@pytest.mark.django_db
def test_pages_that_need_no_bucket_are_answered_while_it_hangs(
    bucket: Bucket, silent: Hanging, alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_to(recorded_file(alice))
    item = link.items.get()
    upload = Upload.objects.start(owner=alice, name="a.txt", size=5, with_sha256=True, sha256="A" * 43 + "=")
    hung = silent.bucket
    for module in (buckets, verification, file):
        monkeypatch.setattr(module, "get_bucket", lambda: hung)
    monkeypatch.setattr(deadline, "AWAY_SECONDS", 600)  # longer than a machine at work takes for all below
    deadline._process.breaker.open()
    visitor, path = Client(), urlsplit(link.url).path
    assert visitor.get("/livez").status_code == 200
    assert visitor.get(path).status_code == 200
    assert visitor.post(f"{path}files/{item.file_id}/download/").status_code == 503
    answer = alice_client.post(f"/api/v1/uploads/{upload.pk}/completion/", content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["type"] == "/problems/bucket-unreachable"
