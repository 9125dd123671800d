"""Write tests/fixtures/selection.json, by which Python and TypeScript select and count alike.

Run: python -m tests.make_selection_fixtures
"""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import offdiagonal as od
from offdiagonal.clauses import all_from_json
from offdiagonal.counts.filters import tabulate
from offdiagonal.counts.tiers import groups, margins, overlaps, pairs, wholes
from offdiagonal.counts.tiles import Tile
from offdiagonal.display.wire import meta_json, pack
from offdiagonal.pages import Sort

PATH = Path(__file__).parent / "fixtures" / "selection.json"

Clauses = list[dict[str, Any]]


def spam(**options: Any) -> od.Evaluation:
    """Two classes, with everything that there can be."""
    n = 120
    i = np.arange(n)
    p_spam = (i * 37 % 101) / 100
    frame = pd.DataFrame(
        {
            "label": np.where(i % 17 == 3, None, np.where(i * 7 % 5 < 2, "spam", "ham")),
            "prediction": np.where(i % 29 == 7, None, np.where(p_spam >= 0.5, "spam", "ham")),
            "p_ham": 1 - p_spam,
            "p_spam": np.where(i % 31 == 5, np.nan, p_spam),
            "text": [f'{"FREE Straße" if k % 4 == 1 else "hello İ"} {k} "quoted" \\ back' for k in i],
            "source": np.where(i % 6 == 0, None, np.where(i % 3 == 0, "vendor-b", "it's a")),
            "length": i * i % 97,
            "stars": i % 5 + 1,
            "when": np.datetime64("2023-12-30T12:00:00") + (i * 11 % 60).astype("timedelta64[h]"),
            "size": np.where(i % 40 == 9, np.inf, np.where(i % 40 == 19, np.nan, i / 7)),
        }
    )
    roles = {"text": "text", "time": "when", **options}
    ev = od.Evaluation(frame, probabilities=["p_ham", "p_spam"], name="spam", **roles)
    ev.slice('long "one"', {"columns": {"length": (50, None)}}).slice("few stars", i % 5 < 2)
    return ev.slice("new\nline", i % 7 == 0)


def three() -> od.Evaluation:
    """Classes that are no text, odd names, no probabilities."""
    i = np.arange(60)
    names = ["it's", 'a "b"', "tab\tnew\nline", "日本 😀", "half \ud800"]
    columns: dict[Any, Any] = {
        "label": i % 3,
        "prediction": (i + (i % 7 == 0)) % 3,
        "margin": (i * 13 % 41) / 4 - 3,
        "name": np.asarray([names[k % 5] for k in i], dtype=object),
        ("a", 1): np.asarray([(1, "x"), None, True, 1.5, "1.5"], dtype=object)[i % 5],
        7: i % 2 == 0,
    }
    return od.Evaluation(columns, scores="margin", name="three")


def many() -> od.Evaluation:
    """More classes than keep their own order, and classes that never occur."""
    i = np.arange(400)
    label, prediction = i % 14, np.where(i % 3 == 0, (i + 5 * (i % 2)) % 14, i % 14)
    data = {"fold": np.asarray(list("abcd"))[i % 4], "x": i % 9 / 3}
    names = [f"class {k:02d}" for k in range(16)]
    texts = np.asarray(names, dtype=object)
    return od.Evaluation.from_predictions(
        texts[label], texts[prediction], data=data, classes=names, name="many"
    )


