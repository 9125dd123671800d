"""What was found wrong, data first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from offdiagonal.findings import Found
from offdiagonal.stats.measure import unknown
from offdiagonal.views.slices import columns


@dataclass(frozen=True)
class FindingsSpec:
    """The findings of an Evaluation."""

    found: tuple[Found, ...]
    counts: tuple[int | None, ...]
    """How many rows each is about; None: all."""
    checks: tuple[str, ...]
    """What was looked for."""

    @property
    def nothing(self) -> str:
        """What to say where nothing was found: what was looked for, not that all is well."""
        if not self.checks:
            return "No check was made."
        listed = "; ".join(self.checks)
        return f"Nothing found by {len(self.checks)} checks, which looked for: {listed}."

    def frame(self) -> dict[str, Any]:
        """One row a finding, with its effect and all that is said of it."""
        findings = [item.finding for item in self.found]
        effects = [finding.effect or unknown(0, "") for finding in findings]
        data: dict[str, Any] = {
            name: [getattr(finding, name) for finding in findings]
            for name in ("level", "kind", "certainty", "title")
        }
        data["rows"] = np.asarray([np.nan if n is None else n for n in self.counts], dtype=np.float64)
        data |= columns("effect", effects)
        data["effect_n"] = np.asarray([effect.n for effect in effects], dtype=np.int64)
        data["method"] = [effect.method for effect in effects]
        data["evidence"] = [finding.evidence for finding in findings]
        for name in ("causes", "rules_out", "try_next"):
            data[name] = ["; ".join(getattr(finding, name)) for finding in findings]
        return data | {
            name: [getattr(finding, name) for finding in findings] for name in ("confirm_by", "theory")
        }


def findings(
    found: Sequence[Found], counts: Sequence[int | None], checks: Sequence[str], *, public: bool = False
) -> FindingsSpec:
    """The findings as a view shows them.

    Parameters
    ----------
    found, counts
        What was found, in order, and how many rows each is about.
    checks
        What was looked for.
    public
        Leave out what is seen live only.
    """
    shown = [pair for pair in zip(found, counts, strict=True) if not (public and pair[0].private)]
    return FindingsSpec(tuple(item for item, _ in shown), tuple(n for _, n in shown), tuple(checks))
