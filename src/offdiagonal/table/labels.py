"""Labels and predictions to codes of one list of classes; what can never be equal is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import LabelError
from offdiagonal.table.arrays import EXACT_INTEGER, missing_in
from offdiagonal.table.encode import TEXT_CHARS, Codes, factorize, identity, plain_value, smallest, text_of
from offdiagonal.table.plain import without_surrogates

MAX_CLASSES = 10_000
CLEAN = ".str.strip().str.lower()"

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Labels:
    """Labels and predictions, encoded."""

    classes: tuple[Any, ...]
    """Class values; the missing class, if any, is last and is None."""
    missing: int | None
    label: Codes
    prediction: Codes
    notes: tuple[str, ...]
    model: bool = True
    """Whether there are predictions; else all of them are the first class."""

    @property
    def unjudged(self) -> int | Literal["all"] | None:
        """Whose predictions are neither right nor wrong: of the missing class, or all where there is no model."""
        return self.missing if self.model else "all"

    @property
    def known(self) -> tuple[Any, ...]:
        """The classes without the missing one."""
        return self.classes if self.missing is None else self.classes[:-1]

    @property
    def outcome(self) -> NDArray[np.uint8]:
        """0 error, 1 correct, 2 not judged because the label is missing, for each row."""
        outcome = np.equal(self.label, self.prediction).astype(np.uint8)
        if self.unjudged is not None:
            outcome[... if self.unjudged == "all" else self.label == self.unjudged] = 2
        return outcome


def encode_labels(labels: NDArray[Any], predictions: NDArray[Any], declared: Sequence[Any] | None) -> Labels:
    """Encode labels and predictions by the same classes: those declared, then the others in sorted order.

    Raises
    ------
    LabelError
        If labels and predictions cannot be compared, are not hashable, or have too many values.
    """
    n = len(labels)
    codes, values = _factorized(np.concatenate(_comparable(labels, predictions)), n)
    order = None if declared is None else _declared(declared)
    _refuse_too_many([*values, *(order or [])])
    _refuse_if_apart(codes[:n], codes[n:], values, order or [])
    notes: list[str] = []
    if order is not None:
        codes, values = _in_declared_order(codes, values, order, notes)
    notes += [*_one_sided(codes[:n], codes[n:], values), *_nearly_alike(values), *_broken(values)]
    codes, missing = _with_missing_class(codes, len(values), notes)
    classes = (*values, None) if missing is not None else tuple(values)
    small = smallest(codes, len(classes))
    return Labels(classes, missing, small[:n], small[n:], tuple(notes))


def encode_label(labels: NDArray[Any] | None, n: int, declared: Sequence[Any] | None) -> Labels:
    """Encode the labels of examples that no model has seen; without labels the missing class is the only one."""
    given = _objects(np.full(n, None)) if labels is None else labels
    codes, values = _factorized(given, n)
    order = None if declared is None else _declared(declared)
    _refuse_too_many([*values, *(order or [])])
    notes: list[str] = []
    if order is not None:
        codes, values = _in_declared_order(codes, values, order, notes)
    notes += _nearly_alike(values)
    missing = len(values) if labels is None or (codes < 0).any() else None
    if missing is not None:
        if labels is not None:
            notes.append(f"{int((codes < 0).sum()):,} of {n:,} rows have no label")
        codes = np.where(codes < 0, missing, codes)
    classes = tuple(values) if missing is None else (*values, None)
    small = smallest(codes, len(classes))
    return Labels(classes, missing, small, np.zeros_like(small), tuple(notes), model=False)


def _factorized(values: NDArray[Any], n: int) -> tuple[Ints, list[Any]]:
    try:
        return factorize(values)
    except TypeError as error:
        row, value = next((i, v) for i, v in enumerate(values) if not _hashable(v))
        side = "label" if row < n else "prediction"
        raise LabelError(
            f"the {side} of row {row % n} is a {type(value).__name__} ({text_of(value)}), which is not hashable; "
            "turn such values into tuples or strings"
        ) from error


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _comparable(labels: NDArray[Any], predictions: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both sides as one dtype in which no value changes: whole numbers stay whole where both sides allow it."""
    kinds = {labels.dtype.kind, predictions.dtype.kind}
    if labels.dtype == predictions.dtype:
        return labels, predictions
    if kinds <= {"i", "u"} and all(_fits(side) for side in (labels, predictions)):
        return labels.astype(np.int64), predictions.astype(np.int64)
    if kinds == {"f"}:
        return labels.astype(np.float64), predictions.astype(np.float64)
    if kinds <= {"i", "u", "f"}:
        return _whole(labels), _whole(predictions)
    return _objects(labels), _objects(predictions)


