"""Every error says what happened, with the value, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class OffdiagonalError(ValueError):
    """Something given to offdiagonal cannot be used as it is."""


class ColumnNotFoundError(OffdiagonalError):
    """A column that was named is not in the table, or is there twice."""

    @classmethod
    def of(cls, role: str, name: object, available: Iterable[object]) -> ColumnNotFoundError:
        """Name the column, and the nearest one that exists."""
        columns = list(available)
        what = f"{role} column {name!r} not found"
        return cls(
            f"{what}; {_nearest(name, columns, 'the columns are')}"
            if columns
            else f"{what}; there is no column"
        )

    @classmethod
    def ambiguous(cls, role: str, name: object, count: int) -> ColumnNotFoundError:
        """Several columns have the name."""
        return cls(
            f"{role} column {name!r}: {count} columns are called so; rename them, or give the values themselves"
        )


class LengthError(OffdiagonalError):
    """Two things that go row by row differ in length."""

    @classmethod
    def of(cls, what: str, length: int, rows: int, other: str = "the table") -> LengthError:
        """Say both lengths."""
        unit = "value" if length == 1 else "values"
        return cls(f"{what} has {length:,} {unit} but {other} has {rows:,} rows; give one value for each row")


class IndexMismatchError(OffdiagonalError):
    """Two pandas objects hold their rows in another order, or hold other rows."""

    @classmethod
    def of(cls, first: str, second: str, *, same: bool, frame: bool = False) -> IndexMismatchError:
        """Say how to mend it.

        Parameters
        ----------
        first, second
            What they are called.
        same
            Whether they have the same labels, in another order: then the labels may tell which row is which.
        frame
            Whether the second is a frame, whose columns have names to keep.
        """
        index, given = (_expression(name) for name in (first, second))
        values = f"{given}.set_axis({index}.index)" if frame else f"{given}.to_numpy()"
        by_order = f"if both hold the same rows in the same order and only the index differs, give {values}"
        by_label = (
            f"if equal index labels mean the same row, give {given}.reindex({index}.index); " if same else ""
        )
        return cls(
            f"{first} and {second} have different indexes, so their rows may not belong together; "
            f"{by_label}{by_order}"
        )


class LabelError(OffdiagonalError):
    """Labels and predictions cannot be compared."""


class ProbabilityError(OffdiagonalError):
    """Probabilities are not probabilities."""


class SelectionError(OffdiagonalError):
    """A selection names something that does not exist."""

    @classmethod
    def unknown(cls, what: str, name: object, available: Iterable[object]) -> SelectionError:
        """Name what is unknown, and the nearest one that exists."""
        return cls(f"{what} {name!r} not found; {_nearest(name, list(available), 'there is')}")


class MeasureError(OffdiagonalError):
    """A measure does not exist, or is none."""

    @classmethod
    def unknown(cls, name: str, available: Iterable[str], others: Iterable[str] = ()) -> MeasureError:
        """Name the nearest one that exists."""
        known = list(available)
        near = difflib.get_close_matches(name.casefold(), {one.casefold(): one for one in known}, n=1)
        shown: list[object] = [*known] if near else [*known, *others]
        return cls(f"measure {name!r} not found; {_nearest(name, shown, 'there is', most=len(known))}")


class ChartError(OffdiagonalError):
    """A chart of the user cannot be linked to the examples."""

    @classmethod
    def unknown(cls, what: str, name: object, available: Iterable[object]) -> ChartError:
        """Name what is unknown, and the nearest one that exists."""
        return cls(f"{what} {name!r} not found in the chart; {_nearest(name, list(available), 'there is')}")


class MessageError(OffdiagonalError):
    """A message from the browser is not of the closed schema."""


def _expression(name: str) -> str:
    """What an error calls a thing, as Python code may write it."""
    if name.startswith("column "):
        return f"data[{name.removeprefix('column ')}]"
    return {"rows=": "mask", "the slice": "mask"}.get(name, name.removesuffix("="))


def _nearest(name: object, known: list[object], otherwise: str, most: int = 12) -> str:
    texts = {str(item): item for item in known}
    folded = {text.casefold(): item for text, item in texts.items()}
    near = difflib.get_close_matches(str(name), texts, n=1)
    if near or str(name).casefold() in folded:
        return f"did you mean {texts[near[0]] if near else folded[str(name).casefold()]!r}?"
    if not known:
        return f"{otherwise} none"
    shown = ", ".join(repr(item) for item in known[:most])
    return (
        f"{otherwise} {shown}"
        if len(known) <= most
        else f"{otherwise} {shown} and {len(known) - most:,} more"
    )
