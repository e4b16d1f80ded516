"""Choosing the mails that one gets about one's links."""

from django.test import Client

from sharing.accounts.models import User

SWITCHES = (
    "wants_first_download",
    "wants_all_downloaded",
    "wants_not_downloaded",
    "wants_arrivals",
    "wants_reminders",
)


def choices(user: User) -> list[bool]:
    user.refresh_from_db()
    return [getattr(user, switch) for switch in SWITCHES]


def test_all_are_on_at_first(ann: User) -> None:
    assert choices(ann) == [True] * len(SWITCHES)


def test_each_is_switched_off_by_itself(ann: User, ann_client: Client) -> None:
    for number, switch in enumerate(SWITCHES):
        others = dict.fromkeys(set(SWITCHES) - {switch}, "on")
        ann_client.post("/accounts/profile/notices/", others)
        assert choices(ann) == [index != number for index in range(len(SWITCHES))]


def test_the_page_shows_what_was_chosen(ann: User, ann_client: Client) -> None:
    ann_client.post("/accounts/profile/notices/", {"wants_reminders": "on", "is_staff": "on"})
    page = ann_client.get("/accounts/profile/").content.decode()
    assert page.count(" checked") == 1
    ann.refresh_from_db()
    assert not ann.is_staff


def test_saving_the_name_leaves_them_alone(ann: User, ann_client: Client) -> None:
    ann_client.post("/accounts/profile/", {"name": "Ann"})
    assert choices(ann) == [True] * len(SWITCHES)


def test_a_visitor_is_asked_to_sign_in(visitor: Client) -> None:
    assert visitor.post("/accounts/profile/notices/")["Location"].startswith("/accounts/login/")