def splits() -> od.Evaluation:
    """One split at a time."""
    i = np.arange(300)
    label = np.asarray(["ham", "spam"])[i % 2]
    train = i % 5 < 3
    data = {
        "label": label,
        "prediction": np.where(i % np.where(train, 29, 7) == 0, np.roll(label, 1), label),
        "p": (i * 37 % 101) / 100,
        "part": np.asarray(["train", "train", "train", "valid", "test"])[i % 5],
        "source": np.asarray(["web", "app", "mail"])[i // 3 % 3],
        "length": i * 17 % 83,
    }
    return od.Evaluation(data, probabilities="p", split="part", name="splits")


def empty() -> od.Evaluation:
    """No rows."""
    return od.Evaluation({"label": [], "prediction": [], "x": []}, classes=["a", "b"], name="empty")


def clause_cell(*rectangles: tuple[Any, Any], outcome: str | None = None) -> dict[str, Any]:
    """A cell clause of rectangles."""
    return {
        "field": "cell",
        "any": [{"label": label, "prediction": prediction} for label, prediction in rectangles],
        "outcome": outcome,
    }


def column(field: str, *codes: int, intervals: Any = ()) -> dict[str, Any]:
    """A column clause."""
    return {"field": field, "codes": list(codes), "intervals": [list(interval) for interval in intervals]}


def confidence(low: float, high: float) -> dict[str, Any]:
    """A confidence clause."""
    return {"field": "confidence", "low": low, "high": high}


def spam_cases(ev: od.Evaluation) -> dict[str, Clauses]:
    """Every kind of clause, alone and together."""
    field = {f.name: f for f in ev._engine.meta.fields}
    length, when, source = field["length"], field["when"], field["source"].key
    first, last = length.levels[0], length.levels[-1]
    inner = when.levels[2].low
    assert inner is not None
    slices = [{"field": "slice", "names": names} for names in (["few stars"], ['long "one"', "new\nline"])]
    text = {"field": "text", "contains": "free STRAßE"}
    quoted = {"field": "text", "contains": '"Quoted" \\ BACK'}
    together = [clause_cell(([0], None)), slices[0], confidence(0.6, 1), column(source, 0, 2)]
    return {
        "nothing": [],
        "a row": [clause_cell(([0], None))],
        "a column": [clause_cell((None, [1]))],
        "a cell": [clause_cell(([1], [0]))],
        "several cells": [clause_cell(([1], [0]), ([0, 1], [1]), (None, [0]))],
        "the same cell twice": [clause_cell(([1], [0]), ([1], [0]))],
        "no label": [clause_cell(([2], None))],
        "no label, or no prediction": [clause_cell(([2], None), (None, [2]))],
        "all cells": [clause_cell((None, None))],
        "no cell": [clause_cell(([], None))],
        "errors": [clause_cell(outcome="error")],
        "what is right": [clause_cell(outcome="correct")],
        "errors of a row": [clause_cell(([0], None), outcome="error")],
        "a slice": [slices[0]],
        "any of two slices": [slices[1]],
        "a slice named twice": [{"field": "slice", "names": ["few stars", "few stars"]}],
        "none of the slices": [{"field": "slice", "names": []}],
        "confidence on bins": [confidence(0.5, 0.895)],
        "confidence, all": [confidence(0, 1)],
        "confidence off bins": [confidence(0.5, 0.8951)],
        "confidence of 1": [confidence(1, 1)],
        "text": [text],
        "text of two cases": [{"field": "text", "contains": "hello i̇"}],
        "text with quotes": [quoted, clause_cell(outcome="error")],
        "levels": [column(source, 0, 2)],
        "no level": [column(source)],
        "a bin": [column(length.key, 1)],
        "interval on bins": [column(length.key, intervals=[(first.low, first.high)])],
        "last bin": [column(length.key, intervals=[(last.low, last.high)])],
        "interval off bins": [column(length.key, intervals=[(3, 17.25)])],
        "interval and code": [column(length.key, 0, intervals=[(last.low, last.high)])],
        "the maximum": [column(length.key, intervals=[(length.maximum, length.maximum)])],
        "outside": [column(length.key, intervals=[(1e300, 1e301), (-1e-7, -5e-324)])],
        "months": [column(when.key, 0, intervals=[(inner, when.levels[3].high)])],
        "times off bins": [column(when.key, intervals=[(inner + 0.25, inner + 36_000_000)])],
        "infinite": [column(field["size"].key, 5)],
        "two columns": [column(source, 1), column(field["stars"].key, 0, 1, 2)],
        "four together": together,
        "four together and errors": [clause_cell(([0], None), outcome="error"), *together[1:]],
        "one of each": [*together, text],
    }


def three_cases(ev: od.Evaluation) -> dict[str, Clauses]:
    """Names and values that are hard to write."""
    keys = [field.key for field in ev._engine.meta.fields]
    sizes = [len(field.levels) for field in ev._engine.meta.fields]
    every = {
        f"level {code} of {key}": [column(key, code)]
        for key, size in zip(keys, sizes, strict=True)
        for code in range(size)
    }
    return {
        "cells": [clause_cell(([0], [1]), ([1, 2], [2]))],
        "error of one": [clause_cell(([2], None), outcome="error"), column(keys[0], 0, 1)],
        **every,
    }


def many_cases(ev: od.Evaluation) -> dict[str, Clauses]:
    """Many classes."""
    key = ev._engine.meta.fields[0].key
    return {
        "rows": [clause_cell(([3, 4, 5], None))],
        "a block": [clause_cell(([3, 4, 5], [3, 4, 8]), outcome="error")],
        "a block of one fold": [clause_cell(([3, 4, 5], [3, 4, 8])), column(key, 1)],
        "classes without rows": [clause_cell(([14, 15], None))],
    }


def split_cases(ev: od.Evaluation) -> dict[str, Clauses]:
    """Splits alone, and what is selected within one."""
    split, source, length = (field.key for field in ev._engine.meta.fields)
    test, errors = column(split, 0), clause_cell(outcome="error")
    return {
        "all splits": [],
        "test": [test],
        "two splits": [column(split, 0, 2)],
        "errors of all": [errors],
        "errors of test": [test, errors],
        "a cell of train from one source": [column(split, 1), clause_cell(([0], [1])), column(source, 2)],
        "two columns of test": [test, column(source, 0, 1), column(length, 1)],
        "confident errors of test": [test, errors, confidence(0.8, 1.0)],
    }


def tiers(ev: od.Evaluation) -> dict[str, list[Tile]]:
    """The tiles of every tier."""
    tally, split = ev._engine.tally, ev._engine.split
    small = [*wholes(tally, split), *overlaps(tally, split), *margins(tally, split)]
    whole = groups(tally)
    assert whole is not None
    return {"groups": whole, "marginals": small, "pairs": [*small, *pairs(tally, split)]}


def questions(ev: od.Evaluation) -> list[tuple[list[str], str | None]]:
    """What is counted: as the views do, and a few more."""
    meta = ev._engine.meta
    asked: list[tuple[list[str], str | None]] = [
        ([], None),
        (["label", "prediction"], None),
        (["label", "prediction"], "cell"),
        (["outcome"], None),
    ]
    dims = [field.key for field in meta.fields[:3]] + [part.key for part in meta.slices[:1]]
    asked += [([dim, "outcome"], "slice" if dim.startswith("s") else dim) for dim in dims]
    if len(meta.fields) > 1:
        asked.append(([meta.fields[0].key, meta.fields[1].key], None))
    if meta.confidence:
        asked.append((["confidence", "outcome"], "confidence"))
    return asked


def counted(ev: od.Evaluation, tiles: list[Tile], by: list[str], clauses: Any) -> list[list[int]] | None:
    """Counts as pairs of place and count, those that are not 0; None where the tiles do not know them."""
    engine = ev._engine
    filters = [engine.filter(clause) for clause in clauses]
    found = tabulate(tiles, by, filters, engine.sizes, engine.table.missing)
    if found is None:
        return None
    assert found.tolist() == engine.tabulate(by, clauses).tolist()
    flat = found.reshape(-1)
    return [[int(place), int(flat[place])] for place in np.flatnonzero(flat)]


def case(ev: od.Evaluation, tiles: dict[str, list[Tile]], name: str, data: Clauses) -> dict[str, Any]:
    """One selection and all that follows from it."""
    engine = ev._engine
    clauses = all_from_json(data, engine.meta)
    ev.selection.replace(clauses)
    counts = []
    for by, without in questions(ev):
        kept = [clause for clause in clauses if clause.field != without]
        answers = {tier: counted(ev, own, by, kept) for tier, own in tiles.items()}
        known = [answer for answer in answers.values() if answer is not None]
        assert all(answer == known[0] for answer in known)
        tier = [tier for tier, answer in answers.items() if answer is not None]
        counts.append({"by": by, "without": without, "tiers": tier, "values": known[0] if known else None})
    sorts = [Sort(), Sort("row", descending=True), Sort("label"), Sort("prediction", descending=True)]
    pages = {
        f"{sort.column} {'down' if sort.descending else 'up'}": ev._session.pages.indices(
            clauses, sort
        ).tolist()
        for sort in (sorts if len(clauses) != 1 else sorts[:1])
    }
    return {
        "name": name,
        "clauses": data,
        "code": ev.selection.code("ev"),
        "selected": len(ev.selection),
        "rows": ev.selection.indices.tolist(),
        "pages": pages,
        "counts": counts,
    }


def table(ev: od.Evaluation, cases: dict[str, Clauses]) -> dict[str, Any]:
    """One Evaluation and its selections."""
    engine = ev._engine
    meta = dataclasses.replace(engine.meta, evaluation="e1", fingerprint="f1", created=1.0)
    shown = [dim for dim in engine.codes if dim not in {"label", "prediction"}]
    tiles = tiers(ev)
    return {
        "meta": meta_json(meta, private=True),
        "rows": ev._session.pages.rows(np.arange(len(ev))) if len(ev) < 200 else None,
        "codes": {dim: engine.codes[dim].tolist() for dim in shown},
        "tiers": {
            tier: {
                "packed": base64.b64encode(pack({"tier": tier}, own)).decode(),
                "dims": [list(tile.dims) for tile in own],
                "entries": [len(tile) for tile in own],
            }
            for tier, own in tiles.items()
        },
        "cases": [case(ev, tiles, name, clauses) for name, clauses in cases.items()],
    }


def build() -> dict[str, Any]:
    """All fixtures."""
    evaluations = {
        "spam": (spam(), spam_cases),
        "three": (three(), three_cases),
        "many": (many(), many_cases),
        "splits": (splits(), split_cases),
    }
    found = {name: table(ev, cases(ev)) for name, (ev, cases) in evaluations.items()}
    return found | {"empty": table(empty(), {"nothing": [], "errors": [clause_cell(outcome="error")]})}


def text(fixtures: dict[str, Any]) -> str:
    """The fixtures as the file has them: a line for each table's part and each case."""
    return (
        json.dumps(fixtures, allow_nan=False, separators=(",", ":")).replace('{"name":', '\n{"name":') + "\n"
    )


if __name__ == "__main__":
    PATH.write_text(text(build()), "utf-8")
