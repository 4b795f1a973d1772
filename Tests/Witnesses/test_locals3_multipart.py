"""Multipart uploads to `brigade serve`, by boto3's own transfer manager and by hand."""

from __future__ import annotations

import hashlib
import io
import random
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from refusals import refused

MIB = 1 << 20

PART = 5 * MIB
"""The least size of every part but the last."""

TRANSFER = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=4)

BODY = random.Random(1).randbytes(2 * PART + 1000)
"""Three parts."""


def multipart_etag(body: bytes) -> str:
    """The MD5 of the parts' MD5s, and their number."""
    parts = [body[start : start + PART] for start in range(0, len(body), PART)]
    digests = b"".join(hashlib.md5(part, usedforsecurity=False).digest() for part in parts)
    return f'"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"'


def content(client: Any, bucket: str, key: str) -> bytes:
    return client.get_object(Bucket=bucket, Key=key)["Body"].read()


class Upload:
    """A multipart upload, step by step."""

    def __init__(self, client: Any, bucket: str, key: str, **description: Any) -> None:
        self._client = client
        answer = client.create_multipart_upload(Bucket=bucket, Key=key, **description)
        self.place = {"Bucket": bucket, "Key": key, "UploadId": answer["UploadId"]}

    def put(self, number: int, body: bytes) -> dict[str, Any]:
        answer = self._client.upload_part(**self.place, PartNumber=number, Body=body)
        return {"PartNumber": number, "ETag": answer["ETag"]}

    def copy(self, number: int, source: dict[str, str], first: int, last: int) -> dict[str, Any]:
        """A part made of a range of an object, both ends included."""
        answer = self._client.upload_part_copy(
            **self.place, PartNumber=number, CopySource=source, CopySourceRange=f"bytes={first}-{last}"
        )
        return {"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]}

    def complete(self, *parts: dict[str, Any]) -> dict[str, Any]:
        return self._client.complete_multipart_upload(**self.place, MultipartUpload={"Parts": list(parts)})

    def abort(self) -> None:
        self._client.abort_multipart_upload(**self.place)


@pytest.fixture
def uploaded(client: Any, bucket: str) -> str:
    """A key whose object boto3 uploaded in parts, with metadata."""
    extra = {"Metadata": {"in": "parts"}, "ContentType": "application/x-parts"}
    client.upload_fileobj(io.BytesIO(BODY), bucket, "uploaded", ExtraArgs=extra, Config=TRANSFER)
    return "uploaded"


def test_upload_and_download(client: Any, bucket: str, uploaded: str) -> None:
    head = client.head_object(Bucket=bucket, Key=uploaded)
    assert (head["ContentLength"], head["ETag"]) == (len(BODY), multipart_etag(BODY))
    assert (head["Metadata"], head["ContentType"]) == ({"in": "parts"}, "application/x-parts")
    received = io.BytesIO()
    client.download_fileobj(bucket, uploaded, received, Config=TRANSFER)
    assert received.getvalue() == BODY


def test_head_of_a_part(client: Any, bucket: str, uploaded: str) -> None:
    head = client.head_object(Bucket=bucket, Key=uploaded, PartNumber=3)
    assert (head["PartsCount"], head["ContentLength"]) == (3, 1000)


def test_copy_in_parts_keeps_content_and_etag(client: Any, bucket: str, uploaded: str) -> None:
    client.copy({"Bucket": bucket, "Key": uploaded}, bucket, "copy", Config=TRANSFER)
    assert content(client, bucket, "copy") == BODY
    assert client.head_object(Bucket=bucket, Key="copy")["ETag"] == multipart_etag(BODY)


def test_copy_in_one_piece_has_a_plain_etag(client: Any, bucket: str, uploaded: str) -> None:
    client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": uploaded})
    digest = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
    assert client.head_object(Bucket=bucket, Key="copy")["ETag"] == f'"{digest}"'
    assert client.head_object(Bucket=bucket, Key="copy")["Metadata"] == {"in": "parts"}


def test_part_copy_takes_its_range(client: Any, bucket: str, uploaded: str) -> None:
    upload = Upload(client, bucket, "pieces")
    source = {"Bucket": bucket, "Key": uploaded}
    parts = [upload.copy(1, source, 7, PART + 6), upload.copy(2, source, 0, 0)]
    upload.complete(*parts)
    assert content(client, bucket, "pieces") == BODY[7 : PART + 7] + BODY[:1]


def test_part_numbers_may_have_gaps_and_a_part_may_be_put_again(client: Any, bucket: str) -> None:
    upload = Upload(client, bucket, "gaps")
    last = upload.put(9_999, b"the end")
    upload.put(5, b"x" * PART)
    first = upload.put(5, b"y" * PART)
    listed = client.list_parts(**upload.place)["Parts"]
    assert [(part["PartNumber"], part["Size"]) for part in listed] == [(5, PART), (9_999, 7)]
    upload.complete(first, last)
    assert content(client, bucket, "gaps") == b"y" * PART + b"the end"


def test_upload_is_listed_until_it_is_aborted(client: Any, bucket: str) -> None:
    upload = Upload(client, bucket, "unfinished")
    part = upload.put(1, b"part")
    uploads = client.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [(each["Key"], each["UploadId"]) for each in uploads] == [("unfinished", upload.place["UploadId"])]
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    upload.abort()
    assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket)
    with refused("NoSuchUpload", 404):
        upload.complete(part)


def test_small_part_before_the_last_is_refused(client: Any, bucket: str) -> None:
    upload = Upload(client, bucket, "small")
    with refused("EntityTooSmall", 400):
        upload.complete(upload.put(1, b"small"), upload.put(2, b"last"))


def test_parts_out_of_order_are_refused(client: Any, bucket: str) -> None:
    upload = Upload(client, bucket, "order")
    first, second = upload.put(1, b"x" * PART), upload.put(2, b"last")
    with refused("InvalidPartOrder", 400):
        upload.complete(second, first)


def test_part_that_was_not_put_is_refused(client: Any, bucket: str) -> None:
    upload = Upload(client, bucket, "missing")
    part = upload.put(1, b"part")
    with refused("InvalidPart", 400):
        upload.complete(part | {"ETag": '"00000000000000000000000000000000"'})
    with refused("InvalidPart", 400):
        upload.complete(part | {"PartNumber": 2})
