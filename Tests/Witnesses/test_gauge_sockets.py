"""gauge sockets beside the kernel itself: what it says is left is what can be had."""

from __future__ import annotations

import errno
import json
import os
import socket
from pathlib import Path

import gauge


def outgoing(report: dict, remote: str) -> dict:
    return next(way for way in report["outgoing"] if way["remote"] == remote)


def test_ports_left_are_the_connections_that_can_still_be_opened():
    process = gauge.in_namespace("fill")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    result = json.loads(output)
    assert result["errno"] == errno.EADDRNOTAVAIL
    for source, (status, report, errors) in result["answers"].items():
        assert (status, errors, report["failures"]) == (0, "", [])
        assert report["source"] == {"netlink": "sock_diag(7)", "files": "/proc/net/tcp"}[source]
        ports = report["localPorts"]
        assert (ports["first"], ports["last"], ports["reserved"]) == (gauge.FIRST_PORT, gauge.LAST_PORT, 3)
        # Connections take the ports of even numbers first, so none had these two before.
        assert (ports["bound"], ports["available"]) == (2, 45)
        way = outgoing(report, "127.0.0.1:5000")
        assert way["portsUsed"] == way["total"] == 8
        assert way["states"]["time-wait"] == 3
        assert way["states"]["established"] + way["states"]["close-wait"] == 5
        assert way["portsLeft"] == result["more"]


def test_a_process_in_another_network_has_its_sockets_but_no_ports():
    process = gauge.in_namespace("hold")
    try:
        pid = process.stdout.readline().strip()
        status, report, errors = gauge.sockets("--pid", pid)
        assert status == 2
        assert "another network namespace" in errors
        assert report["source"] == "/proc/net/tcp"
        assert [socket["state"] for socket in report["processSockets"]["tcp"]] == ["listen", "established"]
        assert outgoing(report, "127.0.0.1:5000")["portsLeft"] is None
        assert (report["localPorts"], report["settings"], report["conntrack"]) == (None, None, None)
    finally:
        process.communicate(timeout=60)


def test_connections_of_a_process_to_one_remote_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        clients = [socket.create_connection(address) for _ in range(12)]
        remote = f"127.0.0.1:{address[1]}"
        name = Path(os.readlink("/proc/self/exe")).name
        for without_netlink in [False, True]:
            arguments = ["--name", name, "--remote", remote, "--state", "established", "--top", "5"]
            status, report, errors = gauge.sockets(*arguments, without_netlink=without_netlink)
            assert (status, errors) == (0, "")
            assert report["total"] == report["states"]["established"] == 12
            assert [way["total"] for way in report["outgoing"]] == [12]
            own = report["processSockets"]
            assert own["tcpCount"] == 12 and len(own["tcp"]) == 5
            ends = {(socket["local"], socket["remote"]) for socket in own["tcp"]}
            assert ends <= {(f"127.0.0.1:{client.getsockname()[1]}", remote) for client in clients}
        for client in clients:
            client.close()
