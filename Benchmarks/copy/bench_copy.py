"""What a copied object costs the client: `brigade copy` and `s5cmd cp` on the same bucket, in turn.

    BRIGADE_BINARY=.build/release/brigade .build-tools/venv/bin/python Benchmarks/copy/bench_copy.py

Benchmarks/README.md says what is measured and how to read it. The exit status is 0 when every target was met, 1 when
one was missed, 2 when a run failed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "Servers"))

import servers  # noqa: E402
from certificates import Certificate, make_certificate  # noqa: E402
from local_s3 import LocalS3, serving  # noqa: E402

IN_FLIGHT = 256
"""Copies under way at once, for either client."""

SPARE_CONNECTIONS = 8
"""How many connections over IN_FLIGHT brigade may open: for listing, and for what a server closes early."""

TARGETS = {"plain": 10, "TLS": 8}
"""How many times the client CPU of brigade s5cmd has to take, by transport."""

SAMPLE_SECONDS = 0.02
"""How often a client's peak memory is read while it runs."""


class RunFailed(Exception):
    """A client did not copy everything; its times mean nothing."""


@dataclass(frozen=True)
class Measurement:
    """One run of one client."""

    cpu_microseconds: float
    """User and system time of the client's process for an object."""

    seconds: float
    peak_mebibytes: float
    connections: int


@dataclass(frozen=True)
class Client:
    """A program that copies a bucket, and how it is called."""

    name: str
    arguments: Callable[[LocalS3], list[str | Path]]


def brigade(binary: Path) -> Client:
    return Client(
        "brigade",
        lambda server: [
            *(binary, "copy", "s3://source", "s3://destination", "--endpoint", server.endpoint),
            *("--concurrency", str(IN_FLIGHT), "--format", "json", "--progress", "never", "--no-verify-ssl"),
        ],
    )


def s5cmd() -> Client:
    return Client(
        "s5cmd",
        lambda server: [
            *(servers.s5cmd(), "--endpoint-url", server.endpoint, "--numworkers", str(IN_FLIGHT), "--no-verify-ssl"),
            *("--log", "error", "cp", "s3://source/*", "s3://destination/"),
        ],
    )


class PeakMemory(threading.Thread):
    """Reads the peak resident set of a process until it is gone.

    The kernel's own account at its end (`ru_maxrss`) would begin with this program's size, from before the exec.
    """

    def __init__(self, process_id: int) -> None:
        super().__init__(daemon=True)
        self.mebibytes = 0.0
        self._status = Path(f"/proc/{process_id}/status")

    def run(self) -> None:
        while peaks := [line for line in self._lines() if line.startswith("VmHWM:")]:
            self.mebibytes = int(peaks[0].split()[1]) / 1024
            time.sleep(SAMPLE_SECONDS)

    def _lines(self) -> list[str]:
        try:
            return self._status.read_text().splitlines()
        except OSError:
            return []


def environment_for(server: LocalS3, home: str) -> dict[str, str]:
    """The variables that both clients take their credentials from, and nothing of the user's own settings."""
    description = server.description
    return {
        "HOME": home,
        "AWS_ACCESS_KEY_ID": description["accessKey"],
        "AWS_SECRET_ACCESS_KEY": description["secretKey"],
        "AWS_REGION": description["region"],
    }


