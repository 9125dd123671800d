"""One split at a time: the clause on it stays in force when the others are cleared, and "all rows" are its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offdiagonal.clauses import Clause, ColumnClause
from offdiagonal.table.meta import Meta


def split_clauses(clauses: Iterable[Clause], meta: Meta) -> tuple[Clause, ...]:
    """The clause on the split, where one is in force."""
    key = None if meta.split is None else meta.split.key
    return tuple(clause for clause in clauses if clause.field == key)


def start_clauses(meta: Meta) -> tuple[Clause, ...]:
    """What is in force before anybody selected anything: the test split, where there is one."""
    if meta.split is None or meta.split.start is None:
        return ()
    return (ColumnClause(meta.split.key, (meta.split.start,)),)


def within_split(clauses: Sequence[Clause], now: Iterable[Clause], meta: Meta) -> tuple[Clause, ...]:
    """Clauses that were named without a split, within the one that is in force now."""
    own = split_clauses(clauses, meta)
    return tuple(clauses) if own else (*split_clauses(now, meta), *clauses)


def split_codes(clauses: Iterable[Clause], meta: Meta) -> tuple[int, ...] | None:
    """Which splits are in force; None for all rows."""
    found = [clause for clause in split_clauses(clauses, meta) if isinstance(clause, ColumnClause)]
    return found[0].codes if found else None
