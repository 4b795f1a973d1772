"""What listing costs with `brigade list`: time and requests beside the least possible, memory, and CPU beside s5cmd's.

    BRIGADE_BINARY=.build/release/brigade .build-tools/venv/bin/python Benchmarks/list/bench_list.py

Benchmarks/README.md says what is measured and how to read it. The exit status is 0 when every target was met, 1 when
one was missed, 2 when a run failed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / "Servers"), str(ROOT / "Benchmarks" / "copy")]

import servers  # noqa: E402
from bench_copy import PeakMemory, environment_for  # noqa: E402
from local_s3 import LocalS3, serving  # noqa: E402

KINDS = ["numbers", "hex", "dates", "folders", "deep"]
"""Kinds of keys that `brigade serve --populate` makes."""

LATENCY = 0.05
"""Seconds that the server holds every answer back."""

PAGE = 1000
"""Keys of a page of S3's."""

GETTING_GOING = 0.5
"""Seconds over the ideal that a listing may take to learn where to cut."""

LARGEST_REQUESTS = 1.15
"""Requests over the least possible."""

LARGEST_TIME = 2 * 1.4
"""Time over the ideal with a server beside it: twice what the simulator is held to."""

LARGEST_GROWTH = 1.2
"""Peak memory for the big bucket over that for the small one."""

LARGEST_MEBIBYTES = 100


class RunFailed(Exception):
    """A client did not list everything; its figures mean nothing."""


@dataclass(frozen=True)
class Measurement:
    """One run of one client."""

    seconds: float
    """By its own account where it gives one: from the first request to the last answer."""

    cpu_microseconds: float
    """User and system time of the client's process for an object."""

    peak_mebibytes: float
    summary: dict[str, Any]


def run(arguments: list[str | Path], server: LocalS3, objects: int) -> Measurement:
    """Runs a client to its end, and counts its lines. Throws RunFailed."""
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryDirectory() as home:
        start = time.monotonic()
        process = subprocess.Popen(
            arguments,
            env=environment_for(server, home) | {"TMPDIR": home},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        assert process.stdout is not None
        memory = PeakMemory(process.pid)
        memory.start()
        lines, last = 0, b""
        while piece := process.stdout.read(1 << 20):
            lines += piece.count(b"\n")
            last = (last + piece)[-10_000:]
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.join()
        summary = json.loads(last.splitlines()[-1]) if last.rstrip().endswith(b"}") else {}
        if process.returncode != 0 or lines - bool(summary) != objects:
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-2000:]
            raise RunFailed(f"{arguments[0]} ended with {process.returncode} after {lines} lines: {said}")
    return Measurement(
        seconds=summary.get("seconds", seconds),
        cpu_microseconds=(usage.ru_utime + usage.ru_stime) * 1e6 / objects,
        peak_mebibytes=memory.mebibytes,
        summary=summary,
    )


def brigade(binary: Path, server: LocalS3, bucket: str, objects: int, *options: str) -> Measurement:
    command = [binary, "list", f"s3://{bucket}", "--endpoint", server.endpoint, "--format", "json"]
    return run([*command, "--progress", "never", *options], server, objects)


def s5cmd(server: LocalS3, bucket: str, objects: int) -> Measurement:
    return run([servers.s5cmd(), "--endpoint-url", server.endpoint, "ls", f"s3://{bucket}/*"], server, objects)


class Judgement:
    """What was met and what was missed."""

    def __init__(self) -> None:
        self.missed = 0

    def say(self, met: bool, text: str) -> None:
        self.missed += not met
        print(f"{'met' if met else 'MISSED'}: {text}")


