"""The secrets that an instance makes for itself are nobody else's to read, whatever the umask of who starts it."""

import os
from pathlib import Path
from stat import S_IMODE

from sharing.home import Home


def test_a_secret_is_for_its_owner_alone(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        secret = Home(tmp_path / "home").secret("key")
    finally:
        os.umask(former)
    path = tmp_path / "home" / "secrets" / "key"
    assert path.read_text() == secret
    assert (S_IMODE(path.stat().st_mode), S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert list(path.parent.iterdir()) == [path]
