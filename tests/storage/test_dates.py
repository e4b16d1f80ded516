"""Dates of the bucket are understood, in a body (ISO 8601) and in a header (RFC 9110)."""

from datetime import UTC, datetime, timedelta

from sharing.storage.bucket import Bucket
from tests.bucket_client import sha256

KEY = "tests/dated"


def test_a_date_is_the_same_in_a_listing_and_in_a_header(bucket: Bucket) -> None:
    bucket.put(KEY, b"dated", sha256=sha256(b"dated"))
    [[listed]] = bucket.list_objects(KEY, page_size=10)
    headed = bucket.client.head_object(Bucket=bucket.name, Key=KEY)["LastModified"]
    assert headed == listed.modified_at.replace(microsecond=0)
    assert abs(datetime.now(UTC) - headed) < timedelta(minutes=1)
    bucket.delete(KEY)
