"""How often views are told of changes."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager

WAIT = 1 / 20
AT_ONCE = 10.0


class Pace:
    """Tells at most 30 times in any second, ten at once, then twenty a second; what is too early is told soon.

    Parameters
    ----------
    tell
        A method that tells all that is new; its object is not kept alive.
    lock
        Held while it is called.
    """

    def __init__(self, tell: Callable[[], None], lock: AbstractContextManager[object]) -> None:
        self._tell = weakref.WeakMethod(tell)
        self._lock = lock
        self._left = AT_ONCE
        self._at = time.monotonic()
        self._late: threading.Timer | None = None

    def tell(self) -> None:
        """Tell at once, or soon; whoever calls it holds the lock."""
        if self._late is not None:
            return
        if self._ready():
            self._now()
            return
        late = threading.Timer(WAIT, self._tell_late)
        late.daemon = True
        try:
            late.start()
        except RuntimeError:  # no more threads can be had
            self._now()
        else:
            self._late = late

    def _ready(self) -> bool:
        now = time.monotonic()
        self._left = min(AT_ONCE, self._left + (now - self._at) / WAIT)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def _tell_late(self) -> None:
        with self._lock:
            self._late = None
            self._ready()  # this one counts too
            self._now()

    def _now(self) -> None:
        tell = self._tell()
        if tell is not None:
            tell()
