"""What the columns are that cannot be selected by as columns."""

from __future__ import annotations

from typing import Any

from offdiagonal.table.table import Table

INSTEAD = {
    "label": "holds the labels: select by label=...",
    "prediction": "holds the predictions: select by prediction=...",
    "probabilities": "holds probabilities: select by confidence=(low, high), or give a mask as rows=...",
    "scores": "holds the scores: give a mask as rows=...",
    "text": "is the text: search it with text=...",
    "id": "is the id: give a mask as rows=...",
}
NO_SLICES = "cannot be selected by, as it has too many different values, or only one: give a mask as rows=..."


def why_no_field(table: Table, name: Any) -> str | None:
    """Why a column of the table is none to select by, and what to do; None where there is no such column."""
    found = table.source.positions(name)
    if not found:
        return None
    role = table.hidden.get(found[0]) or next((r for r, at in table.roles.items() if at == found[0]), "")
    called = "a private column" if found[0] in table.private else f"column {name!r}"
    return f"{called} {INSTEAD.get(role, NO_SLICES)}"
