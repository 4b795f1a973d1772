"""The AWS command line against `brigade serve`, as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keys import AWKWARD_KEYS
from local_s3 import LocalS3

CLI = Callable[..., str]

COMMAND_SECONDS = 60


@pytest.fixture
def aws(local: LocalS3, tmp_path: Path) -> CLI:
    """Runs `aws` with the server's endpoint and credentials and returns what it writes on stdout."""
    server = local.description
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "AWS_ENDPOINT_URL_S3": server["endpoint"],
        "AWS_ACCESS_KEY_ID": server["accessKey"],
        "AWS_SECRET_ACCESS_KEY": server["secretKey"],
        "AWS_REGION": server["region"],
        "AWS_EC2_METADATA_DISABLED": "true",
    }

    def run(*arguments: str | Path) -> str:
        result = subprocess.run(
            [sys.executable, "-m", "awscli", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_folder_goes_up_across_and_down_again(aws: CLI, bucket: str, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for name, body in {"a b+c.txt": b"first", "é/😀": b"second", "large": bytes(9 << 20), "empty": b""}.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(body)
    aws("s3", "sync", here, f"s3://{bucket}/up")
    aws("s3", "cp", "--recursive", f"s3://{bucket}/up", f"s3://{bucket}/across")
    aws("s3", "sync", f"s3://{bucket}/across", there)
    assert contents(there) == contents(here)
    assert aws("s3", "sync", there, f"s3://{bucket}/up", "--size-only") == ""


def test_bucket_is_made_listed_and_removed(aws: CLI) -> None:
    aws("s3", "mb", "s3://made-by-the-cli")
    assert "made-by-the-cli" in aws("s3", "ls")
    aws("s3", "rb", "s3://made-by-the-cli")
    assert "made-by-the-cli" not in aws("s3", "ls")


def test_awkward_keys_are_listed(aws: CLI, client: Any, bucket: str) -> None:
    for awkward in AWKWARD_KEYS:
        client.put_object(Bucket=bucket, Key=awkward.text, Body=b"body")
    answer = json.loads(aws("s3api", "list-objects-v2", "--bucket", bucket, "--page-size", "10", "--output", "json"))
    assert [entry["Key"].encode() for entry in answer["Contents"]] == sorted(awkward.key for awkward in AWKWARD_KEYS)


def test_object_goes_through_a_pipe_and_away(aws: CLI, client: Any, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="folder/a b+c", Body=b"line\n", Metadata={"colour": "dark blue"})
    aws("s3", "cp", f"s3://{bucket}/folder/a b+c", f"s3://{bucket}/copy")
    assert aws("s3", "cp", f"s3://{bucket}/copy", "-") == "line\n"
    head = json.loads(aws("s3api", "head-object", "--bucket", bucket, "--key", "copy", "--output", "json"))
    assert head["Metadata"] == {"colour": "dark blue"}
    assert "PRE folder/" in aws("s3", "ls", f"s3://{bucket}/")
    aws("s3", "rm", "--recursive", f"s3://{bucket}/")
    assert aws("s3", "ls", f"s3://{bucket}/") == ""
