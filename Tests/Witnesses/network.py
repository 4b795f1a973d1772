"""A network of its own for a test: its local ports, its addresses and the names in it are the test's to say.

Run as a program, this file is what holds such a network; see `Network`.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import platform
import shlex
import socket
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

# ioctl of netdevice(7): SIOCSIFFLAGS with IFF_UP and IFF_RUNNING.
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41
# prctl(2): PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP with SECCOMP_MODE_FILTER; the numbers of socket(2).
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
_TIME_WAIT = "06"


class Network:
    """A network namespace with nothing but a loopback device, whose addresses are all of 127.0.0.0/8."""

    def __init__(self, folder: Path, ports: tuple[int, int], hosts: dict[str, list[str]]) -> None:
        lines = [f"{address} {name}\n" for name, addresses in hosts.items() for address in addresses]
        names = folder / "hosts"
        names.write_text("127.0.0.1 localhost\n" + "".join(lines))
        # Any user who may make user namespaces may do this.
        self._holder = subprocess.Popen(
            ["unshare", "--map-root-user", "--net", "--mount", sys.executable, __file__, json.dumps(ports), names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == "ready\n"
        self._folder = folder

    def inside(self, *command: str | Path) -> list[str]:
        """A command that does the same in this network."""
        enter = ["nsenter", "--preserve-credentials", "--user", "--net", "--mount", "--target", str(self._holder.pid)]
        return [*enter, "--", *map(str, command)]

    def executable(self, binary: Path) -> Path:
        """A program that is another one in this network."""
        script = self._folder / f"{binary.name}-inside"
        script.write_text(f'#!/bin/sh\nexec {shlex.join(self.inside(binary))} "$@"\n')
        script.chmod(0o755)
        return script

    def run(self, *command: str | Path) -> str:
        """Runs a command to its end and returns what it wrote."""
        return subprocess.run(self.inside(*command), capture_output=True, text=True, timeout=60, check=True).stdout

    def time_wait_towards(self, port: int) -> Counter[str]:
        """The connections in TIME_WAIT that were opened here towards a port, by their local address."""
        rows = [line.split() for line in self.run("cat", "/proc/net/tcp").splitlines()[1:]]
        waiting = [row[1] for row in rows if row[3] == _TIME_WAIT and int(row[2].split(":")[1], 16) == port]
        return Counter(socket.inet_ntoa(struct.pack("<I", int(local.split(":")[0], 16))) for local in waiting)

    def close(self) -> None:
        """Ends the network, once no process is in it any more."""
        self._holder.communicate(timeout=60)


@contextlib.contextmanager
def network(
    folder: Path, *, ports: tuple[int, int] = (20000, 59999), hosts: dict[str, list[str]] | None = None
) -> Iterator[Network]:
    """A network for the time of a block: the first and last local port, and the addresses of names."""
    made = Network(folder, ports, hosts or {})
    try:
        yield made
    finally:
        made.close()


def refusing_sockets(refusal: int) -> None:
    """Has the kernel refuse sockets of IPv4 to this process with an error number; for `preexec_fn`.

    What a machine without memory or file handles says cannot be had without harm to the machine. This is the same
    system call with the same answer.
    """

    def instruction(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    load, equal, answer = 0x20, 0x15, 0x06
    program = b"".join(
        [
            instruction(load, 0, 0, 0),  # the number of the call
            instruction(equal, 0, 3, _SOCKET_CALL[platform.machine()]),
            instruction(load, 0, 0, 16),  # its first argument
            instruction(equal, 0, 1, socket.AF_INET),
            instruction(answer, 0, 0, 0x50000 | refusal),
            instruction(answer, 0, 0, 0x7FFF0000),
        ]
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    pointer = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0 or libc.prctl(_SECCOMP, _FILTER, pointer, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _hold(ports: list[int], hosts: str) -> None:
    """Brings the loopback device up, sets the range of local ports and the names, and waits for the end."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14s", b"lo", _UP_AND_RUNNING, b""))
    settings = Path("/proc/sys/net/ipv4")
    settings.joinpath("ip_local_port_range").write_text(f"{ports[0]} {ports[1]}\n")
    # Else a port that has been in TIME_WAIT for a second is given out again on the loopback device.
    settings.joinpath("tcp_tw_reuse").write_text("0\n")
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _hold(json.loads(sys.argv[1]), sys.argv[2])
