"""brigade doctor beside the machine's own words, and beside servers that permit, refuse or are not there."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brigade import Brigade, Outcome
from buckets import CLIENT_CONFIG
from certificates import make_certificate
from cryptography import x509
from local_s3 import serving
from network import Network, network
from servers import connect

PORT = 9000
FIRST_PORT, LAST_PORT = 40000, 40049

# Opens connections and closes some of them first, so that TIME_WAIT is on this side; holds the others until its input
# ends.
HOLD = f"""
import socket, sys
held = [socket.create_connection(("127.0.0.1", {PORT})) for _ in range(12)]
for connection in held[:5]: connection.close()
print("ready", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def holding(net: Network) -> Iterator[None]:
    """12 connections to the server, of which 5 are in TIME_WAIT, for the time of a block."""
    holder = subprocess.Popen(
        net.inside(sys.executable, "-c", HOLD), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        holder.communicate(timeout=60)


def report(outcome: Outcome) -> dict[str, Any]:
    """The object that `--format json` writes."""
    return json.loads(outcome.stdout)


def checks(outcome: Outcome) -> dict[str, tuple[str, str]]:
    """State and finding of each check by its name."""
    return {check["name"]: (check["state"], check["finding"]) for check in report(outcome)["checks"]}


def numbers(path: str) -> list[int]:
    """The numbers of a file of the kernel's."""
    return [int(word) for word in Path(path).read_text().split()]


def test_its_numbers_are_those_of_ss_ulimit_and_proc(brigade: Brigade, tmp_path: Path) -> None:
    with network(tmp_path, ports=(FIRST_PORT, LAST_PORT)) as net:
        inside = Brigade(net.executable(brigade.binary), tmp_path)
        with serving(inside.binary, "--memory", "--port", str(PORT), "--bucket", "b-1") as server, holding(net):
            sockets = net.run("ss", "-Htan", "state", "connected", "( dport = :9000 )").splitlines()
            waiting = net.run("ss", "-Htan", "state", "time-wait").splitlines()
            before = numbers("/proc/sys/fs/file-nr")
            outcome = inside.run("doctor", "s3://b-1", "--format", "json", server=server.description)
            after = numbers("/proc/sys/fs/file-nr")
            settings = {
                name: net.run("cat", "/proc/sys/" + name.replace(".", "/")).strip()
                for name in ["net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_fin_timeout", "net.core.somaxconn"]
            }
    assert (outcome.status, outcome.stderr) == (0, "")
    found = report(outcome)
    limits = {limit["name"]: limit for limit in found["plan"]["limits"]}
    ports = limits["localPorts"]
    assert (len(sockets), len(waiting)) == (12, 5)
    assert (ports["maximum"], ports["inUse"], ports["comingFree"]) == (50, len(sockets), len(waiting))
    assert (ports["permits"], found["timeWait"]) == (50 - 12 - 1, len(waiting))
    assert found["plan"]["binding"] == "localPorts" and found["plan"]["allows"] == ports["permits"]
    # The soft limit is raised to the hard one.
    assert limits["descriptors"]["maximum"] == resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = limits["systemDescriptors"]
    assert files["maximum"] == before[2]
    # Other programs open and close files meanwhile.
    assert min(before[0], after[0]) - 2_000 < files["inUse"] < max(before[0], after[0]) + 2_000
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal:"))
    assert limits["memory"]["maximum"] == int(total.split()[1]) * 1024
    shown = {setting["name"]: setting["value"] for setting in found["settings"]}
    assert shown["net.ipv4.ip_local_port_range"] == f"{FIRST_PORT} to {LAST_PORT}: 50 ports"
    assert shown["net.ipv4.tcp_tw_reuse"].split(":")[0] == settings["net.ipv4.tcp_tw_reuse"]
    assert shown["net.ipv4.tcp_fin_timeout"].split()[0] == settings["net.ipv4.tcp_fin_timeout"]
    assert shown["net.core.somaxconn"].replace(",", "") == settings["net.core.somaxconn"]


def test_its_own_descriptors_are_counted(brigade: Brigade) -> None:
    def in_use(more: int) -> int:
        held = [os.open("/dev/null", os.O_RDONLY) for _ in range(more)]
        done = subprocess.run(
            [brigade.binary, "doctor", "--format", "json"],
            env=brigade.environment(),
            pass_fds=held,
            capture_output=True,
            timeout=60,
            check=True,
        )
        for descriptor in held:
            os.close(descriptor)
        limits = json.loads(done.stdout)["plan"]["limits"]
        return next(limit["inUse"] for limit in limits if limit["name"] == "descriptors")

    assert in_use(30) == in_use(0) + 30


def test_without_a_bucket_it_looks_at_the_machine_alone(brigade: Brigade) -> None:
    outcome = brigade.run("doctor")
    assert (outcome.status, outcome.stderr) == (0, "")
    assert "What limits connections to each remote address and port" in outcome.stdout
    assert "net.ipv4.tcp_tw_recycle = does not exist" in outcome.stdout
    assert "Name a bucket" in outcome.stdout


@pytest.mark.parametrize("name", ["seaweedfs", "moto", "rclone"])
def test_real_servers_permit_and_nothing_is_written(brigade: Brigade, servers: dict[str, Any], name: str) -> None:
    server = servers[name]
    client = connect(server, CLIENT_CONFIG)
    client.create_bucket(Bucket="doctor")
    client.put_object(Bucket="doctor", Key="there", Body=b"content")
    outcome = brigade.run("doctor", "s3://doctor", "--format", "json", server=server)
    assert (outcome.status, outcome.stderr) == (0, "")
    found = checks(outcome)
    assert found["list"] == ("ok", "permitted; there are objects")
    assert found["copy"][0] == "ok" and "NoSuchKey" in found["copy"][1]
    assert found["credentials"] == ("ok", "an access key from AWS_ACCESS_KEY_ID")
    assert found["clock"][0] == "ok"
    assert [entry["Key"] for entry in client.list_objects_v2(Bucket="doctor")["Contents"]] == ["there"]


def test_what_is_refused_or_missing_is_a_problem_and_no_secret_is_shown(brigade: Brigade) -> None:
    options = ["--memory", "--populate", "b-1=3", "--fault", "deny-prefix=brigade-doctor-"]
    with serving(brigade.binary, *options) as local:
        server = local.description
        copy = brigade.run("doctor", "s3://b-1", "--format", "json", server=server)
        assert copy.status == 1
        assert checks(copy)["list"][0] == "ok"
        state, finding = checks(copy)["copy"]
        assert state == "problem" and "AccessDenied" in finding and "s3:PutObject" in finding

        forged = brigade.run("doctor", "s3://b-1", "--format", "json", server=server | {"secretKey": "not-the-secret"})
        assert forged.status == 1
        assert checks(forged)["list"][0] == "problem" and "SignatureDoesNotMatch" in checks(forged)["list"][1]
        assert checks(forged)["copy"][0] == "skipped"
        assert "not-the-secret" not in forged.stdout + forged.stderr

        absent = brigade.run("doctor", "s3://b-2", server=server)
        assert absent.status == 1 and "NoSuchBucket" in absent.stdout

        nobody = brigade.run("doctor", "s3://b-1", "--endpoint", local.endpoint, "--format", "json")
        assert nobody.status == 1 and checks(nobody)["credentials"][0] == "problem"
        counted = local.stop_for_statistics()
    assert set(counted["requests"]) <= {"ListObjectsV2", "CopyObject", "Unknown"}

    away = brigade.run("doctor", "s3://b-1", "--format", "json", server=server)
    assert away.status == 1
    assert checks(away)["connection"][0] == "problem" and "refused" in checks(away)["connection"][1]
    assert checks(away)["list"][0] == "skipped"


def test_tls_and_a_clock_that_is_off(brigade: Brigade, tmp_path: Path) -> None:
    files = make_certificate(tmp_path)
    options = ["--memory", "--bucket", "b-1", "--fault", "clock-offset=2h"]
    with serving(brigade.binary, *options, certificate=files) as server:
        outcome = brigade.run("doctor", "s3://b-1", "--format", "json", server=server.description)
        untrusted = {key: value for key, value in server.description.items() if key != "caBundle"}
        refused = brigade.run("doctor", "s3://b-1", "--format", "json", server=untrusted)
    found = checks(outcome)
    assert outcome.status == 0, found
    end = x509.load_pem_x509_certificate(files.certificate.read_bytes()).not_valid_after_utc
    assert found["TLS"][0] == "notice" and found["TLS"][1].startswith("TLS 1.3, set up in ")
    assert f"the certificate ends on {end:%Y-%m-%d}" in found["TLS"][1]
    assert found["clock"][0] == "notice" and "behind the server's, more than S3 accepts" in found["clock"][1]
    # The client signed for the server's time.
    assert found["list"][0] == found["copy"][0] == "ok"
    assert refused.status == 1
    assert checks(refused)["connection"][0] == "problem" and "not trusted" in checks(refused)["connection"][1]


def test_several_addresses_of_a_name_are_all_connected_to(brigade: Brigade, tmp_path: Path) -> None:
    addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.4"]
    with network(tmp_path, hosts={"storage.test": addresses}) as net:
        inside = Brigade(net.executable(brigade.binary), tmp_path)
        options = ["--memory", "--port", str(PORT), "--bucket", "b-1"]
        with (
            serving(inside.binary, *options, "--host", addresses[0]) as server,
            serving(inside.binary, *options, "--host", addresses[2]),
        ):
            named = server.description | {"endpoint": f"http://storage.test:{PORT}"}
            outcome = inside.run("doctor", "s3://b-1", "--format", "json", server=named)
    assert outcome.status == 0
    found = report(outcome)
    assert sorted(found["addresses"]) == addresses
    contacts = [check for check in found["checks"] if check["name"] == "connection"]
    assert sorted(check["state"] for check in contacts) == ["notice", "ok", "ok"]
    limits = {limit["name"]: limit for limit in found["plan"]["limits"]}
    assert limits["localPorts"]["maximum"] == 3 * 40_000
