"""`brigade serve` and buckets, as boto3 sees them."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refused


def test_bucket_lives_from_its_creation_to_its_deletion(client: Any) -> None:
    client.create_bucket(Bucket="short-lived")
    assert "short-lived" in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
    assert client.head_bucket(Bucket="short-lived")["ResponseMetadata"]["HTTPStatusCode"] == 200
    client.delete_bucket(Bucket="short-lived")
    assert "short-lived" not in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
    with refused("404"):
        client.head_bucket(Bucket="short-lived")


def test_default_region_has_no_location(client: Any, bucket: str) -> None:
    assert client.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None


def test_bucket_is_not_created_twice(client: Any, bucket: str) -> None:
    with refused("BucketAlreadyOwnedByYou", 409):
        client.create_bucket(Bucket=bucket)


def test_bucket_with_an_object_is_not_deleted(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="key")
    with refused("BucketNotEmpty", 409):
        client.delete_bucket(Bucket=bucket)


@pytest.mark.parametrize("name", ["UPPER", "under_score", "ab", ".dot", "a..b", "192.168.0.1", "dash-"])
def test_bad_bucket_name_is_refused(client: Any, name: str) -> None:
    with refused("InvalidBucketName", 400):
        client.create_bucket(Bucket=name)


def test_missing_bucket_is_named(client: Any) -> None:
    with refused("NoSuchBucket", 404):
        client.list_objects_v2(Bucket="missing")
    with refused("NoSuchBucket", 404):
        client.put_object(Bucket="missing", Key="key")
    with refused("NoSuchBucket", 404):
        client.delete_bucket(Bucket="missing")


def test_what_is_not_there_is_never_answered_with_success(client: Any, bucket: str) -> None:
    with refused("NotImplemented", 501):
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    with refused("NotImplemented", 501):
        client.put_bucket_policy(Bucket=bucket, Policy="{}")
