"""What `brigade serve` does wrong on purpose, as boto3 sees it, and what `brigade copy` makes of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.parsers import ResponseParserError
from brigade import Brigade
from buckets import listed
from local_s3 import LocalS3, serving
from refusals import refused
from servers import connect

ONE_TRY = Config(retries={"total_max_attempts": 1}, max_pool_connections=1)


@contextmanager
def faulty(brigade: Brigade, *options: str) -> Iterator[tuple[LocalS3, Any]]:
    """A server with a bucket of ten objects, and a client that tries every request once over one connection."""
    with serving(brigade.binary, "--memory", "--populate", "full=10", *options) as server:
        yield server, connect(server.description, ONE_TRY)


def test_internal_error(brigade: Brigade) -> None:
    with faulty(brigade, "--fault", "internal-error=1") as (_, client), refused("InternalError", 500):
        client.list_buckets()


def test_error_in_the_body_of_a_success(brigade: Brigade) -> None:
    with faulty(brigade, "--fault", "error-in-body=1") as (_, client):
        [first, *_] = listed(client, "full")
        with refused("InternalError"):
            client.copy_object(Bucket="full", Key="copy", CopySource={"Bucket": "full", "Key": first})
        assert len(listed(client, "full")) == 10


def test_reset_connection(brigade: Brigade) -> None:
    with faulty(brigade, "--fault", "reset=1") as (_, client), pytest.raises(HTTPClientError):
        client.list_buckets()


def test_page_that_breaks_off(brigade: Brigade) -> None:
    with faulty(brigade, "--fault", "truncated-page=1") as (_, client):
        for _ in range(5):
            # A 200 whose document does not parse is a 500 to boto3.
            with pytest.raises((HTTPClientError, ResponseParserError, ClientError)):
                client.list_objects_v2(Bucket="full")


def test_more_requests_than_the_server_wants(brigade: Brigade) -> None:
    with faulty(brigade, "--fault", "slow-down-above=1") as (_, client), refused("SlowDown", 503):
        for _ in range(20):
            client.list_buckets()


def test_short_pages(brigade: Brigade) -> None:
    with faulty(brigade, "--fault", "short-page=3") as (_, client):
        assert client.list_objects_v2(Bucket="full")["KeyCount"] == 3
        assert len(listed(client, "full")) == 10


def test_unreadable_prefix(brigade: Brigade) -> None:
    with faulty(brigade, "--fault", "deny-prefix=secret/", "--bucket", "other") as (_, client):
        client.put_object(Bucket="other", Key="open", Body=b"body")
        client.put_object(Bucket="other", Key="secret/key", Body=b"body")
        assert client.get_object(Bucket="other", Key="open")["Body"].read() == b"body"
        with refused("AccessDenied", 403):
            client.get_object(Bucket="other", Key="secret/key")


@pytest.mark.parametrize("offset", ["16m", "1h"])
def test_wrong_clock(brigade: Brigade, offset: str) -> None:
    with faulty(brigade, "--fault", f"clock-offset={offset}") as (_, client), refused("RequestTimeTooSkewed", 403):
        client.list_buckets()


def test_connection_that_ends_after_some_requests(brigade: Brigade) -> None:
    with faulty(brigade, "--fault", "close-after=3") as (server, client):
        for _ in range(9):
            client.list_buckets()
        assert server.stop_for_statistics()["connectionsAccepted"] == 3


def test_latency(brigade: Brigade) -> None:
    with faulty(brigade, "--latency", "200ms") as (_, client):
        start = time.monotonic()
        client.list_buckets()
        assert time.monotonic() - start >= 0.2


OBJECTS = 3_000


@pytest.mark.parametrize(
    "faults",
    [
        ["internal-error=0.05"],
        ["error-in-body=0.05"],
        ["reset=0.02"],
        ["truncated-page=0.3", "short-page=100"],
        ["slow-down-above=500"],
        ["close-after=10"],
        ["internal-error=0.02", "error-in-body=0.02", "reset=0.01", "truncated-page=0.2", "short-page=50"],
    ],
    ids=" ".join,
)
def test_copy_is_complete_in_spite_of(brigade: Brigade, faults: list[str]) -> None:
    given = [word for fault in faults for word in ("--fault", fault)]
    buckets = ["--populate", f"source={OBJECTS}", "--bucket", "destination"]
    with serving(brigade.binary, "--memory", *buckets, *given) as server:
        outcome = brigade.copy("s3://source", "s3://destination", server.description)
        assert outcome.status == 0, outcome.stderr
        assert outcome.summary["objects"]["copied"] == OBJECTS

        client = connect(server.description, Config(retries={"total_max_attempts": 10, "mode": "standard"}))
        source, destination = (
            {key: (entry["Size"], entry["ETag"]) for key, entry in listed(client, bucket).items()}
            for bucket in ("source", "destination")
        )
        assert len(source) == OBJECTS
        assert destination == source
        counted = server.stop_for_statistics()
        assert counted["faults"] or counted["connectionsAccepted"] > OBJECTS / 10
