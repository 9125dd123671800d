"""What Python itself reports while messages are handled: files, code, processes, sockets, imports."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FORBIDDEN = (
    "open",
    "exec",
    "compile",
    "import",
    "marshal.",
    "pickle.",
    "code.",
    "ctypes.",
    "os.",
    "pty.",
    "shutil.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
)
"""Audit events, by the beginning of their name, that no message of a browser may bring about."""


class Watch:
    """Hears the audit events of one thread while it is asked to; hooks cannot be taken out, so there is one."""

    def __init__(self) -> None:
        self._thread: int | None = None
        self._heard: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._thread == threading.get_ident() and event.startswith(FORBIDDEN):
            self._heard.append(f"{event} {arguments!r:.200}")

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """The forbidden events of what runs inside."""
        self._heard = heard = []
        self._thread = threading.get_ident()
        try:
            yield heard
        finally:
            self._thread = None


WATCH = Watch()
