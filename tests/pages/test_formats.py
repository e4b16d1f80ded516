"""Sizes, times and names as a page writes them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from sharing import wording
from sharing.pages.templatetags import waybill

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def render(source: str, **values: object) -> str:
    return Template("{% load waybill %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (1040, "1.04 kB"),
        (412_000, "412 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (4_820_000_000, "4.82 GB"),
        (9_996_000_000, "10 GB"),
        (99_960_000_000, "100 GB"),
        (5 * 1024**4, "5.5 TB"),
        (10**19, "10000 PB"),
    ],
)
def test_a_size_has_three_figures_and_a_decimal_unit(amount: int, written: str) -> None:
    assert wording.size(amount) == written


def test_no_size_is_written_as_nothing() -> None:
    assert wording.size(None) == waybill.size_element(None) == ""
    assert render("{{ unset|size }}{{ unset|size_element }}") == ""


def test_a_size_tells_every_byte_on_hover() -> None:
    written = render("{{ n|size_element }}", n=4_820_000_001)
    assert written == '<data value="4820000001" title="4,820,000,001 bytes">4.82 GB</data>'


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (2000, "2,000 files")]
)
def test_a_count_is_grouped_and_its_noun_agrees(number: int, written: str) -> None:
    assert render('{{ number|count:"file" }}', number=number) == written


@pytest.mark.parametrize(
    ("ahead", "written"),
    [
        (timedelta(days=29, hours=5), "29 d"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(hours=5, minutes=7), "5 h 7 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(minutes=44, seconds=59), "44 min"),
        (timedelta(seconds=59), "under 1 min"),
        (timedelta(0), "none"),
        (timedelta(seconds=-1), "none"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_the_time_left_is_written_in_its_two_largest_units(ahead: timedelta, written: str) -> None:
    assert waybill.left(NOON + ahead) == written


def test_a_link_without_an_expiry_has_no_end() -> None:
    assert waybill.left(None) == "No expiry"


def test_a_moment_is_written_in_utc_for_readers_without_script() -> None:
    elsewhere = NOON.astimezone(tz=datetime.strptime("+0530", "%z").tzinfo)
    written = render("{{ at|moment }}", at=elsewhere)
    assert '<time datetime="2026-11-25T12:00:00+00:00">25 Nov 2026, 12:00 UTC</time>' in written


def test_a_moment_may_be_iso_8601_as_events_keep_it() -> None:
    assert render("{{ at|moment }}", at=NOON.isoformat()) == render("{{ at|moment }}", at=NOON)


def test_no_moment_is_written_as_nothing() -> None:
    assert render("{{ at|moment }}", at=None) == ""


@pytest.mark.parametrize(
    "char", ["\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\u2028", "\x07", "\ufeff"]
)
def test_a_character_that_hides_shows_as_its_code(char: str) -> None:
    assert wording.visible(f"a{char}b") == f"a[U+{ord(char):04X}]b"


@pytest.mark.parametrize("name", ["résumé 日本語.pdf", "سلام.txt", "می‌خواهم.txt", "👩‍👩‍👧.png"])
def test_a_name_in_any_script_stays_as_it_is(name: str) -> None:
    assert wording.visible(name) == name


def test_a_visible_name_is_still_escaped() -> None:
    assert render("{{ name|visible }}", name="<b>\u202e") == "&lt;b&gt;[U+202E]"


@pytest.mark.parametrize(
    ("content_type", "word"),
    [
        ("image/png", "Picture"),
        ("application/zip", "Archive"),
        ("application/octet-stream", "File"),
        ("", "File"),
    ],
)
def test_a_type_is_told_in_a_word(content_type: str, word: str) -> None:
    assert waybill.kind(content_type) == word


def test_an_address_keeps_what_it_does_not_change(rf: RequestFactory) -> None:
    request = rf.get("/?q=tax+2026&files-page=3&links-sort=ending")
    written = render("{% address_with 'files-sort' 'name' 'files-page' None %}", request=request).replace(
        "&amp;", "&"
    )
    query = QueryDict(written.removeprefix("?"))
    assert query.dict() == {"q": "tax 2026", "links-sort": "ending", "files-sort": "name"}
