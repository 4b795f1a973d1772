"""The plan that `brigade copy` makes before its first request, and what it sees while it runs, on small machines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from brigade import Brigade, Outcome
from local_s3 import LocalS3, serving
from network import Network, network

PORT = 9000
OBJECTS = 3_000


@pytest.fixture
def small(brigade: Brigade, tmp_path: Path) -> Iterator[tuple[Network, LocalS3, Brigade]]:
    """A network with 50 local ports, and a server in it whose bucket `source` has 3,000 objects."""
    with network(tmp_path, ports=(40000, 40049)) as net:
        inside = Brigade(net.executable(brigade.binary), tmp_path)
        options = ["--memory", "--port", str(PORT), "--bucket", "destination", "--populate", f"source={OBJECTS}"]
        with serving(inside.binary, *options, "--latency", "5ms") as server:
            yield net, server, inside


def copy(brigade: Brigade, server: LocalS3, *options: str) -> Outcome:
    """Copies the bucket, with a summary as JSON."""
    return brigade.run("copy", "s3://source", "s3://destination", "--format", "json", *options, server=server.description)


def plan_line(outcome: Outcome) -> str:
    """The one line about the plan."""
    [line] = [line for line in outcome.stderr.splitlines() if line.startswith("brigade: plan: ")]
    return line.removeprefix("brigade: plan: ")


def test_local_ports_decide(small: tuple[Network, LocalS3, Brigade]) -> None:
    _, server, brigade = small
    outcome = copy(brigade, server)
    assert outcome.status == 0, outcome.stderr
    assert outcome.summary["objects"]["copied"] == OBJECTS and outcome.summary["objects"]["failed"] == 0
    assert plan_line(outcome) == (
        "49 copies at a time over 49 connections: 50 local ports to 127.0.0.1:9000 decide "
        "(use --source-address, or widen net.ipv4.ip_local_port_range)"
    )
    plan = outcome.summary["plan"]
    assert (plan["decidedBy"], plan["concurrency"], plan["connections"]) == ("localPorts", 49, 49)
    assert outcome.summary["connections"]["highestOpen"] <= 49
    machine = outcome.summary["machine"]
    assert machine["timeWaitAtEnd"] == 0
    assert 1 <= machine["lowestPortsLeft"] <= 50
    assert machine["peakSockets"] <= 49 and machine["samples"] >= 2
    assert machine["peakResidentBytes"] > 1 << 20 and machine["processorSeconds"] > 0


def test_source_addresses_add_their_ports(small: tuple[Network, LocalS3, Brigade]) -> None:
    _, server, brigade = small
    outcome = copy(brigade, server, "--source-address", "127.0.0.11", "--source-address", "127.0.0.12")
    assert outcome.status == 0, outcome.stderr
    assert outcome.summary["objects"]["copied"] == OBJECTS
    assert plan_line(outcome).startswith("98 copies at a time over 98 connections: 100 local ports ")


def test_the_users_own_bound_decides(small: tuple[Network, LocalS3, Brigade]) -> None:
    _, server, brigade = small
    outcome = copy(brigade, server, "--max-connections", "7")
    assert outcome.status == 0, outcome.stderr
    assert outcome.summary["objects"]["copied"] == OBJECTS
    assert plan_line(outcome).startswith("7 copies at a time over 7 connections: --max-connections decides; ")
    assert server.stop_for_statistics()["connectionsOpenHighest"] <= 7


def with_descriptors(count: int, brigade: Brigade, folder: Path) -> Brigade:
    """The same command with so many descriptors, soft and hard."""
    script = folder / f"with-{count}-descriptors"
    script.write_text(f'#!/bin/sh\nexec prlimit --nofile={count} -- "{brigade.binary}" "$@"\n')
    script.chmod(0o755)
    return Brigade(script, folder)


def test_descriptors_decide(brigade: Brigade, tmp_path: Path) -> None:
    options = ["--memory", "--bucket", "destination", "--populate", f"source={OBJECTS}"]
    with serving(brigade.binary, *options) as server:
        outcome = copy(with_descriptors(64, brigade, tmp_path), server)
        assert outcome.status == 0, outcome.stderr
        assert outcome.summary["objects"]["copied"] == OBJECTS
        assert "64 descriptors of this process (" in plan_line(outcome)
        assert "decide (raise the hard limit: ulimit -Hn" in plan_line(outcome)
        assert outcome.summary["machine"]["peakDescriptors"] <= 64
        before = outcome.summary["requests"]
        refused = copy(with_descriptors(16, brigade, tmp_path), server)
        assert refused.status == 2
        assert "this process may have 16 descriptors open and has " in refused.stderr
        # Nothing was sent.
        counted = server.stop_for_statistics()["requests"]
        assert counted == before


def test_a_soft_limit_is_raised(brigade: Brigade, tmp_path: Path) -> None:
    script = tmp_path / "soft"
    script.write_text(f'#!/bin/sh\nulimit -Sn 40\nexec "{brigade.binary}" "$@"\n')
    script.chmod(0o755)
    with serving(brigade.binary, "--memory", "--bucket", "destination", "--populate", "source=500") as server:
        outcome = copy(Brigade(script, tmp_path), server)
    assert outcome.status == 0 and outcome.summary["objects"]["copied"] == 500
    assert plan_line(outcome).startswith("256 copies at a time, 260 connections; the machine would allow ")


def leave_in_time_wait(net: Network, count: int) -> None:
    """Opens so many connections and closes them on this side first."""

    def leave(number: int) -> None:
        net.run(
            "python3",
            "-c",
            f"import socket\nheld = [socket.create_connection(('127.0.0.1', 9000)) for _ in range({number})]\n"
            "for one in held: one.close()",
        )

    leave(count)
    # The server's side closes when it gets round to it; where it resets a connection, nothing stays behind.
    end = time.monotonic() + 30
    patience = time.monotonic() + 5
    while (waiting := sum(net.time_wait_towards(PORT).values())) < count:
        assert time.monotonic() < end, waiting
        if time.monotonic() > patience:
            leave(count - waiting)
            patience = time.monotonic() + 5
        time.sleep(0.05)


def test_ports_in_time_wait_are_left_alone_until_they_come_free(small: tuple[Network, LocalS3, Brigade]) -> None:
    net, server, brigade = small
    leave_in_time_wait(net, 30)
    outcome = copy(brigade, server)
    assert outcome.status == 0, outcome.stderr
    assert outcome.summary["objects"]["copied"] == OBJECTS
    assert "50 local ports to 127.0.0.1:9000 (30 in use, 30 of them in TIME_WAIT for a minute at most) decide" in (
        plan_line(outcome)
    )
    assert plan_line(outcome).startswith("19 copies at a time over 19 connections, up to 49 as ports come free: ")
    assert outcome.summary["machine"]["timeWaitAtEnd"] == 30
    assert outcome.summary["connections"]["shortages"] == 0
    assert outcome.summary["connections"]["highestOpen"] <= 19


def test_ports_that_are_all_in_time_wait_are_waited_for_and_then_used(brigade: Brigade, tmp_path: Path) -> None:
    with network(tmp_path, ports=(40000, 40049)) as net:
        inside = Brigade(net.executable(brigade.binary), tmp_path)
        options = ["--memory", "--port", str(PORT), "--bucket", "destination", "--populate", "source=1000"]
        with serving(inside.binary, *options, "--latency", "100ms") as server:
            leave_in_time_wait(net, 50)
            outcome = copy(inside, server)
    assert outcome.status == 0, outcome.stderr
    assert outcome.summary["objects"]["copied"] == 1000
    assert plan_line(outcome).startswith("1 copy at a time over 1 connection, up to 49 as ports come free: ")
    assert outcome.summary["connections"]["highestOpen"] > 4
