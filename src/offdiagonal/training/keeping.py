"""What keeps a recorder going: its thread, and how it stands a process that is started."""

from __future__ import annotations

import logging
import os
import sys
import threading
import weakref
from typing import Protocol

log = logging.getLogger("offdiagonal")


class Kept(Protocol):
    """A recorder, as its thread knows it."""

    @property
    def done(self) -> bool:
        """Whether the run is over and all of it is in order."""

    @property
    def pause(self) -> float:
        """Seconds until the next look."""

    def flush(self) -> None:
        """Put all in order that was logged until now."""

    def hold(self) -> None:
        """Write nothing until ``release``."""

    def release(self) -> None:
        """Go on writing."""


def died() -> BaseException | None:
    """The exception that nothing took and that ends this script; a shell or a notebook goes on after one."""
    return None if hasattr(sys, "ps1") else getattr(sys, "last_value", None)


WRITING: weakref.WeakSet[Kept] = weakref.WeakSet()
"""Those that have a file."""
HELD: list[list[Kept]] = []


def _before_fork() -> None:
    """No process begins while a file is written: what SQLite knows of its locks would go along, and hold for good."""
    held = sorted(WRITING, key=id)
    for recorder in held:
        recorder.hold()
    HELD.append(held)


def _after_fork() -> None:
    for recorder in reversed(HELD.pop()):
        recorder.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)


def flush(own: weakref.ref[Kept]) -> None:
    """Flush a recorder, where there is still one."""
    recorder = own()
    if recorder is not None:
        recorder.flush()


def keep_up(own: weakref.ref[Kept], wake: threading.Event) -> None:
    """Look at what was logged until the run is over, or nothing but this thread knows of it."""
    while (recorder := own()) is not None:
        try:
            recorder.flush()
        except Exception:  # a view that fails must not end the record
            log.exception("a view could not be told of what was logged")
        if recorder.done:
            return
        pause = recorder.pause
        del recorder
        wake.wait(pause)
        wake.clear()
