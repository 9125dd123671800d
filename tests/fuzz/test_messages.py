"""Messages of a hostile page, 21 kinds: the state stays sound, each is answered in kind, and nothing else happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.live import Handled, LiveView
from tests.make_selection_fixtures import spam
from tests.test_clauses import FIELDS, clauses_of_field, junk, selections

from offdiagonal.clauses import all_from_json, to_json
from offdiagonal.display.effects import KINDS
from offdiagonal.errors import MessageError

EACH_COMMIT, EACH_RELEASE = 200, 1000
"""Messages of each kind: 20,000 with those of test_states.py where all are sent."""

VIEW = LiveView(spam(group="length"))
DISTRIBUTION = VIEW.ev.distribution(against={"label": "ham"}).widget
AGAINST = DISTRIBUTION.options["against"]["id"]
DISTRIBUTION.close()
BARS = {"mark": "bar", "encoding": {"x": {"field": "label"}, "y": {"aggregate": "count"}}}
CHART = VIEW.ev.link(BARS, "label").widget  # its chart is there as long as the widget is
CHART_ID = CHART.options["charts"][0]["id"]
CHART.close()
META = VIEW.ev._engine.meta
CODE = (
    "__import__('os').system('id')",
    "'; DROP TABLE t; --",
    "{{7*7}}",
    "${7*7}",
    "../../etc/passwd",
    "file:///etc/passwd",
    "http://127.0.0.1:9/",
    "<script>1</script>",
    "\0",
    "\ud800",
    "__class__",
    "constructor",
    "=cmd|' /C calc'!A0",
)
anything = junk | st.sampled_from(CODE) | st.sampled_from(FIELDS) | st.integers(-(2**70), 2**70)


def spoilt(sound: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A sound object, or one of which a part is missing, replaced or added."""

    def spoil(drawn: tuple[dict[str, Any], str, str, Any]) -> dict[str, Any]:
        whole, how, name, value = drawn
        key = name if how == "add" or not whole else sorted(whole)[len(name) % len(whole)]
        rest = {k: v for k, v in whole.items() if k != key}
        return rest if how == "drop" else {**rest, key: value}

    names = st.sampled_from(["path", "code", "sql", "query", "expr", "__class__", "type", "request", "x"])
    return sound | st.tuples(sound, st.sampled_from(["drop", "replace", "add"]), names, anything).map(spoil)


