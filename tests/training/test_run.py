"""What is logged is what is known of a run: from any thread and process, after a crash, in any order."""

from __future__ import annotations

import gc
import math
import multiprocessing
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

import offdiagonal as od
from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.store import read_facts, read_run

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


def waited_for(true: Callable[[], Any], seconds: float = 20) -> bool:
    """Whether something comes true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@given(st.lists(st.tuples(st.integers(0, 10**9), NUMBERS, NUMBERS), max_size=50))
def test_a_record_is_what_was_logged(rows: list[tuple[int, float, float]]) -> None:
    run = od.Run("one", keep=False)
    for step, loss, rate in rows:
        run.log(step, loss=loss, lr=rate)
    record = run.record
    for name, place in (("loss", 1), ("lr", 2)):
        curve = record.curve(name)
        assert curve.steps.tolist() == [row[0] for row in rows]
        np.testing.assert_array_equal(curve.values, [row[place] for row in rows])
        assert (np.diff(curve.times) >= 0).all() or len(rows) < 2


def test_a_step_is_one_more_than_the_last_where_none_is_given() -> None:
    run = od.Run("one", keep=False)
    run.log(loss=3.0)
    run.log(10, loss=2.0)
    run.log(loss=1.0)
    assert run.record.curve("loss").steps.tolist() == [0, 10, 11]


def test_metrics_without_a_step_join_the_last_step_where_it_lacks_them() -> None:
    run = od.Run("pieces", keep=False)
    for update in range(10):
        run.log(loss=1.0)
        run.log(accuracy=0.5)
        if update % 5 == 4:
            run.log(val_loss=2.0)
    assert run.record.curve("loss").steps.tolist() == list(range(10))
    assert run.record.curve("accuracy").steps.tolist() == list(range(10))
    assert run.record.curve("val_loss").steps.tolist() == [4, 9]
    run.log(50, loss=1.0)
    run.log(val_loss=1.0)
    assert run.last_step == 50
    run.log(val_loss=1.0)
    assert run.last_step == 51


def test_metrics_may_be_a_dict_and_arrays_of_one_element() -> None:
    run = od.Run("dict", keep=False)
    run.log(0, {"loss": np.array([1.5])}, val_loss=np.array([[2.0]]))
    run.log({"loss": 0.5, "step": 7})
    assert run.record.curve("loss").values.tolist() == [1.5, 0.5]
    assert run.record.curve("loss").steps.tolist() == [0, 7]
    assert run.record.curve("val_loss").values.tolist() == [2.0]


def test_what_is_logged_after_the_end_is_taken_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    with od.Run("late", keep=False) as run:
        run.log(0, loss=1.0)
    assert caplog.messages == []
    run.log(1, loss=0.5)
    run.log_examples(1, [0], loss=[0.5])
    (message,) = caplog.messages
    assert message.startswith("late is finished: what is logged to it now is taken")
    assert len(run.record.curve("loss")) == 2
    run.resume()
    run.log(2, loss=0.4)
    assert len(caplog.messages) == 1


def test_a_kept_run_is_read_as_it_was_logged(tmp_path: Path) -> None:
    run = od.Run("kept", config={"lr": 0.1, "layers": [3, 4], "odd": object}, folder=tmp_path)
    for step in range(1000):
        run.log(step, loss=1 / (step + 1), bad=math.nan if step % 7 == 0 else step)
    run.log_layers(
        "parameters", 5, ["a.weight", "b.weight"], {"weight_rms": [0.1, 0.2]}, shapes=[(3, 4), (4,)]
    )
    run.log_layers("activations", 5, ["a"], {"dead_share": np.array([0.5], np.float32)}, kinds=["ReLU"])
    run.log_examples(
        7, ["x", "y"], loss=[0.5, 0.25], prediction=["ham", "spam"], probabilities=[[0.2, 0.8]] * 2
    )
    run.fact("classes", 2)
    run.finish()
    assert run.path is not None
    read, own = read_run(run.path), run.record
    assert (read.id, read.name, read.status, read.facts) == (own.id, "kept", "finished", {"classes": 2})
    assert read.config == {"lr": 0.1, "layers": [3, 4], "odd": "<class 'object'>"}
    for name, curve in own.metrics.items():
        for part in ("steps", "values", "times"):
            np.testing.assert_array_equal(getattr(read.metrics[name], part), getattr(curve, part))
    assert read.parameters is not None
    assert read.parameters.shapes == ((3, 4), (4,))
    assert read.parameters.stats["weight_rms"].tolist() == [[np.float32(0.1), np.float32(0.2)]]
    assert read.activations is not None
    assert read.activations.kinds == ("ReLU",)
    assert read.examples is not None
    assert read.examples.ids.tolist() == ["x", "y"]
    assert read.examples.prediction is not None
    assert read.examples.prediction.tolist() == [["ham", "spam"]]
    assert read.examples.probability is not None
    assert read.examples.probability.tolist() == [[np.float32(0.8)] * 2]


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (("train_loss", "eval_loss"), ("loss", "val_loss")),
        (("train/loss", "val/acc"), ("loss", "val_accuracy")),
        (("learning_rate", "bleu"), ("lr", "bleu")),
        (("train_loss", "loss"), ("train_loss", "loss")),
        (("Loss/train", "train_loss"), ("loss", "train_loss")),
    ],
)
def test_other_names_of_what_is_known_are_known(given: tuple[str, str], known: tuple[str, str]) -> None:
    run = od.Run("names", keep=False)
    for step in range(3):
        run.log(step, **dict.fromkeys(given, float(step)))
    assert set(run.record.metrics) == set(known)
    assert all(len(curve) == 3 for curve in run.record.metrics.values())


def test_a_name_that_comes_later_takes_nobody_elses() -> None:
    run = od.Run("later", keep=False)
    run.log(0, train_loss=1.0)
    run.log(1, loss=2.0, train_loss=3.0)
    curves = {name: curve.values.tolist() for name, curve in run.record.metrics.items()}
    assert curves == {"loss": [1.0, 3.0], "loss (2)": [2.0]}


def test_threads_lose_nothing() -> None:
    run = od.Run("threads", keep=False)

    def work(name: str) -> None:
        for step in range(2000):
            run.log(step, **{name: float(step)})

    threads = [threading.Thread(target=work, args=(f"m{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        run.record  # noqa: B018 - it is read while it grows
    for thread in threads:
        thread.join()
    for i in range(4):
        assert run.record.curve(f"m{i}").values.tolist() == list(range(2000))


def _in_a_process(run: od.Run) -> None:
    for step in range(5):
        run.log(step, child=float(step))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_a_process_of_the_kernel_adds_to_the_run(tmp_path: Path, how: str) -> None:
    run = od.Run("processes", folder=tmp_path)
    run.log(0, loss=1.0)
    process = multiprocessing.get_context(how).Process(target=_in_a_process, args=(run,))  # type: ignore[attr-defined]
    process.start()
    process.join()
    assert process.exitcode == 0
    run.log(1, loss=0.5)
    assert run.record.curve("child").values.tolist() == [0, 1, 2, 3, 4]
    assert run.record.curve("loss").values.tolist() == [1, 0.5]
    run.finish()
    assert run.path is not None
    assert len(read_run(run.path).curve("child")) == 5


def _until_stopped(run: od.Run) -> None:
    with run:
        for step in range(10**6):
            run.log(step, child=float(step))
            time.sleep(0.01)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_stop_reaches_a_process_of_the_kernel(tmp_path: Path, how: str) -> None:
    run = od.Run("processes", folder=tmp_path)
    process = multiprocessing.get_context(how).Process(target=_until_stopped, args=(run,))  # type: ignore[attr-defined]
    process.start()
    assert waited_for(lambda: "child" in run.record.metrics)
    run.stop()
    process.join(20)
    assert process.exitcode == 0


def _looks(run: od.Run) -> None:
    while not run.should_stop:
        time.sleep(0.01)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_stop_reaches_a_process_that_logs_nothing(tmp_path: Path, how: str) -> None:
    run = od.Run("looks", folder=tmp_path)
    process = multiprocessing.get_context(how).Process(target=_looks, args=(run,))  # type: ignore[attr-defined]
    process.start()
    run.stop()
    process.join(20)
    assert process.exitcode == 0


def test_a_run_that_goes_on_after_stop_does_not_stop_the_processes_that_it_starts(tmp_path: Path) -> None:
    run = od.Run("goes on", folder=tmp_path)
    run.log(0, loss=1.0)
    run.stop()
    run.finish()
    with run:
        child = pickle.loads(pickle.dumps(run))
        child.log(1, loss=0.5)
        assert child.record.metrics
        assert not child.should_stop
        assert run.path is not None
        assert read_facts(run.path)["status"] == "running"


def test_a_run_that_is_kept_nowhere_cannot_go_to_another_process() -> None:
    with pytest.raises(OffdiagonalError, match="leave keep=False out"):
        od.Run("nowhere", keep=False).__getstate__()


CRASH = """
import sys, time
import offdiagonal as od
run = od.Run("crash", folder=sys.argv[1])
step = 0
while True:
    run.log(step, loss=1.0)
    print(step, time.time(), flush=True)
    step += 1
    time.sleep(0.01)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process by signal")
