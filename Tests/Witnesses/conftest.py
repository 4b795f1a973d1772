"""What the witnesses share: the brigade executable, and the servers that with_servers.py runs."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from brigade import Brigade
from buckets import CLIENT_CONFIG
from local_s3 import LocalS3, serving
from servers import connect


def required(variable: str, hint: str) -> str:
    """An environment variable without which a test cannot be run, and so fails."""
    value = os.environ.get(variable)
    if not value:
        pytest.fail(f"{variable} is not set; {hint}", pytrace=False)
    return value


@pytest.fixture(scope="session")
def brigade(tmp_path_factory: pytest.TempPathFactory) -> Brigade:
    """The executable named by BRIGADE_BINARY."""
    binary = Path(required("BRIGADE_BINARY", "it names the brigade executable"))
    return Brigade(binary.resolve(strict=True), tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def servers() -> dict[str, dict[str, Any]]:
    """The servers of other people, by name."""
    return json.loads(required("BRIGADE_TEST_SERVERS", "run the tests with Tests/Servers/with_servers.py"))


@pytest.fixture(scope="module", params=["memory", "directory"])
def local(
    request: pytest.FixtureRequest, brigade: Brigade, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalS3]:
    """`brigade serve`, once in memory and once on a folder."""
    storage = ["--memory"] if request.param == "memory" else ["--directory", tmp_path_factory.mktemp("buckets")]
    with serving(brigade.binary, *storage) as server:
        yield server


@pytest.fixture(scope="module")
def client(local: LocalS3) -> Any:
    """A boto3 client for `brigade serve` that tries every request once, so that a test sees what the server answers."""
    return connect(local.description, CLIENT_CONFIG.merge(Config(retries={"total_max_attempts": 1})))


@pytest.fixture
def bucket(client: Any) -> str:
    """An empty bucket of the test's own."""
    name = f"bucket-{uuid.uuid4()}"
    client.create_bucket(Bucket=name)
    return name
