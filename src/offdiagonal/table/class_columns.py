"""Which class a column of probabilities is about: as ``classes=`` says, else as the columns' names say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from offdiagonal.errors import ProbabilityError
from offdiagonal.table.encode import identity, plain_value, text_of


@dataclass(frozen=True)
class Columns:
    """What stands in the columns of a matrix of probabilities, as far as the user says it."""

    names: tuple[Any, ...] = ()
    classes: Sequence[Any] | None = None


def column_names(given: Any) -> tuple[Any, ...]:
    """Names of the columns of a frame of probabilities, or of a series; none where it is an array."""
    if hasattr(given, "column_names"):
        return tuple(given.column_names)
    if hasattr(given, "columns"):
        return tuple(given.columns)
    name = getattr(given, "name", None)
    return () if name is None or callable(name) else (name,)


def class_of_one(
    columns: Columns, classes: Sequence[Any], positive: int | None, notes: list[str]
) -> int | None:
    """Code of the class that a single column is the probability of: the one that its name says, or the positive."""
    named = [
        i for i, value in enumerate(classes) if columns.names and _says(str(columns.names[0]), text_of(value))
    ]
    if positive is None or not named:
        return positive
    about = max(named, key=lambda i: len(text_of(classes[i])))
    if about != positive:
        name, value = columns.names[0], text_of(classes[about])
        notes.append(f"{name!r} is taken for the probability of {value}, as its name says")
    return about


def _says(name: str, text: str) -> bool:
    """Whether a column such as ``p_ham`` names a class."""
    return name == text or (name.endswith(text) and name[-len(text) - 1] in "_ .:=-")


def class_of_each(columns: Columns, classes: Sequence[Any], width: int, notes: list[str]) -> list[Any]:
    """Class of each column: as ``classes=`` says, else by the columns' names, else sorted."""
    if columns.classes is None:
        _refuse_half_named(columns.names, classes)
    if columns.classes is not None:
        order = [plain_value(value) for value in columns.classes]
        how = "as classes= says"
    else:
        named = order_by_names(columns.names, classes)
        order = list(classes) if named is None else named
        how = "assumed to be in sorted order" if named is None else "as their names say"
    if len(order) != width:
        raise ProbabilityError(
            f"there are {width} columns of probabilities but {len(order)} classes ({listed(order)}); "
            "give one column for each class, and say which is which with classes=[...]"
        )
    notes.append(f"columns of the probabilities are {how}: {listed(order)}")
    return order


def _refuse_half_named(names: Sequence[Any], classes: Sequence[Any]) -> None:
    """Refuse names that say classes, but not of all columns: they are in no sorted order either."""
    texts = [str(name) for name in names]
    values = [text_of(value) for value in classes]
    named = [text for text in texts if any(_says(text, value) for value in values)]
    if not named or _numbered(texts) or order_by_names(names, classes) is not None:
        return
    twice = [text for text, count in Counter(texts).items() if count > 1]
    others = [text for text in texts if text not in named]
    if twice:
        why = f"{twice[0]} is there twice"
    elif others:
        why = f"{listed(others)} {'is no class' if len(others) == 1 else 'are no classes'}"
    else:
        why = "their names do not all begin alike, with the class behind it"
    raise ProbabilityError(
        f"columns of the probabilities are {listed(texts)}, and {why} (the classes are {listed(classes)}); "
        "give one column for each class, or say which is which with classes=[...]"
    )


def _numbered(texts: Sequence[str]) -> bool:
    """Whether the names only number the columns, as frames made of arrays do."""
    start = texts[0].removesuffix("0")
    return len(texts) > 1 and list(texts) == [f"{start}{i}" for i in range(len(texts))]


def without_column(order: Sequence[Any], classes: Sequence[Any]) -> str | None:
    """Which classes the columns leave out, as the beginning of an error; None where there is none."""
    given = {identity(value) for value in order}
    lacking = [value for value in classes if identity(value) not in given]
    if not lacking:
        return None
    what = f"class {listed(lacking)} has" if len(lacking) == 1 else f"classes {listed(lacking)} have"
    return f"{what} no column among the probabilities ({listed(order)})"


def order_by_names(names: Sequence[Any], classes: Sequence[Any]) -> list[Any] | None:
    """Classes in the order of columns such as ``p_ham``, ``p_spam``; None where the names do not say it.

    The names are one beginning, the same for all, and a class behind it; or the class alone.

    Examples
    --------
    >>> order_by_names(["p_spam", "p_not_spam"], ["not_spam", "spam"])
    ['spam', 'not_spam']
    """
    by_text = {text_of(value): value for value in classes}
    texts = [str(name) for name in names]
    if not texts or len(by_text) < len(classes):
        return None
    for text in by_text:
        if texts[0].endswith(text):
            start = texts[0][: len(texts[0]) - len(text)]
            rest = [other[len(start) :] for other in texts]
            same_start = all(other.startswith(start) for other in texts)
            if same_start and set(rest) <= set(by_text) and len(set(rest)) == len(rest):
                return [by_text[own] for own in rest]
    return None


def listed(values: Sequence[Any], most: int = 8) -> str:
    """Some values as text."""
    shown = ", ".join(text_of(value) for value in values[:most])
    return f"{shown} ..." if len(values) > most else shown
