"""The preparation of `serve`, before its parts start: ports, database, cache, static files and the welcome."""

import socket
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder

from sharing.accounts.models import User
from sharing.home import Home
from sharing.newer_database import NewerDatabase, require_known_tables
from sharing.runtime import serving
from sharing.runtime.preparation import collect_static_files
from sharing.runtime.serving import NoAnswer, Serving
from sharing.runtime.supervisor import PartEnded
from sharing.storage.embedded import EmbeddedBucket, free_ports

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings) -> Home:
    home = Home(tmp_path / "home")
    settings.HOME = home
    return home


def said_at_start() -> str:
    """Start where that has to fail; returns what is said."""
    said: list[str] = []
    assert Serving(said.append).run() == 1
    return "\n".join(said)


def test_equal_ports_are_refused_before_anything_starts(home: Home, settings: LazySettings) -> None:
    settings.BUCKET_PORT = settings.PORT
    assert said_at_start().startswith(f"Waybill can't start: PORT and BUCKET_PORT are both {settings.PORT}.")
    assert home.root.stat().st_mode & 0o777 == 0o700


def test_a_port_that_is_taken_is_named(
    home: Home, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PORT_SECONDS", 0.0)
    settings.PORT, taken = free_ports(2)
    settings.BUCKET_PORT = taken
    with socket.create_server(("127.0.0.1", taken)):
        assert f"port {taken} is taken" in said_at_start()


def test_a_home_that_is_a_file_is_named(home: Home) -> None:
    home.root.write_text("I am a file.")
    assert f"Waybill can't start: {home.root}" in said_at_start()


def test_a_database_of_a_newer_version_is_refused() -> None:
    require_known_tables()
    recorder = MigrationRecorder.Migration.objects
    recorder.create(app="account", name="0000_squashed")
    require_known_tables()
    recorder.create(app="files", name="9999_of_tomorrow")
    with pytest.raises(NewerDatabase, match=r"files\.9999_of_tomorrow is unknown"):
        require_known_tables()


def test_a_database_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(serving, "prepare_database", fail)
    for vendor, words in (
        ("sqlite", "cannot be used: unable to open"),
        ("postgresql", "database in DATABASE_URL does not answer"),
    ):
        monkeypatch.setattr(connections["default"], "vendor", vendor)
        with pytest.raises(NoAnswer, match=words):
            serving._require_answers()


def test_a_cache_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(backend: BaseCache, key: str) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(serving, "prepare_database", lambda: None)
    serving._require_answers()
    monkeypatch.setattr(type(cache), "get", fail, raising=False)
    with pytest.raises(NoAnswer, match="cache in CACHE_URL does not answer"):
        serving._require_answers()


def test_the_welcome_has_the_link_to_set_up_the_first_account_until_there_is_one(
    settings: LazySettings,
) -> None:
    welcome = "\n".join(serving._welcome())
    assert f"Waybill is ready: {settings.SITE_URL}" in welcome
    assert f"{settings.SITE_URL}/setup/" in welcome
    User.objects.create_user("ann@example.com")
    assert "/setup/" not in "\n".join(serving._welcome())


def test_static_files_are_collected_again_only_when_they_have_changed(
    home: Home, settings: LazySettings, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = home.static
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    home.root.mkdir()
    assert collect_static_files(home)
    assert not collect_static_files(home)
    (source / "a.css").write_text("a { color: green }")
    assert collect_static_files(home)
    assert "green" in (home.static / "a.css").read_text()


def test_a_bucket_that_never_answers_is_given_up(
    home: Home, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = EmbeddedBucket(settings.BUCKET, home, port=free_ports(1)[0])
    monkeypatch.setattr(serving, "READY_SECONDS", 0.0)
    with pytest.raises(PartEnded, match="The bucket did not answer within 0 s"):
        serving._wait_for(embedded)


def test_the_web_answers_once_somebody_listens(settings: LazySettings, live_server: object) -> None:
    [settings.PORT] = free_ports(1)
    assert not serving._web_answers()
    settings.PORT = int(str(live_server).rpartition(":")[2])
    assert serving._web_answers()
