"""Actions of operators on files, links and people: by the apps' own verbs, said in a message, and recorded."""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import Upload
from sharing.links.models import Link
from tests.admin.pages import act, list_of, page_of
from tests.factories import kept_file, let_forms_expire, link_to, started_upload
from tests.html import flat


def download(visitor: Client, link: Link) -> int:
    address = reverse("landing_download", args=[link.token, link.files.get().pk])
    return visitor.post(address).status_code


def test_revoking_stops_the_link(dave_client: Client, dave: User, visitor: Client, alice: User) -> None:
    link = link_to(kept_file(alice))
    assert download(visitor, link) == 303
    answer = act(dave_client, "links_link", "revoke", link)
    assert "1 link revoked." in answer.content.decode()
    assert download(visitor, link) == 410
    assert Event.objects.get(action="link.revoked").actor == dave


def test_revoking_from_the_link_s_own_page(dave_client: Client, alice: User) -> None:
    link = link_to(kept_file(alice))
    chosen = {"CHANGE_FORM-action": "revoke", ACTION_CHECKBOX_NAME: str(link.pk)}
    dave_client.post(page_of(link), chosen)
    link.refresh_from_db()
    assert link.revoked_at


def test_revoking_again_says_there_is_nothing_to_do(dave_client: Client, dave: User, alice: User) -> None:
    link = link_to(kept_file(alice))
    link.revoke(by=dave)
    assert (
        "All of these have been revoked before"
        in act(dave_client, "links_link", "revoke", link).content.decode()
    )
    assert Event.objects.filter(action="link.revoked").count() == 1


def test_what_is_no_key_is_refused(dave_client: Client, alice: User) -> None:
    for table, action in (("accounts_user", "suspend"), ("files_file", "delete"), ("links_link", "revoke")):
        for key in ("abc", "9" * 40, "1' or 1"):
            chosen = {"action": action, ACTION_CHECKBOX_NAME: [str(alice.pk), key]}
            assert dave_client.post(list_of(table), chosen).status_code == 400, (table, key)
    alice.refresh_from_db()
    assert alice.is_active


def test_deleting_asks_first(dave_client: Client, alice: User) -> None:
    file = kept_file(alice, name="tax.pdf")
    answer = act(dave_client, "files_file", "delete", file)
    assert "tax.pdf" in answer.content.decode()
    assert "restore them from the trash for 7 days" in flat(answer.content.decode())
    file.refresh_from_db()
    assert not file.is_deleted


def test_deleting_stops_the_links_and_leaves_the_file_in_its_owner_s_trash(
    dave_client: Client, dave: User, visitor: Client, alice: User
) -> None:
    file = kept_file(alice, size=700)
    link = link_to(file)
    answer = act(dave_client, "files_file", "delete", file, post="yes")
    assert "1 file deleted." in answer.content.decode()
    assert alice.files.trashed().get() == file
    assert download(visitor, link) == 410
    assert Event.objects.get(action="file.deleted").actor == dave


def test_removing_from_the_trash_gives_the_quota_back(
    dave_client: Client, dave: User, alice: User, bob: User
) -> None:
    trashed, kept = kept_file(alice, size=700), kept_file(bob, size=7)
    trashed.delete_by(alice)
    answer = act(dave_client, "files_file", "discard", trashed, kept)
    assert "1 file deleted permanently." in answer.content.decode()
    let_forms_expire()
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (alice.used_bytes, bob.used_bytes) == (0, 7)
    assert Event.objects.get(action="file.discarded").actor == dave


def test_revoking_direct_urls(dave_client: Client, dave: User, alice: User) -> None:
    file, other = kept_file(alice), kept_file(alice)
    file.create_direct_url(seconds=60, by=alice)
    answer = act(dave_client, "files_file", "revoke_direct_urls", file, other)
    assert "Direct URLs of 1 file revoked." in answer.content.decode()
    assert not file.direct_urls.usable().exists()
    assert Event.objects.get(action="file.direct_urls_revoked").actor == dave


def test_cancelling_an_upload(dave_client: Client, dave: User, alice: User) -> None:
    upload = started_upload(alice, 100_000_000)
    act(dave_client, "files_upload", "cancel", upload)
    upload.refresh_from_db()
    assert upload.state == Upload.State.CANCELLED
    assert Event.objects.get(action="upload.cancelled").actor == dave


def test_suspending_ends_sessions_and_stops_links(
    dave_client: Client, dave: User, alice_client: Client, visitor: Client, alice: User
) -> None:
    link = link_to(kept_file(alice))
    here = reverse("account_email")
    assert alice_client.get(here).status_code == 200
    answer = act(dave_client, "accounts_user", "suspend", alice)
    assert "1 user suspended." in answer.content.decode()
    assert alice_client.get(here).status_code == 302
    assert download(visitor, link) == 410
    assert Event.objects.get(action="user.suspended").actor == dave


def test_restoring_opens_the_links(dave_client: Client, dave: User, visitor: Client, alice: User) -> None:
    link = link_to(kept_file(alice))
    alice.suspend(by=dave)
    act(dave_client, "accounts_user", "restore", alice)
    assert download(visitor, link) == 303
    assert Event.objects.get(action="user.restored").actor == dave


def test_nobody_suspends_themself(dave_client: Client, dave: User) -> None:
    assert "suspend yourself" in act(dave_client, "accounts_user", "suspend", dave).content.decode()
    dave.refresh_from_db()
    assert dave.is_active


def test_staff_does_not_suspend_a_superuser(dave_client: Client, carol: User, alice: User) -> None:
    answer = act(dave_client, "accounts_user", "suspend", carol, alice)
    assert "Only a superuser can change a superuser" in answer.content.decode()
    carol.refresh_from_db()
    alice.refresh_from_db()
    assert carol.is_active
    assert not alice.is_active


def test_an_outsider_s_action_is_refused(bob: User, alice: User) -> None:
    link = link_to(kept_file(alice))
    client = Client()
    client.force_login(bob)
    assert act(client, "links_link", "revoke", link).status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None
