"""`brigade serve` and objects, as boto3 sees them."""

from __future__ import annotations

import base64
import datetime
import hashlib
from typing import Any

import pytest
from buckets import NewObject, StoredObject, awkward_objects, in_parallel, listed, put_all, stored
from keys import AWKWARD_KEYS
from refusals import refused

DESCRIPTION: dict[str, Any] = {
    "CacheControl": "max-age=60",
    "ContentDisposition": 'attachment; filename="a b.txt"',
    "ContentEncoding": "identity",
    "ContentLanguage": "de, en",
    "ContentType": "text/markdown",
    "Metadata": {"colour": "dark  blue", "empty": "", "plus": "a+b=c%20d"},
}


def described(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says of the properties that DESCRIPTION sets."""
    return {name: answer.get(name) for name in DESCRIPTION}


def etag(body: bytes) -> str:
    """The ETag of an object that was put in one piece: its MD5."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def expected(new: NewObject) -> StoredObject:
    return StoredObject(len(new.body), etag(new.body), str(new.content_type), new.metadata)


def test_awkward_keys_are_kept_copied_and_deleted(client: Any, bucket: str) -> None:
    objects = awkward_objects()
    everything = {new.key: expected(new) for new in objects}
    assert put_all(client, bucket, objects) == {}
    assert stored(client, bucket) == everything
    assert list(listed(client, bucket)) == sorted(everything, key=str.encode)
    for new in objects:
        assert client.get_object(Bucket=bucket, Key=new.key)["Body"].read() == new.body

    copies = f"copies-of-{bucket}"[:63]
    client.create_bucket(Bucket=copies)
    in_parallel(
        lambda new: client.copy_object(Bucket=copies, Key=new.key, CopySource={"Bucket": bucket, "Key": new.key}),
        objects,
    )
    assert stored(client, copies) == everything

    batch = {awkward.text for awkward in AWKWARD_KEYS if awkward.fits_xml}
    answer = client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in batch]})
    assert {entry["Key"] for entry in answer["Deleted"]} == batch
    assert set(listed(client, bucket)) == everything.keys() - batch
    in_parallel(lambda key: client.delete_object(Bucket=bucket, Key=key), everything.keys() - batch)
    assert listed(client, bucket) == {}
    assert stored(client, copies) == everything


def test_description_is_kept_and_copied_or_replaced(client: Any, bucket: str) -> None:
    expires = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    client.put_object(Bucket=bucket, Key="key", Body=b"body", Expires=expires, **DESCRIPTION)
    source = {"Bucket": bucket, "Key": "key"}
    client.copy_object(Bucket=bucket, Key="same", CopySource=source)
    client.copy_object(
        Bucket=bucket, Key="other", CopySource=source, MetadataDirective="REPLACE", Metadata={"new": "yes"}
    )
    for key in ("key", "same"):
        head = client.head_object(Bucket=bucket, Key=key)
        assert described(head) == DESCRIPTION
        assert head["ExpiresString"] == "Wed, 02 Jan 2030 03:04:05 GMT"
        assert described(client.get_object(Bucket=bucket, Key=key)) == DESCRIPTION
    other = client.head_object(Bucket=bucket, Key="other")
    assert (other["Metadata"], other.get("CacheControl")) == ({"new": "yes"}, None)
    assert other["ETag"] == etag(b"body")


@pytest.mark.parametrize(
    ("asked", "body", "content_range"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-30", b"0123456789", "bytes 0-9/10"),
        ("bytes=8-100", b"89", "bytes 8-9/10"),
    ],
)
def test_range(client: Any, bucket: str, asked: str, body: bytes, content_range: str) -> None:
    client.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    answer = client.get_object(Bucket=bucket, Key="digits", Range=asked)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert (answer["Body"].read(), answer["ContentRange"]) == (body, content_range)


