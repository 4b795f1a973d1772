"""What `brigade copy` does with connections over 100,000 copies, 256 at once, in a network of its own.

    BRIGADE_BINARY=.build/release/brigade .build-tools/venv/bin/python Benchmarks/connections/bench_connections.py

Benchmarks/README.md says how to read it. The exit status is 0 when every target was met, 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2] / "Tests"
sys.path[:0] = [str(TESTS / "Servers"), str(TESTS / "Witnesses")]

from local_s3 import serving  # noqa: E402
from network import network  # noqa: E402

IN_FLIGHT = 256
PORT = 9000
CLOSE_AFTER = 100


def run(binary: Path, objects: int, *faults: str) -> tuple[dict[str, Any], int]:
    """One copy: its summary, and the connections in TIME_WAIT that it left on its own side."""
    with tempfile.TemporaryDirectory() as folder, network(Path(folder), ports=(32768, 60999)) as net:
        inside = net.executable(binary)
        options = ["--memory", "--port", str(PORT), "--populate", f"source={objects}", "--bucket", "destination"]
        with serving(inside, *options, *faults) as server:
            known = server.description
            environment = {
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": folder,
                "AWS_ACCESS_KEY_ID": known["accessKey"],
                "AWS_SECRET_ACCESS_KEY": known["secretKey"],
                "AWS_REGION": known["region"],
            }
            copy = [inside, "copy", "s3://source", "s3://destination", "--endpoint", server.endpoint]
            done = subprocess.run(
                [*copy, "--concurrency", str(IN_FLIGHT), "--format", "json", "--progress", "never"],
                env=environment,
                stdout=subprocess.PIPE,
                check=True,
            )
            return json.loads(done.stdout.splitlines()[-1]), net.time_wait_towards(PORT).total()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, default=100_000)
    objects = parser.parse_args().objects
    binary = Path(os.environ["BRIGADE_BINARY"]).resolve(strict=True)
    missed = 0
    for name, *faults in [
        ("a server that never closes",),
        (f"a server that closes every {CLOSE_AFTER} requests", "--fault", f"close-after={CLOSE_AFTER}"),
    ]:
        summary, left = run(binary, objects, *faults)
        connections = summary["connections"]
        [row] = connections["addresses"]
        requests = sum(summary["requests"].values())
        allowed = requests // CLOSE_AFTER + IN_FLIGHT + 4 if faults else IN_FLIGHT + 4
        ended = ", ".join(f"{count:,} {end}" for end, count in row["ended"].items()) or "none"
        print(
            f"{name}: {summary['objects']['copied']:,} copied in {summary['seconds']} s, {requests:,} requests, "
            f"{summary['retried']:,} after a failure, {summary['objects']['failed']:,} failed; "
            f"{connections['opened']:,} connections opened ({allowed:,} allowed), ended: {ended}; "
            f"open at the end: {row['open']:,}; in TIME_WAIT on this side: {left:,}"
        )
        accounted = row["opened"] == row["open"] + sum(row["ended"].values()) and row["requests"] == requests
        met = connections["opened"] <= allowed and left <= 5 and accounted and summary["retried"] == 0
        missed += not (met and summary["objects"]["copied"] == objects)
    print("all targets met" if not missed else "a target was missed")
    return missed


if __name__ == "__main__":
    sys.exit(main())
