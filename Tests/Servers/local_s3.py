"""`brigade serve` as a process beside a test or a benchmark."""

from __future__ import annotations

import contextlib
import json
import select
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certificates import Certificate
from servers import ACCESS_KEY, END_SECONDS, REGION, SECRET_KEY, ServerFailed

LISTENING = "listening on "
"""How the server's first line on stdout begins; its endpoint follows."""

START_SECONDS = 120
"""How long the server may take until it listens; filling it with a hundred thousand objects comes before that."""


class LocalS3:
    """A running `brigade serve`, with credentials that it checks."""

    def __init__(self, binary: Path, *options: str | Path, certificate: Certificate | None = None) -> None:
        """Starts the server on a free port of 127.0.0.1 and waits until it listens. Throws ServerFailed."""
        secured = certificate and ("--certificate", certificate.certificate, "--private-key", certificate.private_key)
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [
                *("setpriv", "--pdeathsig", "KILL", "--", binary, "serve", "--port", "0", "--region", REGION),
                *("--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY),
                *(secured or ()),
                *options,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout is not None
        self._stdout = self._process.stdout
        self._certificate = certificate
        try:
            self.endpoint = self._announced_endpoint()
        except ServerFailed:
            self.close()
            raise

    @property
    def description(self) -> dict[str, Any]:
        """What a client has to know, in the form in which the tests are told about every server."""
        trust = {"caBundle": str(self._certificate.certificate)} if self._certificate else {}
        return {
            "endpoint": self.endpoint,
            "accessKey": ACCESS_KEY,
            "secretKey": SECRET_KEY,
            "region": REGION,
            "checksSignatures": True,
        } | trust

    def stop(self) -> None:
        """Asks the server to end and waits until it has; kills it when it takes too long."""
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """Ends the server as a machine that fails ends it: at once."""
        self._process.kill()
        self._process.wait()

    def stop_for_statistics(self) -> dict[str, Any]:
        """Asks the server to end and returns the statistics that are its last line on stdout."""
        self.stop()
        return json.loads(self._stdout.read().splitlines()[-1])

    def close(self) -> None:
        """Ends the server if it still runs, and lets go of its output."""
        self.stop()
        self._stdout.close()
        self._log.close()

    def _announced_endpoint(self) -> str:
        readable, _, _ = select.select([self._stdout], [], [], START_SECONDS)
        line = self._stdout.readline() if readable else ""
        if not line.startswith(LISTENING):
            self._log.seek(0)
            problem = f"ended or wrote {line!r}" if readable else f"was silent for {START_SECONDS} s"
            raise ServerFailed(f"brigade serve {problem}: {self._log.read().decode(errors='replace')}")
        return line.removeprefix(LISTENING).strip()


@contextlib.contextmanager
def serving(binary: Path, *options: str | Path, certificate: Certificate | None = None) -> Iterator[LocalS3]:
    """Runs `brigade serve` for the time of a block."""
    server = LocalS3(binary, *options, certificate=certificate)
    try:
        yield server
    finally:
        server.close()