def message(kind: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A message of a kind, now and then with a request's number and the page's own."""
    more = {"request": anything, "page": st.text(max_size=70) | anything, "number": st.integers() | anything}
    return spoilt(st.fixed_dictionaries({"type": st.just(kind), **parts}, optional=more))


columns = st.sampled_from([None, "row", "label", "score", "confidence", "c5", "c99", "c-1", "c1; --", *CODE])
dims = st.lists(st.sampled_from(["label", "prediction", "outcome", "confidence", "c5", "s0", "s9", *CODE]))
numbers = st.sampled_from(sorted(VIEW.ev._session.numbers.fields)) | columns
count = st.integers(-3, 200) | anything
asked: dict[str, Any] = {"clauses": spoilt(selections.map(lambda c: {"c": c})).map(lambda d: d.get("c"))}


def select(field: str) -> st.SearchStrategy[Any]:
    """A selection by one field, its clause sound or spoilt."""
    own = st.fixed_dictionaries(
        {"field": st.just("rows"), "id": anything | st.text("0123456789abcdef"), "count": count}
    )
    clause = spoilt(own if field == "rows" else clauses_of_field(field))
    return message("select", clauses=st.lists(clause, min_size=1, max_size=2) | anything)


COMMANDS: dict[str, st.SearchStrategy[Any]] = {
    "code": message("code"),
    "hello": message("hello", have=anything | st.just([META.created, META.version])),
    "undo": message("undo"),
    "page": message("page", offset=count, limit=count, sort=columns, descending=anything, **asked),
    "count": message("count", by=dims | anything, **asked),
    "measure": message("measure", **asked),
    "row": message("row", row=count),
    "against": message("against", id=st.sampled_from([AGAINST, "0"]) | anything),
    "common": message(
        "common", others=spoilt(selections.map(lambda c: {"c": c})).map(lambda d: d.get("c")), **asked
    ),
    "effects": message(
        "effects",
        of=st.sampled_from([*KINDS, *CODE]) | anything,
        label=st.integers(-1, 3) | anything,
        sides=st.lists(st.sampled_from(["label", "prediction", "c5", "s0", "c99"]), max_size=3) | anything,
        **asked,
    ),
    "histogram": message("histogram", column=numbers, log=anything, **asked),
    "pairs": message("pairs", x=numbers, y=numbers, log_x=anything, log_y=anything, **asked),
    "chart": message("chart", id=st.just(CHART_ID) | anything, part=count),
    "charted": message("charted", id=st.just(CHART_ID) | anything, **asked),
    "vega": message("vega", part=count),
    "export": message("export", format=st.sampled_from(["csv", "text", *CODE]), private=anything, **asked),
    **{f"select {field}": select(field) for field in ("cell", "slice", "confidence", "text", "c5", "rows")},
}
ANSWERS = {
    "code": "code",
    "hello": "state",
    "undo": "selection",
    "select": "selection",
    "page": "page",
    "count": "count",
    "measure": "measure",
    "row": "row",
    "export": "export",
    "against": "against",
    "common": "common",
    "effects": "effects",
    "histogram": "histogram",
    "pairs": "pairs",
    "chart": "chart",
    "charted": "charted",
    "vega": "vega",
}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Modules that are loaded when they are first needed are loaded."""
    clauses = [{"field": "text", "contains": "free"}]
    for content in (
        {"type": "code"},
        {"type": "hello"},
        {"type": "select", "clauses": clauses},
        {"type": "page", "clauses": clauses, "offset": 0, "limit": 3, "sort": "c5"},
        {"type": "count", "clauses": clauses, "by": ["label", "outcome"]},
        {"type": "measure", "clauses": clauses},
        {"type": "row", "row": 3},
        {"type": "export", "clauses": clauses, "format": "csv"},
        {"type": "common", "clauses": clauses, "others": clauses},
        {"type": "against", "id": AGAINST},
        {"type": "effects", "clauses": clauses, "of": "share"},
        {"type": "histogram", "clauses": clauses, "column": "confidence"},
        {"type": "pairs", "clauses": clauses, "x": "confidence", "y": "confidence"},
        {"type": "chart", "id": CHART_ID, "part": 0},
        {"type": "charted", "id": CHART_ID, "clauses": clauses},
        {"type": "vega", "part": 0},
        {"type": "undo"},
        {"type": "none"},
    ):
        VIEW.custom(content)


def refused(content: Any) -> bool:
    """Whether a selection is none, read a second time apart from the session."""
    try:
        all_from_json(content.get("clauses"), META, VIEW.ev.selection.masks)
    except MessageError:
        return True
    return False


def check(content: Any) -> Handled:
    """Send a message; its answer is typed, the selection sound, the model what it was, and nothing else happened."""
    before, steps = VIEW.selection(), VIEW.ev.selection.steps
    handled = VIEW.custom(content)
    assert not handled.events
    assert VIEW.model_state() == VIEW.model
    assert not handled.states
    kind = content.get("type") if isinstance(content, dict) else None
    kind = kind if isinstance(kind, str) else None
    first = handled.told[0]
    if first["type"] == "error":
        assert first["code"] == "message", first
        assert isinstance(first["text"], str)
        assert 0 < len(first["text"]) < 300
        assert (VIEW.selection(), VIEW.ev.selection.steps) == (before, steps)
        assert [answer["type"] for answer in handled.told[1:]] == (
            ["selection"] if kind in ("select", "undo") else []
        )
    else:
        assert [answer["type"] for answer in handled.told] == [ANSWERS[str(kind)]]
    if kind == "select":
        assert (first["type"] == "error") is refused(content)
        wanted = before if first["type"] == "error" else content["clauses"]
        assert VIEW.selection() == wanted == handled.told[-1]["clauses"]
    elif kind != "undo":
        assert VIEW.selection() == before
    assert all(to_json(c) for c in VIEW.ev.selection.clauses)
    assert len(VIEW.ev.selection) == len(VIEW.ev.selection.indices) <= META.n
    return handled


def send_all(messages: st.SearchStrategy[Any], most: int, handle: Callable[[Any], object]) -> int:
    """Send so many messages; how many were sent."""
    sent = 0

    @settings(max_examples=most, suppress_health_check=list(HealthCheck), database=None)
    @given(messages)
    def send(content: Any) -> None:
        nonlocal sent
        sent += 1
        handle(content)

    send()
    return sent


@pytest.mark.parametrize("most", [EACH_COMMIT, pytest.param(EACH_RELEASE, marks=pytest.mark.slow)])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_message_is_answered_in_kind_and_does_nothing_else(command: str, most: int) -> None:
    kinds: set[str] = set()

    def handle(content: Any) -> None:
        kinds.update(answer["type"] for answer in check(content).told)

    assert send_all(COMMANDS[command], most, handle) >= (most if command != "code" else 1)
    assert "error" in kinds
    if command != "select rows":  # a mask is only known to who was told of it
        assert ANSWERS[command.split(maxsplit=1)[0]] in kinds
