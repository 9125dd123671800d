"""Texts that are kept beside the tests, so that a change of them is seen in review.

``OFFDIAGONAL_UPDATE=1 python -m pytest ...`` writes those that differ anew. A comparison that fails leaves the new
text and the difference in build/snapshots/.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

BUILD = Path(__file__).resolve().parent.parent / "build" / "snapshots"


def difference(path: Path, text: str) -> list[str]:
    """Lines that differ from those that are kept; with OFFDIAGONAL_UPDATE none, and the new ones are kept."""
    text = text.rstrip() + "\n"
    kept = path.read_text("utf-8") if path.exists() else ""
    if kept == text:
        return []
    if os.environ.get("OFFDIAGONAL_UPDATE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return []
    lines = list(difflib.unified_diff(kept.splitlines(), text.splitlines(), "kept", "now", lineterm="", n=2))
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / path.name).write_text(text, "utf-8")
    (BUILD / f"{path.name}.diff").write_text("\n".join(lines) + "\n", "utf-8")
    return lines


def check(path: Path, text: str) -> None:
    """Fail where a text is not the one that is kept."""
    lines = difference(path, text)
    assert not lines, (
        f"{path.name} is not what is kept; if it is meant, OFFDIAGONAL_UPDATE=1 keeps it\n"
        + "\n".join(lines[:60])
    )
