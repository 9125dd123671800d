"""How good the model is, for all rows and for those selected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.auc import DELONG, GROUPED, WEIGHTED
from offdiagonal.stats.classification import Weights, accuracy, f1, macro_f1, precision, recall
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.weighted import Rows, share
from offdiagonal.table.meta import Area, Known, Meta
from offdiagonal.views.losses import mean_name, mean_of
from offdiagonal.views.slices import columns
from offdiagonal.views.tables import Tables

LABELS = 5
"""How many labels are named before there is a model."""


@dataclass(frozen=True)
class Score:
    """One measure of the model, with its name."""

    name: str
    measure: Measure


@dataclass(frozen=True)
class Scores:
    """The measures of one set of rows."""

    n: int
    judged: int
    """Rows with a label."""
    measures: tuple[Score, ...]
    """Accuracy first; before there is a model the shares of the most frequent labels."""


@dataclass(frozen=True)
class HeaderSpec:
    """Name, measures and notes of an Evaluation."""

    name: str
    positive: str | None
    """The class that precision, recall and F1 are about."""
    classes: int
    whole: Scores
    selected: Scores
    notes: tuple[str, ...]
    model: bool = True
    """Whether there are predictions; else the measures are the shares of the most frequent labels."""
    loss: bool = False
    """Whether a loss is averaged; else errors are counted."""
    said: tuple[int, ...] = ()
    """Places of the notes that a finding says better."""
    split: str | None = None
    """The split that is measured."""
    left_out: int = 0
    """How many clauses the selected rows are counted without, as they are seen live only."""

    @property
    def notes_unsaid(self) -> tuple[str, ...]:
        """The notes that no finding says better."""
        return tuple(note for i, note in enumerate(self.notes) if i not in self.said)

    @property
    def filtered(self) -> bool:
        """Whether the selection leaves rows out."""
        return self.selected.n != self.whole.n

    def frame(self) -> dict[str, Any]:
        """One row a measure, for the whole and for the selection."""
        both = [("all", self.whole), ("selected", self.selected)]
        rows = [(which, score) for which, scores in both for score in scores.measures]
        data: dict[str, Any] = {
            "rows": [which for which, _ in rows],
            "measure": [score.name for _, score in rows],
        }
        data |= columns("value", [score.measure for _, score in rows])
        return data | {
            "n": np.asarray([score.measure.n for _, score in rows], dtype=np.int64),
            "method": [score.measure.method for _, score in rows],
        }


def header(tables: Tables, selected_scores: Mapping[str, Measure] | None = None) -> HeaderSpec:
    """Measure the model on all rows and on the selected ones.

    Parameters
    ----------
    tables
        What is counted.
    selected_scores
        Measures of the selected rows that counts do not give, by name.
    """
    meta = tables.meta
    known = selected_scores or {}
    auc, scores = _known_of(meta, tables.split)
    whole = _scores(tables, Measure(*auc, _area_method(meta)) if auc else None, whole=True)
    selected = _scores(tables, known.get("AUC"), whole=False)
    if meta.loss is not None:
        of_all = {name: Measure(value, low, high, n, method) for name, value, low, high, n, method in scores}
        whole = _with_loss(tables, whole, of_all, whole=True)
        selected = _with_loss(tables, selected, known, whole=False)
    return HeaderSpec(
        name=meta.name,
        positive=None if meta.positive is None else meta.classes[meta.positive],
        classes=len(meta.classes) - (meta.missing is not None),
        whole=whole,
        selected=whole if selected.n == whole.n else selected,
        notes=meta.notes,
        said=meta.said,
        model=meta.model,
        loss=meta.loss is not None,
        split=_split_text(meta, tables.split),
    )


def _area_method(meta: Meta) -> str:
    return GROUPED if meta.groups else WEIGHTED if meta.weighted else DELONG


def _known_of(meta: Meta, split: tuple[int, ...] | None) -> tuple[Area | None, tuple[Known, ...]]:
    """What counts do not give, of all rows of the split; it is not known of several together."""
    if meta.split is None or split is None:
        return meta.auc, () if meta.loss is None else meta.loss.scores
    if len(split) != 1:
        return None, ()
    return meta.split.auc[split[0]], meta.split.scores[split[0]]


def _split_text(meta: Meta, split: tuple[int, ...] | None) -> str | None:
    field = next((field for field in meta.fields if meta.split and field.key == meta.split.key), None)
    if field is None:
        return None
    return (
        "all splits" if split is None else f"split {' or '.join(field.levels[code].text for code in split)}"
    )


def _with_loss(tables: Tables, scores: Scores, known: Mapping[str, Measure], *, whole: bool) -> Scores:
    """The mean loss before what is known of classes, and behind it what counts do not give."""
    loss = tables.meta.loss
    assert loss is not None
    mean = mean_of(tables, whole=whole)
    own = scores.measures if tables.meta.model else ()
    judged = scores.judged if tables.meta.model else mean.n
    measures = (
        Score(mean_name(loss), mean),
        *(Score(name, measure) for name, measure in known.items()),
        *own,
    )
    return Scores(scores.n, judged, measures)


def _scores(tables: Tables, auc: Measure | None, *, whole: bool) -> Scores:
    meta, by = tables.meta, ["label", "prediction"]
    effects = tables.score_effects(whole=whole)
    if not meta.model:
        return _labels(meta, tables.tabulate(["label"], whole=whole), effects)
    if meta.many:
        return _of_many(tables, effects, whole=whole)
    counts = tables.tabulate(by, whole=whole)
    missing, positive = meta.missing, meta.positive
    weights = None
    if meta.weighted and "w" in tables.amounts:
        weights = Weights(*(tables.tabulate([name, *by], whole=whole) for name in ("+w", "+ww")))
    measures = [Score("accuracy", accuracy(counts, missing, weights, effects.get("accuracy", 1.0)))]
    if positive is not None:
        measures += [
            Score("precision", precision(counts, positive, missing, weights, effects.get("precision", 1.0))),
            Score("recall", recall(counts, positive, missing, weights, effects.get("recall", 1.0))),
            Score("F1", f1(counts, positive, missing, weights, effects.get("F1", 1.0))),
        ]
        measures += [] if auc is None else [Score("AUC", auc)]
    elif len(meta.classes) - (missing is not None) > 2:
        measures.append(Score("macro F1", macro_f1(counts, missing, weights, effects.get("macro F1", 1.0))))
    n = int(counts.sum())
    unjudged = 0 if missing is None else int(counts[missing].sum())
    return Scores(n, n - unjudged, tuple(measures))


def _of_many(tables: Tables, effects: Mapping[str, float], *, whole: bool) -> Scores:
    """The measures of so many classes that only the cells that occur are held."""
    meta, cells = tables.meta, tables.cells(whole=whole)
    measures = (
        Score("accuracy", accuracy(cells, meta.missing, effect=effects.get("accuracy", 1.0))),
        Score("macro F1", macro_f1(cells, meta.missing, effect=effects.get("macro F1", 1.0))),
    )
    judged = int(cells.judged(meta.missing).sums[0].sum())
    return Scores(int(cells.sums[0].sum()), judged, measures)


def _labels(meta: Meta, counts: NDArray[np.int64], effects: Mapping[str, float]) -> Scores:
    """The shares of the labels that are most frequent in the whole."""
    known = counts if meta.missing is None else counts[: meta.missing]
    judged = int(known.sum())
    shown = [code for code in meta.order if code != meta.missing][:LABELS]
    measures = tuple(
        Score(
            meta.classes[code],
            share(Rows(int(known[code])), Rows(judged), effects.get(f"label {code}", 1.0)),
        )
        for code in shown
    )
    return Scores(int(counts.sum()), judged, measures)
