"""What an Evaluation measures: by name, with scikit-learn's scorers, with functions of the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from offdiagonal.display.measuring import described
from offdiagonal.display.view import View
from offdiagonal.errors import MeasureError
from offdiagonal.linked import Linked, V
from offdiagonal.splits import within_split
from offdiagonal.stats.measure import Measure
from offdiagonal.where import slice_clauses


class WithMeasures(Linked):
    """Examples with predictions, which can be measured."""

    _given_measures: Any = None

    def measures(self, *measures: Any, slices: Any = None, height: int | None = None) -> View:
        """Measures of all rows, and of the selection against the rest; a click on one shows it for each slice.

        Parameters
        ----------
        *measures
            Names, scorers of scikit-learn, or functions of label and prediction or probabilities
            (docs/measures.md); default: those of the Evaluation, else the usual ones.
        slices
            The measure that is shown for each slice from the start.
        height
            Of the list of slices, in pixels.

        Raises
        ------
        MeasureError
            If one of them is no measure.

        Examples
        --------
        >>> import offdiagonal as od
        >>> table = {"label": ["ham"] * 30 + ["spam"] * 30, "prediction": ["ham"] * 40 + ["spam"] * 20}
        >>> frame = od.Evaluation(table).measures("kappa", "MCC").to_frame()
        >>> frame["value"].round(3).tolist()
        [0.667, 0.707]
        """
        ids = self._measure_ids(list(measures) if measures else self._given_measures)
        options: dict[str, Any] = {}
        if slices is not None:
            (options["chosen"],) = self._session.measures.put([slices])
            ids = list(dict.fromkeys([*ids, options["chosen"]]))
        return self._view(
            ["measures"], height, measures=described(self._session.measures.known, ids), **options
        )

    def measure(self, measure: Any, **where: Any) -> Measure:
        """One measure with its interval, of all rows or of those that satisfy the arguments of ``selection.where``.

        They are rows of the split in force, unless ``columns=`` names another. Where there is no formula for the
        interval, 1,000 resamples are drawn.

        Parameters
        ----------
        measure
            A name, a scorer of scikit-learn, or a function of label and prediction or probabilities.
        **where
            Which rows; default: all.

        Raises
        ------
        MeasureError
            If it is no measure, or a function of the user fails.

        Examples
        --------
        >>> import offdiagonal as od
        >>> table = {"label": ["ham"] * 30 + ["spam"] * 30, "prediction": ["ham"] * 40 + ["spam"] * 20}
        >>> kappa = od.Evaluation(table).measure("kappa")
        >>> round(kappa.value, 3), kappa.n, kappa.method
        (0.667, 60, 'bootstrap, 1,000 resamples')
        """
        (place,) = self._session.measures.put([measure])
        meta = self._engine.meta
        clauses = within_split(slice_clauses(self._engine, where), self._selection.clauses, meta)
        task = self._session.measures.one(place, clauses)
        found = task.finish().value
        if found.failed:
            raise MeasureError(f"measure {task.measure.name!r} failed: {found.why}")
        return found.measure

    def _take_measures(self, measures: Any) -> None:
        """The measures that are shown unless others are asked for.

        Raises
        ------
        MeasureError
            If one of them is no measure.
        """
        if measures is not None:
            self._given_measures = measures = measures if isinstance(measures, dict) else _listed(measures)
            self._session.measures.put(measures)

    def _measure_ids(self, measures: Any) -> list[int]:
        return self._session.measures.put(measures)

    def _made(self, kind: type[V], views: Sequence[str], height: int | None, **options: Any) -> V:
        if "measures" in views and "measures" not in options:
            ids = self._measure_ids(self._given_measures)
            options["measures"] = described(self._session.measures.known, ids)
        return super()._made(kind, views, height, **options)


def _listed(measures: Any) -> list[Any]:
    """A list of what was given, which may be one alone, or an iterator."""
    if isinstance(measures, str) or callable(measures) or not hasattr(measures, "__iter__"):
        return [measures]
    return list(measures)
