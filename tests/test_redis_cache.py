"""A Redis that does not answer counts as away after half a second, and is not waited for by each who asks."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import RedisError

from sharing.redis_cache import ImpatientRedis, RedisCache
from sharing.storage.embedded import free_ports
from tests.programs import program


class Server:
    """A Redis that is started and killed."""

    def __init__(self, folder: Path) -> None:
        [self.port] = free_ports(1)
        self._folder = folder

    def start(self) -> None:
        self.process = subprocess.Popen(
            [program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        assert any("Ready to accept connections" in line for line in self.process.stdout)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def cache(server: Server, monkeypatch: pytest.MonkeyPatch) -> RedisCache:
    monkeypatch.setattr(ImpatientRedis, "_away_until", 0.0)
    return RedisCache(f"redis://127.0.0.1:{server.port}/0", {})


def test_it_keeps_and_counts(cache: RedisCache) -> None:
    assert cache.add("tries", 1, 60)
    assert not cache.add("tries", 5, 60)
    assert cache.incr("tries") == 2
    assert cache.get("nothing") is None


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_one_that_does_not_answer_is_asked_again_after_a_second(
    server: Server, cache: RedisCache, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    cache.set("tries", 1)
    now = 1000.0
    monkeypatch.setattr("sharing.redis_cache.time", SimpleNamespace(monotonic=lambda: now))
    server.process.send_signal(how)
    with pytest.raises(RedisError):
        cache.get("tries")
    if how == signal.SIGKILL:
        server.kill()
        server.start()
    server.process.send_signal(signal.SIGCONT)
    with pytest.raises(RedisAway, match="a moment ago"):
        cache.get("tries")
    now += 1.1
    assert cache.get("tries") == (1 if how == signal.SIGSTOP else None)
