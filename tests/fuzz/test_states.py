"""Updates of the model by a hostile page: its code, its names and its traits are Python's alone."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import strategies as st
from tests.fuzz.audit import WATCH
from tests.fuzz.test_messages import CODE, EACH_COMMIT, EACH_RELEASE, VIEW, anything, send_all

EVIL = "export default { render() { globalThis.fired = 1 } }"
TRAITS = [*VIEW.model, "_css", "comm", "keys", "selection", "_session", "_trait_values", "__class__", "close"]
states = st.dictionaries(st.sampled_from(TRAITS) | st.text(max_size=5), anything | st.just(EVIL), max_size=5)
paths = st.lists(st.lists(st.sampled_from(TRAITS) | st.integers(-2, 2), max_size=3), max_size=2)
updates = st.fixed_dictionaries(
    {"method": st.sampled_from(["update", "echo_update", "backbone"]), "state": states | anything},
    optional={"buffer_paths": paths | anything},
)
envelopes = (
    updates
    | anything
    | st.fixed_dictionaries(
        {"method": anything | st.sampled_from([*CODE, "close", "open", "state", "display"])},
        optional={"content": anything, "state": states},
    )
)


def check(data: Any) -> None:
    """Send it: nothing is answered, nothing changes, nothing else happens."""
    before = VIEW.selection()
    handled = VIEW.data(data)
    assert not handled.events
    assert VIEW.model_state() == VIEW.model
    assert VIEW.selection() == before
    assert not handled.told
    assert not handled.states


@pytest.mark.parametrize("most", [2 * EACH_COMMIT, pytest.param(2 * EACH_RELEASE, marks=pytest.mark.slow)])
def test_an_update_of_the_model_changes_nothing(most: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert send_all(envelopes, most, check) >= most
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err  # which a notebook shows in whatever cell ran last


@pytest.mark.parametrize("trait", [*VIEW.model])
def test_no_trait_is_the_browsers_to_change(trait: str) -> None:
    for value in (EVIL, None, [EVIL], {"x": EVIL}, 3):
        check({"method": "update", "state": {trait: value}})


def test_a_page_that_comes_back_is_told_the_state() -> None:
    (state,) = VIEW.data({"method": "request_state"}).states
    assert state.keys() - {"asked"} == VIEW.model.keys()


def test_what_python_changes_is_told() -> None:
    VIEW.wire.told.clear()
    VIEW.widget.display = "other"
    VIEW.widget.display = VIEW.model["display"]
    assert [data["state"] for _, data in VIEW.wire.told] == [
        {"display": "other"},
        {"display": VIEW.model["display"]},
    ]


@pytest.mark.parametrize(
    "act",
    [
        lambda: open("/nonexistent", "w"),  # noqa: PTH123, SIM115
        lambda: eval("1"),
        lambda: compile("1", "x", "eval"),
        lambda: __import__("this_module_is_nowhere"),
        lambda: __import__("os").system("true"),
        lambda: __import__("subprocess").run(["true"], check=False),
        lambda: __import__("socket").socket(),
        lambda: __import__("pickle").loads(b"cos\ngetcwd\n."),
        lambda: __import__("os").remove("/nonexistent"),
    ],
)
def test_the_watch_hears_what_no_message_may_do(act: Any) -> None:
    with WATCH.listening() as events, contextlib.suppress(OSError, ImportError):
        act()
    assert events
