"""The gauge command, in places that a test makes for it: a network of its own, or without leave to ask the kernel.

Run as a program, this file is what happens inside a new network; see `in_namespace`.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import platform
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

# ioctl of netdevice(7): SIOCSIFFLAGS with IFF_UP and IFF_RUNNING.
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41
# prctl(2): PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP with SECCOMP_MODE_FILTER; the numbers of socket(2).
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_SOCKET_CALL = {"x86_64": 41, "aarch64": 198}

FIRST_PORT, LAST_PORT = 40000, 40049
SERVER = ("127.0.0.1", 5000)


def sockets(*arguments: str, without_netlink: bool = False) -> tuple[int, dict[str, Any], str]:
    """`gauge sockets --format json`: its exit code, its object and what it wrote to standard error."""
    binary = Path(os.environ["BRIGADE_BINARY"]).with_name("gauge")
    done = subprocess.run(
        [binary, "sockets", "--format", "json", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=_forbid_netlink if without_netlink else None,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


def in_namespace(what: str) -> subprocess.Popen[str]:
    """Starts one of this file's functions in a new network, as any user who may make user namespaces can."""
    return subprocess.Popen(
        ["unshare", "--map-root-user", "--net", sys.executable, __file__, what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _forbid_netlink() -> None:
    """Has the kernel refuse netlink sockets to this process with EPERM, as the sandboxes of some containers do."""

    def instruction(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    load, equal, answer = 0x20, 0x15, 0x06
    program = b"".join(
        [
            instruction(load, 0, 0, 0),  # the number of the call
            instruction(equal, 0, 3, _SOCKET_CALL[platform.machine()]),
            instruction(load, 0, 0, 16),  # its first argument
            instruction(equal, 0, 1, socket.AF_NETLINK),
            instruction(answer, 0, 0, 0x50000 | errno.EPERM),
            instruction(answer, 0, 0, 0x7FFF0000),
        ]
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    pointer = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0 or libc.prctl(_SECCOMP, _FILTER, pointer, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _prepare() -> socket.socket:
    """Brings the loopback device up, sets the range of local ports, and listens."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14s", b"lo", _UP_AND_RUNNING, b""))
    settings = Path("/proc/sys/net/ipv4")
    settings.joinpath("ip_local_port_range").write_text(f"{FIRST_PORT} {LAST_PORT}\n")
    # Else a port that has been in TIME_WAIT for a second is given out again on the loopback device.
    settings.joinpath("tcp_tw_reuse").write_text("0\n")
    return socket.create_server(SERVER, backlog=100)


def fill() -> None:
    """Takes some local ports in every way, asks gauge, and then connects until the kernel refuses."""
    server = _prepare()
    Path("/proc/sys/net/ipv4/ip_local_reserved_ports").write_text("40010-40012\n")
    clients = [socket.create_connection(SERVER) for _ in range(7)]
    accepted = [server.accept()[0] for _ in clients]
    mapped = socket.create_connection(("::ffff:127.0.0.1", SERVER[1]))
    for client in clients[:3]:
        client.close()
    for connection in accepted:
        connection.close()
    # Listened on with other addresses, but left to no connection all the same.
    others = [
        socket.create_server(("127.0.0.2", 40003)),
        socket.create_server(("::1", 40007), family=socket.AF_INET6),
    ]
    answers = {"netlink": sockets(), "files": sockets(without_netlink=True)}
    more = []
    try:
        while True:
            more.append(socket.create_connection(SERVER))
    except OSError as error:
        print(json.dumps({"more": len(more), "errno": error.errno, "answers": answers}))
    del mapped, others


def hold() -> None:
    """Holds one connection until standard input ends."""
    server = _prepare()
    client = socket.create_connection(SERVER)
    print(os.getpid(), flush=True)
    sys.stdin.read()
    del server, client


if __name__ == "__main__":
    {"fill": fill, "hold": hold}[sys.argv[1]]()
