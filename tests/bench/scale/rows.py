"""A database as a large instance has it, written by a few statements of SQL: a million rows in a minute or two."""

from dataclasses import dataclass
from typing import Protocol

from django.core.management.color import no_style
from django.db import connection

from sharing.accounts.models import User
from sharing.links.models import Link, Recipient
from sharing.requests.models import FileRequest, Guest

OWNER = 1
USERS = 1000
# The first three links: of many files, whose history is leafed through; of twenty; and of one.
LONG_LINK, SHORT_LINK, LINK_OF_ONE = 1, 2, 3
LONG_LINK_FILES = 5000
SHORT_LINK_FILES = 20


@dataclass(frozen=True)
class Amounts:
    """The numbers of rows of each kind; the others follow from the number of files."""

    files: int
    # How many users share the files and links, the first of them OWNER.
    owners: int = 1

    @property
    def links(self) -> int:
        return max(10, self.files // 10)

    @property
    def long_link_files(self) -> int:
        return min(LONG_LINK_FILES, self.files // 2)

    @property
    def other_items(self) -> int:
        return max(100, self.files * 3 // 10 - self.long_link_files)

    @property
    def downloads(self) -> int:
        return self.files // 2

    @property
    def long_link_downloads(self) -> int:
        return self.files // 20

    @property
    def events(self) -> int:
        return self.files

    @property
    def recipients(self) -> int:
        return max(10, self.files // 20)

    @property
    def requests(self) -> int:
        return max(10, self.files // 1000)

    @property
    def guests(self) -> int:
        return max(10, self.files // 100)

    @property
    def deliveries(self) -> int:
        return self.files // 20

    @property
    def task_results(self) -> int:
        return self.files // 10


class Dialect(Protocol):
    """Expressions that the two databases write differently. `n` is the number of the row."""

    true: str
    false: str
    json: str

    def series(self, count: int) -> str: ...
    def uuid(self, kind: int) -> str: ...
    def ago(self, seconds: str) -> str: ...
    def padded(self, width: int) -> str: ...
    def bytes(self, text: str) -> str: ...


class SQLite:
    true, false, json = "1", "0", "'{}'"

    def series(self, count: int) -> str:
        step = f"SELECT 0 AS n UNION ALL SELECT n + 1 FROM series WHERE n < {count - 1}"  # noqa: S608
        return f"(WITH RECURSIVE series(n) AS ({step}) SELECT n FROM series)"  # noqa: S608

    def uuid(self, kind: int) -> str:
        return f"printf('%024x%08x', {kind}, n)"

    def ago(self, seconds: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%f', 'now', printf('%+d seconds', -({seconds})))"

    def padded(self, width: int) -> str:
        return f"printf('%0{width}d', n)"

    def bytes(self, text: str) -> str:
        return f"CAST({text} AS BLOB)"


class PostgreSQL:
    true, false, json = "TRUE", "FALSE", "'{}'::jsonb"

    def series(self, count: int) -> str:
        return f"(SELECT generate_series(0::bigint, {count - 1}) AS n) AS series"

    def uuid(self, kind: int) -> str:
        return f"(lpad(to_hex({kind}), 24, '0') || lpad(to_hex(n), 8, '0'))::uuid"

    def ago(self, seconds: str) -> str:
        return f"now() - ({seconds}) * interval '1 second'"

    def padded(self, width: int) -> str:
        return f"lpad(n::text, {width}, '0')"

    def bytes(self, text: str) -> str:
        return f"convert_to({text}, 'UTF8')"


FILE, UPLOAD, BROWSER, TASK = 1, 2, 3, 4


def write(amounts: Amounts) -> None:
    """Fill an empty, migrated database. Nobody has a password."""
    sql: Dialect = SQLite() if connection.vendor == "sqlite" else PostgreSQL()
    _insert("accounts_user", sql.series(USERS), _users(sql))
    _insert("files_file", sql.series(amounts.files), _files(sql, amounts))
    _insert("files_upload", sql.series(amounts.files), _uploads(sql))
    _insert("links_link", sql.series(amounts.links), _links(sql, amounts))
    _insert("links_item", sql.series(amounts.long_link_files), _items(sql, link=str(LONG_LINK)))
    _insert("links_item", sql.series(SHORT_LINK_FILES), _items(sql, link=str(SHORT_LINK)))
    _insert("links_item", sql.series(1), _items(sql, link=str(LINK_OF_ONE)))
    # Every other link has some three.
    link = f"{LINK_OF_ONE + 1} + (n * 7) % {amounts.links - LINK_OF_ONE}"
    _insert("links_item", sql.series(amounts.other_items), _items(sql, link=link))
    _insert("links_download", sql.series(amounts.long_link_downloads), _downloads(sql, link=str(LONG_LINK)))
    others = amounts.downloads - amounts.long_link_downloads
    _insert("links_download", sql.series(others), _downloads(sql, link=link))
    _insert("links_recipient", sql.series(amounts.recipients), _recipients(sql, amounts))
    # Every other recipient has come once.
    by_recipients = _downloads(sql, link="links_recipient.link_id") | {"recipient_id": "links_recipient.id"}
    numbered = f"{sql.series(amounts.recipients // 2)} JOIN links_recipient ON links_recipient.id = 1 + n * 2"
    _insert("links_download", numbered, by_recipients)
    _insert("accounts_invitation", sql.series(USERS), _invitations(sql))
    _insert("requests_filerequest", sql.series(amounts.requests), _requests(sql))
    _insert("requests_guest", sql.series(amounts.guests), _guests(sql, amounts))
    _insert("requests_delivery", sql.series(amounts.deliveries), _deliveries(sql, amounts))
    _insert("django_tasks_database_dbtaskresult", sql.series(amounts.task_results), _task_results(sql))
    _insert("audit_event", sql.series(amounts.events), _events(sql, amounts))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(
            no_style(), [User, Link, Recipient, FileRequest, Guest]
        ):
            cursor.execute(statement)
        cursor.execute(f"ANALYZE {tables()}" if connection.vendor == "postgresql" else "ANALYZE")


def tables() -> str:
    """Return the names of all tables of the apps, for a statement of PostgreSQL's.

    Without names VACUUM and ANALYZE take the catalogs that databases share as well, and lock them until the commit.
    """
    return ", ".join(sorted(connection.introspection.django_table_names(only_existing=True)))


def _insert(table: str, series: str, columns: dict[str, str]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(columns.values())
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {series}")  # noqa: S608


def _users(sql: Dialect) -> dict[str, str]:
    is_owner = f"CASE WHEN n = 0 THEN {sql.true} ELSE {sql.false} END"
    notices = ("all_downloaded", "first_download", "not_downloaded", "reminders", "arrivals")
    return {
        "id": "n + 1",
        "password": "'!'",
        "email": f"'user-' || {sql.padded(4)} || '@example.com'",
        "name": f"'User ' || {sql.padded(4)}",
        "used_bytes": "0",
        "is_superuser": is_owner,
        "is_staff": is_owner,
        "is_active": sql.true,
        "date_joined": sql.ago("n * 60"),
        "default_expiry": "''",
        "previews_by_default": sql.true,
        **{f"wants_{notice}": sql.true for notice in notices},
    }


def _files(sql: Dialect, amounts: Amounts) -> dict[str, str]:
    """A third in a thousand folders, one of a hundred in the trash."""
    is_trashed = "n % 100 = 99"
    return {
        "id": sql.uuid(FILE),
        "owner_id": f"{OWNER} + n % {amounts.owners}",
        "name": f"'IMG-' || {sql.padded(7)} || CASE n % 3 WHEN 0 THEN '.jpg' WHEN 1 THEN '.pdf' ELSE '.mov' END",
        "path": "CASE WHEN n % 3 = 0 THEN 'folder-' || (n / 3 % 1000) || '/part-' || (n % 7) ELSE '' END",
        "content_type": "CASE n % 3 WHEN 0 THEN 'image/jpeg' WHEN 1 THEN 'application/pdf' ELSE 'video/quicktime' END",
        "kind": "CASE n % 3 WHEN 0 THEN 'picture' WHEN 1 THEN 'document' ELSE 'video' END",
        "name_key": sql.bytes(f"'img-007' || {sql.padded(7)}"),
        "size": "1000 + (n % 100000 * 7919) % 5000000",
        "charged": "1000 + (n % 100000 * 7919) % 5000000",
        "object_key": f"'files/' || {sql.padded(20)}",
        "etag": "'0123456789abcdef0123456789abcdef'",
        "sha256": "'47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "check_made": "'sha256'",
        "created_at": sql.ago("n * 10"),
        "ready_at": sql.ago("n * 10"),
        "deleted_at": f"CASE WHEN {is_trashed} THEN {sql.ago('n % 86400')} END",
        "has_thumbnail": sql.false,
        "thumbnail_limit": "0",
    }


def _uploads(sql: Dialect) -> dict[str, str]:
    return {
        "id": sql.uuid(UPLOAD),
        "file_id": sql.uuid(FILE),
        "state": "'complete'",
        "part_size": "0",
        "multipart_id": "''",
        "with_sha256": sql.true,
        "sha256": "''",
        "fingerprint": "''",
        "is_plain": sql.false,
        "reserved": "0",
        "created_at": sql.ago("n * 10"),
        "expires_at": sql.ago("n * 10"),
        "finished_at": sql.ago("n * 10"),
    }


def _links(sql: Dialect, amounts: Amounts) -> dict[str, str]:
    """A tenth each with a limit, expired, revoked."""
    return {
        "id": "n + 1",
        "public_id": f"'B' || {sql.padded(11)}",
        "owner_id": f"{OWNER} + n % {amounts.owners}",
        "title": "CASE WHEN n % 2 = 0 THEN 'Delivery ' || n ELSE '' END",
        "message": "''",
        "created_at": sql.ago("n * 100"),
        "expires_at": f"CASE n % 10 WHEN 8 THEN {sql.ago('100')} WHEN 7 THEN NULL ELSE {sql.ago('n - 10000000')} END",
        "revoked_at": f"CASE WHEN n % 10 = 9 THEN {sql.ago('100')} END",
        "download_limit": "CASE WHEN n % 10 = 6 THEN 3 END",
        "view_count": "n % 50",
        "password": "''",
        "slug": "''",
        "asks_for_code": sql.false,
        "previews_allowed": sql.true,
        "card_shows": "'sender'",
        "guesses": "0",
    }


def _items(sql: Dialect, *, link: str) -> dict[str, str]:
    return {"link_id": link, "file_id": sql.uuid(FILE), "added_at": sql.ago("n"), "download_count": "n % 3"}


def _downloads(sql: Dialect, *, link: str) -> dict[str, str]:
    return {
        "link_id": link,
        "file_id": sql.uuid(FILE),
        "at": sql.ago("n * 20"),
        "network": "NULL",
        "user_agent": "'Mozilla/5.0'",
        "visitor": f"'visitor-' || {sql.padded(10)}",
        "is_repeat": sql.false,
    }


def _recipients(sql: Dialect, amounts: Amounts) -> dict[str, str]:
    """Mailed when their links were created. One of a hundred could not be."""
    return {
        "id": "n + 1",
        "link_id": f"{LINK_OF_ONE + 1} + (n * 3) % {amounts.links - LINK_OF_ONE}",
        "email": f"'guest-' || {sql.padded(7)} || '@example.com'",
        "name": "''",
        "message": "''",
        "public_id": f"'R' || {sql.padded(11)}",
        "created_at": sql.ago("n * 200"),
        "mailed_at": f"CASE WHEN n % 100 <> 99 THEN {sql.ago('n * 200')} END",
        "failure": "CASE WHEN n % 100 = 99 THEN 'no such mailbox' ELSE '' END",
        "attempts": "1",
        "open_count": "0",
        "is_reminder": sql.false,
    }


def _invitations(sql: Dialect) -> dict[str, str]:
    return {
        "public_id": f"'I' || {sql.padded(11)}",
        "email": f"'invited-' || {sql.padded(4)} || '@example.com'",
        "invited_by_id": str(OWNER),
        "created_at": sql.ago("n * 3600"),
        "expires_at": sql.ago("n * 3600 - 604800"),
        "accepted_at": f"CASE WHEN n % 2 = 0 THEN {sql.ago('n * 3600')} END",
    }


def _requests(sql: Dialect) -> dict[str, str]:
    return {
        "id": "n + 1",
        "public_id": f"'Q' || {sql.padded(11)}",
        "owner_id": str(OWNER),
        "title": "'Papers ' || n",
        "message": "''",
        "slug": "''",
        "password": "''",
        "guesses": "0",
        "kinds": "''",
        "taken_count": "0",
        "taken_bytes": "0",
        "unseen_count": "0",
        "name_asked": "'required'",
        "email_asked": "'optional'",
        "created_at": sql.ago("n * 1000"),
        "expires_at": sql.ago("n * 1000 - 10000000"),
    }


def _guests(sql: Dialect, amounts: Amounts) -> dict[str, str]:
    return {
        "id": "n + 1",
        "request_id": f"1 + n % {amounts.requests}",
        "browser": sql.uuid(BROWSER),
        "name": f"'Guest ' || {sql.padded(7)}",
        "email": "''",
        "created_at": sql.ago("n * 100"),
        "opened_with": "''",
    }


def _deliveries(sql: Dialect, amounts: Amounts) -> dict[str, str]:
    """Return deliveries of the latest uploads. None is told, as where their owner wants no mails."""
    return {"upload_id": sql.uuid(UPLOAD), "guest_id": f"1 + n % {amounts.guests}"}


def _task_results(sql: Dialect) -> dict[str, str]:
    """Return the rows that two weeks of periodic tasks leave."""
    moment = sql.ago("n * 12")
    return {
        "id": sql.uuid(TASK),
        "status": "'SUCCESSFUL'",
        "enqueued_at": moment,
        "started_at": moment,
        "finished_at": moment,
        "args_kwargs": """'{"args": [], "kwargs": {}}'""",
        "priority": "0",
        "task_path": "'sharing.links.tasks.send_digests'",
        "worker_ids": "'[]'",
        "queue_name": "'default'",
        "backend_name": "'default'",
        "run_after": "'9999-12-31 00:00:00'",
        "exception_class_path": "''",
        "traceback": "''",
    }


def _events(sql: Dialect, amounts: Amounts) -> dict[str, str]:
    """Return events of the owner's links and files; one of a hundred is of the long link."""
    link = f"CAST(CASE WHEN n % 100 = 0 THEN {LONG_LINK} ELSE 1 + n % {amounts.links} END AS varchar(20))"
    actions = ["link.made", "file.ready", "link.expiry_changed", "file.opened"]
    action = " ".join(f"WHEN {number} THEN '{name}'" for number, name in enumerate(actions))
    return {
        "action": f"CASE n % 4 {action} END",
        "at": sql.ago("n * 10 + 4000"),
        "actor_id": str(OWNER),
        "actor_label": "'user-0000@example.com'",
        "subject_type": "CASE n % 2 WHEN 0 THEN 'link' ELSE 'file' END",
        "subject_id": f"CASE n % 2 WHEN 0 THEN {link} ELSE 'x' || n END",
        "subject_label": f"'IMG-' || {sql.padded(7)}",
        "details": sql.json,
    }
