"""How often views are told of changes."""

from __future__ import annotations

import time


class Pace:
    """At most 30 in any second: ten at once, then twenty a second."""

    wait = 1 / 20

    def __init__(self) -> None:
        self._left = 10.0
        self._at = time.monotonic()

    def ready(self) -> bool:
        """Whether one more may be sent now."""
        now = time.monotonic()
        self._left = min(10.0, self._left + (now - self._at) / self.wait)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
