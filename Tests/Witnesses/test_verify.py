"""`brigade copy --verify`: what boto3 spoils or changes is found, on every server."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from botocore.config import Config
from brigade import Brigade, Outcome
from buckets import CLIENT_CONFIG, NewObject, awkward_objects, listed, ordinary_objects, put, put_all
from local_s3 import serving
from servers import connect

SERVERS = ["seaweedfs", "moto", "rclone"]


def events(outcome: Outcome, name: str) -> set[str]:
    """The keys of the lines that tell of an event."""
    lines = [json.loads(line) for line in outcome.stdout.splitlines()]
    return {line["key"] for line in lines if line["event"] == name}


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_verifies(servers: dict[str, dict[str, Any]], name: str, brigade: Brigade) -> None:
    """SeaweedFS lists folder by folder, so that both listings are sorted there; with awkward keys in them."""
    server = servers[name]
    client = connect(server, CLIENT_CONFIG)
    for bucket in ("verified", "verified-copy"):
        client.create_bucket(Bucket=bucket)
    # The prefix leaves no room for the longest keys; of a folder and a file of one name, rclone keeps neither whole.
    awkward = [new for new in awkward_objects() if len(new.key) < 1000 and name != "rclone"]
    folders = [NewObject(f"{folder}/{number}", b"3") for folder in ("photos", "photos-old") for number in range(5)]
    put_all(client, "verified", awkward + folders + ordinary_objects(1_200))
    put_all(client, "verified-copy", [NewObject("new/beside", b"1"), NewObject("other", b"2")])
    arguments = ["s3://verified", "s3://verified-copy/new/", "--verify", "--format", "json"]
    outcome = brigade.run("copy", *arguments, server=server)
    assert outcome.status == 0, outcome.stdout[-2000:] + outcome.stderr
    found = outcome.summary["verification"]
    count = len(listed(client, "verified"))
    assert found["compared"] == found["same"] + found["sameSize"] == count
    assert (found["verdict"], found["extra"]) == ("extra", 1)
    assert events(outcome, "extra") == {"new/beside"}
    assert found["inByteOrder"] == (name != "seaweedfs")
    report = brigade.run("report", outcome.summary["job"]["id"], "--format", "json").summary
    assert report["runs"][0]["verification"] == found
    text = brigade.run("copy", *arguments[:3], server=server)
    assert text.status == 0
    assert "extra: new/beside" in text.stderr.splitlines()
    assert f"Verified: {count:,} objects, all there" in text.stdout and "1 at the destination beside them" in text.stdout


def test_what_was_acknowledged_and_not_kept_is_found(brigade: Brigade) -> None:
    faults = ["--fault", "lost-copy=0.02", "--fault", "corrupt-copy=0.02"]
    with serving(brigade.binary, "--memory", "--populate", "source=2000", "--bucket", "destination", *faults) as server:
        client = connect(server.description)
        outcome = brigade.run(
            *("copy", "s3://source", "s3://destination", "--verify", "--format", "json"), server=server.description
        )
        source, destination = listed(client, "source"), listed(client, "destination")
    assert outcome.status == 1
    missing = source.keys() - destination.keys()
    different = {key for key, entry in destination.items() if entry["ETag"] != source[key]["ETag"]}
    assert missing and different
    assert events(outcome, "missing") == missing
    assert events(outcome, "different") == different
    found = outcome.summary["verification"]
    assert (found["verdict"], found["missing"], found["different"]) == ("different", len(missing), len(different))
    report = brigade.run("report", outcome.summary["job"]["id"])
    assert f"Verified, and not the same: {len(missing)} missing, {len(different)} different" in report.stdout
    # What the copy's own answer told was reported before.
    assert different <= events(outcome, "failed")


@pytest.mark.parametrize("conditions", ["honoured", "ignored", "refused"])
def test_object_overwritten_during_the_copy(brigade: Brigade, conditions: str) -> None:
    """boto3 overwrites objects while they are copied: each ends as it is now, or is reported; none is a mix."""
    options = ["--latency", "5ms", "--fault", f"copy-conditions={conditions}"]
    with serving(brigade.binary, "--memory", "--populate", "source=1000", "--bucket", "destination", *options) as server:
        client = connect(server.description, Config(max_pool_connections=4))
        keys = sorted(listed(client, "source"))
        chosen = keys[::20]
        stop = threading.Event()
        versions = {key: [client.get_object(Bucket="source", Key=key)["Body"].read()] for key in chosen}

        def write() -> None:
            number = 0
            while not stop.is_set():
                key = chosen[number % len(chosen)]
                body = f"version {number} of {key}".encode() * (1 + number % 3)
                versions[key].append(body)
                put(client, "source", NewObject(key, body))
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            arguments = ["s3://source", "s3://destination", "--concurrency", "8", "--format", "json"]
            first = brigade.run("copy", *arguments, "--verify", server=server.description)
        finally:
            stop.set()
            writer.join()
        reported = events(first, "different") | events(first, "missing") | events(first, "failed")
        assert reported <= set(chosen)
        assert first.status == (1 if reported else 0)
        assert any(len(each) > 1 for each in versions.values())
        arrived = listed(client, "destination")
        for key in chosen:
            body = client.get_object(Bucket="destination", Key=key)["Body"].read() if key in arrived else None
            assert body in versions[key] or key in events(first, "failed")
        assert {key: arrived[key]["ETag"] for key in arrived.keys() - set(chosen)} == {
            key: entry["ETag"] for key, entry in listed(client, "source").items() if key not in chosen
        }
        # With the writer gone, another run mends what was reported.
        second = brigade.run("copy", *arguments, "--verify", server=server.description)
        assert second.status == 0 and second.summary["verification"]["verdict"] == "equal"
