"""How `brigade copy` is paced on a server that throttles: the ceiling, a busy service, and a hot part of the keyspace.

    BRIGADE_BINARY=.build/release/brigade .build-tools/venv/bin/python Benchmarks/flow/bench_flow.py

Benchmarks/README.md says what is measured. The exit status is 0 when every target was met, 1 when one was missed, 2 when
a run failed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / "Servers"), str(ROOT / "Benchmarks" / "copy")]

from bench_copy import environment_for  # noqa: E402
from local_s3 import LocalS3, serving  # noqa: E402

CEILING = 500
"""What --max-requests-per-second is given."""

LARGEST_IN_A_SECOND = 505
"""Requests that the server may see within any second, then."""

SERVICE_RATE = 3000
"""Requests a second above which the service throttles."""

LARGEST_SLOWDOWN_SHARE = 0.05
SMALLEST_THROUGHPUT = 0.85
"""Of the requests that the service would have taken."""

HOT_RATE = 200
SMALLEST_SPEED_OF_OTHERS = 0.9


class RunFailed(Exception):
    """A run did not copy everything; its figures mean nothing."""


@dataclass(frozen=True)
class Run:
    """A copy of a bucket, by the client's account and by the server's."""

    summary: dict[str, Any]
    server: dict[str, Any]
    copied: list[int]
    """Objects after each second."""


def copy(binary: Path, server: LocalS3, objects: int, *options: str) -> Run:
    """Copies the bucket to its end. Throws RunFailed."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors, tempfile.TemporaryDirectory() as home:
        code = subprocess.run(
            [
                *(binary, "copy", "s3://source", "s3://destination", "--endpoint", server.endpoint),
                *("--format", "json", "--progress", "always", *options),
            ],
            env=environment_for(server, home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        ).returncode
        output.seek(0)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
        lines = output.read().decode().splitlines()
    counted = server.stop_for_statistics()
    if code != 0 or not lines:
        raise RunFailed(f"brigade ended with {code}: {said[-500:]} {lines[-1:]}")
    summary = json.loads(lines[-1])
    if summary["objects"]["copied"] != objects:
        raise RunFailed(f"{summary['objects']['copied']} of {objects} objects were copied")
    copied = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) of [\d,]+\+? objects", said)]
    return Run(summary, counted, copied)


def verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def ceiling(binary: Path, objects: int) -> bool:
    """The server's own record of requests, while the client has a ceiling."""
    with serving(binary, "--bucket", "destination", "--populate", f"source={objects}", "--latency", "20ms") as server:
        run = copy(binary, server, objects, "--max-requests-per-second", str(CEILING))
    highest = run.server["highestRequestsInASecond"]
    sent = sum(run.server["requests"].values())
    met = highest <= LARGEST_IN_A_SECOND
    print(
        f"ceiling of {CEILING}/s: {sent} requests in {run.summary['seconds']:.1f} s "
        f"({sent / run.summary['seconds']:.0f}/s), at most {highest} within a second: {verdict(met)}"
    )
    return met


def busy_service(binary: Path, objects: int) -> bool:
    """Everything goes wrong at once, above a rate."""
    faults = [
        *("internal-error=0.02", "reset=0.005", "error-in-body=0.005", "truncated-page=0.002"),
        f"slow-down-above={SERVICE_RATE}",
    ]
    options = [part for fault in faults for part in ("--fault", fault)]
    with serving(binary, "--bucket", "destination", "--populate", f"source={objects}", "--latency", "20ms", *options) as server:
        run = copy(binary, server, objects)
    sent = sum(run.server["requests"].values())
    slowed = run.server["faults"].get("slowDown", 0)
    share = slowed / sent
    throughput = (sent - slowed) / run.summary["seconds"] / SERVICE_RATE
    met = share <= LARGEST_SLOWDOWN_SHARE and throughput >= SMALLEST_THROUGHPUT
    print(
        f"service that takes {SERVICE_RATE}/s, 2 % 500s, resets, errors in a 200, cut pages: {objects} objects in "
        f"{run.summary['seconds']:.1f} s, SlowDown {share:.1%} of requests (ramp included), "
        f"{throughput:.1%} of the rate, highest concurrency {run.summary['highestConcurrency']}: {verdict(met)}"
    )
    return met


def hot_part(binary: Path, objects: int) -> bool:
    """One of sixteen parts of the keyspace takes little; the others should not notice."""

    def speed(run: Run) -> float:
        """Objects a second, from the third second to the one in which most are copied."""
        enough = [count for count in run.copied if count < 0.8 * objects]
        if len(enough) < 5:
            raise RunFailed("the run was too short to measure")
        return (enough[-1] - enough[2]) / (len(enough) - 3)

    options = ["--bucket", "destination", "--populate", f"source={objects}:hex", "--latency", "80ms"]
    with serving(binary, *options) as server:
        free = speed(copy(binary, server, objects, "--concurrency", "256"))
    with serving(binary, *options, "--fault", f"slow-down-prefix=7:{HOT_RATE}") as server:
        run = copy(binary, server, objects, "--concurrency", "256")
    others = speed(run) - HOT_RATE
    throttled = run.summary["throttled"]
    share = others / (free * 15 / 16)
    met = share >= SMALLEST_SPEED_OF_OTHERS
    print(
        f"a sixteenth of the keys at {HOT_RATE}/s: the others at {others:.0f}/s, {share:.1%} of their speed without it; "
        f"SlowDown {throttled / objects:.2%} of objects, {run.summary['seconds']:.1f} s: {verdict(met)}"
    )
    return met


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, default=100_000, help="objects of the longer runs")
    arguments = parser.parse_args()
    binary = Path(os.environ.get("BRIGADE_BINARY", ROOT / ".build" / "release" / "brigade"))
    try:
        results = [
            ceiling(binary, arguments.objects // 10),
            busy_service(binary, arguments.objects),
            hot_part(binary, arguments.objects),
        ]
    except RunFailed as failure:
        print(failure, file=sys.stderr)
        return 2
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
