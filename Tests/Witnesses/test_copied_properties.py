"""What `brigade copy` keeps of an object beside its content, and what it leaves behind: docs/SEMANTICS.md, seen by boto3.

The server makes the copy, so each server is held to what it is known to do. What a server is known to keep that Amazon
S3 drops is asserted too, so that a change is noticed.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from brigade import Brigade
from buckets import CLIENT_CONFIG
from local_s3 import serving
from servers import connect

DESCRIPTION = {
    "CacheControl": "max-age=60, public",
    "ContentDisposition": 'attachment; filename="a b.txt"',
    "ContentEncoding": "identity",
    "ContentLanguage": "de, en",
    "ContentType": "text/x-tests; charset=utf-8",
    "Expires": datetime(2030, 1, 1, tzinfo=UTC),
    "Metadata": {"author": "a  b=c+d%20e"},
}
TAGS = [{"Key": "kind", "Value": "a b+c"}, {"Key": "path", "Value": "x/=:@_.-"}]
TAGS_AS_HEADER = "kind=a%20b%2Bc&path=x%2F%3D%3A%40_.-"

KEEPS_CLASS_AND_PARTS = {"seaweedfs"}
"""Copies the entry of its filer as it stands, with the storage class and the ETag of an upload in parts."""


@dataclass(frozen=True)
class Service:
    """A server, with a source and a destination of the test's own."""

    name: str
    server: dict[str, Any]
    client: Any
    source: str
    destination: str

    def head(self, bucket: str) -> dict[str, Any]:
        return self.client.head_object(Bucket=bucket, Key="object")

    def copy(self, brigade: Brigade) -> None:
        """Copies the source, which holds one object as far as a listing tells."""
        outcome = brigade.copy(f"s3://{self.source}", f"s3://{self.destination}", self.server)
        assert outcome.status == 0, outcome.stderr
        assert outcome.summary["objects"]["copied"] == 1


def new_service(name: str, server: dict[str, Any], **options: Any) -> Service:
    client = connect(server, CLIENT_CONFIG)
    source, destination = (f"{role}-{uuid.uuid4()}" for role in ("source", "destination"))
    for bucket in (source, destination):
        client.create_bucket(Bucket=bucket, **options)
    return Service(name, server, client, source, destination)


@pytest.fixture(params=["embedded", "moto", "seaweedfs"])
def service(request: pytest.FixtureRequest, brigade: Brigade, servers: dict[str, dict[str, Any]]) -> Iterator[Service]:
    if request.param == "embedded":
        with serving(brigade.binary, "--memory") as local:
            yield new_service(request.param, local.description)
    else:
        yield new_service(request.param, servers[request.param])


@pytest.fixture
def moto(servers: dict[str, dict[str, Any]]) -> Service:
    """The one server that has these properties and drops them from a copy as Amazon S3 does."""
    return new_service("moto", servers["moto"])


def test_description_and_tags_are_kept(service: Service, brigade: Brigade) -> None:
    place = {"Bucket": service.source, "Key": "object"}
    service.client.put_object(**place, Body=b"content", Tagging=TAGS_AS_HEADER, **DESCRIPTION)
    service.copy(brigade)
    for bucket in (service.source, service.destination):
        head = service.head(bucket)
        assert {name: head.get(name) for name in DESCRIPTION} == DESCRIPTION
        tags = service.client.get_object_tagging(Bucket=bucket, Key="object")["TagSet"]
        assert sorted(tags, key=lambda tag: tag["Key"]) == sorted(TAGS, key=lambda tag: tag["Key"])


def test_time_is_that_of_the_copy(service: Service, brigade: Brigade) -> None:
    service.client.put_object(Bucket=service.source, Key="object", Body=b"content")
    written = service.head(service.source)["LastModified"]
    # HEAD tells whole seconds, so a copy made in the same one could not be told from a time that was kept.
    while datetime.now(UTC) < written + timedelta(seconds=1):
        time.sleep(0.05)
    service.copy(brigade)
    assert service.head(service.source)["LastModified"] == written
    assert service.head(service.destination)["LastModified"] > written


