"""Asks whether two classes are one class, written in two ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from offdiagonal.checks.words import listed, name, share
from offdiagonal.clauses import CellClause, Rectangle
from offdiagonal.findings import Finding
from offdiagonal.stats.cells import Cells
from offdiagonal.stats.intervals import wilson
from offdiagonal.views.text import amount

SEPARATORS = re.compile(r"(?<=\w)[\s_\-./]+(?=\w)")
SHORTEST = 4
"""Of shorter words one letter makes another word: cat, car."""
MOST_ALONE = 100

Counts = NDArray[np.int64]


def spelling_findings(
    confusion: Counts | Cells, texts: Sequence[str], missing: int | None = None
) -> list[Finding]:
    """Classes that differ in case, spaces or hyphens only, and classes that look mistyped.

    Parameters
    ----------
    confusion
        Counts of all rows; rows are labels, columns predictions. Or the cells that occur.
    texts
        How the classes read; of numbers and the like as text they are compared too.
    missing
        Code of the class that stands for a missing label or prediction.
    """
    cells = confusion if isinstance(confusion, Cells) else Cells.of([confusion])
    codes = [code for code in range(len(texts)) if code != missing]
    groups: dict[str, list[int]] = {}
    for code in codes:
        groups.setdefault(key(texts[code]), []).append(code)
    alike = [same for same in groups.values() if len(same) > 1 and _one_class([texts[code] for code in same])]
    found = [_alike(alike, cells, texts, missing)] if alike else []
    known = {code for same in alike for code in same}
    mistyped = [pair for pair in _mistyped(cells, texts, codes) if not known & {*pair}]
    return [*found, *([_misspelt(mistyped, cells, texts, missing)] if mistyped else [])]


def rarer(findings: Sequence[Finding]) -> set[int]:
    """Codes of the classes that some findings take for another spelling."""
    clauses = [clause for finding in findings for clause in finding.where]
    return {
        code for clause in clauses if isinstance(clause, CellClause) for code in clause.any[0].label or ()
    }


def key(text: str) -> str:
    """What is left of a class without case, and with one kind of space.

    Examples
    --------
    >>> key(" Not-Spam"), key("not_spam"), key("-1"), key("C++")
    ('not spam', 'not spam', '-1', 'c++')
    """
    return SEPARATORS.sub(" ", unicodedata.normalize("NFKC", text).strip()).casefold()


def one_edit(a: str, b: str) -> bool:
    """Whether one letter more, less or other, or two letters swapped, makes one text of the other.

    Examples
    --------
    >>> one_edit("colour", "color"), one_edit("ham", "hma"), one_edit("top 1", "top 2"), one_edit("a", "a")
    (True, True, False, False)
    """
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    left, right = a[start:], b[start:]
    edited = {left[:1], right[:1]} if len(left) == len(right) else {max(left, right, key=len)[:1]}
    if any(letter.isdigit() for letter in edited):  # version 1 and version 2 are meant to differ
        return False
    if len(left) != len(right):
        return left == right[1:] or left[1:] == right
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or swapped


def _one_class(texts: Sequence[str]) -> bool:
    """Whether texts of one key are meant alike: a and A are two letters, a with a space behind it is not meant."""
    return len(key(texts[0])) > 1 or any(text != text.strip() for text in texts)


def _mistyped(cells: Cells, texts: Sequence[str], codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of a class that is on one side only and one that the other side has, a letter apart."""
    labelled, predicted = _margins(cells)
    keys = {code: key(texts[code]) for code in codes}
    for own, other in ((labelled, predicted), (predicted, labelled)):
        alone = [code for code in codes if own[code] and not other[code] and len(keys[code]) >= SHORTEST]
        looked_at = alone[:MOST_ALONE]
        cut: dict[str, list[int]] = {}
        for code in looked_at:
            for text in _cut(keys[code]):
                cut.setdefault(text, []).append(code)
        alike: dict[int, list[int]] = {}
        for c in codes if cut else ():
            for code in {code for text in _cut(keys[c]) for code in cut.get(text, ())} if other[c] else ():
                alike.setdefault(code, []).append(c)
        for code in looked_at:
            near = [c for c in alike.get(code, ()) if c != code and one_edit(keys[code], keys[c])]
            if near:
                yield code, max(near, key=lambda c: int(other[c]))


