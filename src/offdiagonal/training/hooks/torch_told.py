"""What a watched PyTorch training tells its run; what is still on a device is read by the recorder's thread."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

from offdiagonal.training.hooks.torch_facts import read_line, trace_line
from offdiagonal.training.hooks.torch_stats import table


class Told:
    """Facts, numbers and layers on their way to a run, which is not held."""

    def __init__(self, run: Any) -> None:
        self._run = weakref.ref(run)
        self._recorder = run.recorder
        self.facts: dict[str, Any] = {}
        self._traced: list[dict[str, Any]] = []
        self._pending: dict[str, Any] = {}

    def fact(self, key: str, value: Any) -> None:
        """Tell a fact where it is new."""
        run = self._run()
        if run is not None and value is not None and self.facts.get(key) != value:
            self.facts[key] = value
            run.fact(key, value)

    def numbers(self, step: float, numbers: Mapping[str, Any]) -> None:
        """Log numbers at the next call, unless the loop logs them itself: by then it has."""
        if self._run() is None:
            return
        waiting, self._pending = self._pending, {"step": step, "numbers": numbers}
        if waiting:
            missing = {k: v for k, v in waiting["numbers"].items() if k not in self._recorder.named.values()}
            if missing:
                self._recorder.put(("metrics", float(waiting["step"]), self._recorder.now(), missing))

    def trace(self, name: str, kind: str, given: Any) -> None:
        """Take a line of the first forward pass."""
        if "trace" not in self.facts and given.numel():
            self._traced.append(trace_line(name, kind, given))

    def forget_trace(self) -> None:
        """The pass is over, or was none of a training."""
        self._traced = []

    def tell_trace(self) -> None:
        """Tell the lines of the first pass."""
        if "trace" not in self.facts:
            self.facts["trace"] = True
            recorder, lines = self._recorder, self._traced
            recorder.put(lambda: recorder.facts.__setitem__("trace", [read_line(line) for line in lines]))

    def send(
        self,
        step: float,
        kind: str,
        rows: Mapping[str, tuple[str, tuple[int, ...], dict[str, Any]]],
        device: Any,
    ) -> None:
        """Log what was measured of layers."""
        run = self._run()
        if run is not None:
            known = {name: row for name, row in rows.items() if row[2]}
            columns = table([row for _, _, row in known.values()], device)
            kinds, shapes = [row[0] for row in known.values()], [row[1] for row in known.values()]
            run.log_layers(kind, max(step, 0), list(known), columns, kinds=kinds, shapes=shapes)