def test_storage_class_becomes_standard(service: Service, brigade: Brigade) -> None:
    service.client.put_object(Bucket=service.source, Key="object", Body=b"content", StorageClass="STANDARD_IA")
    service.copy(brigade)
    assert service.head(service.source)["StorageClass"] == "STANDARD_IA"
    kept = service.name in KEEPS_CLASS_AND_PARTS
    assert service.head(service.destination).get("StorageClass") == ("STANDARD_IA" if kept else None)


def test_etag_of_parts_becomes_that_of_one_piece(service: Service, brigade: Brigade) -> None:
    place = {"Bucket": service.source, "Key": "object"}
    bodies = [b"p" * (5 << 20), b"q"]
    upload = {**place, "UploadId": service.client.create_multipart_upload(**place)["UploadId"]}
    parts = [
        {"PartNumber": number, "ETag": service.client.upload_part(**upload, PartNumber=number, Body=body)["ETag"]}
        for number, body in enumerate(bodies, start=1)
    ]
    etag = service.client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})["ETag"]
    service.copy(brigade)
    assert etag.endswith('-2"')
    assert service.head(service.source)["ETag"] == etag
    piece = service.client.put_object(Bucket=service.source, Key="piece", Body=b"".join(bodies))["ETag"]
    expected = etag if service.name in KEEPS_CLASS_AND_PARTS else piece
    copied = service.client.get_object(Bucket=service.destination, Key="object")
    assert copied["ETag"] == expected
    assert copied["Body"].read() == b"".join(bodies)


def test_grants_and_encryption_are_the_destinations(moto: Service, brigade: Brigade) -> None:
    place = {"Bucket": moto.source, "Key": "object"}
    moto.client.put_object(**place, Body=b"content", ACL="public-read", ServerSideEncryption="AES256")
    moto.copy(brigade)
    grants = {
        bucket: [grant["Permission"] for grant in moto.client.get_object_acl(Bucket=bucket, Key="object")["Grants"]]
        for bucket in (moto.source, moto.destination)
    }
    assert grants == {moto.source: ["FULL_CONTROL", "READ"], moto.destination: ["FULL_CONTROL"]}
    assert moto.head(moto.source)["ServerSideEncryption"] == "AES256"
    assert "ServerSideEncryption" not in moto.head(moto.destination)


def test_object_lock_is_the_destinations(servers: dict[str, dict[str, Any]], brigade: Brigade) -> None:
    moto = new_service("moto", servers["moto"], ObjectLockEnabledForBucket=True)
    moto.client.put_object(
        Bucket=moto.source,
        Key="object",
        Body=b"content",
        ObjectLockMode="GOVERNANCE",
        ObjectLockRetainUntilDate=datetime.now(UTC) + timedelta(days=1),
        ObjectLockLegalHoldStatus="ON",
    )
    moto.copy(brigade)
    locked, copied = moto.head(moto.source), moto.head(moto.destination)
    assert locked["ObjectLockMode"] == "GOVERNANCE" and locked["ObjectLockLegalHoldStatus"] == "ON"
    assert not [name for name in copied if name.startswith("ObjectLock")]


def test_only_the_current_version_is_copied(moto: Service, brigade: Brigade) -> None:
    for bucket in (moto.source, moto.destination):
        moto.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"older", b"current"):
        moto.client.put_object(Bucket=moto.source, Key="object", Body=body)
    moto.client.put_object(Bucket=moto.source, Key="deleted", Body=b"content")
    moto.client.delete_object(Bucket=moto.source, Key="deleted")
    moto.copy(brigade)
    versions = {
        bucket: [version["Key"] for version in moto.client.list_object_versions(Bucket=bucket)["Versions"]]
        for bucket in (moto.source, moto.destination)
    }
    assert versions == {moto.source: ["deleted", "object", "object"], moto.destination: ["object"]}
    assert moto.client.get_object(Bucket=moto.destination, Key="object")["Body"].read() == b"current"
