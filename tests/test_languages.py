"""Pages, mails and problems speak the reader's language, and say which it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as of_tests
from django.core.mail import EmailMultiAlternatives
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from sharing.accounts.models import User
from sharing.http.incoming import MAX_BODY
from sharing.http.language import PageLanguage
from sharing.languages import languages_in
from sharing.links.models import Link, Recipient
from sharing.mail.address_list import Person
from tests.catalogues import compile_catalogue
from tests.factories import link_to, recorded_file
from tests.people import RunTasks

pytestmark = pytest.mark.django_db

SPOKEN = "⟦Ƒíłéš ářé šáʋéď"
WRITTEN = "⟦Ťĥíš éɱáíł ŵáš šéñť"
REFUSED = "⟦Ťĥíš řéɋúéšť"
ENGLISH = "Files are saved in a new folder."


@pytest.fixture
def another_language(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """A second language whose catalogue is compiled in the folder of catalogues. It is read from right to left."""
    source = of_tests.BASE_DIR / "tests/locale/qps/LC_MESSAGES/django.po"
    compile_catalogue(source, tmp_path / "qps/LC_MESSAGES/django.mo")
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = languages_in(tmp_path)
    settings.LANGUAGES_BIDI = ["qps"]
    with translation.override("en"):
        yield


def in_language(code: str) -> Client:
    return Client(headers={"Accept-Language": code})


def of_alice(alice: User) -> Link:
    return link_to(recorded_file(alice))


@pytest.mark.usefixtures("another_language")
def test_a_landing_page_speaks_the_readers_language_and_says_so(alice: User) -> None:
    link = of_alice(alice)
    answer = in_language("qps, en;q=0.5").get(link.path_by(link.token))
    page = answer.content.decode()
    assert '<html lang="qps" dir="rtl">' in page
    assert SPOKEN in page
    assert answer["Content-Language"] == "qps"
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.usefixtures("another_language")
def test_a_cached_page_is_not_shown_in_anothers_language(alice: User) -> None:
    link = of_alice(alice)
    pages = [in_language(code).get(link.path_by(link.token)).content.decode() for code in ("en", "qps", "en")]
    assert [SPOKEN in page for page in pages] == [False, True, False]
    assert [ENGLISH in page for page in pages] == [True, False, True]


@pytest.mark.usefixtures("another_language")
def test_who_speaks_none_of_them_reads_english(alice: User) -> None:
    link = of_alice(alice)
    page = in_language("tlh").get(link.path_by(link.token)).content.decode()
    assert '<html lang="en" dir="ltr">' in page
    assert ENGLISH in page


@pytest.mark.usefixtures("another_language")
def test_a_mail_speaks_the_language_of_the_instance_and_says_so(
    alice: User, mailoutbox: list[EmailMultiAlternatives], run_tasks: RunTasks
) -> None:
    Recipient.objects.mail(of_alice(alice), [Person("ann@example.com", "")], message="", by=alice)
    with translation.override("qps"):
        run_tasks()
    [mail] = mailoutbox
    [(body, _)] = mail.alternatives
    assert '<html lang="qps" dir="rtl">' in str(body)
    assert WRITTEN in str(body)
    assert WRITTEN in mail.body


@pytest.mark.usefixtures("another_language")
def test_a_problem_of_the_api_speaks_the_readers_language() -> None:
    answer = in_language("qps").post("/api/v1/uploads/", headers={"Content-Length": str(MAX_BODY + 1)})
    assert answer.status_code == 413
    assert REFUSED in answer.json()["detail"]
    assert answer["Content-Language"] == "qps"


@pytest.mark.usefixtures("another_language")
def test_a_request_refused_early_does_not_speak_the_language_of_the_one_before(alice: User) -> None:
    link = of_alice(alice)
    in_language("qps").get(link.path_by(link.token))
    refused = in_language("en").post("/", headers={"Content-Length": str(MAX_BODY + 1)})
    assert refused.status_code == 413
    assert '<html lang="en" dir="ltr">' in refused.content.decode()


@pytest.mark.usefixtures("another_language")
def test_caches_keep_one_copy_of_a_static_file() -> None:
    request = RequestFactory().get("/static/css/base.css", headers={"Accept-Language": "qps"})
    page, file = HttpResponse(), FileResponse(b"")
    for answer in (page, file):
        PageLanguage(lambda _: HttpResponse()).process_response(request, answer)
    assert "Accept-Language" in page["Vary"]
    assert "Vary" not in file


def test_one_language_costs_no_reader_anything(alice: User, settings: LazySettings) -> None:
    assert settings.LANGUAGES == [("en", "English")]
    link = of_alice(alice)
    answer = in_language("qps").get(link.path_by(link.token))
    assert '<html lang="en" dir="ltr">' in answer.content.decode()
    assert "Accept-Language" not in answer.get("Vary", "")


def test_a_language_is_known_by_its_own_name(tmp_path: Path) -> None:
    for name in ("de", "pt_BR", "qps"):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / name / "LC_MESSAGES" / "django.mo").touch()
    (tmp_path / "fr/LC_MESSAGES").mkdir(parents=True)
    names = [("en", "English"), ("de", "Deutsch"), ("pt-br", "Português Brasileiro"), ("qps", "qps")]
    assert languages_in(tmp_path) == names
