"""Every event is told in a sentence."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import LazySettings, settings

from sharing.audit.models import Event
from sharing.audit.sentences import SENTENCES, sentence_of
from sharing.mail.outbox import OUTBOX


def recorded_actions() -> Iterator[str]:
    """Yield the first argument of each call of record() and record_all() that is written out."""
    for path in Path(settings.BASE_DIR, "sharing").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record", "record_all"}:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and "." in str(part.value):
                        yield str(part.value)


def test_every_action_that_the_code_records_has_one() -> None:
    recorded = {
        action for action in recorded_actions() if not action.startswith(".") and not action.endswith(".")
    }
    assert len(recorded) > 40
    assert recorded - SENTENCES.keys() == set()


def test_names_are_shown_and_cannot_be_markup() -> None:
    event = Event(action="link.revoked", actor_label="<b>ann", subject_label="r\u202egpj.exe")
    assert sentence_of(event) == "<bdi>&lt;b&gt;ann</bdi> revoked the link <bdi>r[U+202E]gpj.exe</bdi>."


def test_no_mail_is_said_to_be_sent_where_there_is_no_mail_server(settings: LazySettings) -> None:
    event = Event(action="link.mailed", subject_label="a")
    assert sentence_of(event) == "The link <bdi>a</bdi> was emailed."
    settings.MAILERS = {"default": {"BACKEND": OUTBOX}}
    assert sentence_of(event) == "An email with the link <bdi>a</bdi> was saved as a file."


def test_the_system_and_an_action_of_another_version_are_told_too() -> None:
    assert (
        sentence_of(Event(action="file.lost", subject_label="a")) == "<bdi>a</bdi> is no longer in storage."
    )
    assert (
        sentence_of(Event(action="moon.landed", subject_label="a"))
        == "moon.landed: <bdi>a</bdi> (The system)"
    )
