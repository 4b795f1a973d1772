"""What `brigade copy` does with connections, in networks that are short of something, and what it says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from brigade import Brigade, Outcome
from local_s3 import LocalS3, serving
from network import Network, network

PORT = 9000
BUCKETS = ["--memory", "--port", str(PORT), "--bucket", "destination"]


@pytest.fixture
def inside(brigade: Brigade, tmp_path: Path) -> Any:
    """Runs `brigade copy` in a network, from the bucket `source` to `destination`."""

    def copy(net: Network, server: LocalS3, *options: str) -> Outcome:
        command = Brigade(net.executable(brigade.binary), tmp_path)
        return command.run("copy", "s3://source", "s3://destination", "--format", "json", *options, server=server.description)

    return copy


def assert_complete(outcome: Outcome, objects: int) -> dict[str, Any]:
    """Everything was copied, and nothing failed on the way; what became of the connections."""
    assert outcome.status == 0, outcome.stderr
    assert outcome.summary["objects"] == {"listed": objects, "copied": objects, "skipped": 0, "failed": 0, "notTried": 0}
    assert outcome.summary["retried"] == 0
    return outcome.summary["connections"]


def assert_accounted_for(connections: dict[str, Any], requests: int) -> None:
    """Every connection that was opened is open still or has ended for a reason, and every request was on one."""
    rows = connections["addresses"]
    assert sum(row["opened"] for row in rows) == connections["opened"]
    assert sum(row["requests"] for row in rows) == requests
    for row in rows:
        assert row["opened"] == row["open"] + sum(row["ended"].values())


def test_a_server_that_never_closes(brigade: Brigade, inside: Any, tmp_path: Path) -> None:
    objects = 2_000
    with network(tmp_path) as net:
        options = [*BUCKETS, "--populate", f"source={objects}", "--latency", "20ms"]
        with serving(net.executable(brigade.binary), *options) as server:
            # So many from the start: how many it would come to by itself depends on the machine.
            outcome = inside(net, server, "--concurrency", "256")
            left = net.time_wait_towards(PORT)
            counted = server.stop_for_statistics()
    connections = assert_complete(outcome, objects)
    assert 200 <= connections["opened"] <= 260
    assert connections["opened"] == counted["connectionsAccepted"]
    assert left.total() <= 5
    assert_accounted_for(connections, sum(outcome.summary["requests"].values()))
    [row] = connections["addresses"]
    assert (row["source"], row["remote"], row["ended"]) == ("127.0.0.1", f"127.0.0.1:{PORT}", {})


def test_a_server_that_closes_after_some_requests(brigade: Brigade, inside: Any, tmp_path: Path) -> None:
    objects = 2_000
    with network(tmp_path) as net:
        options = [*BUCKETS, "--populate", f"source={objects}", "--fault", "close-after=10"]
        with serving(net.executable(brigade.binary), *options) as server:
            outcome = inside(net, server)
            counted = server.stop_for_statistics()
    connections = assert_complete(outcome, objects)
    requests = sum(outcome.summary["requests"].values())
    assert requests / 10 <= connections["opened"] <= requests / 10 + 260
    assert connections["opened"] == counted["connectionsAccepted"]
    assert_accounted_for(connections, requests)
    [row] = connections["addresses"]
    assert set(row["ended"]) == {"announced"}
    assert connections["closedByPeer"] == row["ended"]["announced"] >= requests / 10 - 260


def test_a_machine_with_few_local_ports(brigade: Brigade, inside: Any, tmp_path: Path) -> None:
    objects = 3_000
    with network(tmp_path, ports=(40000, 40049)) as net:
        options = [*BUCKETS, "--populate", f"source={objects}", "--latency", "5ms"]
        with serving(net.executable(brigade.binary), *options) as server:
            outcome = inside(net, server)
    connections = assert_complete(outcome, objects)
    assert 30 <= connections["highestOpen"] <= 50
    assert_accounted_for(connections, sum(outcome.summary["requests"].values()))


def test_two_source_addresses_have_twice_the_ports(brigade: Brigade, inside: Any, tmp_path: Path) -> None:
    objects = 2_000
    sources = ["127.0.0.11", "127.0.0.12"]
    with network(tmp_path, ports=(40000, 40019)) as net:
        options = [*BUCKETS, "--populate", f"source={objects}", "--latency", "10ms"]
        with serving(net.executable(brigade.binary), *options) as server:
            given = [word for source in sources for word in ("--source-address", source)]
            outcome = inside(net, server, *given)
            counted = server.stop_for_statistics()
    connections = assert_complete(outcome, objects)
    assert connections["highestOpen"] == counted["connectionsOpenHighest"] == 40
    assert {row["source"]: row["opened"] for row in connections["addresses"]} == dict.fromkeys(sources, 20)


def test_a_source_address_that_is_not_this_machines_is_wrong_usage(brigade: Brigade) -> None:
    for address, reason in [
        ("192.0.2.1", "the source address 192.0.2.1 is none of this machine's"),
        ("nonsense", "the source address 'nonsense' is no address"),
    ]:
        outcome = brigade.run("copy", "s3://source", "s3://destination", "--source-address", address)
        assert outcome.status == 64
        assert reason in outcome.stderr
