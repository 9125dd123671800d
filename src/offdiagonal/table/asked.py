"""Fields that are made when they are asked for."""

from __future__ import annotations

import dataclasses
from typing import Any

from offdiagonal.table.lengths import length_field
from offdiagonal.table.table import Table


def with_lengths(table: Table, name: Any) -> Table | None:
    """The table with the lengths of a column of texts as one more field; None where there is no such column."""
    keys = [f"c{position}" for position in table.source.positions(name)]
    column = next((c for c in table.columns if c.key in keys and c.kind == "text"), None)
    if column is None or column.key in table.field_codes:
        return None
    taken = {c.name for c in table.columns} | {field.name for field in table.fields}
    values = table.source.values(int(column.key[1:]))
    made = length_field(column.key, column.name, values, taken, private=column.private)
    if made is None:
        return None
    return dataclasses.replace(
        table,
        fields=(*table.fields, made[0]),
        field_codes=table.field_codes | {column.key: made[1]},
        lengths=table.lengths | {column.key},
    )
