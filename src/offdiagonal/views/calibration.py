"""Whether a confidence of 0.9 is right nine times in ten.

Cells that are selected by label are not filtered by: of the examples of one label, or of the errors, no share of
right ones is meant by their confidence. Whole columns of predictions are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.calibration import Calibration, corp
from offdiagonal.table.meta import CONFIDENCE_BINS
from offdiagonal.views.confidence import why_absent
from offdiagonal.views.slices import CORRECT, ERROR
from offdiagonal.views.tables import Tables

TOP = "predicted class"

Bins = NDArray[np.int64]


@dataclass(frozen=True)
class Curve:
    """One reliability curve: of the predicted class, or of one class against the rest."""

    of: str
    """The class whose probability the score is; ``predicted class`` for whichever was predicted."""
    result: Calibration


@dataclass(frozen=True)
class CalibrationSpec:
    """Reliability curves over the judged rows in view."""

    curves: tuple[Curve, ...]
    """The predicted class first; for two classes the positive one follows."""
    why: str | None = None
    """Why there is nothing to show."""
    all_cells: bool = False
    """Whether selected cells are not filtered by."""

    def frame(self) -> dict[str, Any]:
        """One row an occupied bin of the score: the curve, and the band around a calibrated one."""
        results = [curve.result for curve in self.curves]
        of = [curve.of for curve in self.curves for _ in curve.result.score]
        parts = ("score", "rows", "curve", "low", "high")
        columns: list[NDArray[Any]] = [
            np.asarray([value for result in results for value in getattr(result, part)]) for part in parts
        ]
        score, rows, curve, low, high = columns
        return {"of": of, "score": score, "n": rows.astype(np.int64), "rate": curve, "low": low, "high": high}


def calibration(tables: Tables, of: int | None = None) -> CalibrationSpec:
    """Fit reliability curves to the rows in view.

    Parameters
    ----------
    tables
        What is counted.
    of
        Code of the class whose probability is the score; default: the predicted one, and for two classes the
        positive one.
    """
    meta = tables.meta
    if not meta.confidence:
        return CalibrationSpec((), why=why_absent(tables))
    all_cells = _by_label(tables)
    without = ("confidence", "cell") if all_cells else ("confidence",)
    if of is not None:
        return CalibrationSpec((_of_class(tables, of, without),), all_cells=all_cells)
    counts = tables.tabulate(["confidence", "outcome"], without=without)[:CONFIDENCE_BINS]
    curves = [Curve(TOP, corp(counts[:, ERROR] + counts[:, CORRECT], counts[:, CORRECT]))]
    if meta.positive is not None:
        curves.append(_of_class(tables, meta.positive, without))
    return CalibrationSpec(tuple(curves), all_cells=all_cells)


def _of_class(tables: Tables, code: int, without: tuple[str, ...]) -> Curve:
    """One class against the rest: its probability, and how often it is the label."""
    meta = tables.meta
    if meta.positive is None:
        bins = tables.tabulate([f"p{code}"], without=without)[:-1].reshape(CONFIDENCE_BINS, 2)
        rows, events = bins.sum(axis=1), bins[:, 1]
    else:
        cube = tables.tabulate(["label", "prediction", "confidence"], without=without)[..., :CONFIDENCE_BINS]
        rows, events = _of_two(cube, code, meta.missing)
    return Curve(meta.classes[code], corp(rows, events))


def _by_label(tables: Tables) -> bool:
    """Whether of some prediction a part of the cells is selected."""
    some, all_of_it = (tables.tabulate(["prediction"], without=field) for field in ((), "cell"))
    return bool(((some > 0) & (some < all_of_it)).any())


def _of_two(cube: Bins, code: int, missing: int | None) -> tuple[Bins, Bins]:
    """Rows, and rows of one of two classes, by its probability.

    It is the confidence where that class is predicted, else one minus it: the bins in reverse.
    """
    classes = [other for other in range(len(cube)) if other != missing]
    others = [other for other in classes if other != code]
    by_label = cube[:, code] + cube[:, others, ::-1].sum(axis=1)
    return by_label[classes].sum(axis=0), by_label[code]