def ideal(objects: int, fetchers: int) -> float:
    """The seconds that a listing takes when every fetcher is busy from the first request to the last."""
    return -(-objects // PAGE) / fetchers * LATENCY


def print_listing(label: str, measured: Measurement, objects: int, fetchers: int) -> tuple[float, float]:
    """Prints a line, and returns time over the ideal and requests over the least."""
    summary = measured.summary
    least = -(-objects // PAGE)
    slowness = measured.seconds / (ideal(objects, fetchers) + GETTING_GOING)
    waste = summary["pagesAskedFor"] / least
    print(
        f"{label:26}{fetchers:9}{measured.seconds:9.2f}{ideal(objects, fetchers):9.2f}{slowness:9.2f}"
        f"{summary['pagesAskedFor']:10,}{waste:8.3f}{measured.cpu_microseconds:8.2f}{measured.peak_mebibytes:9.1f}"
    )
    return slowness, waste


def print_head() -> None:
    print(
        f"{'':26}{'fetchers':>9}{'seconds':>9}{'ideal':>9}{'over':>9}{'requests':>10}{'over':>8}{'CPU µs':>8}{'MiB':>9}"
    )


def measure_kinds(options: argparse.Namespace, judge: Judgement) -> None:
    print(f"\n{options.objects:,} keys of each kind, {LATENCY * 1000:.0f} ms an answer")
    print_head()
    results = []
    for kind in KINDS:
        with serving(options.binary, "--memory", "--latency", "50ms", "--populate", f"keys={options.objects}:{kind}") as s:
            for order in ([], ["--sorted"]):
                measured = brigade(options.binary, s, "keys", options.objects, "--fetchers", "64", *order)
                label = " ".join([kind, *order])
                results.append((label, *print_listing(label, measured, options.objects, 64)))
    for label, slowness, waste in results:
        judge.say(waste <= LARGEST_REQUESTS, f"{label}: requests over the least {waste:.3f}; target {LARGEST_REQUESTS}")
        judge.say(
            slowness <= LARGEST_TIME, f"{label}: time over ideal and half a second {slowness:.2f}; target {LARGEST_TIME}"
        )


def measure_scaling(options: argparse.Namespace) -> None:
    """Fewer keys for few fetchers, so that each run takes seconds."""
    print(f"\nscaling, {LATENCY * 1000:.0f} ms an answer, uniform hexadecimal keys")
    print_head()
    sizes = {1: options.objects // 10, 8: options.objects // 4, 64: options.objects, 256: options.objects}
    for objects in sorted(set(sizes.values())):
        with serving(options.binary, "--memory", "--latency", "50ms", "--populate", f"keys={objects}:hex") as server:
            for fetchers in (each for each, size in sizes.items() if size == objects):
                measured = brigade(options.binary, server, "keys", objects, "--fetchers", str(fetchers))
                print_listing(f"{objects:,} keys", measured, objects, fetchers)


def measure_memory(options: argparse.Namespace, judge: Judgement) -> None:
    """The big bucket and one of 100,000 keys, and CPU beside s5cmd."""
    small = 100_000
    buckets = {"small": small, "big": options.big}
    populate = [part for name, count in buckets.items() for part in ("--populate", f"{name}={count}:hex")]
    with serving(options.binary, "--memory", "--latency", "50ms", *populate) as server:
        print(f"\nmemory, {small:,} and {options.big:,} keys, {LATENCY * 1000:.0f} ms an answer")
        print_head()
        for order in ([], ["--sorted"]):
            peaks = {}
            for name, count in buckets.items():
                measured = brigade(options.binary, server, name, count, *order)
                peaks[name] = measured.peak_mebibytes
                print_listing(" ".join([f"{count:,} keys", *order]), measured, count, 64)
            growth = peaks["big"] / peaks["small"]
            label = f"{' '.join(['list', *order])}: peak memory"
            judge.say(growth <= LARGEST_GROWTH, f"{label} grows {growth:.2f}-fold; target {LARGEST_GROWTH}")
            judge.say(
                peaks["big"] <= LARGEST_MEBIBYTES, f"{label} {peaks['big']:.1f} MiB; target {LARGEST_MEBIBYTES}"
            )
        print("\nCPU µs an object")
        for number in range(options.rounds):
            ours = brigade(options.binary, server, "small", small)
            theirs = s5cmd(server, "small", small)
            print(
                f"round {number + 1}: brigade {ours.cpu_microseconds:.2f}, s5cmd {theirs.cpu_microseconds:.2f}: "
                f"{theirs.cpu_microseconds / ours.cpu_microseconds:.1f} times; "
                f"seconds {ours.seconds:.2f} and {theirs.seconds:.2f}"
            )


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures brigade list.")
    parser.add_argument("--objects", type=int, default=1_000_000, help="keys of each kind (1000000)")
    parser.add_argument("--big", type=int, default=5_000_000, help="keys of the bucket for memory (5000000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs beside s5cmd (3)")
    parser.add_argument(
        "--binary",
        type=Path,
        default=os.environ.get("BRIGADE_BINARY"),
        help="the brigade executable, a release build (BRIGADE_BINARY)",
    )
    options = parser.parse_args()
    if options.binary is None:
        parser.error("--binary or BRIGADE_BINARY has to name the brigade executable")
    if min(options.objects, options.big, options.rounds) < 1:
        parser.error("--objects, --big and --rounds are at least 1")
    options.binary = options.binary.resolve()
    return options


def main() -> int:
    options = parse()
    judge = Judgement()
    try:
        measure_kinds(options, judge)
        measure_scaling(options)
        measure_memory(options, judge)
    except (RunFailed, servers.ServerFailed, OSError) as error:
        print(f"bench_list: {error}", file=sys.stderr)
        return 2
    print("\nevery target was met" if not judge.missed else "\na target was MISSED")
    return 1 if judge.missed else 0


if __name__ == "__main__":
    sys.exit(main())
