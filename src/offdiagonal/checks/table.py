"""The checks that are made of every table, and what each of them needs of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from offdiagonal.checks.classes import class_findings
from offdiagonal.checks.ids import id_findings
from offdiagonal.checks.order import order_findings
from offdiagonal.checks.scale import scale_findings
from offdiagonal.checks.shift import shift_findings
from offdiagonal.checks.spelling import rarer, spelling_findings
from offdiagonal.findings import Finding
from offdiagonal.stats.cells import Cells
from offdiagonal.table.encode import identity, text_of
from offdiagonal.table.notes import repeated_ids
from offdiagonal.table.probabilities import off_one, out_of_range
from offdiagonal.table.table import Table

REPEATS = " repeats: "


@dataclass(frozen=True)
class TableCheck:
    """A check of ours."""

    name: str
    """What it looks for."""
    applies: Callable[[Table], bool]
    find: Callable[[Table], list[Finding]]
    says: tuple[str, ...] = ()
    """Parts of the notes on the table that its findings say better."""


def findings_of(table: Table) -> tuple[list[str], list[Finding], list[int]]:
    """Check a table of predictions.

    Returns
    -------
    names, findings, said
        The checks that were made, what they found, and the places of the notes that this says better.
    """
    names: list[str] = []
    found: list[Finding] = []
    said: list[int] = []
    for check in CHECKS if table.n and table.labels.model else ():
        if not check.applies(table):
            continue
        names.append(check.name)
        findings = check.find(table)
        found += findings
        if findings:
            said += [i for i, note in enumerate(table.notes) if any(part in note for part in check.says)]
    return names, found, said


def _confusion(table: Table) -> Cells:
    k = len(table.classes)
    cells, counts = np.unique(table.label.astype(np.int64) * k + table.prediction, return_counts=True)
    return Cells(k, *np.divmod(cells, k), [counts])


def _classes(table: Table) -> list[Finding]:
    spellings = rarer(_spelling(table))
    return class_findings(_confusion(table), table.class_texts, table.missing, spellings)


def _spelling(table: Table) -> list[Finding]:
    return spelling_findings(_confusion(table), table.class_texts, table.missing)


def _ids(table: Table) -> list[Finding]:
    if not any(REPEATS in note for note in table.notes):  # they were counted when the table was read
        return []
    position = table.roles["id"]
    name = None if position in table.private else text_of(table.source.names[position])
    return id_findings(repeated_ids(table.source.values(position)), table.label, name)


def _shift(table: Table) -> list[Finding]:
    return shift_findings(table.label, table.prediction, table.missing)


def _order(table: Table) -> list[Finding]:
    assert table.probabilities is not None
    codes = {identity(value): code for code, value in enumerate(table.labels.known)}
    given = [codes[identity(value)] for value in table.known.order if identity(value) in codes]
    return order_findings(table.probabilities, table.prediction, table.class_texts, given)


def _scale(table: Table) -> list[Finding]:
    refused = table.known.refused
    if refused is None:
        return []
    refused = refused[:, ~np.isnan(refused).all(axis=0)]  # a class without a column
    outside = np.asarray(out_of_range(refused).any(axis=1))
    return scale_findings(refused, outside, off_one(refused)[0], table.known.why_not or "")


def _always(_: Table) -> bool:
    return True


CHECKS = (
    TableCheck("ids that repeat", lambda table: "id" in table.roles, _ids, (REPEATS,)),
    TableCheck(
        "classes that differ in spelling only",
        _always,
        _spelling,
        ("classes that differ in spaces or case only: ",),
    ),
    TableCheck(
        "one class only, or classes never predicted",
        _always,
        _classes,
        ("there is one class only: ", "never predicted: "),
    ),
    TableCheck("rows shifted against the labels", _always, _shift),
    TableCheck(
        "probabilities that are none",
        lambda table: table.probabilities is not None or table.known.refused is not None,
        _scale,
        (": confidence and calibration are not shown",),
    ),
    TableCheck(
        "probabilities in another class order, or of other predictions",
        lambda table: table.probabilities is not None,
        _order,
        (" rows the most probable class is not the prediction",),
    ),
)
