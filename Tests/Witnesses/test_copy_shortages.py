"""`brigade copy` on a machine that refuses it something: it goes on with what it has, and says what is lacking."""

from __future__ import annotations

import errno
import os
import re
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from brigade import Brigade, Outcome
from local_s3 import serving
from network import network, refusing_sockets

PORT = 9000
OBJECTS = 2_000
PATIENCE = 30
"""Seconds for which there may be no connection at all before a job gives up."""


def command(binary: Path, *options: str) -> list[str | Path]:
    return [binary, "copy", "s3://source", "s3://destination", "--format", "json", *options]


@contextmanager
def copying(arguments: list[str | Path], environment: dict[str, str], refusal: int | None = None) -> Iterator[subprocess.Popen[str]]:
    """A copy under way; it is killed if it still runs at the end of the block."""
    with subprocess.Popen(
        arguments,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=None if refusal is None else lambda: refusing_sockets(refusal),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    """The first line on stderr beside those of the plan and the job, once it is there."""
    assert process.stderr is not None
    end = time.monotonic() + 60
    text = ""
    while time.monotonic() < end:
        readable, _, _ = select.select([process.stderr], [], [], end - time.monotonic())
        assert readable, "nothing was said"
        text += os.read(process.stderr.fileno(), 65536).decode()
        for line in text.splitlines(keepends=True):
            if line.endswith("\n") and not line.startswith(("brigade: plan: ", "brigade: job ")):
                return line
    raise AssertionError(f"nothing else was said: {text}")


def ended(process: subprocess.Popen[str]) -> Outcome:
    output, errors = process.communicate(timeout=120)
    return Outcome(process.returncode, output, errors)


def assert_complete(outcome: Outcome, objects: int = OBJECTS) -> None:
    assert outcome.status == 0, outcome.stderr
    assert outcome.summary["objects"] == {"listed": objects, "copied": objects, "skipped": 0, "failed": 0, "notTried": 0}


def wait_until_copying(process: subprocess.Popen[str], connections: int) -> None:
    end = time.monotonic() + 60
    while sum("socket:" in link for link in links(process)) < connections:
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)


# What a machine can lack from the start, each as the kernel says it


@pytest.fixture(scope="module")
def hopeless(brigade: Brigade) -> Iterator[subprocess.Popen[str]]:
    """A copy that never gets a socket, begun before the other tests, so that its patience runs out meanwhile."""
    server = {"endpoint": "http://127.0.0.1:9", "accessKey": "a", "secretKey": "b", "region": "us-east-1"}
    with copying(command(brigade.binary), brigade.environment(server), errno.ENOBUFS) as process:
        yield process


@pytest.mark.parametrize(
    ("refusal", "explanation"),
    [
        (errno.EMFILE, r"this process has \d+ descriptors open and may have \d+ \(RLIMIT_NOFILE; .*ulimit -Hn"),
        (errno.ENFILE, r"\d+ of \d+ files of the whole machine are open; raise fs.file-max"),
        (errno.ENOBUFS, r"no memory for another socket: .* of the machine's memory are available, and TCP has taken .* sock"),
        (errno.ENOMEM, r"no memory for another socket: .* of the machine's memory are available, and TCP has taken .* sock"),
    ],
    ids=["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"],
)
def test_what_the_kernel_refuses_is_explained(
    brigade: Brigade, hopeless: subprocess.Popen[str], refusal: int, explanation: str
) -> None:
    assert hopeless.poll() is None, "a shortage may be over in a moment, and is waited for"
    server = {"endpoint": "http://127.0.0.1:9", "accessKey": "a", "secretKey": "b", "region": "us-east-1"}
    with copying(command(brigade.binary), brigade.environment(server), refusal) as process:
        line = first_line(process)
        assert line.startswith("brigade: there is nothing to open another connection with")
        assert "no connection to http://127.0.0.1:9" in line
        assert re.search(explanation, line), line
        assert os.strerror(refusal) in line
        process.send_signal(signal.SIGINT)
        assert ended(process).status == 130


# Descriptors


def test_few_descriptors(brigade: Brigade) -> None:
    with serving(brigade.binary, "--memory", "--populate", f"source={OBJECTS}", "--bucket", "destination") as server:
        for limit, suffices in [(64, True), (16, False)]:
            limited = ["prlimit", f"--nofile={limit}", *command(brigade.binary)]
            with copying(limited, brigade.environment(server.description)) as process:
                outcome = ended(process)
            if suffices:
                assert_complete(outcome)
                assert outcome.summary["connections"]["shortages"] == 0, "the plan was within the limit"
            else:
                assert outcome.status == 2
                assert "descriptors" in outcome.stderr
                assert outcome.summary["objects"]["copied"] == 0


