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
# An open page asks every few seconds, too.
_WATCHING = "GET /changes/"
_UNTOLD = {"request_started", "streaming_started", "streaming_finished"}
_REQUESTS = {"request_finished", "request_failed"}
# A request's line on the console is this long at most; with the name of its part in front, 120 characters.
LINE_LENGTH = 108
_SHORTEST_ADDRESS = 24


def _without_tokens(_logger: Any, _method: str, line: str) -> str:
    """A log, like a dump of the database, must open nothing; whole lines, since any value may hold an address."""
    return _SECRET_STEP.sub(r"\1…", line)


def _worth_a_line(_logger: Any, method: str, event: EventDict) -> EventDict:
    """One line a request, once it is answered; none for a machine that asks every few seconds whether all is well."""
    if event.get("event") in _UNTOLD:
        raise structlog.DropEvent
    request = str(event.get("request"))
    if (request in _PROBES or request.startswith(_WATCHING)) and method == "info":
        raise structlog.DropEvent
    return event


class ToldByRequest(logging.Filter):
    """Drops what Django logs about a request that gets its own line, and keeps the reason of a refusal for that line.

    sharing.accounts.middleware.RequestLog writes the line, and marks the request by its `refusal_reason`.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        if not hasattr(request, "refusal_reason"):
            return True
        if record.name.startswith("django.security"):
            request.refusal_reason = str(
                record.args[0] if isinstance(record.args, tuple) and record.args else record.msg
            )
        elif record.name != "django.request":
            return True
        elif record.exc_info and record.levelno < logging.ERROR:
            request.refusal_reason = str(record.exc_info[1])
        return False


class ConsoleLine:
    """Renders a request as one short line, and everything else as structlog does."""

    def __init__(self) -> None:
        self._other = structlog.dev.ConsoleRenderer(colors=False)

    def __call__(self, logger: Any, method: str, event: EventDict) -> str:
        if event.get("event") not in _REQUESTS:
            return str(self._other(logger, method, event))
        line = _request_line(event)
        return f"{line}\n{event['exception']}" if event.get("exception") else line


def _request_line(event: EventDict) -> str:
    """Return when, status, method and address, then who asked, and why it was refused."""
    start = f"{event.get('timestamp', '')[:19]}Z {event.get('code')} "
    user = f"user={event['user_id']} " if event.get("user_id") else ""
    reason = "".join(letter if letter.isprintable() else " " for letter in event.get("reason") or "")
    end = " ".join(f"{user}{event.get('network') or ''} {reason}".split())
    address = _without_tokens(None, "", str(event.get("request")))
    room = max(LINE_LENGTH - len(start) - len(end) - 1, _SHORTEST_ADDRESS)
    return _cut(f"{start}{_cut(address, room)} {end}".rstrip(), LINE_LENGTH)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """Return the LOGGING dictionary: everything at `level` to standard error."""
    renderer: Any = structlog.processors.JSONRenderer() if as_json else ConsoleLine()
    # A task that was begun and one that ended: four lines a minute of an instance that nobody uses.
    tasks = {"level": level if level in ("DEBUG", "ERROR") else "WARNING"}
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
        "filters": {"told_by_request": {"()": ToldByRequest}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "structlog",
                "filters": ["told_by_request"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "botocore": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            "django.server": {"handlers": [], "propagate": True},
            "django.tasks": tasks,
            "django_tasks_db": tasks,
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
