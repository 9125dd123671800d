"""What a user names or gives for each role: a column of the table, or the values themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import (
    ColumnNotFoundError,
    LabelError,
    LengthError,
    OffdiagonalError,
    ProbabilityError,
)
from offdiagonal.table.arrays import as_array, is_array
from offdiagonal.table.audio import Audio
from offdiagonal.table.class_columns import column_names
from offdiagonal.table.forms import plain_form
from offdiagonal.table.images import Images
from offdiagonal.table.indexes import refuse_other_order
from offdiagonal.table.media import NOTHING, read_media
from offdiagonal.table.read import Source


@dataclass
class Given:
    """Where the roles stand in a table, and what was given besides it."""

    label: NDArray[Any] | None
    prediction: NDArray[Any] | None
    """None where no model has seen the examples: then labels may be missing too."""
    probabilities: Any = None
    probability_names: tuple[Any, ...] = ()
    scores: NDArray[np.float64] | None = None
    classes: Sequence[Any] | None = None
    positive: Any = None
    roles: dict[str, int] = field(default_factory=dict)
    """Role to the position of its column."""
    hidden: dict[int, str] = field(default_factory=dict)
    """Positions of columns that are no metadata (label, prediction, probabilities, scores), and their role."""
    images: Images | None = None
    audio: Audio | None = None
    private: set[int] = field(default_factory=set)
    """Positions of columns that are seen live only."""
    task: Any = None
    """What the user says that labels and predictions are: classes, or amounts."""
    loss: NDArray[Any] | None = None
    loss_position: int | None = None
    """Where the loss is a column."""
    weight: NDArray[np.float64] | None = None


def resolve(
    source: Source,
    *,
    label: Any,
    prediction: Any,
    model: bool = True,
    probabilities: Any = None,
    scores: Any = None,
    classes: Iterable[Any] | None = None,
    positive: Any = None,
    roles: dict[str, Any],
    media: Mapping[str, Any] = NOTHING,
    private: Any = (),
    task: Any = None,
    loss: Any = None,
    weight: Any = None,
) -> Given:
    """Find the columns that are named, and check the values that are given.

    Raises
    ------
    ColumnNotFoundError
        If a column is not there, or is there twice.
    IndexMismatchError
        If pandas objects hold the rows in different orders.
    LengthError
        If values are not one for each row.
    """
    probabilities = plain_form(probabilities)
    columns = {"label": label, "prediction": prediction, "probabilities": probabilities, "scores": scores}
    columns |= {"loss": loss, "weight": weight}
    indexed = {f"{role}=": value for role, value in columns.items()}
    if isinstance(probabilities, Mapping):
        indexed |= {f"probabilities[{name!r}]": value for name, value in probabilities.items()}
    refuse_other_order({"data": source} | indexed)
    given = Given(None, None, task=task)
    many = isinstance(private, list | tuple | set | frozenset) and not source.positions(private)
    given.private = {position_of(source, "private", name) for name in (private if many else [private])}
    optional = not model or loss is not None
    given.label = None if optional and label is None else _values(source, "label", label, given)
    without = not model or (loss is not None and prediction is None)
    given.prediction = None if without else _values(source, "prediction", prediction, given)
    given.probabilities, given.probability_names = _probabilities(source, probabilities, given)
    given.scores = None if scores is None else _scores(_values(source, "scores", scores, given))
    given.classes = None if classes is None else class_list(classes)
    given.positive = positive
    for role, name in roles.items():
        if name is not None:
            _assign(source, given, role, name)
    given.images, given.audio = read_media(
        source, media, lambda role, name: _assign(source, given, role, name), given.private
    )
    _loss(source, given, loss)
    given.weight = None if weight is None else _weights(source, given, weight)
    if source.key is not None and source.key not in {*given.hidden, *given.roles.values()}:
        given.roles.setdefault("id", source.key)
    _refuse_private_outcomes(source, given)
    return given


def _loss(source: Source, into: Given, loss: Any) -> None:
    """A loss per row as a column, an array, or a function of the user's table."""
    if loss is None:
        return
    if callable(loss):
        loss = as_array(loss(source.without(set())), "what loss= returns")
    if is_array(loss):
        into.loss = _checked(source, "loss", loss)
        return
    into.loss_position = position_of(source, "loss", loss, into.private)
    if into.loss_position in into.private:
        raise OffdiagonalError(
            f"column {loss!r} is the loss and cannot be private: what is saved is made of it; leave it out of private="
        )
    into.loss = source.values(into.loss_position)