def _fits(values: NDArray[Any]) -> bool:
    return len(values) == 0 or int(values.max()) < 1 << 63


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers as objects, those without a fraction as int: 1.0 beside 1 is the class 1."""
    if values.dtype.kind != "f":
        return values.astype(object)
    present = values[~np.isnan(values)]
    found = _objects(values)
    if bool(np.all(np.abs(present) <= EXACT_INTEGER)) and bool(np.all(present == np.floor(present))):
        found[~np.isnan(values)] = present.astype(np.int64).astype(object)
    return found


def _objects(values: NDArray[Any]) -> NDArray[Any]:
    found = np.fromiter((plain_value(value) for value in values), dtype=object, count=len(values))
    found[missing_in(values)] = None
    return found


def _declared(declared: Sequence[Any]) -> list[Any]:
    order = [plain_value(value) for value in declared]
    for value in order:
        if not _hashable(value):
            raise LabelError(
                f"classes= holds a {type(value).__name__} ({text_of(value)}), which is not hashable"
            )
    if len({identity(value) for value in order}) < len(order):
        raise LabelError(f"classes= names a class twice: {', '.join(map(repr, order[:12]))}")
    if any(value is None for value in order):
        raise LabelError("classes= holds None; a missing label is no class, leave it out")
    return order


def _in_declared_order(
    codes: Ints, values: list[Any], order: list[Any], notes: list[str]
) -> tuple[Ints, list[Any]]:
    at = {identity(value): i for i, value in enumerate(order)}
    others = [value for value in values if identity(value) not in at]
    if values and len(others) == len(values):
        raise LabelError(
            f"none of classes= ({_listed(order)}) is a label or a prediction ({_listed(values)}); "
            "give the classes as they stand in the table, in the same type"
        )
    if others:
        notes.append(f"not in classes=, and put after them: {_listed(others)}")
    at |= {identity(value): len(order) + i for i, value in enumerate(others)}
    to = np.asarray([*(at[identity(value)] for value in values), -1], dtype=np.int64)
    return to[codes], [*order, *others]


def _one_sided(label: Ints, prediction: Ints, values: list[Any]) -> list[str]:
    """Notes on classes that occur on one side only."""
    if len(label) == 0:
        return []
    labelled, predicted = (
        np.bincount(side[side >= 0], minlength=len(values)) > 0 for side in (label, prediction)
    )
    never = {
        "predicted, but no row has the label": predicted & ~labelled,
        "never predicted": labelled & ~predicted,
        "in neither labels nor predictions": ~labelled & ~predicted,
    }
    if len(values) == 1:
        return [f"there is one class only: {text_of(values[0])}"]
    return [
        f"{what}: {_listed([values[i] for i in np.flatnonzero(which)])}"
        for what, which in never.items()
        if which.any()
    ]


def _nearly_alike(values: list[Any]) -> list[str]:
    """Notes on classes that may be meant to be one."""
    alike: dict[str, list[str]] = {}
    for value in values:
        if isinstance(value, str):
            alike.setdefault(_cleaned(value), []).append(value)
    pairs = [
        " and ".join(repr(shown[:TEXT_CHARS]) for shown in same) for same in alike.values() if len(same) > 1
    ]
    return (
        [f"classes that differ in spaces or case only: {_listed(pairs)}; {CLEAN} would make them one"]
        if pairs
        else []
    )


def _broken(values: list[Any]) -> list[str]:
    """A note on classes that no file can hold as they are."""
    found = [value for value in values if isinstance(value, str) and without_surrogates(value) is not value]
    what = "classes with half a character, a lone surrogate, are shown with an escape"
    return [f"{what}: {_listed(found)}"] if found else []


def _cleaned(text: str) -> str:
    return text.strip().lower()


def _with_missing_class(codes: Ints, size: int, notes: list[str]) -> tuple[Ints, int | None]:
    n = len(codes) // 2
    if not (codes < 0).any():
        return codes, None
    for what, part, treated in (
        ("label", codes[:n], "not counted as right or wrong"),
        ("prediction", codes[n:], "counted as errors where there is a label"),
    ):
        count = int((part < 0).sum())
        if count:
            notes.append(f"{count:,} of {n:,} rows have no {what}: {treated}")
    return np.where(codes < 0, size, codes), size


def _refuse_too_many(values: list[Any]) -> None:
    count = len({identity(value) for value in values})
    if count > MAX_CLASSES:
        raise LabelError(
            f"labels and predictions have {count:,} different values ({values[0]!r}, {values[1]!r} ...), and at most "
            f"{MAX_CLASSES:,} classes can be shown; put the rare ones together, evaluate a part of the classes, "
            "say task='regression' of amounts, or give a loss per row: loss=..."
        )


def _refuse_if_apart(label: Ints, prediction: Ints, values: list[Any], declared: list[Any]) -> None:
    ours, theirs = ([values[i] for i in np.unique(side[side >= 0])] for side in (label, prediction))
    both = {identity(value) for value in ours} & {identity(value) for value in theirs}
    known = {identity(value) for value in declared}
    if not ours or not theirs or both or {identity(value) for value in values} <= known:
        return
    left, right = ours[0], theirs[0]
    if all(isinstance(value, str) for value in values) and {*map(_cleaned, ours)} & {*map(_cleaned, theirs)}:
        one, other = next((a, b) for a in ours for b in theirs if _cleaned(a) == _cleaned(b))
        raise LabelError(
            f"labels and predictions differ in spaces or case ({one!r} and {other!r}), so no prediction equals its "
            f"label; make both alike, in pandas with: {CLEAN}"
        )
    cast = _cast(ours, theirs)
    if cast:
        raise LabelError(
            f"labels are {type(left).__name__} ({left!r} ...) and predictions {type(right).__name__} ({right!r} ...), "
            f"so no prediction equals its label; cast one of them: {cast}"
        )
    raise LabelError(
        f"labels ({_listed(ours)}) and predictions ({_listed(theirs)}) have no value in common, so no prediction can "
        "be right; check that both hold the same classes, or name them all with classes=[...]"
    )


def _cast(labels: list[Any], predictions: list[Any]) -> str | None:
    """The expression that makes both sides meet, where one does."""
    sides = {"labels": labels, "predictions": predictions}
    texts = [side for side, values in sides.items() if all(isinstance(value, str) for value in values)]
    binary = [side for side, values in sides.items() if all(isinstance(value, bytes) for value in values)]
    bools = [side for side, values in sides.items() if all(isinstance(value, bool) for value in values)]
    numbers = [side for side in sides if side not in texts + bools and _numeric(sides[side])]
    if len(texts) == 2:
        return None
    if binary and texts and set(map(_decoded, sides[binary[0]])) & set(sides[texts[0]]):
        return f"{binary[0]}.str.decode('utf-8')"
    if bools and numbers and set(sides[numbers[0]]) <= {0, 1}:
        return f"{numbers[0]}.astype(bool)"
    if texts and numbers:
        return _cast_text(texts[0], sides[texts[0]], sides[numbers[0]])
    if len({str(value) for value in labels} & {str(value) for value in predictions}) and texts:
        return f"{'predictions' if texts == ['labels'] else 'labels'}.astype(str)"
    return None


def _decoded(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _cast_text(side: str, texts: list[str], numbers: list[Any]) -> str | None:
    for kind in (int, float):
        try:
            if {kind(text) for text in texts} & set(numbers):
                return f"{side}.astype({kind.__name__})"
        except ValueError:
            continue
    return None


def _numeric(values: list[Any]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _listed(values: Sequence[Any], most: int = 5) -> str:
    shown = ", ".join(text_of(value) for value in values[:most])
    return shown if len(values) <= most else f"{shown} and {len(values) - most:,} more"
