"""What was found wrong with an Evaluation: by our checks when it was made, by the user's when they are asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from offdiagonal.clauses import to_json
from offdiagonal.findings import Finding, Found, in_order
from offdiagonal.table.meta import FindingField, Meta

MORE = {"causes": "What may have led to it", "rules_out": "What it is not", "confirm_by": "To make sure"}


class Findings:
    """Findings by the check that made them."""

    def __init__(
        self, names: Iterable[str] = (), findings: Iterable[Finding] = (), said: Iterable[int] = ()
    ) -> None:
        self.look_again(names, findings, said)
        self._given: dict[str, tuple[Found, ...]] = {}
        self._secret: set[str] = set()

    def look_again(self, names: Iterable[str], findings: Iterable[Finding], said: Iterable[int]) -> None:
        """What our checks found; what they found before is forgotten, what checks of the user found is not."""
        self._names = list(names)
        self._said = tuple(said)
        self._own = tuple(Found(item, item.clauses) for item in findings)

    @property
    def found(self) -> tuple[Found, ...]:
        """All of them, data first."""
        return in_order([*self._own, *(item for items in self._given.values() for item in items)])

    def put(self, name: str, found: Sequence[Found], *, private: bool) -> None:
        """What a check of the user found; what it found before is forgotten. One that is private is not named."""
        self._given[name] = tuple(found)
        self._secret = (self._secret | {name}) if private else (self._secret - {name})

    def described(self, meta: Meta) -> Meta:
        """The description of an Evaluation, with its findings."""
        fields = tuple(field_of(item) for item in self.found)
        given = ["a check of your own" if name in self._secret else name for name in self._given]
        return dataclasses.replace(meta, findings=fields, checks=(*self._names, *given), said=self._said)


def field_of(found: Found) -> FindingField:
    """A finding as the views show it."""
    finding = found.finding
    parts = {"causes": finding.causes, "rules_out": finding.rules_out, "confirm_by": (finding.confirm_by,)}
    more = [(MORE[name], "; ".join(filter(None, texts))) for name, texts in parts.items()]
    return FindingField(
        kind=finding.kind,
        level=finding.level,
        certainty=finding.certainty,
        title=finding.title,
        evidence=finding.evidence,
        try_next=" ".join(finding.try_next),
        more=tuple((head, text) for head, text in [*more, ("Why", finding.theory)] if text),
        where=tuple(to_json(clause) for clause in found.where),
        private=found.private,
    )