def test_descriptors_that_are_taken_away_make_a_job_slower(brigade: Brigade) -> None:
    options = ["--memory", "--populate", f"source={OBJECTS}", "--bucket", "destination"]
    # Connections end all the time, so that new ones are wanted.
    with serving(brigade.binary, *options, "--latency", "50ms", "--fault", "close-after=4") as server:
        with copying(command(brigade.binary), brigade.environment(server.description)) as process:
            wait_until_copying(process, 100)
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (40, 40))
            line = first_line(process)
            outcome = ended(process)
    assert "Too many open files" in line
    assert "may have 40 (RLIMIT_NOFILE" in line
    assert_complete(outcome)
    connections = outcome.summary["connections"]
    assert connections["shortages"] > 0
    assert connections["addresses"][0]["failedToOpen"]["Too many open files"] > 0


def test_a_name_that_cannot_be_looked_up_for_want_of_descriptors(brigade: Brigade, tmp_path: Path) -> None:
    hosts = {f"{bucket}.s3.test": ["127.0.0.1"] for bucket in ("source", "destination")}
    with network(tmp_path, hosts=hosts) as net:
        buckets = ["--port", str(PORT), "--populate", "source=10", "--bucket", "destination"]
        with serving(net.executable(brigade.binary), "--memory", "--latency", "2s", *buckets) as server:
            environment = brigade.environment(server.description | {"endpoint": f"http://s3.test:{PORT}"})
            arguments = command(net.executable(brigade.binary), "--virtual-host")
            with copying(arguments, environment) as process:
                # While the source answers, the other name has not been looked up yet.
                wait_until_connected(process)
                resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (6, 64))
                line = first_line(process)
                assert "the name 'destination.s3.test' could not be looked up: that needs a descriptor" in line
                assert "may have 6 (RLIMIT_NOFILE" in line
                resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (64, 64))
                outcome = ended(process)
    assert_complete(outcome, 10)
    # The source's idle connection was given away for what it held.
    assert sum(row["ended"].get("yielded", 0) for row in outcome.summary["connections"]["addresses"]) >= 1


def wait_until_connected(process: subprocess.Popen[str]) -> None:
    """Waits for the first connection: a socket beside those of the event loop, which are none."""
    end = time.monotonic() + 60
    while not any("socket:" in link for link in links(process)):
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.01)
    time.sleep(0.3)


def links(process: subprocess.Popen[str]) -> list[str]:
    folder = Path(f"/proc/{process.pid}/fd")
    found = []
    for entry in list(folder.iterdir()):
        try:
            found.append(os.readlink(entry))
        except FileNotFoundError:
            continue
    return found


# Local ports


TAKER = """
import socket, sys
held, refused = [], None
print("ready", flush=True)
sys.stdin.readline()
taken_from_others = 0
while taken_from_others < 10:
    try:
        held.append(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
        taken_from_others += refused is not None
    except OSError as error:
        refused = error.errno
print(len(held), refused, flush=True)
sys.stdin.read()
"""
"""Takes every local port towards a server when told to, and ten more as others let go of them, and holds them all."""


def test_local_ports_that_are_taken_away_make_a_job_slower(brigade: Brigade, tmp_path: Path) -> None:
    with network(tmp_path, ports=(40000, 40049)) as net:
        options = [*("--memory", "--port", str(PORT)), "--populate", f"source={OBJECTS}", "--bucket", "destination"]
        with serving(net.executable(brigade.binary), *options, "--latency", "60ms", "--fault", "close-after=10") as server:
            arguments = command(net.executable(brigade.binary), "--concurrency", "30", "--fetchers", "2")
            taker = net.inside(sys.executable, "-c", TAKER, str(PORT))
            with (
                subprocess.Popen(taker, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as taking,
                copying(arguments, brigade.environment(server.description)) as process,
            ):
                assert taking.stdin is not None and taking.stdout is not None
                assert taking.stdout.readline() == "ready\n"
                wait_until_copying(process, 30)
                taking.stdin.write("now\n")
                taking.stdin.flush()
                number, refusal = taking.stdout.readline().split()
                line = first_line(process)
                outcome = ended(process)
    assert int(refusal) == errno.EADDRNOTAVAIL and int(number) >= 28
    assert "Cannot assign requested address" in line
    assert re.search(
        r"of the local ports 40000 to 40049, 50 can be given to connections to 127.0.0.1:9000, and \d+ are taken, "
        r"\d+ of them by connections in TIME_WAIT.*ip_local_port_range.*--source-address",
        line,
    ), line
    assert_complete(outcome)
    assert outcome.summary["connections"]["addresses"][0]["failedToOpen"].keys() == {"Cannot assign requested address"}


# The end of patience


def test_without_any_connection_a_job_ends_after_a_while(hopeless: subprocess.Popen[str]) -> None:
    outcome = ended(hopeless)
    assert outcome.status == 2
    error = outcome.summary["error"]
    assert f"not one connection could be had for {PATIENCE} s: no connection to http://127.0.0.1:9" in error
    assert "the kernel has no memory for another socket" in error
    assert "No buffer space available" in error
