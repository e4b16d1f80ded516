"""Dates by the reader's calendar and in the page's language, in a browser that has another one."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

SCRIPT = "/static/js/elements/local-time.js"
MONDAY_NIGHT = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)  # 23:30 in Berlin


def written(browser: Browser, site: str, moments: list[datetime], *, locale: str, style: str) -> list[str]:
    """Return these moments as a page in English writes them, late on a Monday in Berlin."""
    context = browser.new_context(base_url=site, locale=locale, timezone_id="Europe/Berlin")
    page = context.new_page()
    page.clock.install(time=MONDAY_NIGHT)
    page.goto("/accounts/login/")
    times = "".join(
        f'<local-time data-style="{style}"><time datetime="{moment.isoformat()}">UTC</time></local-time>'
        for moment in moments
    )
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", times)
    page.evaluate("script => import(script)", SCRIPT)
    page.locator("local-time:defined").first.wait_for()
    texts = page.locator("local-time time").all_inner_texts()
    context.close()
    return texts


def test_monday_night_calls_tuesday_tomorrow_and_wednesday_in_two_days(browser: Browser, site: str) -> None:
    local = [
        ("Tuesday 23:29", datetime(2026, 12, 1, 22, 29, tzinfo=UTC), "in 23 hours"),
        ("Tuesday 23:45", datetime(2026, 12, 1, 22, 45, tzinfo=UTC), "tomorrow"),
        ("Wednesday 00:15", datetime(2026, 12, 1, 23, 15, tzinfo=UTC), "in 2 days"),
        ("Wednesday 23:00", datetime(2026, 12, 2, 22, 0, tzinfo=UTC), "in 2 days"),
        ("Thursday 00:10", datetime(2026, 12, 2, 23, 10, tzinfo=UTC), "in 3 days"),
        ("Sunday 23:00", datetime(2026, 11, 29, 22, 0, tzinfo=UTC), "yesterday"),
        ("Saturday 23:50", datetime(2026, 11, 28, 22, 50, tzinfo=UTC), "2 days ago"),
        ("Saturday 00:10", datetime(2026, 11, 27, 23, 10, tzinfo=UTC), "2 days ago"),
    ]
    words = written(browser, site, [moment for _, moment, _ in local], locale="de-DE", style="relative")
    assert list(zip([name for name, _, _ in local], words, strict=True)) == [
        (name, word) for name, _, word in local
    ]


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("de-DE", "Wed 2 Dec, 23:00"),
        ("ja-JP", "Wed 2 Dec, 23:00"),
        ("en-GB", "Wed 2 Dec, 23:00"),
        ("en-US", "Wed, Dec 2, 11:00 PM"),
    ],
)
def test_dates_stand_in_the_page_s_language(browser: Browser, site: str, locale: str, text: str) -> None:
    [shown] = written(browser, site, [MONDAY_NIGHT + timedelta(hours=47.5)], locale=locale, style="exact")
    assert shown.replace("\u202f", " ").replace("Wed, 2", "Wed 2") == text
