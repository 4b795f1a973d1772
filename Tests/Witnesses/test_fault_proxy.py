"""`brigade copy` to servers of other people over a network that spoils answers: nothing is lost, and nothing claimed."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from brigade import Brigade
from buckets import CLIENT_CONFIG, listed, ordinary_objects, put_all
from fault_proxy import spoiling
from servers import connect

OBJECTS = 800
FAULTS = {"reset": 0.02, "delay": 0.05, "truncate": 0.015, "garbage": 0.015}


@pytest.mark.parametrize("name", ["seaweedfs", "moto", "rclone"])
def test_every_object_arrives(servers: dict[str, dict[str, Any]], name: str, brigade: Brigade) -> None:
    server = servers[name]
    client = connect(server, CLIENT_CONFIG)
    source, destination = f"proxied-{name}", f"proxied-{name}-copy"
    for bucket in (source, destination):
        client.create_bucket(Bucket=bucket)
    assert put_all(client, source, ordinary_objects(OBJECTS)) == {}
    with spoiling(server, seed=1, delay_seconds=0.2, **FAULTS) as proxy:
        options = ["--format", "json", "--verify", "--concurrency", "32"]
        outcome = brigade.run("copy", f"s3://{source}", f"s3://{destination}", *options, server=proxy.description)
        counts = proxy.stop()
    assert all(counts[fault] > 0 for fault in FAULTS), counts
    # Ten attempts at one in twenty leave nothing behind.
    assert outcome.status == 0, outcome.stdout[-2000:] + outcome.stderr[-2000:]
    assert outcome.summary["objects"]["copied"] == OBJECTS
    assert outcome.summary["verification"]["verdict"] == "equal"
    expected = {key: (entry["Size"], entry["ETag"]) for key, entry in listed(client, source).items()}
    found = {key: (entry["Size"], entry["ETag"]) for key, entry in listed(client, destination).items()}
    assert len(expected) == OBJECTS
    assert found == expected


def test_what_stays_spoilt_is_reported(servers: dict[str, dict[str, Any]], brigade: Brigade) -> None:
    """With half of all answers gone, some objects fail after all attempts, each by its key, or the job does."""
    server = servers["moto"]
    client = connect(server, CLIENT_CONFIG)
    for bucket in ("half-spoilt", "half-spoilt-copy"):
        client.create_bucket(Bucket=bucket)
    assert put_all(client, "half-spoilt", ordinary_objects(100)) == {}
    with spoiling(server, seed=3, reset=0.3, truncate=0.2, garbage=0.2) as proxy:
        arguments = ["copy", "s3://half-spoilt", "s3://half-spoilt-copy", "--format", "json", "--concurrency", "16"]
        outcome = brigade.run(*arguments, server=proxy.description)
    lines = [json.loads(line) for line in outcome.stdout.splitlines()]
    failed = {line["key"] for line in lines if line["event"] == "failed"}
    missing = listed(client, "half-spoilt").keys() - listed(client, "half-spoilt-copy").keys()
    assert missing <= failed or outcome.status == 2
    assert (outcome.status == 0) == (outcome.summary["complete"])
    assert outcome.status != 0 or not missing


def test_the_proxy_carries_what_it_does_not_spoil(servers: dict[str, dict[str, Any]]) -> None:
    with spoiling(servers["moto"], seed=1) as proxy:
        client = connect(proxy.description)
        client.create_bucket(Bucket="unspoilt")
        assert listed(client, "unspoilt") == {}
        counts = proxy.stop()
    assert counts["answers"] >= 2
    assert not counts.keys() & FAULTS.keys()


@pytest.mark.parametrize("fault", ["reset", "truncate", "garbage"])
def test_the_proxy_spoils_what_it_is_told_to(servers: dict[str, dict[str, Any]], fault: str) -> None:
    """What a plain socket sees of one answer, beside what the server itself says."""
    request = b"GET /no-such-bucket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    def ask(endpoint: str) -> bytes:
        host, port = endpoint.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(request)
            try:
                return b"".join(iter(lambda: connection.recv(65536), b""))
            except ConnectionResetError:
                return b"reset"

    whole = ask(servers["moto"]["endpoint"])
    assert whole.startswith(b"HTTP/1.1 404")
    with spoiling(servers["moto"], seed=5, **{fault: 1.0}) as proxy:
        seen = [ask(proxy.description["endpoint"]) for _ in range(5)]
    assert all(each.startswith(b"HTTP/1.1 404") and len(each) == len(whole) for each in seen) is False
    if fault == "reset":
        assert set(seen) == {b"reset"}
