"""Texts that are kept beside the tests, so that a change of them is seen in review.

``OFFDIAGONAL_UPDATE=1 python -m pytest ...`` writes those that differ anew. A comparison that fails leaves the new
text and the difference in build/snapshots/.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

NUMBER = r"-?\d+(?:\.\d+)?"
BUILD = Path(__file__).resolve().parent.parent / "build" / "snapshots"


def alike(one: str, other: str, slack: int) -> bool:
    """Whether two lines say the same, their numbers to within so much."""
    if re.sub(NUMBER, "#", one) != re.sub(NUMBER, "#", other):
        return False
    pairs = zip(re.findall(NUMBER, one), re.findall(NUMBER, other), strict=True)
    return all(abs(float(a) - float(b)) <= slack for a, b in pairs)


def difference(path: Path, text: str, slack: int = 0) -> list[str]:
    """Lines that differ from those that are kept; with OFFDIAGONAL_UPDATE none, and the new ones are kept."""
    text = text.rstrip() + "\n"
    kept = path.read_text("utf-8") if path.exists() else ""
    lines = kept.splitlines(), text.splitlines()
    if kept == text or (
        len(lines[0]) == len(lines[1]) and all(alike(a, b, slack) for a, b in zip(*lines, strict=True))
    ):
        return []
    if os.environ.get("OFFDIAGONAL_UPDATE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return []
    changed = list(difflib.unified_diff(*lines, "kept", "now", lineterm="", n=2))
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / path.name).write_text(text, "utf-8")
    (BUILD / f"{path.name}.diff").write_text("\n".join(changed) + "\n", "utf-8")
    return changed


def check(path: Path, text: str) -> None:
    """Fail where a text is not the one that is kept."""
    lines = difference(path, text)
    assert not lines, (
        f"{path.name} is not what is kept; if it is meant, OFFDIAGONAL_UPDATE=1 keeps it\n"
        + "\n".join(lines[:60])
    )
