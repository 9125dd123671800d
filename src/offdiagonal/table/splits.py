"""Which column tells the splits, and which of them is shown first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offdiagonal.table.meta import Field

TEST = ("test", "testing", "holdout", "heldout", "eval", "evaluation")
VALID = ("valid", "validation", "val", "dev", "development")


def split_field(fields: Sequence[Field], roles: Mapping[str, int]) -> Field | None:
    """The column with the role of the split, where it can be one split at a time: of few values, none private."""
    key = f"c{roles['split']}" if "split" in roles else None
    found = next((field for field in fields if field.key == key), None)
    if found is None or found.private or found.kind != "category" or len(found.levels) < 2:
        return None
    return found


def first_split(field: Field) -> int | None:
    """Code of the split that was held out: test, else validation; None where none is called so.

    Examples
    --------
    >>> from offdiagonal.table.meta import Level
    >>> levels = [Level(text, repr(text)) for text in ("Train", "dev", "Hold-out")]
    >>> first_split(Field("c0", "part", "'part'", "category", tuple(levels)))
    2
    """
    texts = ["".join(filter(str.isalpha, level.text.casefold())) for level in field.levels]
    for names in (TEST, VALID):
        code = next((texts.index(name) for name in names if name in texts), None)
        if code is not None:
            return code
    return None
