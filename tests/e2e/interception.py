"""Intercept a page's requests by CDP. Playwright's own routes would copy every body to the test."""

import base64
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

Act = Callable[["Met"], None]


class Met:
    """A request that stands still until something is done with it."""

    def __init__(self, intercept: "Intercept", event: dict[str, Any]) -> None:
        self._intercept = intercept
        self._id = event["requestId"]
        self._headers = {name.lower(): value for name, value in event["request"]["headers"].items()}

    def header(self, name: str) -> str | None:
        """Return the header of this name that the page sends, None without it."""
        return self._headers.get(name.lower())

    def abort(self, reason: str) -> None:
        """Let it fail, with one of the DevTools protocol's `Network.ErrorReason`."""
        self._intercept.say("Fetch.failRequest", requestId=self._id, errorReason=reason)

    def answer(self, status: int, content_type: str, body: str) -> None:
        headers = {"Access-Control-Allow-Origin": "*", "Content-Type": content_type}
        self._intercept.say(
            "Fetch.fulfillRequest",
            requestId=self._id,
            responseCode=status,
            responseHeaders=[{"name": name, "value": value} for name, value in headers.items()],
            body=base64.b64encode(body.encode()).decode(),
        )

    def refuse(self, status: int, code: str) -> None:
        """Answer as S3 words its errors."""
        self.answer(status, "application/xml", f"<Error><Code>{code}</Code></Error>")

    def go_on(self) -> None:
        self._intercept.say("Fetch.continueRequest", requestId=self._id)


class Intercept:
    """Each request of the page to an address like this one meets with `act`; `*` is anything. CORS is asked as ever."""

    def __init__(self, page: Page, address: str, act: Act) -> None:
        self._act = act
        self._session = page.context.new_cdp_session(page)
        self._session.on("Fetch.requestPaused", self._meet)
        self.say("Fetch.enable", patterns=[{"urlPattern": address}])

    def end(self) -> None:
        """From now on all go through; what stood still goes on."""
        self._session.detach()

    def say(self, method: str, **params: Any) -> None:
        self._session.send(method, params)

    def _meet(self, event: dict[str, Any]) -> None:
        met = Met(self, event)
        if event["request"]["method"] == "OPTIONS":
            met.go_on()
        else:
            self._act(met)


def hold(page: Page, address: str) -> Intercept:
    """No answer comes from this address until the intercept is ended."""
    return Intercept(page, address, lambda _: None)


def once(page: Page, address: str, act: Act) -> Intercept:
    """The first request to this address meets with `act`, later ones with the real thing."""
    met: list[Met] = []

    def meet(request: Met) -> None:
        met.append(request)
        if len(met) == 1:
            act(request)
        else:
            request.go_on()

    return Intercept(page, address, meet)