def test_range_beyond_the_end_is_refused(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    with refused("InvalidRange", 416):
        client.get_object(Bucket=bucket, Key="digits", Range="bytes=10-")


def test_conditions_of_a_read(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="key", Body=b"body")
    place = {"Bucket": bucket, "Key": "key"}
    assert client.get_object(**place, IfMatch=etag(b"body"))["Body"].read() == b"body"
    assert client.get_object(**place, IfNoneMatch=etag(b"other"))["Body"].read() == b"body"
    with refused("PreconditionFailed", 412):
        client.get_object(**place, IfMatch=etag(b"other"))
    with refused("304", 304):
        client.get_object(**place, IfNoneMatch=etag(b"body"))


def test_condition_of_a_write_protects_what_is_there(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="key", Body=b"first", IfNoneMatch="*")
    with refused("PreconditionFailed", 412):
        client.put_object(Bucket=bucket, Key="key", Body=b"second", IfNoneMatch="*")
    assert client.get_object(Bucket=bucket, Key="key")["Body"].read() == b"first"


def test_copy_of_a_source_that_changed_is_refused(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="key", Body=b"new")
    copy = {"Bucket": bucket, "Key": "copy", "CopySource": {"Bucket": bucket, "Key": "key"}}
    with refused("PreconditionFailed", 412):
        client.copy_object(**copy, CopySourceIfMatch=etag(b"old"))
    assert "copy" not in listed(client, bucket)
    answer = client.copy_object(**copy, CopySourceIfMatch=etag(b"new"))
    assert answer["CopyObjectResult"]["ETag"] == etag(b"new")


def test_copy_onto_itself_needs_a_change(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="key", Body=b"body", Metadata={"a": "1"})
    itself = {"Bucket": bucket, "Key": "key", "CopySource": {"Bucket": bucket, "Key": "key"}}
    with refused("InvalidRequest", 400):
        client.copy_object(**itself)
    client.copy_object(**itself, MetadataDirective="REPLACE", Metadata={"a": "2"})
    assert client.head_object(Bucket=bucket, Key="key")["Metadata"] == {"a": "2"}


def test_copy_is_independent_of_its_source(client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="key", Body=b"body")
    client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "key"})
    client.put_object(Bucket=bucket, Key="key", Body=b"changed")
    client.delete_object(Bucket=bucket, Key="key")
    assert client.get_object(Bucket=bucket, Key="copy")["Body"].read() == b"body"


def test_missing_key_is_named(client: Any, bucket: str) -> None:
    with refused("NoSuchKey", 404):
        client.get_object(Bucket=bucket, Key="missing")
    with refused("404", 404):
        client.head_object(Bucket=bucket, Key="missing")
    with refused("NoSuchKey", 404):
        client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "missing"})
    assert client.delete_object(Bucket=bucket, Key="missing")["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_key_of_more_than_1024_bytes_is_refused(client: Any, bucket: str) -> None:
    with refused("KeyTooLongError", 400):
        client.put_object(Bucket=bucket, Key=1024 * "é")


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "SHA1", "SHA256"])
def test_wrong_checksum_is_refused(client: Any, bucket: str, algorithm: str) -> None:
    length = {"CRC32": 4, "CRC32C": 4, "SHA1": 20, "SHA256": 32}[algorithm]
    wrong = {f"Checksum{algorithm}": base64.b64encode(bytes(length)).decode()}
    with refused("BadDigest", 400):
        client.put_object(Bucket=bucket, Key="key", Body=b"body", **wrong)
    assert listed(client, bucket) == {}


def test_large_body_arrives_whole(client: Any, bucket: str) -> None:
    body = bytes(range(256)) * 20_000
    client.put_object(Bucket=bucket, Key="large", Body=body)
    assert client.get_object(Bucket=bucket, Key="large")["Body"].read() == body


def test_tags_are_kept_and_copied(client: Any, bucket: str) -> None:
    tags = [{"Key": "project", "Value": "a b+c"}, {"Key": "team", "Value": "ü"}]
    client.put_object(Bucket=bucket, Key="key")
    client.put_object_tagging(Bucket=bucket, Key="key", Tagging={"TagSet": tags})
    client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "key"})
    for key in ("key", "copy"):
        answer = client.get_object_tagging(Bucket=bucket, Key=key)
        assert sorted(answer["TagSet"], key=lambda tag: tag["Key"]) == tags
    client.delete_object_tagging(Bucket=bucket, Key="key")
    assert client.get_object_tagging(Bucket=bucket, Key="key")["TagSet"] == []