def test_a_crash_loses_less_than_a_second(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CRASH, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(150)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    (path,) = tmp_path.glob("*.run")
    kept = len(read_run(path).curve("loss"))
    when = {int(line.split()[0]): float(line.split()[1]) for line in said if line.endswith("\n")}
    last = max(when)
    assert when[last] - when[min(kept, last)] < 2  # half a second, and what a busy machine adds


@pytest.mark.skipif(os.name != "posix", reason="asks for a process by signal")
def test_a_run_whose_process_is_gone_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = subprocess.Popen([sys.executable, "-c", CRASH, str(tmp_path)], stdout=subprocess.PIPE)
    assert waited_for(lambda: list(tmp_path.glob("*.run")), 60)
    (path,) = tmp_path.glob("*.run")
    assert waited_for(lambda: _kept(path) > 0)
    assert read_facts(path)["status"] == "running"
    process.kill()
    process.wait()
    monkeypatch.setattr("offdiagonal.training.store.PATIENCE", 0.0)
    assert read_facts(path)["status"] == "lost"
    assert read_run(path).status == "lost"


@pytest.mark.parametrize(
    ("end", "status", "error"),
    [
        ("raise ValueError('no data')", "crashed", "ValueError: no data"),
        ("raise KeyboardInterrupt", "stopped", None),
        ("run.stop(); run.log(1, loss=0.5)", "stopped", None),
        ("try: 1 / 0\nexcept ZeroDivisionError: pass", "finished", None),
    ],
)
def test_a_script_without_with_tells_what_ended_it(
    tmp_path: Path, end: str, status: str, error: str | None
) -> None:
    code = f"import offdiagonal as od\nrun = od.Run('script', folder={str(tmp_path)!r})\nrun.log(0, loss=1.0)\n{end}\n"
    subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    run = od.runs(tmp_path)["script"].record
    assert (run.status, run.facts.get("error")) == (status, error)
    assert run.curve("loss").values[0] == 1.0


def _kept(path: Path) -> int:
    try:
        return len(read_run(path).curve("loss"))
    except OffdiagonalError:  # it is being made
        return 0


@pytest.mark.parametrize(
    ("error", "status"), [(None, "finished"), (ValueError("no"), "crashed"), (KeyboardInterrupt(), "stopped")]
)
def test_a_with_statement_says_how_it_ended(error: BaseException | None, status: str) -> None:
    run = od.Run("ends", keep=False)
    with nullcontext() if error is None else pytest.raises(type(error)), run:
        run.log(0, loss=1.0)
        if error is not None:
            raise error
    assert run.record.status == status
    assert run.record.facts.get("error") == ("ValueError: no" if status == "crashed" else None)


def test_stop_ends_a_loop_at_its_next_log() -> None:
    run = od.Run("stops", keep=False)
    steps = []
    with run:
        for step in range(100):
            if step == 5:
                run.stop()
            steps.append(step)
            run.log(step, loss=1.0)
    assert steps == [0, 1, 2, 3, 4, 5]
    assert run.record.status == "stopped"


def test_a_loop_that_looks_itself_is_not_interrupted() -> None:
    run = od.Run("polite", keep=False)
    step = 0
    while not run.should_stop:
        run.log(step, loss=1.0)
        step += 1
        if step == 5:
            run.stop()
            run.log(step, loss=1.0)
    run.finish()
    assert step == 5
    assert run.record.status == "stopped"


def test_a_training_in_a_thread_stops() -> None:
    run = od.Run("thread", keep=False)

    def train() -> None:
        while True:
            run.log(loss=1.0)
            time.sleep(0.001)

    thread = run.start(train)
    assert waited_for(lambda: len(run.record.curve("loss")) > 3)
    run.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert run.record.status == "stopped"


def test_a_dropped_run_is_finished_and_leaves_no_thread(tmp_path: Path) -> None:
    run = od.Run("dropped", folder=tmp_path)
    run.log(0, loss=1.0)
    path = run.path
    assert path is not None
    del run
    assert read_facts(path)["status"] == "finished"
    assert waited_for(lambda: not any("dropped" in thread.name for thread in threading.enumerate()))


def test_tensors_are_taken_as_they_are_at_that_moment() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    run = od.Run("tensors", keep=False)
    total = torch.zeros((), requires_grad=False)
    for step in range(4):
        total += 1
        run.log(step, total=total, half=total.to(torch.bfloat16) / 2)
    assert run.record.curve("total").values.tolist() == [1, 2, 3, 4]
    assert run.record.curve("half").values.tolist() == [0.5, 1, 1.5, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda run: run.log(0, loss="low"), "loss='low' is no number"),
        (lambda run: run.log(math.nan, loss=1), "step=nan is no step"),
        (lambda run: run.log(0, loss=np.arange(3)), "is no number; log one number a metric"),
        (lambda run: run.log_examples(0, [1, 2]), "and got none"),
        (lambda run: run.log_examples(0, [1, 2], loss=[1.0]), "loss= has 1 values and ids 2"),
        (lambda run: run.log_layers("weights", 0, ["a"], {}), "parameters or activations, not 'weights'"),
        (lambda run: run.log_layers("parameters", 0, ["a"], {"size": [1]}), "unknown statistic 'size'"),
        (
            lambda run: run.log_layers("parameters", 0, ["a"], {"weight_rms": [1, 2]}),
            "2 numbers and there are 1",
        ),
        (lambda run: run.fact("colour", "red"), "unknown fact 'colour'"),
        (lambda run: run.curves(x="miles"), "x='miles' is none of step, epoch, time"),
        (lambda run: run.curves(metrics=["los"]), "no metric 'los' was logged"),
        (lambda run: run.curves().save("x.doc"), "cannot save as '.doc'"),
        (lambda run: od.curves([]), "0 runs; curves shows 1 to 50"),
        (lambda run: od.curves([run, 3]), "3 is none; give od.Run objects"),
        (lambda run: od.Run(" "), "a run needs a name"),
        (lambda run: od.Run(None), "a run needs a name .* such as 'lr 3e-4', not None"),
        (lambda run: od.Run(["a"]), r"a run needs a name .* not \['a'\]"),
        (lambda run: od.Run({"lr": 1}), "a run needs a name"),
        (lambda run: run.start(3), r"as in run.start\(train\) and not run.start\(train\(\)\); this is 3"),
        (lambda run: run.log(0, 0.5), "log takes metrics by name, .* not 0.5"),
        (lambda run: run.log({1: 0.5}), "log takes metrics by name"),
        (lambda run: run.log(0, {"loss": 1}, loss=2), "log got loss twice"),
        (lambda run: run.log(0, {"loss": 1, "step": 2}), "log got two steps, 0 and step=2"),
        (lambda run: od.Run("x", config=[1]), r"config= is a dict .* not \[1\]"),
    ],
)
def test_what_cannot_be_taken_is_said(call: Callable[[od.Run], object], message: str) -> None:
    run = od.Run("wrong", keep=False)
    with pytest.raises(OffdiagonalError, match=message):
        call(run)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OffdiagonalError, match=r"cannot be kept in .*give another folder=, or keep=False"):
        od.Run("x", folder=tmp_path / "file" / "below")


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no file that is open")
@pytest.mark.parametrize("again", [False, True])
def test_a_run_whose_folder_is_deleted_goes_on_and_says_it_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, again: bool
) -> None:
    run = od.Run("cut", folder=tmp_path / "runs")
    run.log(0, loss=1.0)
    assert run.record.curve("loss").values.tolist() == [1.0]
    data = pickle.dumps(run)
    while (tmp_path / "runs").exists():  # the run may write while it is deleted
        shutil.rmtree(tmp_path / "runs", ignore_errors=True)
    if again:  # another run makes the folder anew
        od.Run("later", folder=tmp_path / "runs").finish()
    for step in (1, 2):
        run.log(step, loss=1.0 / step)
        assert len(run.record.curve("loss")) == step + 1
    run.finish()
    said = "was deleted or moved; what was logged is in memory, and run.curves().save('run.html') writes it to a file"
    assert [record.getMessage() for record in caplog.records] == [
        f"the run is no longer kept: {run.path} {said}"
    ]
    assert run.record.status == "finished"
    child = pickle.loads(data)
    child.log(3, loss=0.1)
    assert "so that nothing of this process is kept: " in caplog.records[1].getMessage()
    assert run.path is not None
    assert not run.path.exists()


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_file_that_holds_no_run_is_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.run"
    path.write_bytes(data)
    with pytest.raises(OffdiagonalError, match=r"holds no run|is of version None"):
        read_run(path)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_parent_and_process_may_log_one_metric(tmp_path: Path) -> None:
    run = od.Run("both", folder=tmp_path)
    process = multiprocessing.get_context("fork").Process(target=_same_metric, args=(run,))
    process.start()
    for step in range(50):
        run.log(step, loss=float(step))
        time.sleep(0.002)
    process.join()
    run.finish()
    wanted = sorted([*map(float, range(50)), *map(float, range(100, 150))])
    assert sorted(run.record.curve("loss").values.tolist()) == wanted
    assert run.path is not None
    assert sorted(read_run(run.path).curve("loss").values.tolist()) == wanted


