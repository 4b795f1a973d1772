"""`brigade list` on S3 servers of other people and on its own: boto3 says what is there."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.config import Config
from brigade import Brigade
from buckets import CLIENT_CONFIG, NewObject, awkward_objects, listed, ordinary_objects, put_all
from local_s3 import serving
from servers import connect

OBJECTS = 5_000
"""Enough for several pages of a listing."""

UNORDERED = {"seaweedfs"}
"""Servers that list folder by folder, and not by the bytes of the keys."""

ESCAPES = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}


@dataclass(frozen=True)
class Row:
    """What a listing tells of an object, whoever wrote it."""

    size: int
    last_modified: str
    etag: str
    storage_class: str


@dataclass(frozen=True)
class Bucket:
    """A bucket of awkward and ordinary objects on a server."""

    server: dict[str, Any]
    name: str
    is_ordered: bool
    rows: dict[str, Row]


@pytest.fixture(scope="module", params=["local", "moto", "rclone", "seaweedfs"])
def bucket(request: pytest.FixtureRequest, servers: dict[str, dict[str, Any]], brigade: Brigade) -> Iterator[Bucket]:
    if request.param != "local":
        yield filled(servers[request.param], is_ordered=request.param not in UNORDERED)
        return
    with serving(brigade.binary, "--memory") as server:
        yield filled(server.description, is_ordered=True)


def filled(server: dict[str, Any], *, is_ordered: bool) -> Bucket:
    client = connect(server, CLIENT_CONFIG.merge(Config(retries={"total_max_attempts": 1})))
    client.create_bucket(Bucket="to-be-listed")
    # By bytes the one with the dash comes first, folder by folder the other.
    telling = [NewObject(key, b"") for key in ("order/folder/file", "order/folder-file")]
    objects = awkward_objects() + telling + ordinary_objects(OBJECTS)
    put_all(client, "to-be-listed", objects)
    rows = {
        key: Row(
            entry["Size"],
            entry["LastModified"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            entry.get("ETag", "").strip('"'),
            entry.get("StorageClass", ""),
        )
        for key, entry in listed(client, "to-be-listed").items()
    }
    assert len(rows) >= OBJECTS
    return Bucket(server, "to-be-listed", is_ordered, rows)


def unescaped(field: str) -> str:
    """A field of TSV as it was before it was written."""
    text, rest = "", field
    while rest:
        taken = rest[:2] if rest[0] == "\\" else rest[0]
        text += ESCAPES[taken] if taken[0] == "\\" else taken
        rest = rest[len(taken) :]
    return text


def rows_of_json(output: str) -> list[tuple[str, Row]]:
    lines = [json.loads(line) for line in output.split("\n")[:-1]]
    assert lines[-1]["event"] == "summary"
    assert lines[-1]["objects"] == len(lines) - 1
    assert all("event" not in line for line in lines[:-1])
    return [
        (line["key"], Row(line["size"], line["lastModified"], line.get("etag", ""), line.get("storageClass", "")))
        for line in lines[:-1]
    ]


def rows_of_tsv(output: str) -> list[tuple[str, Row]]:
    lines = [line.split("\t") for line in output.split("\n")[:-1]]
    return [(unescaped(key), Row(int(size), time, etag, name)) for key, size, time, etag, name in lines]


PARSERS = {"json": rows_of_json, "tsv": rows_of_tsv}


@pytest.mark.parametrize("fetchers", ["1", "64"])
@pytest.mark.parametrize("form", sorted(PARSERS))
def test_lists_what_boto3_lists(bucket: Bucket, brigade: Brigade, form: str, fetchers: str) -> None:
    outcome = run(brigade, bucket, "--format", form, "--fetchers", fetchers)
    assert outcome.returncode == 0, outcome.stderr
    rows = PARSERS[form](outcome.stdout.decode())
    assert len(rows) == len(bucket.rows)
    assert dict(rows) == bucket.rows


@pytest.mark.parametrize("fetchers", ["1", "64"])
@pytest.mark.parametrize("form", sorted(PARSERS))
def test_sorted_is_in_the_order_of_bytes_or_refused(bucket: Bucket, brigade: Brigade, form: str, fetchers: str) -> None:
    outcome = run(brigade, bucket, "--format", form, "--sorted", "--fetchers", fetchers)
    if not bucket.is_ordered:
        assert outcome.returncode == 2
        assert b"leave --sorted out and sort the output" in outcome.stderr
        return
    assert outcome.returncode == 0, outcome.stderr
    expected = sorted(bucket.rows, key=str.encode)
    assert [key for key, _ in PARSERS[form](outcome.stdout.decode())] == expected


def test_text_is_a_line_an_object(bucket: Bucket, brigade: Brigade) -> None:
    outcome = run(brigade, bucket, source=f"s3://{bucket.name}/ordinary/7/")
    expected = sorted(
        f"{row.last_modified[:10]} {row.last_modified[11:19]} {row.size:12} {key}"
        for key, row in bucket.rows.items()
        if key.startswith("ordinary/7/")
    )
    assert sorted(outcome.stdout.decode().splitlines()) == expected
    whole = run(brigade, bucket).stdout
    assert len(whole.split(b"\n")[:-1]) == len(bucket.rows)


def test_a_full_disk_ends_a_sorted_listing(brigade: Brigade) -> None:
    """What has to wait takes several MiB here: the keys begin at both ends of what is cut in two."""

    def no_big_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))

    with serving(brigade.binary, "--memory", "--latency", "20ms", "--populate", "many=150000:hex") as server:
        bucket = Bucket(server.description, "many", is_ordered=True, rows={})
        outcome = run(brigade, bucket, "--sorted", "--fetchers", "32", preexec=no_big_files)
        whole = run(brigade, bucket, "--sorted", "--fetchers", "32", "--format", "tsv")
    assert outcome.returncode == 2
    assert b"the temporary file in " in outcome.stderr
    assert b"File too large" in outcome.stderr
    assert b"--temporary-directory" in outcome.stderr
    keys = [line.split(b"\t")[0] for line in whole.stdout.splitlines()]
    assert len(keys) == 150_000 and keys == sorted(keys)
    assert [line.split()[3] for line in outcome.stdout.splitlines()] == keys[: len(outcome.stdout.splitlines())]


def run(
    brigade: Brigade, bucket: Bucket, *options: str, source: str | None = None, preexec: Any = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs `brigade list` to its end; its output is bytes, since keys are."""
    return subprocess.run(
        [brigade.binary, "list", source or f"s3://{bucket.name}", *options],
        env=brigade.environment(bucket.server),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
        preexec_fn=preexec,
    )
