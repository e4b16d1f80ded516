"""A link to one picture, film, sound or PDF shows it at once; one to several pictures is a gallery."""

import re

import pytest
from django.test import Client

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download, Link
from sharing.links.offers import MAX_PICTURE_SHOWN
from tests.factories import kept_file, link_to, recorded_file

pytestmark = pytest.mark.django_db


def page_of(link: Link, visitor: Client) -> str:
    answer = visitor.get(link.path_by(link.token))
    assert answer.status_code == 200
    return answer.content.decode()


def shown(page: str) -> list[str]:
    return re.findall(r'<(img|video|audio|iframe)\b[^>]* src="/s/[^"]*/preview/\?on-page"', page, re.DOTALL)


def pictures(owner: User, count: int, *, with_thumbnails: bool = True) -> list[File]:
    made = [recorded_file(owner, name=f"{number}.png") for number in range(count)]
    File.objects.filter(owner=owner).update(has_thumbnail=with_thumbnails)
    return made


@pytest.mark.parametrize(
    ("name", "element"),
    [("a.png", "img"), ("a.jpg", "img"), ("a.mp4", "video"), ("a.mp3", "audio"), ("a.pdf", "iframe")],
)
def test_one_file_is_shown_at_once(alice: User, visitor: Client, name: str, element: str) -> None:
    assert shown(page_of(link_to(recorded_file(alice, name=name)), visitor)) == [element]


@pytest.mark.parametrize("name", ["a.txt", "a.zip", "a.heic", "a.svg"])
def test_what_browsers_do_not_show_is_listed(alice: User, visitor: Client, name: str) -> None:
    assert shown(page_of(link_to(recorded_file(alice, name=name)), visitor)) == []


def test_a_huge_picture_waits_until_it_is_asked_for(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice, name="a.png", size=MAX_PICTURE_SHOWN + 1))
    page = page_of(link, visitor)
    assert shown(page) == []
    assert "data-preview" in page


def test_a_link_that_limits_downloads_shows_nothing(alice: User, visitor: Client) -> None:
    page = page_of(link_to(recorded_file(alice, name="a.png"), download_limit=2), visitor)
    assert shown(page) == []
    assert "No previews: this link limits downloads." in page


def test_showing_it_spends_nothing_and_is_no_view_of_its_own(
    alice: User, visitor: Client, bucket: object
) -> None:
    file = kept_file(alice, name="a.png")
    link = link_to(file)
    page_of(link, visitor)
    preview = f"{link.path_by(link.token)}files/{file.pk}/preview/"
    assert visitor.get(f"{preview}?on-page").status_code == 303
    assert Link.objects.get().view_count == 1
    assert visitor.get(preview).status_code == 303
    assert Link.objects.get().view_count == 2
    assert not Download.objects.exists()


def test_several_pictures_are_a_gallery_whose_names_open_the_preview(alice: User, visitor: Client) -> None:
    page = page_of(link_to(*pictures(alice, 3)), visitor)
    assert '<ul class="contents gallery"' in page
    assert page.count('class="look"') == 3


def test_pictures_among_other_files_are_a_list(alice: User, visitor: Client) -> None:
    page = page_of(link_to(*pictures(alice, 2), recorded_file(alice, name="a.txt")), visitor)
    assert "gallery" not in page
    assert page.count('class="look"') == 3


def test_pictures_without_thumbnails_are_a_list(alice: User, visitor: Client) -> None:
    assert "gallery" not in page_of(link_to(*pictures(alice, 2, with_thumbnails=False)), visitor)


def test_that_files_were_verified_is_said_once_for_all(alice: User, visitor: Client) -> None:
    files = [recorded_file(alice, name=f"{number}.txt") for number in range(5)]
    page = page_of(link_to(*files), visitor)
    assert page.count("(SHA-256)") == 1
    assert "All files listed here were verified" in page


def test_where_some_were_not_verified_each_says_so(alice: User, visitor: Client) -> None:
    files = [recorded_file(alice, name=f"{number}.txt") for number in range(3)]
    File.objects.filter(pk=files[0].pk).update(check_made=File.Check.SIZE)
    page = page_of(link_to(*files), visitor)
    assert page.count("Verified (SHA-256)") == 2
    assert "All files listed" not in page
