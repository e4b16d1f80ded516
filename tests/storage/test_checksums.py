"""The bucket is asked for SHA-256, to find out whether it does it."""

import pytest

from sharing.storage.bucket import Bucket
from sharing.storage.checksums import checks_sha256, keeps_sha256, remember_sha256
from sharing.storage.doctor import Doctor
from sharing.storage.errors import BucketUnreachable
from tests.bucket_proxy import bucket_without_sha256, unreachable_bucket


def test_a_real_s3_checks_and_keeps_digests_and_is_left_as_it_was(bucket: Bucket) -> None:
    before = list(bucket.list_objects("doctor/", page_size=10))
    assert checks_sha256(bucket)
    assert list(bucket.list_objects("doctor/", page_size=10)) == before


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("refusing", [False, True], ids=["keeps none", "refuses them"])
def test_a_service_that_does_less_is_found_out(refusing: bool) -> None:
    with bucket_without_sha256(refusing=refusing) as lesser:
        assert not checks_sha256(lesser)


def test_of_a_bucket_that_does_not_answer_nothing_follows() -> None:
    with unreachable_bucket() as nowhere, pytest.raises(BucketUnreachable):
        checks_sha256(nowhere)


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("refusing", [False, True], ids=["keeps none", "refuses them"])
def test_the_doctor_finds_such_a_service_well_and_says_what_is_checked(refusing: bool) -> None:
    with bucket_without_sha256(refusing=refusing) as lesser:
        findings = {finding.check: finding for finding in Doctor(lesser, ["http://localhost:8000"]).examine()}
    assert [finding for finding in findings.values() if not finding.is_well] == []
    assert "checked by size only" in findings["SHA-256"].detail
    assert findings["Multipart upload"].detail == "accepted with exactly the signed length"


@pytest.mark.django_db
def test_it_is_taken_to_do_so_until_somebody_found_out_otherwise() -> None:
    assert keeps_sha256()
    remember_sha256(kept=False)
    assert not keeps_sha256()
    remember_sha256(kept=True)
    assert keeps_sha256()
