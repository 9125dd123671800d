"""The filter grammar is closed: attacks are refused or are literal text, and what is a clause means what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.fuzz.audit import WATCH
from tests.fuzz.live import LiveView
from tests.fuzz.test_messages import EACH_COMMIT, EACH_RELEASE, send_all
from tests.make_selection_fixtures import spam
from tests.test_clauses import selections

import offdiagonal as od
from offdiagonal.clauses import all_from_json
from offdiagonal.errors import OffdiagonalError
from offdiagonal.table.meta import Field, Level

SQL = """
'; DROP TABLE rows; --
' OR '1'='1
" OR ""="
1; SELECT * FROM secret_df
' UNION SELECT * FROM duckdb_secrets() --
'); COPY rows TO '/tmp/x.csv'; --
SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_blob('/etc/*')
SELECT * FROM glob('/*')
SELECT * FROM sniff_csv('/etc/passwd')
SELECT * FROM parquet_metadata('x')
SELECT * FROM '/etc/passwd'
COPY (SELECT 1) TO '/tmp/x'
EXPORT DATABASE '/tmp/x'
IMPORT DATABASE '/tmp/x'
ATTACH '/tmp/x.db' AS x
DETACH x
INSTALL httpfs
LOAD httpfs
LOAD '/tmp/x.so'
SET memory_limit='1PB'
SET profiling_output='/tmp/x'
SET enable_external_access=true
RESET lock_configuration
PRAGMA database_list
PRAGMA version
CREATE MACRO f(x) AS x
CREATE TABLE t AS SELECT 1
DELETE FROM rows WHERE 1=1
UPDATE rows SET label='x'
SELECT length(repeat('x', 2000000000))
SELECT current_setting('secret_directory')
SELECT getenv('HOME')
1/**/OR/**/1=1
%' OR 1=1 --
_%
\\' OR 1=1 --
0x27204f5220313d31
CASE WHEN 1=1 THEN 1 ELSE 0 END
""".strip().splitlines()
PANDAS = """
@__import__('os').system('id')
__import__('os').system('id')
label.__class__.__mro__[1].__subclasses__()
@pd.read_pickle('/tmp/x')
@df.to_pickle('/tmp/x')
label == 'ham' or True
`label` == 'spam'
index > 0
label.str.contains('.*')
(lambda: exec('x=1'))()
[c for c in ().__class__.__base__.__subclasses__()]
eval("1+1")
exec("import os")
open('/etc/passwd').read()
globals()
@locals()
pl.read_csv('/etc/passwd')
lambda row: row
{0.__class__}
(a+)+$
""".strip().splitlines()
ATTACKS = [*SQL, *PANDAS]

VIEW = LiveView(spam())
NAMES = {"field", "slice", "sort", "dim"}


def planted() -> tuple[od.Evaluation, list[str]]:
    """Each attack in two rows' text, once in the middle and once in other letters."""
    texts = [text for attack in ATTACKS for text in (f"so {attack} it is", attack.swapcase())] + ["plain"]
    frame = {"label": ["a", "b"] * len(ATTACKS) + ["a"], "prediction": ["a"] * len(texts), "text": texts}
    return od.Evaluation(frame, text="text"), texts


EV, TEXTS = planted()
TEXT_VIEW = LiveView(EV)


def test_there_are_sixty_attacks() -> None:
    assert (len(SQL), len(PANDAS)) == (40, 20)
    assert len(set(ATTACKS)) == 60


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_literal_text_or_refused(attack: str) -> None:
    handled = TEXT_VIEW.custom({"type": "select", "clauses": [{"field": "text", "contains": attack}]})
    assert not handled.events
    assert handled.told[0]["type"] == "selection"
    naive = [i for i, text in enumerate(TEXTS) if attack.lower() in text.lower()]
    assert EV.selection.indices.tolist() == naive
    assert {2 * ATTACKS.index(attack), 2 * ATTACKS.index(attack) + 1} <= set(naive)
    messages: dict[str, dict[str, Any]] = {
        "field": {"type": "select", "clauses": [{"field": attack, "codes": [], "intervals": []}]},
        "slice": {"type": "select", "clauses": [{"field": "slice", "names": [attack]}]},
        "outcome": {"type": "select", "clauses": [{"field": "cell", "any": [], "outcome": attack}]},
        "code": {"type": "select", "clauses": [{"field": "c5", "codes": [attack], "intervals": []}]},
        "end": {"type": "select", "clauses": [{"field": "confidence", "low": attack, "high": 1}]},
        "mask": {"type": "select", "clauses": [{"field": "rows", "id": attack, "count": 1}]},
        "sort": {"type": "page", "clauses": [], "offset": 0, "limit": 5, "sort": attack},
        "dim": {"type": "count", "clauses": [], "by": [attack]},
        "format": {"type": "export", "clauses": [], "format": attack},
        "type": {"type": attack},
    }
    for content in messages.values():
        handled = VIEW.custom(content)
        assert handled.told[0]["type"] == "error", content
        assert not handled.events


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_by_python_is_a_value_like_others(attack: str) -> None:
    ev = spam()
    for asked in (
        {"label": attack},
        {"slice": attack},
        {"columns": {attack: 1}},
        {"columns": {"source": attack}},
        {"columns": {"length": attack}},
        {"confidence": (attack, 1)},
    ):
        with WATCH.listening() as events, pytest.raises(OffdiagonalError):
            ev.selection.where(**asked)
        assert not [event for event in events if not event.startswith("import")]  # difflib, for what is near
        assert not ev.selection


