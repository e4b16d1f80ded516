"""Whatever a client announces, it is parsed or refused in words; nothing else can happen."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from sharing.accounts.models import User
from sharing.files.errors import FilesError, InvalidName, InvalidPart
from sharing.files.models import File, Upload, UploadSpec
from sharing.files.names import MAX_NAME_LENGTH, MAX_PATH_LENGTH, MAX_TYPE_LENGTH, storable
from tests.bucket_client import sha256

anything = st.builds(
    UploadSpec,
    name=st.text(max_size=300),
    size=st.integers(0, 2**63 - 1),
    content_type=st.text(max_size=200) | st.just("image/png"),
    path=st.text(max_size=40) | st.lists(st.text(max_size=8), max_size=8).map("/".join),
    with_sha256=st.booleans(),
    sha256=st.text(max_size=60) | st.binary(max_size=40).map(sha256),
    last_modified=st.none() | st.integers(),
    id=st.none() | st.uuids(),
)


@given(anything)
def test_it_is_parsed_or_refused(spec: UploadSpec) -> None:
    try:
        parsed = spec.parsed()
    except FilesError:
        return
    assert parsed.name == storable(spec.name)
    assert 0 < len(parsed.name) <= MAX_NAME_LENGTH
    assert len(parsed.path) <= MAX_PATH_LENGTH
    assert len(parsed.content_type) <= MAX_TYPE_LENGTH
    assert not {"", ".", ".."} & {*parsed.path.split("/")} or parsed.path == ""
    assert "\0" not in parsed.name + parsed.path
    assert parsed.modified_at is None or 1970 <= parsed.modified_at.year <= timezone.now().year + 1
    assert parsed.parsed() == parsed
    assert parsed.parsed().fingerprint == parsed.fingerprint


@given(anything, anything)
def test_only_the_same_announcement_has_the_same_fingerprint(one: UploadSpec, other: UploadSpec) -> None:
    def said(spec: UploadSpec) -> list[Any]:
        return [value for name, value in vars(spec).items() if name != "id"]

    assert (one.fingerprint == other.fingerprint) == (said(one) == said(other))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": "  "}, InvalidName),
        ({"name": ".."}, InvalidName),
        ({"path": "/absolute"}, InvalidName),
        ({"path": "a/../../b"}, InvalidName),
        ({"path": "a//b"}, InvalidName),
        ({"path": "a/" * 600 + "a"}, InvalidName),
        ({"with_sha256": True, "sha256": sha256(b"x")[:-4]}, InvalidPart),
        ({"sha256": sha256(b"x")}, InvalidPart),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    alice: User, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        Upload.objects.start(owner=alice, **{"name": "a", "size": 1, "id": uuid4(), **fields})
    alice.refresh_from_db()
    assert (alice.used_bytes, File.objects.count()) == (0, 0)
