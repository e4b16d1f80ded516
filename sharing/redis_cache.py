"""Django's Redis cache (also for Valkey) with short timeouts: after half a second the server counts as away."""

import time
from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

# Seconds for a connection, and for each answer.
ANSWER_SECONDS = 0.5
# Seconds for which it counts as away, so that a page that asks it often waits once.
AWAY_SECONDS = 1.0


class ImpatientRedis(Redis):
    """Fails at once for a second after the server did not answer."""

    _away_until: ClassVar[float] = 0.0

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if time.monotonic() < ImpatientRedis._away_until:
            raise NoConnection("The cache did not answer a moment ago.")
        try:
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except (NoConnection, NoAnswer):
            ImpatientRedis._away_until = time.monotonic() + AWAY_SECONDS
            raise


class ImpatientClient(RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any) -> None:
        limits: dict[str, Any] = {"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS}
        # Once more at once: after a restart of the server the first connection is found to be closed.
        super().__init__(servers, retry=Retry(NoBackoff(), 1), **limits, **options)
        self._client = ImpatientRedis


class RedisCache(DjangoRedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ImpatientClient
