"""A run's record while it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from offdiagonal.training.record import Curve, ExampleLog, Floats, Layers

FIRST = 256


class GrowingCurve:
    """A curve that values are put behind, in arrays that double."""

    def __init__(self) -> None:
        self._held = np.empty((3, FIRST))
        self.n = 0

    def extend(self, steps: Floats, values: Floats, times: Floats) -> None:
        """Put some values behind."""
        end = self.n + len(steps)
        if end > self._held.shape[1]:
            wider = np.empty((3, max(end, 2 * self._held.shape[1])))
            wider[:, : self.n] = self._held[:, : self.n]
            self._held = wider
        self._held[:, self.n : end] = steps, values, times
        self.n = end

    def since(self, start: int) -> Curve:
        """What was put behind after the first so many; it does not change any more."""
        steps, values, times = self._held[:, start : self.n]
        return Curve(steps, values, times)


@dataclass(frozen=True)
class LayersAt:
    """The numbers of all layers at one step."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    step: float
    stats: Mapping[str, NDArray[np.float32]]
    """By name one number a layer."""


def layers_of(parts: Sequence[LayersAt]) -> Layers | None:
    """The numbers of all steps. A layer that comes later, or goes, is unknown at the others."""
    if not parts:
        return None
    known: dict[str, tuple[str, tuple[int, ...]]] = {}
    for part in parts:
        known |= dict(zip(part.names, zip(part.kinds, part.shapes, strict=True), strict=True))
    names = tuple(known)
    place = {name: i for i, name in enumerate(names)}
    stats: dict[str, NDArray[np.float32]] = {}
    for i, part in enumerate(parts):
        at = [place[name] for name in part.names]
        for name, values in part.stats.items():
            empty = np.full((len(parts), len(names)), np.nan, dtype=np.float32)
            stats.setdefault(name, empty)[i, at] = values
    kinds, shapes = zip(*known.values(), strict=True) if known else ((), ())
    return Layers(names, kinds, shapes, np.asarray([part.step for part in parts]), stats)


def parts_of(layers: Layers | None) -> list[LayersAt]:
    """The numbers step by step, as ``layers_of`` puts them together."""
    if layers is None:
        return []
    return [
        LayersAt(
            layers.names,
            layers.kinds,
            layers.shapes,
            float(step),
            {name: values[i] for name, values in layers.stats.items()},
        )
        for i, step in enumerate(layers.steps)
    ]


@dataclass(frozen=True)
class ExamplesAt:
    """What some examples came to at one step."""

    step: float
    ids: NDArray[Any]
    loss: NDArray[np.float32] | None = None
    prediction: NDArray[Any] | None = None
    probability: NDArray[np.float32] | None = None


@dataclass
class GrowingExamples:
    """What single examples came to, step by step."""

    parts: list[ExamplesAt] = field(default_factory=list)

    @classmethod
    def of(cls, log: ExampleLog | None) -> Self:
        """A log step by step."""
        if log is None:
            return cls()
        tables = {"loss": log.loss, "prediction": log.prediction, "probability": log.probability}
        return cls(
            [
                ExamplesAt(
                    float(step),
                    log.ids,
                    **{name: None if table is None else table[i] for name, table in tables.items()},
                )
                for i, step in enumerate(log.steps)
            ]
        )

    def log(self) -> ExampleLog | None:
        """All of it as one; the parts of one step together, the last of an example's there."""
        if not self.parts:
            return None
        ids: dict[Any, int] = {}
        steps: dict[float, int] = {}
        for part in self.parts:
            steps.setdefault(part.step, len(steps))
            for one in part.ids.tolist():
                ids.setdefault(one, len(ids))
        known = np.empty(len(ids), dtype=object)
        known[:] = list(ids)
        return ExampleLog(
            known,
            np.asarray(list(steps)),
            self._table("loss", ids, steps),
            self._table("prediction", ids, steps),
            self._table("probability", ids, steps),
        )

    def _table(self, name: str, ids: Mapping[Any, int], steps: Mapping[float, int]) -> NDArray[Any] | None:
        given = [(part, getattr(part, name)) for part in self.parts if getattr(part, name) is not None]
        if not given:
            return None
        shape = (len(steps), len(ids))
        table: NDArray[Any] = (
            np.full(shape, None, dtype=object)
            if name == "prediction"
            else np.full(shape, np.nan, dtype=np.float32)
        )
        for part, values in given:
            table[steps[part.step], [ids[one] for one in part.ids.tolist()]] = values
        return table
