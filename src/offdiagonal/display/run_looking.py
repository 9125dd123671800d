"""What is wrong in runs that still go on: looked for seldom, and in a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from offdiagonal.display.run_state import Looked
from offdiagonal.training.record import RunRecord
from offdiagonal.training.recorder import Recorder

log = logging.getLogger("offdiagonal")

SHARE = 0.02
"""At most this share of the time goes into finding out what is wrong while a run goes on."""
SECONDS = 1.0
"""How often at most it is looked."""


class Looking:
    """What was found in some runs.

    Parameters
    ----------
    look
        Finds what is wrong in a run.
    recorders
        Of the runs.
    """

    def __init__(self, look: Callable[[RunRecord], Looked], recorders: Sequence[Recorder]) -> None:
        self._look = look
        self._recorders = recorders
        self.found = [Looked() for _ in recorders]
        self._at = [(-1, "") for _ in recorders]
        self.version = 0
        """Counts how often something else was found."""
        self._after = 0.0
        self._lock = threading.Lock()
        self._busy = threading.Lock()

    @property
    def due(self) -> bool:
        """Whether it is time to look again."""
        return time.monotonic() >= self._after

    def at(self, records: Sequence[RunRecord]) -> None:
        """Look at what is new in the runs."""
        with self._lock:
            began = time.monotonic()
            changed = False
            for i, record in enumerate(records):
                now = (sum(len(curve) for curve in record.metrics.values()), record.status)
                if self._at[i] == now or now[0] < self._at[i][0]:  # a record from before the last look
                    continue
                found = self._look(record)
                self._at[i] = now
                changed = changed or found != self.found[i]
                self.found[i] = found
            self.version += changed
            took = time.monotonic() - began
            self._after = time.monotonic() + max(SECONDS, took / SHARE)

    def aside(self, tell: Callable[[Sequence[RunRecord]], None]) -> None:
        """Look while the curves go on, and tell the records that were looked at."""
        if not self._busy.acquire(blocking=False):
            return

        def work() -> None:
            try:
                records = tuple(recorder.record() for recorder in self._recorders)
                self.at(records)
                tell(records)
            except Exception:  # a rule that fails must not end the views
                log.exception("a run could not be looked at")
            finally:
                self._busy.release()

        # No daemon: one that Python ends within compiled code can take the process down with it.
        try:
            threading.Thread(target=work, name="offdiagonal look").start()
        except RuntimeError:  # no more threads can be had: it is looked later
            self._busy.release()
