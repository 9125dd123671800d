"""The pairs of many classes that stand out: saved where all of them have no room, and asked for by a view."""

from __future__ import annotations

import gzip
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause, to_json
from offdiagonal.counts.tiers import cells, many_cells
from offdiagonal.counts.tiles import Tally
from offdiagonal.display.message import shown
from offdiagonal.display.tables import SelectedTables
from offdiagonal.display.wire import literals_of, pack
from offdiagonal.engine import Engine
from offdiagonal.errors import MessageError
from offdiagonal.views.pairs import PairsSpec, pairs

MOST = 500
"""So many pairs by count, and as many by rate."""
LEAST = 25
SHARE_OF_BUDGET = 0.7


def confused(
    engine: Engine, clauses: Sequence[Clause], about: Sequence[int] | None = None, most: int = MOST
) -> dict[str, Any]:
    """The most frequent pairs, and those whose share of the label is largest for sure.

    Parameters
    ----------
    engine, clauses
        What is counted; clauses on cells are left out.
    about
        Codes of classes: pairs without one of them on either side are left out.
    most
        How many by count, and how many by rate.

    Returns
    -------
    The pairs as label, prediction, n, rows of the label, and behind each number what these weigh where rows have
    weights, and by how much groups widen the interval, null for infinitely; how many there are in all, and how many
    errors they hold.
    """
    spec = pairs(SelectedTables(engine, clauses, public=False))
    by_count = spec.wrong if about is None else spec.about(about)
    listed = np.concatenate([by_count[:most], spec.by_rate(by_count)[:most]])
    return {
        "pairs": _told(spec, np.asarray(list(dict.fromkeys(listed.tolist())), dtype=np.int64)),
        "total": len(by_count),
        "errors": int(spec.cells.sums[0][by_count].sum()),
    }


def _told(spec: PairsSpec, places: NDArray[np.int64]) -> list[list[Any]]:
    label, prediction = spec.cells.label[places], spec.cells.prediction[places]
    parts = zip(*(values[places].tolist() for values in spec.cells.sums), strict=True)
    wholes = zip(*(values[label].tolist() for values in spec.totals), strict=True)
    effects = [effect if math.isfinite(effect) else None for effect in spec.of_label(places).tolist()]
    told = zip(label.tolist(), prediction.tolist(), parts, wholes, effects, strict=True)
    return [[a, b, list(part), list(whole), effect] for a, b, part, whole, effect in told]


def too_many(engine: Engine, tally: Tally, budget: int) -> bool:
    """Whether the cells of many classes, and their names, would take most of what a saved output may."""
    if not many_cells(tally):
        return False
    tiles = list(cells(tally, engine.split))
    return (
        len(gzip.compress(pack({"classes": engine.meta.classes}, tiles))) > SHARE_OF_BUDGET * budget * 3 / 4
    )


def listed_options(engine: Engine, clauses: Sequence[Clause], part: float) -> dict[str, Any]:
    """What the list of a saved view shows where it cannot count: the pairs of one selection, and of which.

    ``part`` of those that a live view is told have room.
    """
    kept = [clause for clause in clauses if clause.field != "cell"]
    return {
        "confused": {
            **confused(engine, kept, most=max(LEAST, int(part * MOST))),
            "of": [to_json(clause) for clause in kept],
        }
    }


def names_of(engine: Engine, header: Mapping[str, Any]) -> dict[str, Any]:
    """What the description says of the classes that a saved view tells of: of the others no name and no literal."""
    told = {code for row in header["rows"] for code in (row["label"], row["prediction"])}
    told |= {
        code for pair in header.get("options", {}).get("confused", {}).get("pairs", ()) for code in pair[:2]
    }
    for clause in header["clauses"]:
        for rectangle in clause.get("any", ()):
            told |= {code for side in rectangle.values() for code in side or ()}
    texts, literals = engine.meta.classes, literals_of(engine.meta)
    return {
        "classes": [text if code in told else "" for code, text in enumerate(texts)],
        "class_python": {code: own for code, own in literals.items() if code in told},
    }


def confused_answer(engine: Engine, content: Mapping[str, Any], clauses: Sequence[Clause]) -> dict[str, Any]:
    """Answer a view's question.

    Raises
    ------
    MessageError
        If it asks about anything but classes, or there are few enough for a matrix.
    """
    about, k = content.get("about"), len(engine.meta.classes)
    if not engine.meta.many or not engine.meta.model:
        raise MessageError("these classes have a matrix; there is no list of their pairs")
    sound = isinstance(about, list) and len(about) <= k
    if about is not None and not (sound and all(type(code) is int and 0 <= code < k for code in about)):
        raise MessageError(f"about must be a list of at most {k:,} class codes, not {shown(about)}")
    return {"type": "confused", **confused(engine, clauses, about)}
