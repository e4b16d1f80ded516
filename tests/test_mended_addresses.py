"""A link with a full stop glued on by a mail program leads where it was meant to, and so does every mailed address."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import Invitation, User
from sharing.http.mended import mended
from sharing.links.models import Recipient
from sharing.mail.address_list import Person
from tests.factories import link_to, recorded_file
from tests.requests.factories import request_of

pytestmark = pytest.mark.django_db

GLUED = [
    *".,;:!?)]}>\"'*~|`…”’»",
    *(
        "/_",
        "/-",
        "/%E2%80%94",
        "/&",
        "/&gt;",
        "/=",
        "/’s",
        "/。",
        "/、",
        "/）",
        "/」",
        "/،",
        "/%3Cbr%3E",
        "/%20and",
        "/+x",
    ),
    *(
        "&gt;",
        "&amp;",
        "&nbsp;.",
        ".html",
        "<br>",
        "</a>",
        "%20and",
        "’s",
        "。",
        "、",
        "）",
        "」さん",
        "=",
        "/</a>/b",
    ),
    *("%20", "%C2%A0", ").", ">,", "._", "_", "-", "/", "//", "/.", "/)", "/%20", "/>."),
]


def leads_to(path: str) -> str:
    """Return the path at which a browser ends up that is given this one. It must be a page that is there."""
    answer = Client().get(path, follow=True)
    assert answer.status_code == 200, path
    return str(answer.request["PATH_INFO"])


def addresses_of(owner: User) -> list[str]:
    plain, named = link_to(recorded_file(owner)), link_to(recorded_file(owner), name="Our plans")
    [ann] = Recipient.objects.mail(named, [Person("ann@example.com")], by=owner)
    file_request, called = request_of(owner), request_of(owner, name="our-taxes")
    links = [plain.path_by(plain.token), named.path_by(named.token), named.path_by(ann.token)]
    return [*links, file_request.path, called.path]


@pytest.mark.parametrize("glued", GLUED)
def test_what_is_glued_on_is_left_out(alice: User, glued: str) -> None:
    for path in addresses_of(alice):
        assert leads_to(path + glued) == path
        assert leads_to(path.removesuffix("/") + glued) == path


def test_slashes_and_letters_as_people_write_them(alice: User) -> None:
    for path in addresses_of(alice):
        first, address = path.strip("/").split("/")
        assert mended(f"//{first}/{address}/") == path  # the test's client takes it for a host
        readable, token = address[:-34], address[-34:]
        lower = f"{readable}{token[:12].lower()}{token[12:]}"
        for written in (
            f"/{first}//{address}/",
            f"/{first}/{address}",
            f"/{first.upper()}/{address}/",
            f"/{first}/{readable.upper()}{token}/",
            f"/{first}/{lower}",
            f"/{first}/%3C{address}%3E",
            f"/{first}/({address})",
        ):
            assert leads_to(written) == path, written


def test_a_query_stays_and_a_post_is_taken_as_it_is(alice: User, visitor: Client) -> None:
    [path, *_] = addresses_of(alice)
    assert visitor.get(f"{path}.?q=plan")["Location"] == f"{path}?q=plan"
    assert visitor.post(f"{path}.").status_code in {404, 405}


def test_a_locked_link_does_not_tell_its_name(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice), name="Our plans", password="open sesame")
    answer = visitor.get(f"/s/{link.token}.")
    assert answer["Location"] == f"/s/{link.token}/"
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_other_mailed_addresses(alice: User, carol: User, settings: object) -> None:
    settings.SIGNUP = "invite"  # type: ignore[attr-defined]
    invitation = Invitation.objects.invite("ann@example.com", by=carol)
    path = reverse("invitation", args=[invitation.token])
    for glued in (".", ")", ">,", "%20", "/."):
        assert leads_to(path.removesuffix("/") + glued) == path
    for path in ("/accounts/confirm-email/Mg:1x-y_z/", "/accounts/password/reset/key/2-abc/", "/setup/abc/"):
        assert mended(f"{path[:-1]}.") == mended(f"{path}),") == path


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/s/",
            "/s/collector.js",
            "/r/x/uploads/",
            "/api/v1/openapi.json",
            "/static/js/waybill.js",
            "/livez",
        ),
        *(
            "/accounts/login/",
            "/accounts/password/reset/key/2-set-password/",
            "/admin/x/_2E/change/",
            "/files/x./",
        ),
    ],
)
def test_what_is_right_stays(path: str) -> None:
    assert mended(path) == path


def test_every_route_stays_as_it_is(alice: User) -> None:
    link = link_to(recorded_file(alice), name="Our plans")
    address = link.address_by(link.token)
    for name in ("landing", "landing_code", "landing_more_time", "landing_progress", "landing_script"):
        path = reverse(name, args=[address])
        assert mended(path) == path
    # And a wrong token is not made another one.
    wrong = f"/s/{link.token[:-1]}{'A' if link.token[-1] != 'A' else 'B'}/"
    assert mended(wrong) == wrong
