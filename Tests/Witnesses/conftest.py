"""What the witnesses share: the brigade executable, and the servers that with_servers.py runs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from brigade import Brigade


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