def _weights(source: Source, into: Given, weight: Any) -> NDArray[np.float64]:
    """How much each row stands for."""
    if is_array(weight):
        values = _checked(source, "weight", weight)
    else:
        _assign(source, into, "weight", weight)
        values = source.values(into.roles["weight"])
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise OffdiagonalError(f"weight= must be numbers: {error}") from error
    wrong = ~(np.isfinite(numbers) & (numbers >= 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise OffdiagonalError(
            f"weight= must be 0 or more in every row, but is {numbers[row]} in row {row:,} "
            f"and wrong in {int(wrong.sum()):,} of {source.n:,}"
        )
    return numbers


def class_list(classes: Iterable[Any]) -> list[Any]:
    """The classes that a user names, in their order.

    Raises
    ------
    LabelError
        If they are given as something that has no order, or is a single text.
    """
    if isinstance(classes, str | bytes | set | frozenset | dict):
        raise LabelError(f"classes= is a list of the classes in their order, not a {type(classes).__name__}")
    return list(classes)


def position_of(source: Source, role: str, name: Any, private: Collection[int] = ()) -> int:
    """Position of the column of a name.

    Parameters
    ----------
    source
        The table.
    role, name
        What the column is for, and what it is called.
    private
        Positions of the columns that the error must not name: a notebook saves it.

    Raises
    ------
    ColumnNotFoundError
        If there is no such column, or more than one.
    """
    found = source.positions(name)
    if len(found) > 1:
        raise ColumnNotFoundError.ambiguous(role, name, len(found))
    if not found:
        if role == "private":
            raise ColumnNotFoundError(f"private column {name!r} not found; name it as the table does")
        public = [own for at, own in enumerate(source.names) if at not in private]
        raise ColumnNotFoundError.of(role, name, public)
    return found[0]


def _values(source: Source, role: str, given: Any, into: Given) -> NDArray[Any]:
    if given is None:
        raise OffdiagonalError(f"{role} is None; name its column, or give one value for each row")
    if not is_array(given):
        position = position_of(source, role, given, into.private)
        _hide(source, into, position, role)
        return source.values(position)
    return _checked(source, role, given)


def _checked(source: Source, role: str, given: Any) -> NDArray[Any]:
    """Values that were given beside the table, one for each row."""
    values = as_array(given, f"{role}=")
    if len(values) != source.n:
        raise LengthError.of(f"{role}=", len(values), source.n)
    return values


def _hide(source: Source, into: Given, position: int, role: str) -> None:
    if position in into.hidden:
        raise OffdiagonalError(
            f"column {source.names[position]!r} is named as {into.hidden[position]} and as {role}; "
            "each role needs a column of its own"
        )
    into.hidden[position] = role


def _assign(source: Source, into: Given, role: str, name: Any) -> int:
    if is_array(name):
        raise OffdiagonalError(f"{role}= names a column of the table; put the values into the table first")
    position = position_of(source, role, name, into.private)
    taken = {at: other for other, at in into.roles.items()} | into.hidden
    if position in taken:
        raise OffdiagonalError(
            f"column {name!r} is named as {taken[position]} and as {role}; each role needs a column of its own"
        )
    into.roles[role] = position
    return position


def _probabilities(source: Source, given: Any, into: Given) -> tuple[Any, tuple[Any, ...]]:
    if given is None:
        return None, ()
    if isinstance(given, Mapping):
        named = given.items()
        return np.column_stack([_column(source, name, value, into) for name, value in named]), tuple(given)
    if _is_one_name(source, given):
        given = [given]
    if not isinstance(given, list | tuple) or _are_numbers(source, given):
        return given, column_names(given)
    if not given and source.n:
        raise ProbabilityError("probabilities= names no column; name one for each class, or leave it out")
    columns = [_named(source, name, into) for name in given]
    return np.column_stack(columns) if columns else np.empty((source.n, 0)), tuple(given)


def _column(source: Source, name: Any, given: Any, into: Given) -> NDArray[np.float64]:
    """A column of a dict of class to the name of its column, or to the values themselves."""
    if not is_array(given):
        return _named(source, given, into)
    values = as_array(given, f"probabilities[{name!r}]")
    if len(values) != source.n:
        raise LengthError.of(f"probabilities[{name!r}]", len(values), source.n)
    return _floats(values, name)


def _named(source: Source, name: Any, into: Given) -> NDArray[np.float64]:
    position = position_of(source, "probabilities", name, into.private)
    _hide(source, into, position, "probabilities")
    return _floats(source.values(position), source.names[position])


def _is_one_name(source: Source, given: Any) -> bool:
    """Whether something names a single column: a tuple may be a name, or several of them."""
    if isinstance(given, tuple):
        return bool(source.positions(given))
    return not is_array(given) and not hasattr(given, "columns")


def _are_numbers(source: Source, given: Sequence[Any]) -> bool:
    """Whether a list holds the probabilities themselves, rather than the names of columns."""
    names = all(not is_array(item) and source.positions(item) for item in given)
    return not names and all(is_array(item) or isinstance(item, int | float | np.number) for item in given)


def _floats(values: NDArray[Any], name: Any) -> NDArray[np.float64]:
    try:
        return values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ProbabilityError(f"probabilities column {name!r} does not hold numbers: {error}") from error


def _scores(values: NDArray[Any]) -> NDArray[np.float64]:
    try:
        return values.astype(np.float64, copy=True)
    except (TypeError, ValueError) as error:
        raise OffdiagonalError(f"scores must be numbers: {error}") from error


def _refuse_private_outcomes(source: Source, given: Given) -> None:
    for position in sorted(given.private & set(given.hidden)):
        raise OffdiagonalError(
            f"column {source.names[position]!r} is the {given.hidden[position]} and cannot be private: what is saved "
            "is made of it; leave it out of private="
        )