def _same_metric(run: od.Run) -> None:
    repr(run)
    for step in range(100, 150):
        run.log(step, loss=float(step))
        time.sleep(0.002)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_that_ends_changes_nothing(tmp_path: Path) -> None:
    run = od.Run("forked", folder=tmp_path)
    run.log(0, loss=1.0)
    child = os.fork()
    if child == 0:
        run._recorder.end("finished")
        os._exit(0)
    os.waitpid(child, 0)
    run.log(1, loss=2.0)
    assert run.record.status == "running"
    assert run.path is not None
    assert read_run(run.path).curve("loss").values.tolist() == [1, 2]
    assert read_facts(run.path)["status"] == "running"


def test_what_json_cannot_hold_is_kept_as_text(tmp_path: Path) -> None:
    ids = [uuid.UUID(int=i) for i in range(2)]
    run = od.Run("odd", config={("a", 1): {1, 2}}, folder=tmp_path)
    run.log(0, **{"loss": 1.0, "half \ud800": 2.0})
    run.fact("classes", np.int64(3))
    run.fact("label_counts", {1: np.int32(4)})
    run.log_examples(0, ids, loss=[1, 2], prediction=[np.datetime64("2020-01-01")] * 2)
    run.log(1, loss=2.0)
    run.finish()
    assert run.path is not None
    read = read_run(run.path)
    assert read.curve("loss").values.tolist() == [1, 2]
    assert read.facts == {"classes": 3, "label_counts": {"1": 4}}
    assert read.examples is not None
    assert read.examples.ids.tolist() == [str(one) for one in ids]
    assert run.record.examples is not None
    assert run.record.examples.ids.tolist() == ids
    assert run._repr_html_()


