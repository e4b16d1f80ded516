"""Digests as S3 writes them."""

import base64
import hashlib

import pytest

from sharing.files.digests import composite_sha256, parse_sha256
from sharing.files.errors import InvalidPart
from tests.bucket_client import sha256


def test_a_digest_is_kept() -> None:
    assert parse_sha256(sha256(b"a")) == sha256(b"a")
    assert parse_sha256("") == ""


@pytest.mark.parametrize(
    "text", ["abc", "é" * 44, base64.b64encode(b"short").decode(), hashlib.sha256().hexdigest()]
)
def test_what_is_no_sha256_is_refused(text: str) -> None:
    with pytest.raises(InvalidPart):
        parse_sha256(text)


def test_a_composite_digest_is_the_digest_of_the_digests_and_their_count() -> None:
    whole = hashlib.sha256(hashlib.sha256(b"a").digest() + hashlib.sha256(b"b").digest()).digest()
    assert composite_sha256([sha256(b"a"), sha256(b"b")]) == f"{base64.b64encode(whole).decode()}-2"
