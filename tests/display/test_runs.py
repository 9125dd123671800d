"""Runs as they are sent and saved: a page that hears all tails has what a page has that asks anew."""

from __future__ import annotations

import base64
import gc
import gzip
import json
import math
import re
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import offdiagonal as od
from offdiagonal.display.run_session import RunSession
from offdiagonal.training.blob import unpacked

ISLAND = re.compile(r'class="od-data">([^<]+)<')


class Page:
    """A page in place of the browser's: it keeps what it is told."""

    def __init__(self, session: RunSession) -> None:
        self.session = session
        self.heard: list[tuple[dict[str, Any], list[bytes]]] = []
        session.join(self)

    def send(self, content: Any, buffers: Sequence[bytes] | None = None) -> None:
        self.heard.append((content, list(buffers or [])))

    def ask(self, **content: Any) -> tuple[dict[str, Any], list[bytes]]:
        self.session.receive(self, {"request": 1, **content})
        answers = [heard for heard in self.heard if heard[0].get("request") == 1]
        self.heard = [heard for heard in self.heard if heard[0].get("request") != 1]
        return answers[-1]

    def state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        answer, (data,) = self.ask(type="hello")
        assert answer["type"] == "runs"
        return unpacked(data)

    def tails(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        found = [unpacked(buffers[0]) for content, buffers in self.heard if content["type"] == "tail"]
        self.heard = []
        return found


def waited_for(true: Callable[[], Any], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def saved(html: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an island holds."""
    (data,) = ISLAND.findall(html)
    return unpacked(gzip.decompress(base64.b64decode(data)))


def logged(run: od.Run, steps: int, start: int = 0) -> None:
    for step in range(start, start + steps):
        run.log(step, loss=2.0 / (step + 1), lr=0.1)
        if step % 10 == 0:
            run.log(step, val_loss=2.5 / (step + 1), val_accuracy=1 - 1 / (step + 1))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_a_page_that_hears_all_tails_has_what_one_has_that_asks_anew(parts: list[int]) -> None:
    run = od.Run("live", keep=False)
    page = Page(run.session)
    header, arrays = page.state()
    values: dict[str, list[float]] = {
        metric["name"]: arrays[f"0/{j}/mean"].tolist()
        for j, metric in enumerate(header["runs"][0]["metrics"])
    }
    at = 0
    for part in parts:
        logged(run, part, at)
        at += part
        run.record  # noqa: B018 - all is put in order
        with run.session._lock:
            run.session._tell()
    if at % 2:
        Page(run.session).state()  # another page that asks takes nothing from this one
    for tail, arrays in page.tails():
        for j, metric in enumerate(tail["runs"][0]["metrics"]):
            known = values.setdefault(metric["name"], [])
            assert metric["from"] == len(known)
            known += arrays[f"0/{j}/value"].tolist()
            assert metric["best"] is None or metric["best"]["value"] == pytest.approx(
                (max if "accuracy" in metric["name"] else min)(known), rel=1e-6
            )
    header, arrays = page.state()
    for j, metric in enumerate(header["runs"][0]["metrics"]):
        assert values[metric["name"]] == arrays[f"0/{j}/mean"].tolist()
    assert len(header["runs"][0]["metrics"]) == len(values)


def test_an_open_view_hears_of_what_is_logged_without_asking() -> None:
    run = od.Run("live", keep=False)
    page = Page(run.session)
    page.state()
    run.log(0, loss=1.0)
    assert waited_for(lambda: any(content["type"] == "tail" for content, _ in page.heard))
    (tail, arrays), *_ = page.tails()
    assert tail["runs"][0]["metrics"][0]["name"] == "loss"
    assert arrays["0/0/value"].tolist() == [1.0]
    run.finish()
    assert waited_for(lambda: any(t["runs"][0]["status"] == "finished" for t, _ in page.tails()))


def test_an_interrupted_kernel_answers_that_it_was() -> None:
    run = od.Run("interrupted", keep=False)
    run.log(0, loss=1.0)
    page = Page(run.session)
    page.state()

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    run.session.observe(interrupt)
    error, _ = page.ask(type="steps", range=[0, 1])
    assert (error["type"], error["code"]) == ("error", "interrupted")
    assert page.state()


def diverging(run: od.Run, steps: range) -> None:
    for step in steps:
        run.log(step, loss=1.0 if step < 60 else math.nan)


def test_what_a_second_view_finds_the_first_is_told_too() -> None:
    run = od.Run("news", keep=False)
    diverging(run, range(50))
    first = Page(run.session)
    first.state()
    first.tails()
    diverging(run, range(50, 80))
    second = Page(run.session)
    state, _ = second.state()
    assert state["findings"]
    assert any(tail["findings"] == state["findings"] for tail, _ in first.tails())


def test_what_a_saved_output_finds_open_views_are_told_too() -> None:
    run = od.Run("news", keep=False)
    diverging(run, range(50))
    page = Page(run.session)
    page.state()
    diverging(run, range(50, 80))
    assert run._repr_html_()
    assert any(tail["findings"] for tail, _ in page.tails())


def test_views_are_told_where_no_more_threads_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    run = od.Run("threads", keep=False)
    page = Page(run.session)
    page.state()

    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    run.log(0, loss=1.0)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refused)
        for step in range(1, 40):
            run.log(step, loss=1.0)
            run.record  # noqa: B018 - each look flushes, and so tells
    told = page.tails()
    assert told
    run.log(40, loss=math.nan)
    run.finish()
    assert waited_for(lambda: any(tail["findings"] for tail, _ in page.tails()))


def test_a_flood_reaches_a_page_some_thirty_times_a_second_at_most() -> None:
    run = od.Run("flood", keep=False)
    page = Page(run.session)
    page.state()
    began = time.monotonic()
    step = 0
    while time.monotonic() < began + 1.5:
        run.log(step, loss=1.0)
        step += 1
        if step % 100 == 0:
            run.record  # noqa: B018 - each look flushes, and so tells
    seconds = time.monotonic() - began
    assert 3 <= len(page.tails()) <= 10 + 30 * seconds


def test_long_curves_are_sent_in_few_buckets_that_keep_their_extremes() -> None:
    run = od.Run("long", keep=False)
    rng = np.random.default_rng(0)
    values = rng.random(100_000)
    values[[777, 50_000]] = 9.0, -9.0
    for step, value in enumerate(values.tolist()):
        run.log(step, loss=value)
    header, arrays = Page(run.session).state()
    n = arrays["0/0/n"]
    assert header["runs"][0]["metrics"][0]["points"] == n.sum() == 100_000
    assert len(n) <= 8192
    assert arrays["0/0/high"].max() == 9.0
    assert arrays["0/0/low"].min() == -9.0
    assert (arrays["0/0/mean"] * n).sum() / n.sum() == pytest.approx(values.mean(), rel=1e-5)


def test_a_part_of_a_long_curve_is_sent_finer() -> None:
    run = od.Run("long", keep=False)
    for step in range(50_000):
        run.log(step, loss=float(step))
    page = Page(run.session)
    answer, (data,) = page.ask(type="range", run=0, metric="loss", low=1000, high=1999)
    _, arrays = unpacked(data)
    assert answer["type"] == "range"
    assert arrays["step"].tolist() == list(range(999, 2001))
    assert arrays["mean"].tolist() == list(range(999, 2001))


def test_nan_and_infinity_are_counted_and_no_part_of_a_curve() -> None:
    run = od.Run("nan", keep=False)
    for step, loss in enumerate([1.0, math.nan, 0.5, math.inf, -math.inf]):
        run.log(step, loss=loss)
    header, arrays = Page(run.session).state()
    metric = header["runs"][0]["metrics"][0]
    assert (metric["points"], metric["bad"], metric["last_value"]) == (5, 3, 0.5)
    assert metric["best"] == {"value": 0.5, "step": 2.0}
    assert arrays["0/0/mean"].tolist() == [1.0, 0.5]


def test_stop_is_a_message() -> None:
    run = od.Run("stops", keep=False)
    page = Page(run.session)
    page.state()
    answer, _ = page.ask(type="stop", run=0)
    assert answer["type"] == "stopping"
    assert waited_for(lambda: any(tail["runs"][0]["status"] == "stopping" for tail, _ in page.tails()))
    with pytest.raises(od.StopTraining, match="stops was stopped at step 3"):
        run.log(3, loss=1.0)


def test_brushed_steps_reach_all_views_and_python() -> None:
    run = od.Run("brushed", keep=False)
    logged(run, 50)
    first, second = Page(run.session), Page(run.session)
    first.state()
    second.state()
    view = run.curves()
    first.ask(type="steps", range=[10, 20])
    assert view.steps == (10, 20)
    assert ({"type": "steps", "range": [10.0, 20.0]}, []) in second.heard
    view.steps = None
    assert second.heard[-1][0] == {"type": "steps", "range": None}
    assert second.ask(type="hello")[0]["steps"] is None


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(["code", "hello", "steps", "stop", "range"]) | HOSTILE


@settings(deadline=None)
@given(
    kind=KINDS,
    more=st.dictionaries(
        st.sampled_from(["run", "range", "metric", "low", "high", "digest", "have"]), HOSTILE, max_size=5
    ),
)
def test_whatever_a_message_holds_the_sender_gets_a_typed_answer(kind: Any, more: dict[str, Any]) -> None:
    run = od.Run("hostile", keep=False)
    logged(run, 20)
    page = Page(run.session)
    answer, _ = page.ask(**{**more, "type": kind})
    assert answer["type"] in {"code", "runs", "steps", "stopping", "range", "error"}
    if answer["type"] == "error":
        assert answer["code"] == "message"
    assert run.record.curve("loss").values.shape == (20,)


@pytest.mark.parametrize("points", [0, 1, 30, 20_000])
def test_an_island_is_small_and_says_how_much_it_holds(points: int) -> None:
    run = od.Run("saved", config={"lr": 0.1}, keep=False)
    rng = np.random.default_rng(1)
    for step in range(points):
        run.log(step, loss=float(rng.random()), lr=float(rng.random()), grad_norm=float(rng.random()))
    html = run._repr_html_()
    assert len(html) <= 200 * 1024
    header, arrays = saved(html)
    assert header["saved"]["points"] == 3 * points
    assert header["saved"]["kept"] == sum(len(v) for name, v in arrays.items() if name.endswith("/mean"))
    assert header["runs"][0]["config"] == {"lr": 0.1}
    assert "Metrics" in html
    assert '<div class="od-static">' in html


def test_many_metrics_still_fit(tmp_path: Path) -> None:
    run = od.Run("many", keep=False)
    rng = np.random.default_rng(1)
    for step in range(300):
        run.log(step, **{f"metric {i}": float(rng.random()) for i in range(100)})
    assert len(run._repr_html_()) <= 200 * 1024
    run.curves().save(tmp_path / "many.html")
    assert len(saved((tmp_path / "many.html").read_text("utf-8"))[0]["runs"][0]["metrics"]) == 100


def test_files_of_all_kinds(tmp_path: Path) -> None:
    run = od.Run("files", keep=False)
    logged(run, 200)
    view = run.curves()
    begins = {"png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF", "html": b"<!doctype html>"}
    for kind, first in begins.items():
        view.save(tmp_path / f"x.{kind}")
        assert (tmp_path / f"x.{kind}").read_bytes().startswith(first)
    assert view.to_altair().to_dict()["vconcat"]


def test_the_frame_is_what_was_logged() -> None:
    run = od.Run("frame", keep=False)
    logged(run, 30)
    frame = run.curves().to_frame()
    assert list(frame.columns) == ["run", "metric", "step", "seconds", "value"]
    loss = frame[frame["metric"] == "loss"]
    assert loss["value"].tolist() == [2.0 / (step + 1) for step in range(30)]


def test_names_are_text_wherever_they_stand() -> None:
    bad = "<img src=x onerror=alert(1)>"
    run = od.Run(bad, config={bad: bad}, keep=False)
    run.log(0, **{bad: 1.0})
    html = run._repr_html_()
    assert "<img src=x" not in html
    assert saved(html)[0]["runs"][0]["name"] == bad


def test_five_lines_of_text() -> None:
    run = od.Run("text", keep=False)
    assert repr(run.curves()).splitlines()[1] == "nothing logged yet"
    logged(run, 30)
    lines = repr(run.curves()).splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("text · curves · running, step 29")
    assert "best val_loss 0.119 at step 20" in lines[2]


def test_what_runs_differ_in_is_named_and_two_changes_are_warned_of() -> None:
    runs = [od.Run(f"r{i}", config={"lr": 0.1 * i, "depth": i, "same": 1}, keep=False) for i in range(2)]
    for run in runs:
        logged(run, 10)
    header, _ = saved(od.curves(runs)._repr_html_())
    assert [name for name, _ in header["differences"]["settings"]] == ["lr", "depth"]
    assert header["differences"]["warning"].startswith("2 settings differ between these runs (lr, depth)")
    one, _ = saved(od.curves(runs[:1])._repr_html_())
    assert one["differences"] == {"settings": [], "warning": None}


def test_curves_take_one_run_and_one_metric_as_they_are() -> None:
    run = od.Run("one", keep=False)
    run.log(0, loss=1.0, f1=0.5)
    for view in (od.curves(run, metrics="loss"), run.curves(metrics="loss")):
        assert set(view.to_frame()["metric"]) >= {"loss"}
    with pytest.raises(od.OffdiagonalError, match="no metric 'typo' was logged; there is loss, f1"):
        od.curves(run, metrics="typo")
    with pytest.raises(od.OffdiagonalError, match="curves takes runs, and 3 is none"):
        od.curves(3)


def test_a_million_points_are_one_small_state() -> None:
    run = od.Run("million", keep=False)
    values = np.random.default_rng(0).random(1_000_000)
    run.record  # noqa: B018
    steps = np.arange(1e6)
    run.recorder._extend("loss", type(run.record.curve("loss"))(steps, values, steps))
    answer, (data,) = Page(run.session).ask(type="hello")
    assert answer["type"] == "runs"
    assert len(data) < 300_000
    json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


def test_steps_out_of_order_are_sent_in_order_and_asked_for_again() -> None:
    run = od.Run("back", keep=False)
    page = Page(run.session)
    for step in [*range(50, 100), *range(50)]:
        run.log(step, loss=float(step))
    header, arrays = page.state()
    assert arrays["0/0/step"].tolist() == list(range(100))
    assert (header["runs"][0]["metrics"][0]["first"], header["runs"][0]["metrics"][0]["last"]) == (0, 99)
    page.tails()
    run.log(20, loss=1.0)
    told: list[Any] = []
    assert waited_for(
        lambda: told.extend(m for t, _ in page.tails() for m in t["runs"][0]["metrics"]) or told
    )
    assert told[0]["from"] == -1
    assert "step 99" in repr(run)


def test_many_layers_find_less_room_in_what_is_saved() -> None:
    run = od.Run("deep", keep=False)
    rng = np.random.default_rng(0)
    names = [f"layer {i}" for i in range(200)]
    for step in range(240):
        stats = {name: rng.random(200) for name in ("weight_rms", "gradient_rms", "update_ratio")}
        run.log_layers("parameters", step, names, stats)
        run.log(step, loss=1.0)
    html = run._repr_html_()
    assert len(html) <= 200 * 1024
    header, arrays = saved(html)
    layers = header["runs"][0]["layers"]["parameters"]
    assert (layers is None) == ("had no room here" in html)
    assert layers is None or arrays["0/parameters/weight_rms"].shape[1] == 200


def test_values_too_large_for_four_bytes_stay_finite() -> None:
    run = od.Run("large", keep=False)
    run.log(0, loss=1e300)
    run.log(1, loss=-1e300)
    _, arrays = Page(run.session).state()
    assert np.isfinite(arrays["0/0/mean"]).all()
    assert arrays["0/0/mean"].tolist()[0] > 3e38


def test_a_run_that_is_dropped_ends_though_a_page_is_open() -> None:
    run = od.Run("dropped with a view", keep=False)
    page = Page(run.session)
    page.state()
    run.log(0, loss=1.0)
    recorder = run.recorder
    del run
    gc.collect()
    assert recorder.status == "finished"
    assert waited_for(
        lambda: not any("dropped with a view" in thread.name for thread in threading.enumerate())
    )
    assert waited_for(lambda: any(t["runs"][0]["status"] == "finished" for t, _ in page.tails()))


def test_a_run_that_goes_on_is_saved_with_the_time_at_which_it_was() -> None:
    run = od.Run("goes on", keep=False)
    logged(run, 3)
    output = run.curves()
    island, text = output._saved()
    html = run._repr_html_()
    at = saved(html)[0]["saved"]["at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", at)
    for told in (text, island.still):
        assert re.search(r"running when saved, \d{4}-\d\d-\d\d \d\d:\d\d, step 2", told)
    assert "when saved" not in repr(output)
    assert Page(run.session).state()[0]["saved"] is None
    run.finish()
    assert saved(run._repr_html_())[0]["saved"]["at"] == ""
    assert "when saved" not in run._repr_html_()
