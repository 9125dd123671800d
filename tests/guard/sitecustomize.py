"""Refuses the network to every Python that a test runs: this folder stands in PYTHONPATH, so each child loads it.

Only what Python's own sockets do is seen. The browser has a guard of its own (tests/browser/hosts/chromium.py).
"""

from __future__ import annotations

import os
import socket
import sys
import traceback
from typing import Any

LOG = "OFFDIAGONAL_REFUSED"
"""The variable that names the file where refusals are written down."""
LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
NAMES = {"localhost", "ip6-localhost", "", "0.0.0.0", "::", socket.gethostname()}


class NetworkRefusedError(OSError):
    """A test, or what it runs, asked for the network."""


class Rule:
    """What may be reached: this machine; nothing at all while a test is run that needs no server."""

    loopback = True


def local(host: object) -> bool:
    """Whether a host is this machine."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    return text is None or (isinstance(text, str) and (text in NAMES or text.startswith(("127.", "::1"))))


def hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse a connection, a datagram or a look-up that leaves the machine."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[-1]
        if isinstance(address, tuple) and not (Rule.loopback and local(address[0])):
            refuse(event, address)
    elif event in LOOK_UPS and not local(arguments[0]):
        refuse(event, arguments[0])


def refuse(event: str, what: object) -> None:
    """Write down who asked for what, and raise."""
    where = os.environ.get(LOG)
    if where:
        line = "".join(traceback.format_list(traceback.extract_stack(limit=8)[:-2]))
        with open(where, "a", encoding="utf-8") as log:  # noqa: PTH123 - in every child: nothing more is loaded
            log.write(f"{event} {what!r} in {' '.join(sys.argv)[:200]!r}:\n{line}")
    raise NetworkRefusedError(f"{event} {what!r}: no test reaches the network")


sys.addaudithook(hear)
