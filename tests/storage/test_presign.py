"""Presigned requests: what each lets a browser do, and all that the bucket refuses."""

import time

import pytest

from sharing.storage.bucket import Bucket
from sharing.storage.errors import MultipartMissing, ObjectMissing
from sharing.storage.presigning import PresignedPost
from tests.bucket_client import fetch, http, put_part, send_form, sha256

BODY = b"a parcel of some bytes"
FORGED = BODY[::-1]
TEXT = "text/plain"


@pytest.fixture
def key(bucket: Bucket, request: pytest.FixtureRequest) -> str:
    return f"tests/{request.node.name}"


@pytest.fixture
def stored_key(bucket: Bucket, key: str) -> str:
    form = bucket.presign_form(key, content_type=TEXT, smallest=len(BODY), largest=len(BODY))
    assert send_form(form, BODY).status == 201
    return key


def exact_form(bucket: Bucket, key: str) -> PresignedPost:
    return bucket.presign_form(
        key, content_type=TEXT, smallest=len(BODY), largest=len(BODY), sha256=sha256(BODY)
    )


def test_a_form_uploads_and_the_bucket_reports_size_and_digest(bucket: Bucket, key: str) -> None:
    assert send_form(exact_form(bucket, key), BODY).status == 201
    stored = bucket.head(key)
    assert (stored.size, stored.sha256) == (len(BODY), sha256(BODY))


def test_a_form_one_byte_too_large_is_refused(bucket: Bucket, key: str) -> None:
    form = bucket.presign_form(key, content_type=TEXT, smallest=0, largest=len(BODY))
    assert send_form(form, BODY + b"!").status == 400
    with pytest.raises(ObjectMissing):
        bucket.head(key)


def test_a_form_with_other_bytes_than_its_digest_is_refused(bucket: Bucket, key: str) -> None:
    assert send_form(exact_form(bucket, key), FORGED).status == 400


@pytest.mark.parametrize("field", ["key", "Content-Type", "x-amz-checksum-sha256", "policy"])
def test_a_form_with_a_changed_field_is_refused(bucket: Bucket, key: str, field: str) -> None:
    form = exact_form(bucket, key)
    form.fields[field] = "elsewhere" if field == "key" else sha256(FORGED)
    assert send_form(form, BODY).status in {400, 403}


def test_a_form_without_a_pinned_field_is_refused(bucket: Bucket, key: str) -> None:
    form = exact_form(bucket, key)
    del form.fields["x-amz-checksum-sha256"]
    assert send_form(form, FORGED).status in {400, 403}


def test_an_expired_form_is_refused(bucket: Bucket, key: str) -> None:
    form = bucket.presign_form(key, content_type=TEXT, smallest=0, largest=100, seconds=-1)
    assert send_form(form, BODY).status == 403


def test_parts_join_into_an_object_with_a_composite_digest(bucket: Bucket, key: str) -> None:
    multipart = bucket.create_multipart(key, content_type=TEXT, with_sha256=True)
    part = bucket.presign_part(key, multipart, number=1, size=len(BODY), sha256=sha256(BODY))
    assert put_part(part, BODY).status == 200
    stored = bucket.list_parts(key, multipart)
    bucket.complete_multipart(key, multipart, stored, digests={1: sha256(BODY)})
    assert bucket.head(key).sha256.endswith("-1")
    with pytest.raises(MultipartMissing):
        bucket.list_parts(key, multipart)


@pytest.mark.parametrize("body", [BODY + b"!", BODY[:-1], FORGED], ids=["longer", "shorter", "other bytes"])
def test_a_part_that_is_not_what_was_signed_is_refused(bucket: Bucket, key: str, body: bytes) -> None:
    multipart = bucket.create_multipart(key, content_type=TEXT, with_sha256=True)
    part = bucket.presign_part(key, multipart, number=1, size=len(BODY), sha256=sha256(BODY))
    assert put_part(part, body).status in {400, 403}
    assert bucket.list_parts(key, multipart) == []


def test_a_part_without_a_digest_is_still_pinned_to_its_length(bucket: Bucket, key: str) -> None:
    multipart = bucket.create_multipart(key, content_type=TEXT, with_sha256=False)
    part = bucket.presign_part(key, multipart, number=1, size=len(BODY))
    assert put_part(part, BODY + b"!").status in {400, 403}
    assert put_part(part, BODY).status == 200


def test_a_part_of_an_aborted_upload_is_refused(bucket: Bucket, key: str) -> None:
    multipart = bucket.create_multipart(key, content_type=TEXT, with_sha256=False)
    part = bucket.presign_part(key, multipart, number=1, size=len(BODY))
    bucket.abort_multipart(key, multipart)
    assert put_part(part, BODY).status == 404


def test_a_download_gives_the_bytes_under_the_right_name(bucket: Bucket, stored_key: str) -> None:
    answer = fetch(bucket.presign_download(stored_key, filename="résumé 日本語.txt", content_type=TEXT))
    assert (answer.status, answer.data) == (200, BODY)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert (
        "UTF-8''r%C3%A9sum%C3%A9%20%E6%97%A5%E6%9C%AC%E8%AA%9E.txt" in answer.headers["Content-Disposition"]
    )


def test_a_download_can_be_resumed(bucket: Bucket, stored_key: str) -> None:
    url = bucket.presign_download(stored_key, filename="a.txt", content_type=TEXT)
    answer = fetch(url, Range="bytes=2-7")
    assert (answer.status, answer.data) == (206, BODY[2:8])


def test_a_tampered_signature_is_refused(bucket: Bucket, stored_key: str) -> None:
    url = bucket.presign_download(stored_key, filename="a.txt", content_type=TEXT)
    assert fetch(url[:-1] + ("0" if url[-1] != "0" else "1")).status == 403


def test_a_changed_name_is_refused(bucket: Bucket, stored_key: str) -> None:
    url = bucket.presign_download(stored_key, filename="a.txt", content_type=TEXT)
    assert fetch(url.replace("a.txt", "b.exe")).status == 403


def test_an_expired_download_is_refused(bucket: Bucket, stored_key: str) -> None:
    url = bucket.presign_download(stored_key, filename="a.txt", content_type=TEXT, seconds=1)
    time.sleep(2.1)  # the bucket's own clock cannot be frozen
    assert fetch(url).status == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_stranger_can_do_nothing_with_an_object(bucket: Bucket, stored_key: str, method: str) -> None:
    address = f"{bucket.config.endpoint_url}/{bucket.name}/{stored_key}"
    assert http.request(method, address, body=b"x" if method == "PUT" else None).status == 403
    assert bucket.head(stored_key).size == len(BODY)


def test_a_stranger_cannot_list_the_bucket(bucket: Bucket) -> None:
    assert fetch(f"{bucket.config.endpoint_url}/{bucket.name}").status == 403
    assert fetch(f"{bucket.config.endpoint_url}/").status == 403
