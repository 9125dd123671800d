"""Trains what is not kept yet, and writes both tables: ``python -m benchmarks.training_faults``."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.training_faults.registry import FAULTS
from benchmarks.training_faults.report import table
from benchmarks.training_faults.score import score
from benchmarks.training_faults.sweep import HELD_OUT, sweep

RESULTS = Path(__file__).resolve().parents[1] / "training_faults.md"
SCORED_ONCE = Path(__file__).resolve().parent / "scored_once.md"
"""The table of the held-out part, as it was written when it was scored."""
SEEN = """\
The rules were mended after what the held-out part and two more nets
([training_faults_second.md](training_faults_second.md)) showed, so these runs are held out no longer: what the present
rules have on them says what was mended, and not how they do on trainings that nobody has seen. For that see
[the sets since](../docs/diagnosis.md#how-often-it-is-right).
"""


def main() -> None:
    """Train, score and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_faults", description=__doc__)
    parser.add_argument("--no-training", action="store_true", help="score what is kept alone")
    parser.add_argument(
        "--development", action="store_true", help="leave the held-out part alone, and write nothing"
    )
    asked = parser.parse_args()
    if not asked.no_training:
        sweep()
    lines = [
        "# Planted faults",
        "",
        f"Written by `python -m benchmarks.training_faults`: {len(FAULTS)} faults in five small trainings, three",
        "seeds each, and as many healthy ones.",
        "",
        *(f"{HELD_OUT[key]}\n" for key in ("rule", "harm", "healthy", "score")),
    ]
    lines += table(score(held_out=False), "Development part")
    if not asked.development:
        lines += [SCORED_ONCE.read_text("utf-8")]
        lines += table(score(held_out=True), "The same runs since then, no longer held out", SEEN)
        RESULTS.write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
