"""Runs a command while S3 servers of other people run beside it.

    python Tests/Servers/with_servers.py [--only NAME,…] -- COMMAND [ARGUMENT…]

The command finds the servers in BRIGADE_TEST_SERVERS, a JSON object with an entry per server:

    {"moto": {"endpoint": "http://127.0.0.1:…", "accessKey": …, "secretKey": …, "region": …,
              "checksSignatures": false}, …}

and this Python, with boto3 and the other clients, in BRIGADE_TEST_PYTHON. The exit status is the command's; 2 when a
server did not start; 128 and the signal's number when the command or this program was ended by a signal. The servers
always end before this program does, and their folder is removed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

from servers import PLANS, ServerFailed, running

COMMAND_END_SECONDS = 10
"""How long the command may take to end after this program was told to."""


class Interrupted(BaseException):
    """A signal asked this program to end."""

    def __init__(self, number: int) -> None:
        self.number = number


def interrupt(number: int, _: FrameType | None) -> None:
    """Answers the first signal by unwinding the stack, which ends the servers; later ones do not disturb that."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Interrupted(number)


def parse(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The servers' names and the command."""
    parser = argparse.ArgumentParser(description="Runs a command while S3 servers run beside it.")
    parser.add_argument("--only", metavar="NAME,…", help=f"some of {', '.join(PLANS)}; all by default")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    options = parser.parse_args(arguments)
    names = options.only.split(",") if options.only else list(PLANS)
    if unknown := set(names) - set(PLANS):
        parser.error(f"no such server: {', '.join(sorted(unknown))}")
    return names, options.command


def run(command: list[str], servers: dict[str, dict[str, object]]) -> int:
    """Runs the command to its end and returns its status as a shell would give it."""
    environment = os.environ | {"BRIGADE_TEST_SERVERS": json.dumps(servers), "BRIGADE_TEST_PYTHON": sys.executable}
    process = subprocess.Popen(command, env=environment)
    try:
        status = process.wait()
    except Interrupted as interruption:
        process.send_signal(interruption.number)
        try:
            process.wait(COMMAND_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    return 128 - status if status < 0 else status


def main() -> int:
    names, command = parse(sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        with tempfile.TemporaryDirectory(prefix="brigade-servers-") as folder, running(names, Path(folder)) as servers:
            return run(command, servers)
    except Interrupted as interruption:
        return 128 + interruption.number
    except (ServerFailed, OSError) as error:
        print(f"with_servers: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
