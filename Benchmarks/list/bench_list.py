"""What listing costs with `brigade list`: time and requests beside the least possible, memory, and CPU beside s5cmd's.

    BRIGADE_BINARY=.build/release/brigade .build-tools/venv/bin/python Benchmarks/list/bench_list.py

Benchmarks/README.md says what is measured and how to read it. The exit status is 0 when every target was met, 1 when
one was missed, 2 when a run failed or did not list every key exactly once.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / "Servers"), str(ROOT / "Benchmarks" / "copy")]

import servers  # noqa: E402
from bench_copy import PeakMemory, environment_for  # noqa: E402
from local_s3 import LocalS3, serving  # noqa: E402

LATENCY = 0.05
"""Seconds that the server holds every answer back."""

PAGE = 1000
"""Keys of a page of S3's."""

FETCHERS = 64
"""As many as `brigade list` has by default."""

GETTING_GOING = 0.5
"""Seconds that a listing may take to learn where to cut."""

LARGEST_TIME = 1.4
"""Time over the ideal, and half a second to get going, that the simulator is held to."""

FOR_REAL = 2
"""Times that, with a server beside it on the same machine."""

LARGEST_REQUESTS = 1.15
"""Requests over the least possible."""

LARGEST_GROWTH = 1.2
"""Peak memory for the big bucket over that for the small one."""

LARGEST_MEBIBYTES = 100


class RunFailed(Exception):
    """A client did not list every key exactly once; its figures mean nothing."""


@dataclass(frozen=True)
class Measurement:
    """One run of one client."""

    seconds: float
    """By its own account where it gives one: from the first request to the last answer."""

    cpu_microseconds: float
    """User and system time of the client's process for an object."""

    peak_mebibytes: float
    summary: dict[str, Any]


def run(
    arguments: list[str | Path],
    server: LocalS3,
    objects: int,
    check: Callable[[IO[bytes]], None] | None = None,
) -> Measurement:
    """Runs a client to its end, counts its lines, and has them checked then. Throws RunFailed."""
    with (
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
        tempfile.TemporaryDirectory() as home,
    ):
        start = time.monotonic()
        process = subprocess.Popen(
            arguments,
            env=environment_for(server, home) | {"TMPDIR": home},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        memory = PeakMemory(process.pid)
        memory.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.join()
        output.seek(0)
        lines, last = 0, b""
        while piece := output.read(1 << 20):
            lines += piece.count(b"\n")
            last = (last + piece)[-10_000:]
        summary = json.loads(last.splitlines()[-1]) if last.rstrip().endswith(b"}") else {}
        if process.returncode != 0 or lines - bool(summary) != objects:
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-2000:]
            raise RunFailed(f"{arguments[0]} ended with {process.returncode} after {lines} lines: {said}")
        if check:
            output.seek(0)
            check(output)
    return Measurement(
        seconds=summary.get("seconds", seconds),
        cpu_microseconds=(usage.ru_utime + usage.ru_stime) * 1e6 / objects,
        peak_mebibytes=memory.mebibytes,
        summary=summary,
    )


def keys(lines: IO[bytes]) -> Iterator[bytes]:
    """The keys in the JSON lines of a listing; its summary has none."""
    start, end = b'{"key":"', b'","size":'
    for line in lines:
        if line.startswith(start):
            key = line[len(start) : line.index(end)]
            yield json.loads(b'"' + key + b'"').encode() if b"\\" in key else key


class Exactness:
    """Whether listings of one bucket gave every key exactly once.

    Keys that ascend are each there once; as many as the bucket has are all of them. What comes in no order has to come
    to the same sum of hashes.
    """

    def __init__(self) -> None:
        self.sums: dict[bool, int] = {}

    def check_sorted(self, lines: IO[bytes]) -> None:
        previous, total = b"", 0
        for key in keys(lines):
            if key <= previous:
                raise RunFailed(f"{key!r} was listed after {previous!r}")
            previous = key
            total += hash(key)
        self._compare(True, total)

    def check_unsorted(self, lines: IO[bytes]) -> None:
        self._compare(False, sum(map(hash, keys(lines))))

    def _compare(self, is_sorted: bool, total: int) -> None:
        self.sums[is_sorted] = total
        if len(set(self.sums.values())) > 1:
            raise RunFailed("the listing in order and that in none do not have the same keys")


