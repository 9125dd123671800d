"""Views that are made and closed, and Evaluations that are let go, leave nothing behind."""

from __future__ import annotations

import gc
import os
import tempfile
import threading
import tracemalloc
import weakref
from collections.abc import Callable
from pathlib import Path

import comm
import numpy as np
import psutil
import pytest
from ipywidgets.widgets.widget import _instances

import offdiagonal as od
from tests.make_selection_fixtures import spam

CYCLES = 200
VIEWS = ("board", "confusion", "slices", "confidence", "calibration", "distribution", "examples")


@pytest.fixture(autouse=True)
def _own_place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes have temporary files too."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("temporary")))


def open_things() -> dict[str, int]:
    """How many there are of what a view could leave behind."""
    gc.collect()
    return {
        "models": len(_instances),
        "comms": len(comm.get_comm_manager().comms),
        # those of trainings, which other tests of this process have made, end when they do
        "threads": sum(not thread.name.startswith("offdiagonal run") for thread in threading.enumerate()),
        "files": psutil.Process().num_fds(),
        "children": len(psutil.Process().children()),
        "temporary files": len(os.listdir(tempfile.gettempdir())),  # noqa: PTH208 - names alone
    }


def one_cycle(ev: od.Evaluation, number: int) -> None:
    """Make a view, use it, close it."""
    view = getattr(ev, VIEWS[number % len(VIEWS)])()
    widget = view.widget
    for content in ({"type": "hello"}, {"type": "page", "clauses": [], "offset": 0, "limit": 5}):
        widget.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})
    ev.selection.where(label="ham").clear()
    widget.close()


def test_what_is_open_is_counted(tmp_path: Path) -> None:
    before = open_things()
    widget = spam().board().widget
    with tempfile.TemporaryFile(), tempfile.NamedTemporaryFile():
        grown = {name: count - before[name] for name, count in open_things().items() if count > before[name]}
    widget.close()
    assert grown == {"models": 2, "comms": 2, "files": 2, "temporary files": 1}


def test_two_hundred_views_that_are_closed_leave_nothing() -> None:
    ev = spam()
    one_cycle(ev, 0)
    before, observers = open_things(), len(ev.selection._observers)
    for number in range(CYCLES):
        one_cycle(ev, number)
    assert open_things() == before
    assert len(ev._session._peers) == 0
    assert len(ev.selection._observers) == observers
    assert ev.selection.steps <= 200


def held(make: Callable[[], object]) -> bool:
    """Whether something is still there after its last name is gone."""
    thing = make()
    alive = weakref.ref(thing)
    del thing
    gc.collect()
    return alive() is not None


def used() -> od.Evaluation:
    """An Evaluation that was shown, saved, asked and closed."""
    ev = spam()
    one_cycle(ev, 0)
    ev._repr_html_()
    ev.slice("new", np.arange(120) < 5)
    return ev


def test_an_evaluation_that_is_let_go_is_gone() -> None:
    assert not held(used)
    kept: list[object] = []
    assert held(lambda: kept.append(spam()) or kept[0])


def test_memory_stays_flat(tmp_path: Path) -> None:
    ev = spam()

    def grown(cycles: int) -> int:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(cycles):
            one_cycle(ev, number)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before

    tracemalloc.start()
    try:
        grown(60)  # caches and the history of the selection fill
        assert grown(CYCLES) < 300_000
    finally:
        tracemalloc.stop()


def test_files_that_are_written_again_leave_one(tmp_path: Path) -> None:
    ev = od.Evaluation({"label": ["a", "b"], "prediction": ["a", "a"]})
    before = open_things()
    for _ in range(20):
        ev.confusion().save(tmp_path / "view.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["view.svg"]
    assert open_things() == before
