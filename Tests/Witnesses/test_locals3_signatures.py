"""What `brigade serve` believes: signatures in headers and in presigned URLs."""

from __future__ import annotations

import datetime
import urllib.error
import urllib.parse
import urllib.request
from typing import Any
from xml.etree import ElementTree

import botocore.auth
import pytest
from botocore import UNSIGNED
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from local_s3 import LocalS3
from refusals import refused
from servers import connect

ONE_TRY = Config(retries={"total_max_attempts": 1})

AWKWARD = "a b+c%2F&é//../~'()*!"


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps urllib from asking a proxy for what is on this machine."""
    monkeypatch.setenv("no_proxy", "*")


def fetch(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    """The status and body of a plain HTTP request, errors included."""
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def code_of(document: bytes) -> str | None:
    return ElementTree.fromstring(document).findtext("Code")


def presigned(client: Any, bucket: str, operation: str = "get_object", seconds: int = 60) -> str:
    return client.generate_presigned_url(operation, Params={"Bucket": bucket, "Key": AWKWARD}, ExpiresIn=seconds)


def shift_clock(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    """Has boto3 sign as if its clock were wrong."""
    real = botocore.auth.get_current_datetime
    shift = datetime.timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *given: real(*given) + shift)


def test_wrong_secret(local: LocalS3) -> None:
    client = connect(local.description | {"secretKey": "wrong"}, ONE_TRY)
    with refused("SignatureDoesNotMatch", 403):
        client.list_buckets()


def test_unknown_access_key(local: LocalS3) -> None:
    client = connect(local.description | {"accessKey": "UNKNOWN"}, ONE_TRY)
    with refused("InvalidAccessKeyId", 403):
        client.list_buckets()


def test_no_signature(local: LocalS3, bucket: str) -> None:
    client = connect(local.description, ONE_TRY.merge(Config(signature_version=UNSIGNED)))
    with refused("AccessDenied", 403):
        client.list_objects_v2(Bucket=bucket)


def test_wrong_region(local: LocalS3) -> None:
    client = connect(local.description | {"region": "eu-central-1"}, ONE_TRY)
    with refused("AuthorizationHeaderMalformed", 400):
        client.list_buckets()


@pytest.mark.parametrize("minutes", [-60, -16, 16, 60])
def test_clock_off_by_more_than_fifteen_minutes(client: Any, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    shift_clock(monkeypatch, minutes)
    with refused("RequestTimeTooSkewed", 403):
        client.list_buckets()


@pytest.mark.parametrize("minutes", [-14, 14])
def test_clock_off_by_less(client: Any, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    shift_clock(monkeypatch, minutes)
    client.list_buckets()


def test_body_that_is_not_the_signed_one(local: LocalS3, bucket: str, client: Any, no_proxies: None) -> None:
    url = f"{local.endpoint}/{bucket}/key"
    request = AWSRequest(method="PUT", url=url, data=b"signed")
    server = local.description
    S3SigV4Auth(Credentials(server["accessKey"], server["secretKey"]), "s3", server["region"]).add_auth(request)
    status, document = fetch(url, "PUT", b"forged", **dict(request.headers.items()))
    assert (status, code_of(document)) == (400, "XAmzContentSHA256Mismatch")
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_presigned_urls_write_read_and_describe(client: Any, bucket: str, no_proxies: None) -> None:
    assert fetch(presigned(client, bucket, "put_object"), "PUT", b"body")[0] == 200
    assert fetch(presigned(client, bucket)) == (200, b"body")
    assert fetch(presigned(client, bucket, "head_object"), "HEAD") == (200, b"")


def test_presigned_url_is_for_one_method(client: Any, bucket: str, no_proxies: None) -> None:
    client.put_object(Bucket=bucket, Key=AWKWARD, Body=b"body")
    status, document = fetch(presigned(client, bucket), "DELETE")
    assert (status, code_of(document)) == (403, "SignatureDoesNotMatch")
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 1


def test_presigned_url_is_for_one_key(client: Any, bucket: str, no_proxies: None) -> None:
    parts = urllib.parse.urlsplit(presigned(client, bucket))
    status, document = fetch(parts._replace(path=f"/{bucket}/other").geturl())
    assert (status, code_of(document)) == (403, "SignatureDoesNotMatch")


def test_presigned_url_expires(client: Any, bucket: str, no_proxies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shift_clock(monkeypatch, -5)
    status, document = fetch(presigned(client, bucket, seconds=60))
    assert (status, code_of(document)) == (403, "AccessDenied")
