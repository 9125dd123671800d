"""How a CSV is written: what stands between its columns, and whether decimals have a comma."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offdiagonal.errors import OffdiagonalError

COMMA = re.compile(r"[+-]?(\d*|\d{1,3}(\.\d{3})+),\d+(e[+-]?\d+)?\s*%?", re.IGNORECASE)
POINT = re.compile(r"[+-]?\d*\.\d+(e[+-]?\d+)?\s*%?", re.IGNORECASE)


def between_columns(header: str) -> str:
    """What stands between the columns: of comma, semicolon and tab that which the header has most of."""
    return max(",;\t", key=header.count)


def has_decimal_commas(lines: Iterable[str], between: str) -> bool:
    """Whether numbers have a comma and none a point; between columns there is something else."""
    if between == ",":
        return False
    found = False
    for line in lines:
        for field in line.split(between):
            text = field.strip().strip('"')
            if POINT.fullmatch(text):
                return False
            found = found or COMMA.fullmatch(text) is not None
    return found


def fields_of(rows: Iterable[dict[Any, Any]], where: str, *, commas: bool) -> Iterator[Mapping[str, Any]]:
    """Rows by column, decimals with a point.

    Raises
    ------
    OffdiagonalError
        If a row has more fields than the header.
    """
    for i, row in enumerate(rows):
        more = row.pop(None, None)
        if more and any(field.strip() for field in more):
            raise OffdiagonalError(
                f"{where}, row {i + 1:,} has {len(row) + len(more)} fields and the header {len(row)}: "
                f"{', '.join(map(repr, more))[:80]} is left over; where decimals have a comma, a semicolon stands "
                "between columns"
            )
        yield {name: _with_point(value) for name, value in row.items()} if commas else row


def _with_point(value: Any) -> Any:
    if isinstance(value, str) and COMMA.fullmatch(value.strip()):
        return value.replace(".", "").replace(",", ".")
    return value
