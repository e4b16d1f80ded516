"""Repair addresses that mail programs and chats have changed: a full stop added, slashes doubled, the last one lost."""

import re
from collections.abc import Callable
from itertools import takewhile

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import is_valid_path

from sharing import tokens

type Respond = Callable[[HttpRequest], HttpResponse]

# Where the addresses lead that are mailed and posted: links, requests, confirmations, invitations, resets, set-up.
_MAILED = ("s", "r", "accounts", "setup")
_TOKENS_FOR = {"s": ("link", "recipient"), "r": ("request",)}
# Ends of sentences, brackets and quotations, marks of words in a chat, and blanks. No address of ours
# ends or begins with it.
_GLUED = ".,;:!?…)]}>\"'`´”“„’‘‚»«›‹|*~\\([{<\xa0\u200b\ufeff \t\r\n"  # noqa: RUF001
# Where a token may end: before what is in no token.
_WORDS = re.compile(r"[\w-]+", re.ASCII)
_MAX_WORDS = 20
_TOKEN_IN_ANY_CASE = re.compile(
    rf"(?P<readable>[^/]*-)?(?P<id>[{tokens.ALPHABET}]{{{tokens.ID_LENGTH}}})(?P<mac>[\w-]{{{tokens.MAC_LENGTH}}})",
    re.IGNORECASE | re.ASCII,
)


def mend_address(get_response: Respond) -> Respond:
    """Middleware: redirect a GET of a changed address to the address that was mailed."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            path = mended(request.path_info)
            if path != request.path_info:
                query = request.META.get("QUERY_STRING", "")
                answer = HttpResponseRedirect(f"{path}?{query}" if query else path)
                answer["Referrer-Policy"] = "no-referrer"
                answer["Cache-Control"] = "no-store"
                return answer
        return get_response(request)

    return respond


def mended(path: str) -> str:
    """Return the path that was meant, or the same one. Does not check that it exists."""
    written = [step for step in path.split("/") if step]
    steps = [step.strip(_GLUED) for step in written]
    if not steps or steps[0].lower() not in _MAILED:
        return path
    steps[0] = steps[0].lower()
    if len(steps) > 1 and steps[0] in _TOKENS_FOR:
        steps[1] = _address(steps[1], _TOKENS_FOR[steps[0]])
        # After these comes the sentence, a tag or a name that was glued on: no step of ours begins so.
        is_cut = not written[1].lower().endswith(steps[1].lower())
        kept = 0 if is_cut else len(list(takewhile(_may_be_ours, written[2:])))
        steps = steps[: 2 + kept]
    page = "/".join(["", *steps, ""])
    if page == path and "." not in steps[-1]:
        return path  # as it was mailed, which most are
    # A script is a file, and ends without a slash; with one it could be read as a token.
    return next((meant for meant in (page[:-1], page) if is_valid_path(meant)), path)


def _may_be_ours(step: str) -> bool:
    return step[0].isascii() and step[0].isalnum()


def _address(step: str, purposes: tuple[str, ...]) -> str:
    """Return a slug and token with the id in upper case, without what follows it."""
    ends = [match.end() for match in _WORDS.finditer(step)][:_MAX_WORDS]
    # Lines and dashes may belong to the token.
    for end in [end - less for end in ends for less in range(3)]:
        match = _TOKEN_IN_ANY_CASE.fullmatch(step[:end])
        if match:
            token = match["id"].upper() + match["mac"]
            if any(tokens.read(purpose, token) for purpose in purposes):
                return (match["readable"] or "") + token
    return step