def _margins(cells: Cells) -> tuple[Counts, Counts]:
    """Rows of each label, and of each prediction."""
    return cells.by(cells.label, cells.sums[0]), cells.by(cells.prediction, cells.sums[0])


def _cut(text: str) -> set[str]:
    """The text, and what is left without any one letter: texts that are one edit apart have one of these in common."""
    return {text, *[text[:i] + text[i + 1 :] for i in range(len(text))]}


def _alike(
    groups: Sequence[Sequence[int]], cells: Cells, texts: Sequence[str], missing: int | None
) -> Finding:
    pairs = [" and ".join(name(texts[code]) for code in same) for same in groups]
    one = len(groups) == 1
    title = (
        f"{pairs[0]} differ in case, spaces or hyphens only"
        if one
        else f"{len(groups)} classes are written in several ways: {listed(pairs, 2)}"
    )
    return _finding(
        "labels-alike",
        title,
        "likely",
        groups,
        cells,
        texts,
        missing,
        causes=(
            "labels typed by hand",
            "files of two sources put together",
            "a step that cleans one side only",
        ),
        try_next=(
            "Write both alike before training and before this: .str.strip().str.lower() does most of it.",
        ),
    )


def _misspelt(
    pairs: Sequence[tuple[int, int]], cells: Cells, texts: Sequence[str], missing: int | None
) -> Finding:
    shown = [f"{name(texts[a])} for {name(texts[b])}" for a, b in pairs]
    side = "labels" if not (cells.prediction == pairs[0][0]).any() else "predictions"
    title = (
        f"{name(texts[pairs[0][0]])} may be {name(texts[pairs[0][1]])} mistyped: it is among the {side} only"
        if len(pairs) == 1
        else f"{len(pairs)} classes may be mistyped: {listed(shown, 2)}"
    )
    return _finding(
        "label-misspelt",
        title,
        "hypothesis",
        pairs,
        cells,
        texts,
        missing,
        causes=("labels typed by hand", "a class renamed on one side only"),
        try_next=("Read some of these examples; where they are one class, write it in one way.",),
    )


def _finding(
    kind: str,
    title: str,
    certainty: str,
    groups: Sequence[Sequence[int]],
    cells: Cells,
    texts: Sequence[str],
    missing: int | None,
    *,
    causes: tuple[str, ...],
    try_next: tuple[str, ...],
) -> Finding:
    n = int(cells.judged(missing).sums[0].sum())
    wrong = [values[~cells.right] for values in (cells.label, cells.prediction, cells.sums[0])]
    lost = sum(int(wrong[2][np.isin(wrong[0], same) & np.isin(wrong[1], same)].sum()) for same in groups)
    sides = _margins(cells)
    each = [f"{name(texts[code])} labels {amount(int(sides[0][code]))}" for same in groups for code in same]
    usual = {max(same, key=lambda code: int(sides[0][code] + sides[1][code])) for same in groups}
    codes = tuple(sorted({code for same in groups for code in same} - usual))
    return Finding(
        kind=kind,
        level="labels",
        title=title,
        certainty=certainty,  # type: ignore[arg-type]
        effect=wilson(lost, n),
        where=(CellClause((Rectangle(codes, None), Rectangle(None, codes))),),
        evidence=f"{listed(each)}. For the spelling alone {share(lost, n)} {'is' if lost == 1 else 'are'} wrong.",
        causes=causes,
        try_next=try_next,
        confirm_by="Write them alike: the accuracy rises by that share, and no prediction changes.",
        theory="Classes are compared as they are written, so a right prediction in another spelling is an error.",
    )
