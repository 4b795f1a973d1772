"""`brigade copy` on S3 servers of other people: boto3 fills the buckets and judges what arrived."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import Any

import pytest
from brigade import Brigade, Outcome
from buckets import CLIENT_CONFIG, StoredObject, awkward_objects, ordinary_objects, put_all, quirks, stored
from keys import SERVER_QUIRKS, Refused, Renamed
from servers import connect, s5cmd

OBJECTS = 5_000
"""Enough for several pages of a listing."""


@dataclass(frozen=True)
class Source:
    """A bucket of awkward and ordinary objects on a server."""

    server: dict[str, Any]
    client: Any
    bucket: str
    quirks: dict[str, Refused | Renamed]
    expected_quirks: dict[str, Refused | Renamed]
    objects: dict[str, StoredObject]

    def new_bucket(self, name: str) -> str:
        self.client.create_bucket(Bucket=name)
        return name

    def under(self, prefix: str) -> dict[str, StoredObject]:
        """The objects under a prefix, by the rest of their keys."""
        return {key.removeprefix(prefix): each for key, each in self.objects.items() if key.startswith(prefix)}


@pytest.fixture(scope="module", params=sorted(SERVER_QUIRKS))
def source(request: pytest.FixtureRequest, servers: dict[str, dict[str, Any]]) -> Source:
    server = servers[request.param]
    client = connect(server, CLIENT_CONFIG)
    bucket = "source"
    client.create_bucket(Bucket=bucket)
    awkward = awkward_objects()
    refusals = put_all(client, bucket, awkward + ordinary_objects(OBJECTS - len(awkward)))
    objects = stored(client, bucket)
    return Source(server, client, bucket, quirks(objects, refusals), SERVER_QUIRKS[request.param], objects)


def assert_complete(outcome: Outcome, listed: int) -> None:
    """The command says that it listed so many objects and copied them all."""
    assert outcome.status == 0, outcome.stderr
    objects = outcome.summary["objects"]
    assert (objects["listed"], objects["copied"], objects["skipped"], objects["failed"]) == (listed, listed, 0, 0)


def test_server_keeps_the_keys_it_is_known_to_keep(source: Source) -> None:
    assert source.quirks == source.expected_quirks
    refused = sum(isinstance(quirk, Refused) for quirk in source.quirks.values())
    assert len(source.objects) == OBJECTS - refused


def test_bucket_arrives_whole(source: Source, brigade: Brigade) -> None:
    destination = source.new_bucket("destination")
    outcome = brigade.copy(f"s3://{source.bucket}", f"s3://{destination}", source.server)
    assert_complete(outcome, listed=len(source.objects))
    assert stored(source.client, destination) == source.objects


def test_prefix_is_replaced_by_another_and_a_second_run_changes_nothing(source: Source, brigade: Brigade) -> None:
    destination = source.new_bucket("rekeyed")
    expected = source.under("awkward/")
    for _ in range(2):
        outcome = brigade.copy(f"s3://{source.bucket}/awkward/", f"s3://{destination}/new/", source.server)
        assert_complete(outcome, listed=len(expected))
        assert stored(source.client, destination) == {f"new/{rest}": each for rest, each in expected.items()}


def test_prefix_is_replaced_within_one_bucket(source: Source, brigade: Brigade) -> None:
    bucket = source.new_bucket("one-bucket")
    brigade.copy(f"s3://{source.bucket}/ordinary/7/", f"s3://{bucket}/from/", source.server)
    outcome = brigade.copy(f"s3://{bucket}/from/", f"s3://{bucket}/to/", source.server)
    expected = source.under("ordinary/7/")
    assert_complete(outcome, listed=len(expected))
    both = {f"{prefix}/{rest}": each for prefix in ("from", "to") for rest, each in expected.items()}
    assert stored(source.client, bucket) == both


def test_what_a_careless_client_loses_is_seen(servers: dict[str, dict[str, Any]]) -> None:
    """A judge that cannot say no proves nothing; what s5cmd 2.3.0 loses is known."""
    moto = servers["moto"]
    client = connect(moto, CLIENT_CONFIG)
    for bucket in ("careful", "careless"):
        client.create_bucket(Bucket=bucket)
    chosen = {"awkward/a+b", "awkward/a b", "awkward/folder/"}
    put_all(client, "careful", [new for new in awkward_objects() if new.key in chosen])
    environment = {"AWS_ACCESS_KEY_ID": moto["accessKey"], "AWS_SECRET_ACCESS_KEY": moto["secretKey"]}
    copy = [s5cmd(), "--endpoint-url", moto["endpoint"], "cp", "s3://careful/*", "s3://careless/"]
    subprocess.run(copy, env=environment, stdout=subprocess.DEVNULL, timeout=60, check=True)

    kept, arrived = stored(client, "careful"), stored(client, "careless")
    assert kept.keys() - arrived.keys() == {"awkward/folder/"}
    assert arrived["awkward/a b"].etag == kept["awkward/a+b"].etag != kept["awkward/a b"].etag
    assert arrived["awkward/a b"].metadata == {} != kept["awkward/a b"].metadata
