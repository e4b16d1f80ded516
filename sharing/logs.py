"""Logs: one structlog pipeline, for a person on the console or as JSON lines for a collector."""

import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict

# Addresses whose next step opens something: a link, a request, the first account, an invitation, a mailbox's password.
_SECRET_STEP = re.compile(
    r"(/+(?:s|r|api/v1/requests|setup|invitations|reset/key|confirm-email)/+)[^/\s\"']+", re.IGNORECASE
)

_PROBES = {"GET /livez", "GET /readyz"}


def _without_tokens(_logger: Any, _method: str, line: str) -> str:
    """A log, like a dump of the database, must open nothing; whole lines, since any value may hold an address."""
    return _SECRET_STEP.sub(r"\1…", line)


def _worth_a_line(_logger: Any, method: str, event: EventDict) -> EventDict:
    """One line a request, once it is answered; none for a machine that asks every few seconds whether all is well."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    if event.get("request") in _PROBES and method == "info":
        raise structlog.DropEvent
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """The LOGGING dictionary: everything at `level` to standard error."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                    _without_tokens,
                ],
                "foreign_pre_chain": [*_SHARED, structlog.stdlib.ExtraAdder()],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "botocore": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            "django.server": {"handlers": [], "propagate": True},
        },
    }


def configure(config: dict[str, Any]) -> None:
    """Set up the standard library's logging, then structlog on top of it. LOGGING_CONFIG names this function."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _worth_a_line,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
