"""The list of runs: by name, as a table, compared at equal budget, with what was changed named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.training.compare import compare
from offdiagonal.training.record import Curve, RunRecord


def record(
    name: str, values: list[float], metric: str = "val_loss", seconds: float = 1.0, **config: object
) -> RunRecord:
    steps = np.arange(float(len(values)))
    curve = Curve(steps, np.asarray(values), seconds * steps)
    return RunRecord(
        id=f"id of {name}", name=name, started=0.0, status="finished", config=config, metrics={metric: curve}
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for lr in (0.1, 0.01):
        with od.Run(f"lr {lr}", config={"lr": lr, "model": {"layers": 2}}, folder=tmp_path) as run:
            for step in range(5):
                run.log(step, loss=1 - lr * step, val_loss=1.1 - lr * step + (0.5 if step == 4 else 0))
    return tmp_path


def test_runs_are_found_by_name_by_id_and_by_place(folder: Path) -> None:
    runs = od.runs(folder)
    assert sorted(runs.names) == ["lr 0.01", "lr 0.1"]
    assert runs["lr 0.1"].config["lr"] == 0.1
    assert runs[runs["lr 0.1"].id[:8]].name == "lr 0.1"
    assert [run.name for run in runs[:1]] == [runs[0].name]
    with pytest.raises(od.OffdiagonalError, match=r"no run is called 'lr 0.2'; there is 'lr 0.1'"):
        runs["lr 0.2"]


def test_a_table_has_a_row_a_run_and_the_settings_that_differ(folder: Path) -> None:
    frame = od.runs(folder).to_frame().set_index("name")
    assert frame.loc["lr 0.1", "steps"] == 4
    assert frame.loc["lr 0.1", "loss"] == pytest.approx(0.6)
    assert frame.loc["lr 0.1", "val_loss"] == pytest.approx(1.2)
    assert frame.loc["lr 0.1", "best_val_loss"] == pytest.approx(0.8)
    assert frame["lr"].to_dict() == {"lr 0.1": 0.1, "lr 0.01": 0.01}
    assert "model.layers" not in frame
    assert frame["started"].dtype.kind == "M"


def test_the_list_is_readable(folder: Path) -> None:
    text = repr(od.runs(folder))
    assert text.startswith("2 runs\n")
    assert "lr 0.1   2" in text
    assert "finished  step 4  loss 0.6  val_loss 1.2" in text


def test_a_list_without_runs_says_where_it_looked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert repr(od.runs(tmp_path)) == f"no runs in {tmp_path}"
    assert repr(od.runs(tmp_path / "typo")) == f"no runs in {tmp_path / 'typo'}, which is not there"
    assert repr(od.runs(tmp_path / "file")) == f"no runs in {tmp_path / 'file'}, which is no folder"
    assert repr(od.Runs([])) == "no runs"


def test_runs_of_one_second_are_listed_newest_first(tmp_path: Path) -> None:
    ids = [od.Run("same" if i % 2 else f"other {i}", folder=tmp_path).id for i in range(6)]
    runs = od.runs(tmp_path)
    assert [run.id for run in runs] == ids[::-1]
    assert runs["same"].id == ids[-1]


def test_a_run_is_not_compared_with_itself(tmp_path: Path) -> None:
    made = [od.Run("same", folder=tmp_path) for _ in range(2)]
    for run, loss in zip(made, (2.0, 1.0), strict=True):
        run.log(0, loss=loss)
        run.finish()
    older, newer = (run.id[:8] for run in made)
    runs = od.runs(tmp_path)
    with pytest.raises(od.OffdiagonalError, match=f"there are 2 of that name: .* '{newer}', '{older}'"):
        runs.compare("same", "same")
    with pytest.raises(od.OffdiagonalError, match="which is compared already"):
        runs.compare("same", newer)
    assert runs.compare(newer, older).budget == 0


def test_a_file_that_cannot_be_read_is_left_out_and_named(folder: Path) -> None:
    (folder / "20200101-000000-x-1.run").write_text("nonsense")
    runs = od.runs(folder)
    assert len(runs) == 2
    assert "left out: 20200101-000000-x-1.run" in repr(runs)


def test_a_run_whose_values_are_damaged_leaves_the_list_and_is_named(folder: Path) -> None:
    damaged, _ = sorted(folder.glob("*.run"))
    with closing(sqlite3.connect(damaged)) as link, link:
        link.execute("update pieces set data = x'00112233'")
    text = repr(od.runs(folder))
    assert text.startswith("1 run\n")
    assert f"left out: {damaged.name}: " in text
    assert len(od.runs(folder).to_frame()) == len(list(od.runs(folder))) == 1
    for path in folder.glob("*.run"):
        path.write_text("nonsense")
    assert repr(od.runs(folder)).startswith(f"no runs in {folder}\n  left out: ")


def test_a_kept_run_is_a_run_like_one_that_was_logged_here(folder: Path) -> None:
    run = od.runs(folder)["lr 0.1"]
    assert isinstance(run, od.Run)
    assert run.record.status == "finished"
    assert len(run.record.curve("loss")) == 5


def test_a_kept_run_is_deleted_by_its_path(folder: Path) -> None:
    path = od.runs(folder)["lr 0.1"].path
    assert path in set(folder.glob("*.run"))
    path.unlink()
    assert od.runs(folder).names == ["lr 0.01"]


def test_a_run_that_this_process_still_logs_is_itself(tmp_path: Path) -> None:
    run = od.Run("now", folder=tmp_path)
    assert od.runs(tmp_path)["now"] is run
    run.finish()


def test_runs_are_compared_by_name_the_first_being_the_yardstick(folder: Path) -> None:
    found = od.runs(folder).compare("lr 0.01", "lr 0.1")
    assert found.differences == {"lr": (0.01, 0.1)}
    assert found.changed == (("lr",),)
    assert found.warnings == ()
    assert "one run each says nothing of other seeds" in repr(found)


def test_all_are_cut_at_the_end_of_the_shortest() -> None:
    short, long = record("short", [3, 2, 1], lr=1), record("long", [4, 3, 2, 0.1, 0.1], lr=2)
    found = compare([short, long])
    assert found.budget == 2
    assert [(result.name, result.value) for result in found.results] == [("short", 1.0), ("long", 2.0)]
    assert found.gap == (1.0, None, None)
    assert any("cut at 2 steps" in text for text in found.warnings)


def test_a_run_that_ends_in_nan_is_last_and_sets_no_budget() -> None:
    nan = float("nan")
    lost, sound = (
        record("lost", [4, 1, 0.5, nan, nan, nan], lr=2),
        record("sound", [4, 3, 2, 1, 1, 0.9], lr=1),
    )
    found = compare([lost, sound])
    assert (found.budget, found.gap) == (5, None)
    assert [result.name for result in found.results] == ["sound", "lost"]
    assert (found.results[1].best, np.isnan(found.results[1].value)) == (0.5, True)
    assert found.verdict == "at 5 steps sound has val_loss 0.9, lost ends in NaN or infinity"
    assert found.warnings == ("lost ranks last: its val_loss is not finite from step 3 on",)
    assert compare([lost, record("short", [4, 3], lr=1)]).results[0].name == "lost"
    worse = record("b", [0.1, 0.2, 0.3, -np.inf, nan, nan], "val_accuracy", lr=2)
    found = compare([worse, record("a", [0.1] * 6, "val_accuracy", lr=1)])
    assert found.results[0].name == "a"
    assert "not finite at the end of any" in compare([lost, record("other", lost_values(), lr=1)]).verdict


def lost_values() -> list[float]:
    return [1.0, float("inf"), float("nan"), float("nan"), float("nan"), float("nan")]


def test_nan_for_steps_that_were_not_measured_loses_no_run() -> None:
    nan = float("nan")
    gaps = record("gaps", [nan, 0.8, nan, nan, 0.5, nan, nan], lr=2)
    found = compare([gaps, record("all", [1.0, 0.9, 0.9, 0.8, 0.8, 0.7, 0.6], lr=1)])
    assert (found.results[0].name, found.results[0].value, found.warnings) == ("gaps", 0.5, ())


def test_the_same_time_is_another_budget_than_the_same_steps() -> None:
    slow, fast = record("slow", [4, 3, 2, 1], seconds=4), record("fast", [4, 3.5, 3, 2.5], seconds=1)
    assert compare([slow, fast]).results[0].name == "slow"
    found = compare([slow, fast], by="time")
    assert (found.budget, found.results[0].name) == (3, "fast")


def test_more_than_one_change_at_once_is_warned_of() -> None:
    found = compare([record("a", [1, 1], lr=1, size=2), record("b", [1, 0.5], lr=2, size=3, seed=4)])
    assert found.changed == (("lr", "size"),)
    assert any("b differs from a in 2 settings at once (lr, size)" in text for text in found.warnings)


def test_runs_that_differ_in_the_seed_alone_are_repeats() -> None:
    runs = [record(f"a{seed}", [1, 0.5 + 0.01 * seed], lr=1, seed=seed) for seed in range(3)]
    runs += [record(f"b{seed}", [1, 0.3 + 0.01 * seed], lr=2, seed=seed) for seed in range(3)]
    found = compare(runs)
    assert [len(result.runs) for result in found.results] == [3, 3]
    assert found.warnings == ()
    assert found.gap is not None
    amount, low, high = found.gap
    # two means of three with deviation 0.01: Welch's t with 4 degrees of freedom, 2.776 * 0.01 * sqrt(2 / 3)
    assert (amount, low, high) == (
        pytest.approx(0.2),
        pytest.approx(0.17733, abs=1e-5),
        pytest.approx(0.22267, abs=1e-5),
    )
    assert "over seeds" in found.verdict
    same = compare(runs[:3])
    assert (
        same.verdict
        == "all 3 runs have the same settings, seeds apart: val_loss 0.51, standard deviation 0.01"
    )


def test_runs_of_the_same_settings_are_told_apart_and_no_seed_is_spoken_of() -> None:
    found = compare([record("A", [1, 2.0], lr=0.1), record("B", [1, 0.01], lr=0.1)])
    assert [(result.name, result.value) for result in found.results] == [("B", 0.01), ("A", 2.0)]
    assert found.verdict == (
        "at 1 steps B has val_loss 0.01, A 2: 2 better; their settings are the same, so it is the code, "
        "the data or chance"
    )
    same_seed = compare([record("x", [2.0], lr=1, seed=0), record("x", [1.0], lr=1, seed=0)])
    assert [(result.value, result.places) for result in same_seed.results] == [(1.0, (1,)), (2.0, (0,))]
    assert same_seed.alike
    assert "seeds" in compare([record("A", [2.0], lr=1), record("B", [1.0], lr=2)]).verdict
    assert not compare([record("A", [2.0]), record("B", [1.0])]).alike


def test_each_run_is_named_with_its_value_where_the_sentence_leaves_some_out() -> None:
    three = [record(name, [value], lr=1) for name, value in (("a", 3.0), ("b", 1.0), ("c", 2.0))]
    assert "\n  val_loss: b 1, c 2, a 3" in repr(compare(three))
    seeds = [record(f"s{seed}", [1.0 + seed], lr=1, seed=seed) for seed in range(2)]
    assert "standard deviation 0.71\n  val_loss: s0 1, s1 2" in repr(compare(seeds))
    many = repr(compare([record(f"r{i}", [float(i)], lr=i) for i in range(14)]))
    assert "r11 11, and 2 more: .results" in many


def test_a_setting_of_numpy_is_the_same_as_that_of_python() -> None:
    assert compare([record("a", [1.0], lr=0.1), record("b", [1.0], lr=np.float64(0.1))]).differences == {}


def test_of_an_accuracy_more_is_better() -> None:
    found = compare(
        [record("a", [0.1, 0.9], "val_accuracy", lr=1), record("b", [0.1, 0.8], "val_accuracy", lr=2)]
    )
    assert (found.metric, found.results[0].name) == ("val_accuracy", "a")


def test_what_cannot_be_compared_is_said() -> None:
    with pytest.raises(od.OffdiagonalError, match="takes two"):
        compare([record("a", [1.0])])
    with pytest.raises(od.OffdiagonalError, match="b has no 'val_loss'; it logged 'loss'"):
        compare([record("a", [1.0]), record("b", [1.0], "loss")], "val_loss")
    with pytest.raises(od.OffdiagonalError, match="neither 'step' nor 'time'"):
        compare([record("a", [1.0]), record("b", [1.0])], by="epoch")
    assert "nothing to compare" in repr(compare([record("a", [1.0]), record("b", [1.0], "loss")]))
    assert any(
        "have no config" in text for text in compare([record("a", [1.0]), record("b", [1.0])]).warnings
    )
