"""Slices before there is a model: how large each is, and which share of it has a label, against the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from offdiagonal.stats.weighted import Rows, gap, share
from offdiagonal.table.meta import Meta
from offdiagonal.views.slices import SliceRow, SlicesSpec, effect_at, level_text, sliced_fields
from offdiagonal.views.tables import Tables


def shares(tables: Tables, label: int | None = None) -> SlicesSpec:
    """Compare the share of a class in each slice with that in the rest of the rows in view.

    A field leaves out its own clause, and all of them that on the label. Without labels a slice's share of the rows
    is given, and nothing is compared.

    Parameters
    ----------
    tables
        What is counted.
    label
        The class, as a code; default: the positive one of two, else the most frequent.
    """
    of = label if label is not None else usual_class(tables.meta)
    rows = sorted(_rows(tables, of), key=_order, reverse=True)
    if of is None:
        return SlicesSpec(tuple(rows), "rows")
    return SlicesSpec(tuple(rows), "label", tables.meta.classes[of])


def usual_class(meta: Meta) -> int | None:
    """The positive class of two, else the most frequent of all rows; None without labels."""
    if meta.positive is not None:
        return meta.positive
    return next((code for code in meta.order if code != meta.missing), None)


def _order(row: SliceRow) -> tuple[float, float]:
    difference, rate = row.difference.value, row.rate.value
    return -np.inf if difference is None else difference, -np.inf if rate is None else rate


def _rows(tables: Tables, of: int | None) -> Iterator[SliceRow]:
    keys = [field.key for field in sliced_fields(tables)] + [part.key for part in tables.meta.slices]
    effects = tables.slice_effects(keys, "rows" if of is None else "label", of or 0)
    for key, own, code, field, text, private in _slices(tables):
        mean_effect, gap_effect = effect_at(effects, key, code)
        counts = tables.tabulate([key, "label"], without=(own, "cell"))
        if tables.meta.missing is not None and of is not None:
            counts = np.delete(counts, tables.meta.missing, axis=1)
        inside = counts.sum(axis=1)
        n, total = int(inside[code]), int(inside.sum())
        part = n if of is None else int(counts[code, of])
        everywhere = total if of is None else int(counts[:, of].sum())
        rest = (0, 0) if of is None else (everywhere - part, total - n)
        yield SliceRow(
            key,
            code,
            field,
            text,
            n=n,
            judged=n,
            errors=part,
            rate=share(Rows(n), Rows(total), mean_effect)
            if of is None
            else share(Rows(part), Rows(n), mean_effect),
            difference=gap(Rows(part), Rows(n), Rows(rest[0]), Rows(rest[1]), gap_effect),
            private=private,
        )


def _slices(tables: Tables) -> Iterator[tuple[str, str, int, str, str, bool]]:
    for field in sliced_fields(tables):
        for code, level in enumerate(field.levels):
            yield field.key, field.key, code, field.name, level_text(field, level), field.private
    for part in tables.meta.slices:
        yield part.key, "slice", 1, "", part.name, part.private