def test_a_tensor_that_cannot_be_read_ends_nothing() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    run = od.Run("meta", keep=False)
    with run:
        run.log(0, loss=1.0)
        run.log(1, loss=torch.zeros((), device="meta"), norm=torch.zeros((), device="meta"))
        run.log(2, loss=2.0)
    assert run.record.status == "finished"
    assert run.record.curve("loss").values.tolist() == [1, 2]
    assert "norm" not in run.record.metrics


def test_lists_that_a_loop_uses_again_are_copied() -> None:
    run = od.Run("again", keep=False)
    ids: list[int] = []
    losses: list[float] = []
    for step in range(3):
        ids += [1, 2]
        losses += [step, step + 1]
        run.log_examples(step, ids, loss=losses)
        ids.clear()
        losses.clear()
    examples = run.record.examples
    assert examples is not None
    assert examples.loss is not None
    assert examples.loss.tolist() == [[0, 1], [1, 2], [2, 3]]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ids": [[1], [2]], "loss": [1, 2]}, "ids tell examples apart, so each is one value"),
        ({"ids": [1, 2], "loss": ["a", "b"]}, "loss= holds what is no number"),
        ({"ids": 3, "loss": [1.0]}, "ids= is one value for each example, not 3"),
        ({"ids": ["a", "b", "a"], "loss": [1, 2, 3]}, "ids= holds 'a' 2 times in one call"),
        (
            {"ids": [1, 2], "prediction": np.ones((2, 3))},
            r"has the shape \(2, 3\); .* such as logits.argmax\(1\)",
        ),
        ({"ids": [1, 2], "prediction": np.ones((2, 1))}, r"such as prediction.ravel\(\)"),
        ({"ids": [1, 2], "prediction": [[1, 2], [3, 4]]}, r"one class .* logits.argmax\(1\), not \[1, 2\]"),
        ({"ids": [1, 2], "probabilities": [[5.0, -3], [0, 1]]}, r"holds 5, .* logits.softmax\(1\)"),
        ({"ids": [1, 2], "probabilities": [87.0, 12]}, "holds 87, which is not from 0 to 1"),
        ({"ids": [1, 2], "probabilities": [[0.2, 0.3], [0, 1]]}, "a row of probabilities= sums to 0.5"),
        ({"ids": [1, 2], "loss": [[1, 2], [3, 4]]}, r"loss= has the shape \(2, 2\)"),
    ],
)
def test_examples_that_cannot_be_taken_are_refused_at_once(given: dict[str, Any], message: str) -> None:
    run = od.Run("refused", keep=False)
    with pytest.raises(OffdiagonalError, match=message):
        run.log_examples(0, **given)
    assert run.record.examples is None


