"""Something found wrong, how sure that is and what to do about it; and the checks that find it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from offdiagonal.clauses import (
    CellClause,
    Clause,
    ColumnClause,
    ConfidenceClause,
    RowsClause,
    SliceClause,
    TextClause,
)
from offdiagonal.errors import OffdiagonalError
from offdiagonal.stats.measure import Measure

Level = Literal["data", "labels", "split", "preprocessing", "predictions", "features", "model", "training"]
Certainty = Literal["confirmed", "likely", "hypothesis"]

LEVELS: tuple[str, ...] = get_args(Level)
"""Where the fault lies, in the order in which to look: data first, the model late."""
CERTAINTIES: tuple[str, ...] = get_args(Certainty)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CLAUSES = (CellClause, SliceClause, ConfidenceClause, TextClause, ColumnClause, RowsClause)
TEXTS = ("title", "evidence", "confirm_by", "theory")
LISTS = ("causes", "rules_out", "try_next")


@dataclass(frozen=True)
class Finding:
    """Something wrong: what, how sure, how big, which examples, what to try and how to confirm it.

    Parameters
    ----------
    kind
        What kind of fault, as a slug: ``"class-never-predicted"``.
    level
        Where it lies: data, labels, split, preprocessing, predictions, features, model or training.
    title
        The fault in one short sentence, with its numbers.
    certainty
        ``"confirmed"``: the data show it; ``"likely"``: they fit nothing else that was thought of;
        ``"hypothesis"``: to be looked at.
    effect
        How much it matters, as a measure with its interval.
    where
        Which examples: the arguments of ``selection.where`` as a dict, or clauses; none for all of them.
    evidence
        What shows it, with numbers.
    causes
        What may have led to it.
    rules_out
        What it is not, by the evidence.
    try_next
        What to do about it.
    confirm_by
        How to make sure.
    theory
        Why it is so, in two sentences.

    Raises
    ------
    OffdiagonalError
        If the kind is no slug, the title is empty, or level or certainty are none of the above.

    Examples
    --------
    >>> import offdiagonal as od
    >>> od.Finding("short-texts", "data", "12 texts are empty", where={"columns": {"length": 0}}).certainty
    'hypothesis'
    """

    kind: str
    level: Level
    title: str
    certainty: Certainty = "hypothesis"
    effect: Measure | None = None
    where: tuple[Clause, ...] | Mapping[str, Any] = ()
    evidence: str = ""
    causes: tuple[str, ...] = ()
    rules_out: tuple[str, ...] = ()
    try_next: tuple[str, ...] = ()
    confirm_by: str = ""
    theory: str = ""

    def __post_init__(self) -> None:
        if not SLUG.fullmatch(str(self.kind)):
            raise OffdiagonalError(
                f"kind={self.kind!r} is no slug; write it as small letters, digits and hyphens: 'short-texts'"
            )
        _require_one_of("level", self.level, LEVELS)
        _require_one_of("certainty", self.certainty, CERTAINTIES)
        for name in LISTS:  # frozen, and one text is as good as a list of one
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        for name in TEXTS:
            if not isinstance(getattr(self, name), str):
                raise OffdiagonalError(f"{name}= of a Finding is a text, not {getattr(self, name)!r:.80}")
        if not self.title.strip():
            raise OffdiagonalError(f"a Finding needs a title: what is wrong, in one sentence ({self.kind})")
        if self.effect is not None and not isinstance(self.effect, Measure):
            raise OffdiagonalError(f"effect= of a Finding is a Measure, not {self.effect!r:.80}")
        if not isinstance(self.where, Mapping):
            object.__setattr__(self, "where", _clauses(self.where))

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses, where they are given as such."""
        return () if isinstance(self.where, Mapping) else self.where


def _require_one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise OffdiagonalError(f"{name}={value!r} of a Finding is none of {', '.join(known)}")


def _texts(name: str, given: object) -> tuple[str, ...]:
    items = (given,) if isinstance(given, str) else given
    if not isinstance(items, Iterable):
        raise OffdiagonalError(f"{name}= of a Finding is a text or a list of texts, not {given!r:.80}")
    found = tuple(items)
    if not all(isinstance(item, str) for item in found):
        raise OffdiagonalError(f"{name}= of a Finding is a text or a list of texts, not {given!r:.80}")
    return tuple(item for item in found if item)


def _clauses(given: Any) -> tuple[Clause, ...]:
    clauses = tuple(given) if isinstance(given, list | tuple) else (given,)
    if not all(isinstance(clause, CLAUSES) for clause in clauses):
        raise OffdiagonalError(
            f"where= of a Finding is a dict of the arguments of selection.where, not {given!r:.80}"
        )
    return clauses


@dataclass(frozen=True)
class Check:
    """A function of an Evaluation that yields Findings; ``check`` makes one."""

    name: str
    """What it is called where it is said which checks were made."""
    function: Callable[[Any], Any] = field(repr=False)

    def __call__(self, evaluation: Any) -> tuple[Finding, ...]:
        """What it finds.

        Raises
        ------
        OffdiagonalError
            If the function gives anything but Findings.
        """
        given = self.function(evaluation)
        if given is None:
            return ()
        if isinstance(given, Finding):
            return (given,)
        if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
            raise self._wrong(given)
        found = []
        for item in given:
            if not isinstance(item, Finding):
                raise self._wrong(item)
            found.append(item)
        return tuple(found)

    def _wrong(self, given: object) -> OffdiagonalError:
        return OffdiagonalError(
            f"the check {self.name!r} gave a {type(given).__name__}; it yields Findings: "
            "yield od.Finding(kind=..., level=..., title=...)"
        )


def check(function: Callable[[Any], Any]) -> Check:
    """Make a check of a function of an Evaluation that yields Findings.

    Nothing is registered: ``ev.check(f)`` makes the check on one Evaluation, ``f(ev)`` gives what it finds.

    Parameters
    ----------
    function
        Takes the Evaluation; yields, or returns, Findings. ``ev.frame(...)`` gives it the rows.

    Raises
    ------
    OffdiagonalError
        If it cannot be called.

    Examples
    --------
    >>> import offdiagonal as od
    >>> @od.check
    ... def shouting(ev):
    ...     loud = [text.isupper() for text in ev.frame()["text"]]
    ...     if any(loud):
    ...         yield od.Finding("shouting", "data", f"{sum(loud)} texts are shouted", where={"rows": loud})
    >>> table = {"label": ["a", "b"], "prediction": ["a", "a"], "text": ["HELP", "NOW"]}
    >>> ev = od.Evaluation(table, text="text").check(shouting)
    >>> [finding.title for finding in ev.findings()]
    ['2 texts are shouted']
    """
    if isinstance(function, Check):
        return function
    if not callable(function):
        raise OffdiagonalError(f"a check is a function of an Evaluation, not {function!r:.80}")
    name = getattr(function, "__name__", type(function).__name__).strip("_").replace("_", " ")
    return Check(name or "check", function)


@dataclass(frozen=True)
class Found:
    """A finding in its Evaluation."""

    finding: Finding
    where: tuple[Clause, ...]
    private: bool = False
    """Seen live only."""


def in_order(found: Iterable[Found]) -> tuple[Found, ...]:
    """By level, data first; in a level the surer first, then as they came."""

    def rank(item: Found) -> tuple[int, int]:
        return LEVELS.index(item.finding.level), CERTAINTIES.index(item.finding.certainty)

    return tuple(sorted(found, key=rank))
