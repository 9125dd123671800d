"""The findings as the user holds them: a view, and the findings one by one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from offdiagonal.display.view import View
from offdiagonal.findings import Finding


class FindingsView(View):
    """The findings of an Evaluation; ``ev.selection.replace(finding.where)`` selects the rows of one."""

    def __iter__(self) -> Iterator[Finding]:
        """The findings, data first, with clauses as their ``where``."""
        return iter(
            [dataclasses.replace(item.finding, where=item.where) for item in self._session.engine.found]
        )

    def __len__(self) -> int:
        """How many there are."""
        return len(self._session.engine.found)
