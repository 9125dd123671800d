"""Tables made of arrays: the protocol of ``views/tables.py``, exactly, over rows in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.cells import Cells
from offdiagonal.stats.clustered import LevelEffects
from offdiagonal.table.meta import CONFIDENCE_BINS, Field, Level, Meta, SliceField


class ArrayTables:
    """Counts of rows given as codes. ``kept`` has, for each field with a clause, the rows that satisfy it."""

    def __init__(
        self,
        meta: Meta,
        codes: Mapping[str, NDArray[Any]],
        kept: Mapping[str, NDArray[np.bool_]] | None = None,
    ):
        self.meta = meta
        self.codes = dict(codes)
        self.kept = dict(kept or {})
        self.sizes = {"label": len(meta.classes), "prediction": len(meta.classes), "outcome": 3}
        self.sizes |= {"confidence": CONFIDENCE_BINS + 1}
        self.sizes |= {field.key: len(field.levels) for field in meta.fields}
        self.sizes |= {part.key: 2 for part in meta.slices}
        label, prediction = self.codes["label"], self.codes["prediction"]
        outcome = np.where(label == prediction, 1, 0)
        self.codes["outcome"] = (
            outcome if meta.missing is None else np.where(label == meta.missing, 2, outcome)
        )

    amounts: Collection[str] = ()
    split: tuple[int, ...] | None = None

    def score_effects(self, *, whole: bool) -> Mapping[str, float]:
        return {}

    def matrix_effects(self, rows: str, columns: str, without: tuple[str, ...]) -> None:
        return None

    def slice_effects(self, keys: Sequence[str], kind: str, label: int = 0) -> Mapping[str, LevelEffects]:
        return {}

    def tabulate(
        self, by: Sequence[str], without: str | tuple[str, ...] = (), whole: bool = False
    ) -> NDArray[np.int64]:
        rows = np.ones(len(self.codes["label"]), dtype=bool)
        for field, passes in self.kept.items():
            if not whole and field not in ((without,) if isinstance(without, str) else without):
                rows &= passes
        shape = [self.sizes[dim] for dim in by]
        flat = np.zeros(int(rows.sum()), dtype=np.int64)
        for dim, size in zip(by, shape, strict=True):
            flat = flat * size + self.codes[dim][rows]
        return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)

    def cells(self, without: str | tuple[str, ...] = (), whole: bool = False) -> Cells:
        return Cells.of([self.tabulate(["label", "prediction"], without, whole)])

    def outcomes(
        self, dims: Sequence[str], without: str | tuple[str, ...] = (), amount: str = ""
    ) -> list[NDArray[np.int64]]:
        assert not amount, "these rows have no weights"
        left_out = (without,) if isinstance(without, str) else without
        slices = {part.key for part in self.meta.slices}
        own = ["slice" if dim in slices else dim for dim in dims]
        return [
            self.tabulate([dim, "outcome"], (*left_out, clause))
            for dim, clause in zip(dims, own, strict=True)
        ]


def make_tables(
    label: Sequence[int] | NDArray[Any],
    prediction: Sequence[int] | NDArray[Any],
    classes: Sequence[str],
    *,
    confidence: NDArray[np.float64] | None = None,
    fields: Mapping[str, tuple[NDArray[Any], Sequence[str]]] | None = None,
    slices: Mapping[str, NDArray[np.bool_]] | None = None,
    private: Sequence[str] = (),
    missing: int | None = None,
    positive: int | None = None,
    order: Sequence[int] | None = None,
    kept: Mapping[str, NDArray[np.bool_]] | None = None,
    name: str = "spam v1",
    notes: Sequence[str] = (),
    auc: tuple[float, float | None, float | None, int] | None = None,
    model: bool = True,
) -> ArrayTables:
    """Tables of rows given as class codes, with fields (codes and level texts) and slices (in or out)."""
    codes: dict[str, NDArray[Any]] = {
        "label": np.asarray(label, int),
        "prediction": np.asarray(prediction, int),
    }
    if confidence is not None:
        bins = np.minimum(np.nan_to_num(confidence) * CONFIDENCE_BINS, CONFIDENCE_BINS - 1).astype(int)
        codes["confidence"] = np.where(np.isnan(confidence), CONFIDENCE_BINS, bins)
    meta_fields = []
    for i, (column, (values, texts)) in enumerate((fields or {}).items()):
        codes[f"c{i}"] = np.asarray(values, int)
        levels = tuple(Level(text, repr(text)) for text in texts)
        meta_fields.append(
            Field(f"c{i}", column, repr(column), "category", levels, private=column in private)
        )
    meta_slices = []
    for i, (title, inside) in enumerate((slices or {}).items()):
        codes[f"s{i}"] = np.asarray(inside, int)
        meta_slices.append(SliceField(f"s{i}", title, title in private))
    meta = Meta(
        evaluation="e1",
        fingerprint="f1",
        name=name,
        named=True,
        variable="ev",
        n=len(codes["label"]),
        model=model,
        classes=tuple(classes),
        class_python=tuple(map(repr, classes)),
        missing=missing,
        positive=positive,
        order=tuple(range(len(classes)) if order is None else order),
        fields=tuple(meta_fields),
        slices=tuple(meta_slices),
        confidence=confidence is not None,
        why_no_confidence=None if confidence is not None else "no probabilities were given",
        score=None,
        text=None,
        columns=(),
        auc=auc,
        notes=tuple(notes),
        created=0.0,
        version=0,
    )
    return ArrayTables(meta, codes, kept)


def of_matrix(matrix: Sequence[Sequence[int]], classes: Sequence[str], **more: Any) -> ArrayTables:
    """Tables whose confusion matrix is the given one."""
    counts = np.asarray(matrix)
    label, prediction = (index.ravel() for index in np.indices(counts.shape))
    return make_tables(
        np.repeat(label, counts.ravel()), np.repeat(prediction, counts.ravel()), classes, **more
    )


ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "</td></tr></table><h1>x",
    "<!-- x --><b>",
    "--><script>alert(1)</script><!--",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;b&#62;",
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext></mtext></math>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "$\\href{javascript:alert(1)}{x}$",
    "$5 and $6",
    "\\(x\\) \\[y\\] \\begin{a}",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "datum.value + 1",
    "| a | b |\n|---|---|",
    "```\n</div>",
    "\x1b[31mred\x1b[0m \x07",
    "\u202egnp.exe\u2066",
    "zero\u200bwidth\ufeff\u00ad",
    "\ud800 lone surrogate",
    "=HYPERLINK('http://evil.example')",
    "a\x00b\x85c\u2028d",
]
