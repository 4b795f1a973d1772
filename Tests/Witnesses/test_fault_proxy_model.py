"""Random buckets that are copied, killed and resumed over a network that spoils answers, beside a dictionary.

boto3 writes and deletes at the source of a real server; the dictionary knows every version of every key. After each job
the destination holds what the dictionary says, and what the job and its verification say of it is true.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from brigade import RUN_SECONDS, Brigade, Outcome
from buckets import CLIENT_CONFIG, NewObject, in_parallel, listed, put_all
from fault_proxy import RunningProxy, spoiling
from servers import connect

ROUNDS = 3
FAULTS = {"reset": 0.02, "delay": 0.05, "truncate": 0.015, "garbage": 0.015}
FOLDERS = ["a", "a-b", "a.b", "b c", "é", "漢"]
"""Names beside folders that they begin like, which SeaweedFS lists folder by folder."""


@dataclass
class Model:
    """What was written to two buckets by everyone but brigade, and what brigade has to make of it."""

    chance: random.Random
    source: dict[str, bytes] = field(default_factory=dict)
    destination: dict[str, bytes] = field(default_factory=dict)

    def key(self) -> str:
        return f"{self.chance.choice(FOLDERS)}/{self.chance.randrange(200)}"

    def body(self) -> bytes:
        return self.chance.randbytes(self.chance.randrange(40))

    def written(self, bucket: dict[str, bytes], count: int) -> list[NewObject]:
        """New objects and new versions of old ones, one for each key."""
        new = {self.key(): self.body() for _ in range(count)}
        bucket.update(new)
        return [NewObject(key, body) for key, body in new.items()]

    def deleted(self, count: int) -> list[str]:
        keys = self.chance.sample(sorted(self.source), min(count, len(self.source)))
        for key in keys:
            del self.source[key]
        return keys

    def copied(self) -> set[str]:
        """A copy was made: the keys that only the destination has."""
        self.destination.update(self.source)
        return self.destination.keys() - self.source.keys()


class Job:
    """A copy through a proxy, which may be killed and gone on with."""

    def __init__(self, brigade: Brigade, proxy: RunningProxy, state: Path, source: str, destination: str) -> None:
        self._brigade = brigade
        self._environment = brigade.environment(proxy.description)
        self._state = state
        self._places = (f"s3://{source}", f"s3://{destination}")

    def start(self, name: str, *, is_new: bool) -> subprocess.Popen[str]:
        options = ["--verify", "--concurrency", "16", "--fetchers", "4", "--job", name]
        arguments = ["copy", *self._places, *options] if is_new else ["resume", name]
        return subprocess.Popen(
            [self._brigade.binary, *arguments, "--format", "json", "--state-directory", self._state],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, name: str, chance: random.Random, kills: int) -> Outcome:
        """Runs a job to its end, which is killed so many times at random moments before that."""
        is_new = True
        for _ in range(kills):
            process = self.start(name, is_new=is_new)
            assert process.stderr is not None
            # From this line on there is a job to go on with.
            assert any(" job " in line for line in process.stderr)
            is_new = False
            time.sleep(chance.uniform(0, 1.5))
            process.kill()
            process.communicate()
            if process.returncode != -signal.SIGKILL:
                break
        process = self.start(name, is_new=is_new)
        output, errors = process.communicate(timeout=RUN_SECONDS)
        return Outcome(process.returncode, output, errors)


@pytest.mark.parametrize(("name", "seed"), [("seaweedfs", 1), ("moto", 2), ("rclone", 3)])
def test_what_the_dictionary_says(
    servers: dict[str, dict[str, Any]], name: str, seed: int, brigade: Brigade, tmp_path: Path
) -> None:
    server = servers[name]
    client = connect(server, CLIENT_CONFIG)
    source, destination = f"modelled-{name}-{seed}", f"modelled-{name}-{seed}-copy"
    for bucket in (source, destination):
        client.create_bucket(Bucket=bucket)
    model = Model(random.Random(seed))
    with spoiling(server, seed=seed, delay_seconds=0.2, **FAULTS) as proxy:
        job = Job(brigade, proxy, tmp_path / "state", source, destination)
        for number in range(ROUNDS):
            assert put_all(client, source, model.written(model.source, 400)) == {}
            assert put_all(client, destination, model.written(model.destination, 10)) == {}
            in_parallel(lambda key: client.delete_object(Bucket=source, Key=key), model.deleted(40))
            outcome = job.run(f"round-{number}", model.chance, kills=number)
            extra = model.copied()
            # Ten attempts at one in twenty leave nothing behind.
            assert outcome.status == 0, outcome.stdout[-2000:] + outcome.stderr[-2000:]
            check(outcome, model, extra)
            assert contents(client, source) == model.source
            assert contents(client, destination) == model.destination
        counts = proxy.stop()
    assert all(counts[fault] > 0 for fault in FAULTS), counts


def check(outcome: Outcome, model: Model, extra: set[str]) -> None:
    """What was told agrees with the dictionary."""
    lines = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert {line["key"] for line in lines if line["event"] == "extra"} == extra
    assert not [line for line in lines if line["event"] in ("missing", "different", "failed")]
    objects, job, found = (outcome.summary[part] for part in ("objects", "job", "verification"))
    assert objects["listed"] == objects["copied"] + objects["skipped"] and objects["notTried"] == 0
    assert (job["copied"], job["failed"], job["covered"]) == (len(model.source), 0, True)
    assert (found["compared"], found["extra"]) == (len(model.source), len(extra))
    assert found["verdict"] == ("extra" if extra else "equal")


def contents(client: Any, bucket: str) -> dict[str, bytes]:
    """Every object of a bucket, read from the server itself."""
    keys = list(listed(client, bucket))
    bodies = in_parallel(lambda key: client.get_object(Bucket=bucket, Key=key)["Body"].read(), keys)
    return dict(zip(keys, bodies, strict=True))
