"""The brigade command, run as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUN_SECONDS = 300
"""No command of the tests takes nearly as long."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it wrote."""

    status: int
    stdout: str
    stderr: str

    @property
    def summary(self) -> dict[str, Any]:
        """The last line on stdout, which `--format json` promises to be the job's summary."""
        return json.loads(self.stdout.splitlines()[-1])


class Brigade:
    """The brigade executable with an environment of its own: nothing of the user's AWS settings reaches it."""

    def __init__(self, binary: Path, home: Path) -> None:
        self.binary = binary
        self._home = home

    def environment(self, server: dict[str, Any] | None = None) -> dict[str, str]:
        """The variables of a run: endpoint and credentials of a server, in those that AWS tools read."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self._home)}
        if server is not None:
            environment |= {
                "AWS_ENDPOINT_URL_S3": server["endpoint"],
                "AWS_ACCESS_KEY_ID": server["accessKey"],
                "AWS_SECRET_ACCESS_KEY": server["secretKey"],
                "AWS_REGION": server["region"],
            }
            if "caBundle" in server:
                environment["AWS_CA_BUNDLE"] = server["caBundle"]
        return environment

    def run(self, *arguments: str, server: dict[str, Any] | None = None) -> Outcome:
        """Runs brigade to its end, beside a server."""
        result = subprocess.run(
            [self.binary, *arguments],
            env=self.environment(server),
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        return Outcome(result.returncode, result.stdout, result.stderr)

    def copy(self, source: str, destination: str, server: dict[str, Any]) -> Outcome:
        """`brigade copy` between two places on one server, its summary as JSON."""
        return self.run("copy", source, destination, "--format", "json", server=server)
