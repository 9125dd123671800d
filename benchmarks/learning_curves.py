"""Does the interval of a learning curve that is carried on hold? ``python -m benchmarks.learning_curves``.

Real curves: LCDB 1.0 (Mohr et al. 2022), 20 learners on ten data sets, 25 repeats a size. Of each curve the last size
is withheld and foretold from the others. What was tuned (offdiagonal.capacity.extrapolate: SPREAD, SHARE_OF_CHANGE) was
tuned on steps before the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.capacity.extrapolate import extrapolate, rise

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "lcdb" / "accuracy_10_datasets.csv.gz"
LEAST_SIZES = 7
LEAST_REPEATS = 10


def curves(path: Path = DATA) -> Iterator[tuple[str, NDArray[Any], NDArray[Any]]]:
    """Name, sizes and test errors (repeats, sizes) of each curve that has enough of both."""
    table = pd.read_csv(path)
    table["error"] = 1 - table["score_test"]
    for (data, learner), part in table.groupby(["openmlid", "learner"]):
        wide = part.pivot_table(index=["outer_seed", "inner_seed"], columns="size_train", values="error")
        wide = wide.dropna(axis=1, thresh=LEAST_REPEATS)
        if wide.shape[1] >= LEAST_SIZES:
            yield f"{learner} on {data}", wide.columns.to_numpy(float), wide.to_numpy()


def judged(ahead: int = 1) -> pd.DataFrame:
    """One row a curve: whether all of it is monotone, whether it was carried on, and whether the interval held."""
    rows = []
    for name, sizes, errors in curves():
        found = extrapolate(sizes[:-ahead], errors[:, :-ahead], int(sizes[-1]))
        truth = float(np.nanmean(errors[:, -1]))
        held = found.value is not None and found.low <= truth <= found.high
        rows.append(
            {
                "curve": name,
                "monotone": rise(sizes, errors) is None,
                "accepted": found.value is not None,
                "held": held,
                "width": np.nan if found.value is None else found.high - found.low,
                "off": np.nan if found.value is None else abs(found.value - truth),
                "refused": found.refused,
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    """Print what was accepted, refused and held."""
    for ahead in (1, 2):
        table = judged(ahead)
        accepted = table[table["accepted"]]
        monotone = table[table["monotone"]]
        print(f"\n{len(table)} curves, the last {ahead} sizes withheld, the last foretold")
        print(f"  monotone: {len(monotone)}, of which accepted {monotone['accepted'].mean():.1%}")
        others = table[~table["monotone"]]
        print(f"  not monotone: {len(others)}, of which refused {(~others['accepted']).mean():.1%}")
        print(f"  the 80 % interval holds the withheld mean in {accepted['held'].mean():.1%}")
        print(
            f"  median width {accepted['width'].median():.4f}, median distance {accepted['off'].median():.4f}"
        )


if __name__ == "__main__":
    main()
