"""`brigade resume`: jobs that are killed, refused or left without room go on, and nothing is lost or done twice.

`brigade serve` counts what was sent; boto3 judges what arrived.
"""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brigade import RUN_SECONDS, Brigade, Outcome
from buckets import CLIENT_CONFIG, listed
from local_s3 import LocalS3, serving
from servers import connect

CONCURRENCY = 16
FETCHERS = 4
PAGES_AHEAD = 16
"""Pages that a copy lists ahead of its copiers, docs/OPERATIONS.md."""


class Job:
    """A copy of one bucket, with a state folder of its own."""

    def __init__(self, brigade: Brigade, server: LocalS3, state: Path) -> None:
        self._brigade = brigade
        self._server = server.description
        self.state = state
        self.client = connect(server.description, CLIENT_CONFIG)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self._brigade.binary, *arguments, "--state-directory", self.state],
            env=self._brigade.environment(self._server),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> Outcome:
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=RUN_SECONDS)
        return Outcome(process.returncode, output, errors)

    def start_copy(self, *options: str) -> subprocess.Popen[str]:
        return self.start(
            *("copy", "s3://source", "s3://destination", "--format", "json"),
            *("--concurrency", str(CONCURRENCY), "--fetchers", str(FETCHERS)),
            *options,
        )

    def copied(self) -> int:
        return len(listed(self.client, "destination"))

    def wait_until_copied(self, count: int) -> None:
        deadline = time.monotonic() + 60
        while self.copied() < count:
            assert time.monotonic() < deadline, "the copy does not get on"
            time.sleep(0.05)

    def report(self) -> dict[str, Any]:
        outcome = self.run("report", "2", "--format", "json")
        assert outcome.status == 0, outcome.stderr
        return json.loads(outcome.stdout)

    @property
    def folder(self) -> Path:
        (folder,) = (self.state / "jobs").iterdir()
        return folder

    def assert_equal(self) -> None:
        """Both buckets hold the same keys with the same sizes and ETags."""
        source, destination = (listed(self.client, bucket) for bucket in ("source", "destination"))
        assert destination.keys() == source.keys()
        for key, entry in source.items():
            assert (destination[key]["Size"], destination[key]["ETag"]) == (entry["Size"], entry["ETag"])


