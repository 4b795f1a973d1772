"""`brigade copy` to a name that has several addresses, each with a server of its own."""

from __future__ import annotations

import contextlib
import subprocess
import time
from pathlib import Path

import pytest
from brigade import Brigade, Outcome
from local_s3 import serving
from network import network

ADDRESSES = [f"127.0.0.{last}" for last in range(2, 6)]
PORT = 9000
OBJECTS = 3_000


@pytest.mark.parametrize("dies", [False, True], ids=["all stay", "one dies"])
def test_all_addresses_are_used_evenly(brigade: Brigade, tmp_path: Path, dies: bool) -> None:
    with network(tmp_path, hosts={"s3.test": ADDRESSES}) as net, contextlib.ExitStack() as stack:
        binary = net.executable(brigade.binary)
        # Each keeps what is copied on it; the sources are the same.
        servers = [
            stack.enter_context(
                serving(
                    binary,
                    *("--memory", "--host", address, "--port", str(PORT), "--latency", "50ms"),
                    *("--populate", f"source={OBJECTS}", "--bucket", "destination"),
                )
            )
            for address in ADDRESSES
        ]
        environment = brigade.environment(servers[0].description | {"endpoint": f"http://s3.test:{PORT}"})
        with subprocess.Popen(
            [binary, "copy", "s3://source", "s3://destination", "--format", "json", "--concurrency", "256"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            if dies:
                time.sleep(0.6)
                servers[1].kill()
            output, errors = process.communicate(timeout=120)
        outcome = Outcome(process.returncode, output, errors)
        alive = [server for server in servers if not dies or server is not servers[1]]
        copied = [server.stop_for_statistics()["requests"]["CopyObject"] for server in alive]

    assert outcome.status == 0, outcome.stderr
    assert outcome.summary["objects"]["copied"] == OBJECTS
    assert outcome.summary["objects"]["failed"] == 0
    rows = {row["remote"]: row for row in outcome.summary["connections"]["addresses"]}
    assert set(rows) == {f"{address}:{PORT}" for address in ADDRESSES}
    if dies:
        dead = rows.pop(f"{ADDRESSES[1]}:{PORT}")
        assert dead["failedToOpen"].keys() <= {"Connection refused", "Connection reset by peer"}
        assert dead["ended"]["broken"] > 0
        assert dead["open"] == 0
        assert sum(row["open"] for row in rows.values()) >= 200
    else:
        assert outcome.summary["retried"] == 0
        assert all(row["failedToOpen"] == {} for row in rows.values())
    opened = [row["open"] for row in rows.values()]
    assert max(opened) - min(opened) <= 2
    assert min(copied) > OBJECTS / len(copied) / 2