def test_a_step_may_be_a_keyword() -> None:
    run = od.Run("keyword", keep=False)
    run.log(loss=1.0, step=100)
    with pytest.raises(OffdiagonalError, match="log got two steps, 1 and step=2"):
        run.log(1, loss=1.0, step=2)
    with pytest.raises(OffdiagonalError):
        run.log(loss="low")
    run.log(loss=2.0)
    assert run.record.curve("loss").steps.tolist() == [100, 101]
    assert "step" not in run.record.metrics


def test_a_run_goes_on_after_it_was_over(tmp_path: Path) -> None:
    run = od.Run("twice", folder=tmp_path)
    with run:
        run.stop()
        run.log(0, loss=1.0)
    with run:
        run.log(1, loss=2.0)
    run.log(2, loss=3.0)
    assert run.path is not None
    assert waited_for(lambda: len(read_run(run.path).curve("loss")) == 3)
    assert run.record.status == "finished"


def test_copies_of_a_run_leave_no_thread_and_no_open_file(tmp_path: Path) -> None:
    run = od.Run("copies", folder=tmp_path)
    data = pickle.dumps(run)
    before = len(psutil.Process().open_files())
    for step in range(20):
        copy = pickle.loads(data)
        copy.log(step, loss=float(step))
        del copy
    gc.collect()
    assert waited_for(lambda: sum("copies" in thread.name for thread in threading.enumerate()) <= 1)
    assert len(psutil.Process().open_files()) <= before + 2
    assert run.record.curve("loss").values.tolist() == list(range(20))


def test_a_folder_of_the_users_is_left_as_it_is(tmp_path: Path) -> None:
    od.Run("mine", folder=tmp_path).finish()
    assert not (tmp_path / ".gitignore").exists()
    od.Run("made", folder=tmp_path / "made").finish()
    assert (tmp_path / "made" / ".gitignore").read_text() == "*\n"


@pytest.mark.skipif(os.name != "posix", reason="kills a process by signal")
def test_a_run_whose_kernel_died_in_the_middle_of_a_write_is_read(tmp_path: Path) -> None:
    run = od.Run("killed", folder=tmp_path)
    run.log(0, loss=1.0)
    run.finish()
    assert run.path is not None
    code = (
        "import os, signal, sqlite3, sys\n"
        "link = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "link.execute('pragma cache_size = 1')\n"
        "link.execute('begin immediate')\n"
        "for _ in range(200):\n"
        "    link.execute('insert into pieces (writer, kind, name, data) values (1, 2, 3, zeroblob(9000))')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(run.path)], check=False)
    assert run.path.with_name(f"{run.path.name}-journal").exists()
    assert read_run(run.path).curve("loss").values.tolist() == [1]