@pytest.mark.parametrize("seed", [1])
def test_killed_twenty_times(brigade: Brigade, tmp_path: Path, seed: int) -> None:
    objects, kills, page = 5000, 20, 200
    chance = random.Random(seed)
    options = ["--populate", f"source={objects}", "--bucket", "destination", "--latency", "10ms"]
    with serving(brigade.binary, *options, "--fault", f"short-page={page}") as server:
        job = Job(brigade, server, tmp_path / "state")
        for kill in range(kills):
            process = job.start_copy("--job", "often-killed") if kill == 0 else job.start("resume", "often-killed")
            assert process.stderr is not None
            # From this line on the run is in the journal.
            assert any(" job " in line for line in process.stderr)
            time.sleep(chance.uniform(0, 0.4))
            process.kill()
            process.communicate()
            assert process.returncode == -signal.SIGKILL
        outcome = job.run("resume", "often", "--format", "json")
        assert outcome.status == 0, outcome.stderr
        assert outcome.summary["complete"]
        figures = outcome.summary["job"]
        assert (figures["run"], figures["copied"], figures["failed"]) == (kills + 1, objects, 0)
        report = job.report()
        assert (report["state"], report["copied"]) == ("complete", objects)
        assert [run["outcome"] for run in report["runs"]] == ["killed"] * kills + ["complete"]
        # Most runs copied something, or the kills would have shown nothing.
        assert sum(run["objects"]["copied"] > 0 for run in report["runs"]) > kills // 2
        pages_of_boto = 2 * (objects // page + 1)
        job.assert_equal()
        requests = server.stop_for_statistics()["requests"]
    assert objects <= requests["CopyObject"] <= objects + kills * CONCURRENCY
    # Beside those of a run that is not disturbed: the pages that were under way or waited, and a look at the destination.
    undisturbed = objects // page + FETCHERS + 2
    again = requests["ListObjectsV2"] - pages_of_boto - undisturbed
    assert again <= kills * (PAGES_AHEAD + FETCHERS + 1 + 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_pages_listed_again(brigade: Brigade, tmp_path: Path, seed: int) -> None:
    """What a kill costs a listing: at most a page for each range that the journal has left."""
    objects, page = 12_000, 1000
    options = ["--populate", f"source={objects}", "--bucket", "destination", "--latency", "10ms"]
    with serving(brigade.binary, *options) as server:
        job = Job(brigade, server, tmp_path / "state")
        whole = brigade.run(
            *("list", "s3://source", "--fetchers", str(FETCHERS), "--format", "json"), server=server.description
        )
        # What cuts cost, and the question whether the server lists in byte order.
        undisturbed = whole.summary["requests"]["ListObjectsV2"] - objects // page
        process = job.start_copy()
        assert process.stderr is not None
        assert any(" job " in line for line in process.stderr)
        # Sixteen copies at once, of 10 ms each, take 7 s at least for all of it.
        time.sleep(random.Random(seed).uniform(0.5, 4))
        process.kill()
        process.communicate()
        outcome = job.run("resume", "2", "--format", "json")
        assert outcome.status == 0, outcome.stderr
        job.assert_equal()
        killed, resumed = job.report()["runs"]
    assert killed["outcome"] == "killed" and "ranges" not in killed
    assert killed["objects"]["copied"] + outcome.summary["objects"]["copied"] <= objects + CONCURRENCY
    left = outcome.summary["objects"]["listed"]
    # One of the requests is the look at the destination.
    pages = outcome.summary["requests"]["ListObjectsV2"] - 1
    # A page more for each range, and where each ends the question what comes next.
    assert pages <= -(-left // page) + undisturbed + 2 * resumed["ranges"]
    # There are no more than what was under way, what waited, and where the listing had got to.
    assert 1 <= resumed["ranges"] <= CONCURRENCY + PAGES_AHEAD + 2 * FETCHERS


def test_samples_of_a_killed_run_are_in_its_report(brigade: Brigade, tmp_path: Path) -> None:
    options = ["--populate", "source=20000", "--bucket", "destination", "--latency", "50ms"]
    with serving(brigade.binary, *options) as server:
        job = Job(brigade, server, tmp_path / "state")
        process = job.start_copy()
        job.wait_until_copied(50)
        deadline = time.monotonic() + 60
        while len(seen := job.report()["runs"][0].get("samples", [])) < 3:
            assert time.monotonic() < deadline, "a sample is taken each second, and committed with the next commit"
        assert process.poll() is None
        process.kill()
        process.communicate()
        (run,) = job.report()["runs"]
    assert run["outcome"] == "killed"
    # They are counted at a run's end, and 0 would be false.
    assert "requests" not in run and "retries" not in run
    samples = run["samples"]
    assert samples[: len(seen)] == seen
    assert [sample["seconds"] for sample in samples] == sorted({sample["seconds"] for sample in samples})
    assert samples[-1]["requests"] >= run["objects"]["copied"] // 2 > 0
    assert samples[-1]["residentBytes"] > 0 and samples[-1]["descriptors"] > 0


def test_denied_objects_are_named_and_copied_once_mended(brigade: Brigade, tmp_path: Path) -> None:
    objects = 2000
    folder = tmp_path / "buckets"
    options = ["--directory", folder, "--bucket", "destination"]
    with serving(brigade.binary, *options, "--populate", f"source={objects}") as server:
        every = set(listed(connect(server.description, CLIENT_CONFIG), "source"))
    denied = {key for number, key in enumerate(sorted(every)) if number % 100 == 0}
    assert len(denied) == 20
    faults = [part for key in sorted(denied) for part in ("--fault", f"deny-prefix={key}")]
    failed_keys = tmp_path / "failed.jsonl"
    with serving(brigade.binary, *options, *faults) as server:
        job = Job(brigade, server, tmp_path / "state")
        process = job.start_copy("--failed-keys", str(failed_keys))
        output, errors = process.communicate(timeout=RUN_SECONDS)
        outcome = Outcome(process.returncode, output, errors)
        assert outcome.status == 1
        assert outcome.summary["objects"]["failed"] == 20
        for file in (failed_keys, job.folder / "failed-keys.jsonl"):
            lines = [json.loads(line) for line in file.read_text().splitlines()]
            assert {line["key"] for line in lines} == denied
            assert len(lines) == 20
            assert {(line["code"], line["attempts"]) for line in lines} == {("AccessDenied", 1)}
            assert all("AccessDenied" in line["message"] for line in lines)
        assert job.report()["failures"][0] | {"example": ""} == {"reason": "AccessDenied", "objects": 20, "example": ""}
        still = job.run("resume", "2", "--failed-only", "--format", "json")
        assert (still.status, still.summary["objects"]["failed"]) == (1, 20)
        assert {json.loads(line)["attempts"] for line in failed_keys.read_text().splitlines()} == {2}
    with serving(brigade.binary, *options) as server:
        mended = Job(brigade, server, tmp_path / "state")
        outcome = mended.run("resume", "2", "--failed-only", "--format", "json", "--endpoint", server.endpoint)
        assert outcome.status == 0, outcome.stderr
        assert outcome.summary["objects"] == {"listed": 20, "copied": 20, "skipped": 0, "failed": 0, "notTried": 0}
        assert outcome.summary["requests"]["CopyObject"] == 20
        assert outcome.summary["job"]["copied"] == objects
        mended.assert_equal()
        assert failed_keys.read_text() == ""
        assert not (mended.folder / "failed-keys.jsonl").exists()


@pytest.fixture
def slow(brigade: Brigade, tmp_path: Path) -> Iterator[Job]:
    """A job of 3,000 objects on a server that takes its time."""
    options = ["--populate", "source=3000", "--bucket", "destination", "--latency", "20ms"]
    with serving(brigade.binary, *options) as server:
        yield Job(brigade, server, tmp_path / "state")


def test_a_job_that_runs_is_not_run_twice(slow: Job) -> None:
    process = slow.start_copy()
    slow.wait_until_copied(50)
    refused = slow.run("resume", "2")
    assert refused.status == 2
    assert f"the job is being run by process {process.pid}" in refused.stderr
    report = slow.report()
    assert (report["state"], report["process"]) == ("running", process.pid)
    assert "running" in slow.run("jobs").stdout
    process.kill()
    process.communicate()
    assert slow.report()["state"] == "unfinished"
    assert slow.run("resume", "2").status == 0
    slow.assert_equal()


def test_a_locked_journal_ends_the_job_with_what_is_under_way_finished(slow: Job) -> None:
    process = slow.start_copy()
    slow.wait_until_copied(50)
    journal = slow.folder / "journal.sqlite"
    with sqlite3.connect(journal, isolation_level=None) as browser:
        browser.execute("BEGIN IMMEDIATE")
        output, errors = process.communicate(timeout=RUN_SECONDS)
        outcome = Outcome(process.returncode, output, errors)
    browser.close()
    assert outcome.status == 2
    assert f"{journal} is locked by another program" in outcome.stderr
    objects = outcome.summary["objects"]
    assert objects["listed"] == objects["copied"] + objects["notTried"]
    assert objects["copied"] == slow.copied()
    assert slow.run("resume", "2", "--format", "json").summary["complete"]
    slow.assert_equal()


def test_a_damaged_journal_is_named(slow: Job) -> None:
    process = slow.start_copy()
    slow.wait_until_copied(50)
    process.send_signal(signal.SIGINT)
    process.communicate()
    journal = slow.folder / "journal.sqlite"
    content = journal.read_bytes()
    journal.write_bytes(b"x" * 4096 + content[4096:])
    for command in ("resume", "report"):
        outcome = slow.run(command, slow.folder.name)
        assert outcome.status == 2
        assert f"{journal} is damaged" in outcome.stderr
    jobs = slow.run("jobs")
    assert (jobs.status, "is damaged" in jobs.stderr) == (0, True)
    journal.write_bytes(content)
    with sqlite3.connect(journal) as newer:
        newer.execute("INSERT INTO grdb_migrations VALUES ('999')")
    newer.close()
    outcome = slow.run("resume", "2")
    assert outcome.status == 2
    assert f"{journal} was written by a newer version of brigade" in outcome.stderr


def test_a_full_disk_ends_the_job_and_room_lets_it_go_on(slow: Job, tmp_path: Path) -> None:
    """On a file system of 3 MiB, of which the journal's beginning takes 2 and another file the rest."""
    script = """
        mount -t tmpfs -o size=3m tmpfs "$1" && shift
        "$@" & copy=$!
        sleep 1
        head -c 3m /dev/zero > "$STATE/filler" 2>/dev/null
        wait $copy; status=$?
        rm "$STATE/filler"
        "$BINARY" resume 2 --state-directory "$STATE" --format json 2>"$STATE/errors" || cat "$STATE/errors" >&2
        exit $status
    """
    slow.state.mkdir()
    copy = slow.start_copy()
    copy.kill()
    copy.communicate()
    command = [str(part) for part in copy.args]
    result = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", slow.state, *command],
        env=slow._brigade.environment(slow._server) | {"STATE": str(slow.state), "BINARY": command[0]},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert result.returncode == 2, result.stderr
    assert "its disk is full" in result.stderr
    stopped, resumed = (json.loads(line) for line in result.stdout.splitlines())
    assert stopped["objects"]["copied"] > 0 and stopped["objects"]["notTried"] > 0
    assert resumed["complete"], result.stderr
    slow.assert_equal()