EVALUATION = spam()
FRAME: pd.DataFrame = EVALUATION._engine.take(np.arange(120))
META = EVALUATION._engine.meta
FIELDS = {field.key: field for field in META.fields}


def as_number(value: Any) -> float:
    """A number, or a time as milliseconds."""
    return value.timestamp() * 1000 if isinstance(value, pd.Timestamp) else float(value)


def of_level(value: Any, field: Field, level: Level) -> bool:
    """Whether a value of a row is of a level, by what the level says of itself."""
    if pd.isna(value):
        return level.python == "None"
    if level.low is not None and level.high is not None:
        return in_interval(value, level.low, level.high, field.maximum)
    return level.python != "None" and eval(level.python) in (value, str(value))  # 'inf' has no other name


def in_interval(value: Any, low: float, high: float, maximum: float | None) -> bool:
    """Half-open, but that a high at or above the maximum takes it in."""
    if pd.isna(value):
        return False
    number = as_number(value)
    takes_its_end_in = maximum is not None and high >= maximum
    return low <= number and (number <= high if takes_its_end_in else number < high)


def satisfies(row: dict[str, Any], position: int, clause: dict[str, Any]) -> bool:
    """A clause's meaning, as docs/architecture.md has it, of one row."""
    field = clause["field"]
    if field == "cell":
        return of_cells(row, clause)
    if field == "slice":
        inside = {
            'long "one"': row["length"] >= 50,
            "few stars": position % 5 < 2,
            "new\nline": position % 7 == 0,
        }
        return any(inside[name] for name in clause["names"])
    if field == "confidence":
        predicted = row["prediction"]
        value = None if pd.isna(predicted) else row[f"p_{predicted}"]
        return value is not None and in_interval(value, clause["low"], clause["high"], 1.0)
    if field == "text":
        return bool(clause["contains"].lower() in row["text"].lower())
    found = FIELDS[field]
    value = len(row["text"]) if found.name == "text length" else row[found.name]
    return any(of_level(value, found, found.levels[code]) for code in clause["codes"]) or any(
        in_interval(value, low, high, found.maximum) for low, high in clause["intervals"]
    )


def of_cells(row: dict[str, Any], clause: dict[str, Any]) -> bool:
    """Any of the rectangles, and of the outcome."""
    names = [None if code == META.missing else name for code, name in enumerate(META.classes)]
    own = {side: None if pd.isna(row[side]) else row[side] for side in ("label", "prediction")}
    inside = not clause["any"] or any(
        all(cells[side] is None or own[side] in [names[code] for code in cells[side]] for side in own)
        for cells in clause["any"]
    )
    judged = own["label"] is not None
    right = judged and own["label"] == own["prediction"]
    return inside and {None: True, "error": judged and not right, "correct": right}[clause["outcome"]]


@pytest.mark.parametrize("most", [EACH_COMMIT, pytest.param(5 * EACH_RELEASE, marks=pytest.mark.slow)])
def test_clauses_mean_what_they_say_of_each_row(most: int) -> None:
    rows = FRAME.to_dict("records")

    def check(data: list[dict[str, Any]]) -> None:
        found = EVALUATION._engine.indices(all_from_json(data, META)).tolist()
        assert found == [i for i, row in enumerate(rows) if all(satisfies(row, i, c) for c in data)]

    assert send_all(selections, most, check) >= most
