"""A proxy that spoils a share of the answers on their way from an S3 server, each in one of the ways that networks have.

    python Tests/Servers/fault_proxy.py --upstream 127.0.0.1:8333 --seed 1 --reset 0.01 --delay 0.05

Its first line of output tells where it listens; when it is stopped by SIGTERM, its last line is a JSON object that
counts what it did. The same seed and the same order of answers give the same faults. What it does to an answer:

- reset: the connection is reset, at random before the request went on to the server or after;
- delay: the answer is held back for up to `--delay-seconds`;
- truncate: the answer ends somewhere, and the connection is closed;
- garbage: from somewhere on, the answer is random bytes, and the connection is closed when the client stays silent
  then, as one does that waits for an end that was spoilt. No client can tell a listing in which a name was changed from
  a right one without TLS; so the answer is spoilt to its end, and no document of it is complete.

It looks at no byte of what it carries: an answer begins with the first bytes that come from the server after some have
come from the client, as long as nobody pipelines.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import signal
import socket
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LISTENING = "listening on "
PIECE = 64 * 1024
SILENCE_AFTER_GARBAGE_SECONDS = 0.5
FAULTS = ["reset", "delay", "truncate", "garbage"]


@dataclass
class Answer:
    """What becomes of one answer."""

    fault: str | None
    spared: int = 0
    """Bytes that still pass before it is cut off or becomes garbage."""


class Proxy:
    """Carries connections to a server and spoils answers."""

    def __init__(self, upstream: tuple[str, int], shares: dict[str, float], delay_seconds: float, seed: int) -> None:
        self._upstream = upstream
        self._shares = shares
        self._delay_seconds = delay_seconds
        self._random = random.Random(seed)
        self.counts: Counter[str] = Counter()

    def _draw(self) -> Answer:
        self.counts["answers"] += 1
        dice = self._random.random()
        for fault in FAULTS:
            if dice < self._shares[fault]:
                self.counts[fault] += 1
                # Most answers are a few hundred bytes, and a page of a listing a hundred thousand.
                return Answer(fault, int(2 ** self._random.uniform(0, 16)))
            dice -= self._shares[fault]
        return Answer(None)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carries one connection to its end."""
        self.counts["connections"] += 1
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._upstream)
        except OSError:
            writer.close()
            return
        awaited: list[Answer] = []
        tasks = [
            asyncio.create_task(self._carry_requests(reader, server_writer, awaited, writer)),
            asyncio.create_task(self._carry_answers(server_reader, writer, awaited)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for end in (writer, server_writer):
                with contextlib.suppress(OSError):
                    end.close()

    async def _carry_requests(
        self,
        reader: asyncio.StreamReader,
        server: asyncio.StreamWriter,
        awaited: list[Answer],
        client: asyncio.StreamWriter,
    ) -> None:
        while data := await reader.read(PIECE):
            if not awaited:
                answer = self._draw()
                if answer.fault == "reset" and self._random.random() < 0.5:
                    reset(client)
                    return
                awaited.append(answer)
            server.write(data)
            await server.drain()

    async def _carry_answers(
        self, reader: asyncio.StreamReader, client: asyncio.StreamWriter, awaited: list[Answer]
    ) -> None:
        current = Answer(None)
        while data := await self._next(reader, current):
            if awaited:
                current = awaited.pop()
                if current.fault == "delay":
                    await asyncio.sleep(self._random.uniform(0, self._delay_seconds))
            if current.fault == "reset":
                reset(client)
                return
            whole = data
            if current.fault in ("truncate", "garbage"):
                data, current.spared = data[: current.spared], max(current.spared - len(data), 0)
                if current.fault == "truncate" and len(data) < len(whole):
                    client.write(data)
                    await client.drain()
                    return
                data += self._random.randbytes(len(whole) - len(data))
            client.write(data)
            await client.drain()


    async def _next(self, reader: asyncio.StreamReader, current: Answer) -> bytes:
        """The next bytes of the server; none also when a client does nothing after garbage."""
        if current.fault != "garbage":
            return await reader.read(PIECE)
        try:
            return await asyncio.wait_for(reader.read(PIECE), SILENCE_AFTER_GARBAGE_SECONDS)
        except TimeoutError:
            return b""


def reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection with RST."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def run(options: argparse.Namespace) -> None:
    host, port = options.upstream.rsplit(":", 1)
    proxy = Proxy(
        (host, int(port)), {fault: getattr(options, fault) for fault in FAULTS}, options.delay_seconds, options.seed
    )
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, backlog=4096)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    print(f"{LISTENING}http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await stopped.wait()
    server.close()
    print(json.dumps(proxy.counts), flush=True)


class RunningProxy:
    """A proxy as a process, in front of a server as the tests are told about it."""

    def __init__(self, process: subprocess.Popen[str], server: dict[str, Any]) -> None:
        self._process = process
        assert process.stdout is not None
        self._stdout = process.stdout
        endpoint = self._stdout.readline().removeprefix(LISTENING).strip()
        self.description = server | {"endpoint": endpoint}

    def stop(self) -> dict[str, int]:
        """Ends the proxy, and tells what it did."""
        self._process.terminate()
        return json.loads(self._stdout.read().splitlines()[-1])

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._stdout.close()


@contextlib.contextmanager
def spoiling(server: dict[str, Any], seed: int, **shares: float) -> Iterator[RunningProxy]:
    """Runs a proxy in front of a server for the time of a block."""
    options = [f"--{name.replace('_', '-')}={value}" for name, value in shares.items()]
    upstream = server["endpoint"].removeprefix("http://")
    arguments = [sys.executable, Path(__file__), "--upstream", upstream, "--seed", str(seed), *options]
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "--", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    proxy = RunningProxy(process, server)
    try:
        yield proxy
    finally:
        proxy.close()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Spoils a share of an S3 server's answers.")
    parser.add_argument("--upstream", required=True, metavar="HOST:PORT")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay-seconds", type=float, default=0.5)
    for fault in FAULTS:
        parser.add_argument(f"--{fault}", type=float, default=0.0, metavar="SHARE", help="share of answers, 0 to 1")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(run(parse()))