def brigade(
    binary: Path,
    server: LocalS3,
    bucket: str,
    objects: int,
    *options: str,
    check: Callable[[IO[bytes]], None] | None = None,
) -> Measurement:
    command = [binary, "list", f"s3://{bucket}", "--endpoint", server.endpoint, "--format", "json"]
    return run([*command, "--progress", "never", *options], server, objects, check)


def kinds_of_keys(binary: Path) -> list[str]:
    """The kinds that `brigade serve --populate` makes, as its help names them."""
    text = subprocess.run([binary, "serve", "--help"], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^  ([a-z0-9-]+): ", text.partition("Kinds of keys")[2].partition("USAGE")[0], re.MULTILINE)
    if not names:
        raise RunFailed("brigade serve --help names no kinds of keys")
    return names


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


def allowed(objects: int, fetchers: int) -> float:
    """The seconds that a listing may take."""
    return FOR_REAL * (LARGEST_TIME * ideal(objects, fetchers) + GETTING_GOING)


def waste(measured: Measurement, objects: int) -> float:
    """Pages asked for over the least possible."""
    return measured.summary["pagesAskedFor"] / -(-objects // PAGE)


def print_head() -> None:
    print(
        f"{'':26}{'fetchers':>9}{'seconds':>9}{'target':>9}{'over':>9}{'requests':>10}{'over':>8}{'CPU µs':>8}{'MiB':>9}"
    )


def print_listing(label: str, measured: Measurement, objects: int, fetchers: int) -> None:
    slowness = measured.seconds / (ideal(objects, fetchers) + GETTING_GOING)
    print(
        f"{label:26}{fetchers:9}{measured.seconds:9.2f}{allowed(objects, fetchers):9.2f}{slowness:9.2f}"
        f"{measured.summary['pagesAskedFor']:10,}{waste(measured, objects):8.3f}"
        f"{measured.cpu_microseconds:8.2f}{measured.peak_mebibytes:9.1f}",
        flush=True,
    )


def measure_kinds(options: argparse.Namespace, judge: Judgement) -> None:
    objects = options.objects
    print(f"\n{objects:,} keys of each kind, {LATENCY * 1000:.0f} ms an answer; every listing is exact, or the last")
    print_head()
    results = []
    for kind in options.kinds or kinds_of_keys(options.binary):
        exactness = Exactness()
        with serving(options.binary, "--memory", "--latency", "50ms", "--populate", f"keys={objects}:{kind}") as server:
            for order, check in (([], exactness.check_unsorted), (["--sorted"], exactness.check_sorted)):
                label = " ".join([kind, *order])
                fetchers = ["--fetchers", str(FETCHERS)]
                measured = brigade(options.binary, server, "keys", objects, *fetchers, *order, check=check)
                print_listing(label, measured, objects, FETCHERS)
                results.append((label, measured))
    for label, measured in results:
        over = waste(measured, objects)
        judge.say(over <= LARGEST_REQUESTS, f"{label}: requests over the least {over:.3f}; target {LARGEST_REQUESTS}")
        bound = allowed(objects, FETCHERS)
        judge.say(measured.seconds <= bound, f"{label}: {measured.seconds:.2f} s; target {bound:.2f}")


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
                print_listing(" ".join([f"{count:,} keys", *order]), measured, count, FETCHERS)
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
    parser.add_argument("--kinds", nargs="+", metavar="KIND", help="kinds of keys (all of brigade serve --populate)")
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