def run(client: Client, server: LocalS3, objects: int) -> Measurement:
    """Runs a client to its end, and the server with it, for its count of connections and copies. Throws RunFailed."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryDirectory() as home:
        start = time.monotonic()
        process = subprocess.Popen(
            client.arguments(server),
            env=environment_for(server, home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        memory = PeakMemory(process.pid)
        memory.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.join()
        counted = server.stop_for_statistics()
        copies = counted["requests"].get("CopyObject", 0)
        if process.returncode != 0 or copies < objects:
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            raise RunFailed(f"{client.name} ended with {process.returncode} after {copies} copies: {said}")
    return Measurement(
        cpu_microseconds=(usage.ru_utime + usage.ru_stime) * 1e6 / objects,
        seconds=seconds,
        peak_mebibytes=memory.mebibytes,
        connections=counted["connectionsAccepted"],
    )


def measure(
    clients: list[Client], binary: Path, objects: int, rounds: int, certificate: Certificate | None
) -> dict[str, list[Measurement]]:
    """The measurements by client's name. Every run has a server of its own; every round goes the other way round."""
    measurements: dict[str, list[Measurement]] = {client.name: [] for client in clients}
    options = ["--memory", "--populate", f"source={objects}", "--bucket", "destination"]
    for number in range(rounds):
        for client in clients if number % 2 == 0 else reversed(clients):
            with serving(binary, *options, certificate=certificate) as server:
                measurements[client.name].append(run(client, server, objects))
    return measurements


def median(measurements: list[Measurement], field: str) -> float:
    return statistics.median(getattr(each, field) for each in measurements)


def print_table(transport: str, measurements: dict[str, list[Measurement]], objects: int) -> None:
    """A line for every run, and one for the medians of every client."""
    print(f"\n{transport}: {objects:,} objects, {IN_FLIGHT} in flight")
    print(f"{'':14}{'CPU µs/object':>14}{'seconds':>10}{'objects/s':>11}{'peak MiB':>10}{'connections':>13}")

    def print_line(label: str, cpu: float, seconds: float, peak: float, connections: float) -> None:
        print(f"{label:14}{cpu:14.1f}{seconds:10.2f}{objects / seconds:11,.0f}{peak:10.1f}{connections:13,.0f}")

    fields = ("cpu_microseconds", "seconds", "peak_mebibytes", "connections")
    for name, runs in measurements.items():
        for number, each in enumerate(runs, 1):
            print_line(f"{name} {number}", *(getattr(each, field) for field in fields))
        print_line(f"{name} median", *(median(runs, field) for field in fields))


def verdict(transport: str, measurements: dict[str, list[Measurement]]) -> bool:
    """Prints and returns whether the targets were met on one transport."""
    ratio = median(measurements["s5cmd"], "cpu_microseconds") / median(measurements["brigade"], "cpu_microseconds")
    connections = max(each.connections for each in measurements["brigade"])
    results = [
        (ratio >= TARGETS[transport], f"s5cmd's CPU is {ratio:.1f} times brigade's; target {TARGETS[transport]}"),
        (
            connections <= IN_FLIGHT + SPARE_CONNECTIONS,
            f"brigade opened at most {connections:,} connections; target {IN_FLIGHT + SPARE_CONNECTIONS}",
        ),
    ]
    for met, text in results:
        print(f"{'met' if met else 'MISSED'}: {transport}: {text}")
    return all(met for met, _ in results)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compares the client CPU of brigade copy and s5cmd cp.")
    parser.add_argument("--objects", type=int, default=100_000, help="objects to copy in every run (100000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each client over each transport (3)")
    parser.add_argument(
        "--binary",
        type=Path,
        default=os.environ.get("BRIGADE_BINARY"),
        help="the brigade executable, a release build (BRIGADE_BINARY)",
    )
    options = parser.parse_args()
    if options.binary is None:
        parser.error("--binary or BRIGADE_BINARY has to name the brigade executable")
    if options.objects < 1 or options.rounds < 1:
        parser.error("--objects and --rounds are at least 1")
    options.binary = options.binary.resolve()
    return options


def main() -> int:
    options = parse()
    clients = [brigade(options.binary), s5cmd()]
    met: list[bool] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            for transport, certificate in {"plain": None, "TLS": make_certificate(Path(folder))}.items():
                measurements = measure(clients, options.binary, options.objects, options.rounds, certificate)
                print_table(transport, measurements, options.objects)
                met.append(verdict(transport, measurements))
    except (RunFailed, servers.ServerFailed, OSError) as error:
        print(f"bench_copy: {error}", file=sys.stderr)
        return 2
    print("\nevery target was met" if all(met) else "\na target was MISSED")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
