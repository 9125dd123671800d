"""What other tools write is read as what was logged; what is broken or hostile is refused in words."""

from __future__ import annotations

import csv
import gzip
import json
import struct
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od


def wrote(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def values(run: od.Run, name: str) -> list[float]:
    return run.record.curve(name).values.tolist()


def test_csv_with_a_row_a_step(tmp_path: Path) -> None:
    path = wrote(tmp_path, "lr1.csv", "step,train/loss,eval/loss,note\n0,1.5,,begin\n10,nan,0.9,\n20,0.5,,\n")
    run = od.read_run(path)
    assert (run.name, run.record.status) == ("lr1", "finished")
    np.testing.assert_array_equal(run.record.curve("loss").values, [1.5, np.nan, 0.5])
    assert run.record.curve("loss").steps.tolist() == [0, 10, 20]
    assert run.record.curve("val_loss").steps.tolist() == [10]
    assert set(run.record.metrics) == {"loss", "val_loss"}


def test_csv_of_keras_counts_epochs_and_one_of_lightning_has_two_losses(tmp_path: Path) -> None:
    keras = od.read_run(
        wrote(tmp_path, "a.csv", "epoch;accuracy;loss;val_loss\n0;0.5;0.7;0.8\n1;0.6;0.6;0.7\n")
    )
    assert keras.record.curve("val_loss").steps.tolist() == [0, 1]
    text = "epoch,step,train_loss_epoch,train_loss_step,val_loss\n0,49,,0.5,\n0,99,0.6,,0.7\n"
    lightning = od.read_run(wrote(tmp_path, "b.csv", text))
    assert values(lightning, "loss") == [0.5]
    assert values(lightning, "train_loss_epoch") == [0.6]


def test_csv_with_a_row_a_value(tmp_path: Path) -> None:
    board = od.read_run(
        wrote(tmp_path, "loss.csv", "Wall time,Step,Value\n1700000000.5,0,2.0\n1700000002.5,5,1.0\n")
    )
    assert values(board, "loss") == [2.0, 1.0]
    assert board.record.curve("loss").times.tolist() == [0.0, 2.0]
    assert board.record.started == 1700000000.5
    text = "run_id,key,value,timestamp,step\nr,val_loss,0.5,1700000000000,1\nr,loss,0.4,1700000001000,1\n"
    mlflow = od.read_run(wrote(tmp_path, "mlflow.csv", text))
    assert values(mlflow, "val_loss") == [0.5]
    assert mlflow.record.curve("loss").times.tolist() == [1.0]


def test_percentages_decimal_commas_and_empty_fields(tmp_path: Path) -> None:
    text = (
        "Epoch;Train Loss;Val Acc;note\n1;1,5;50%;begin\n2;-;70,5 %;2\n3;1.234,25;N/A;\n4;1e0;;\n5;,5;;end\n"
    )
    run = od.read_run(wrote(tmp_path, "excel.csv", text))
    assert values(run, "loss") == [1.5, 1234.25, 1.0, 0.5]
    assert values(run, "val_accuracy") == pytest.approx([0.5, 0.705])
    assert "note" not in run.record.metrics
    quoted = od.read_run(wrote(tmp_path, "tab.tsv", 'step\tloss\n0\t"1,5"\n5\t"0,9"\n'))
    assert (values(quoted, "loss"), quoted.record.curve("loss").steps.tolist()) == ([1.5, 0.9], [0, 5])
    long = od.read_run(wrote(tmp_path, "acc.csv", "step,value\n0,10%\n1,\n2,30%\n"))
    assert values(long, "accuracy") == [0.1, 0.3]


def test_arrays_and_tuples_in_a_dict_are_read_like_lists() -> None:
    run = od.read_run({"loss": [2.0, 1.0], "val_loss": np.array([3.0, 2.0]), "accuracy": (0.5, 0.6)})
    assert {name: values(run, name) for name in run.record.metrics} == {
        "loss": [2.0, 1.0],
        "val_loss": [3.0, 2.0],
        "accuracy": [0.5, 0.6],
    }


def test_a_metric_that_is_called_value_hides_no_other(tmp_path: Path) -> None:
    run = od.read_run(wrote(tmp_path, "critic.csv", "step,value,loss\n0,0.1,2.0\n5,0.2,1.0\n"))
    assert (values(run, "value"), values(run, "loss")) == ([0.1, 0.2], [2.0, 1.0])


def test_reading_leaves_the_limit_of_csv_as_it_was(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    note = "x" * (before + 1)
    run = od.read_run(wrote(tmp_path, "long.csv", f"step,loss,note\n0,2.0,{note}\n"))
    assert (values(run, "loss"), csv.field_size_limit()) == ([2.0], before)


def test_json_lines_whose_last_line_a_crash_cut_off(tmp_path: Path) -> None:
    rows = [
        {"_step": i, "_runtime": 2.0 * i, "train/loss": 1 / (i + 1), "config": {"a": 1}} for i in range(3)
    ]
    text = "\n".join(map(json.dumps, rows)) + '\n{"_step": 3, "trai'
    run = od.read_run(wrote(tmp_path, "wandb-history.jsonl", text), "mine")
    assert run.name == "mine"
    assert run.record.curve("loss").times.tolist() == [0, 2, 4]
    assert set(run.record.metrics) == {"loss"}


def test_the_state_of_a_trainer(tmp_path: Path) -> None:
    state = {
        "max_steps": 20,
        "train_batch_size": 8,
        "log_history": [
            {"step": 10, "epoch": 0.5, "loss": 0.7, "grad_norm": 1.5, "learning_rate": 1e-3},
            {"step": 20, "epoch": 1.0, "eval_loss": 0.6, "eval_runtime": 3.0, "eval_samples_per_second": 9.0},
            {"step": 20, "epoch": 1.0, "train_runtime": 9.0, "train_loss": 0.65, "total_flos": 1.0},
        ],
    }
    folder = tmp_path / "checkpoint-20"
    folder.mkdir()
    wrote(folder, "trainer_state.json", json.dumps(state))
    run = od.read_run(folder)
    assert run.name == "checkpoint-20"
    assert set(run.record.metrics) == {"loss", "grad_norm", "lr", "epoch", "val_loss"}
    assert run.record.facts["planned_steps"] == 20


def test_histories_of_keras_and_frames() -> None:
    history = SimpleNamespace(history={"loss": [0.9, 0.5], "val_accuracy": [0.4, 0.6]}, params={"epochs": 2})
    run = od.read_run(history, "net")
    assert (values(run, "loss"), values(run, "val_accuracy"), run.config) == (
        [0.9, 0.5],
        [0.4, 0.6],
        {"epochs": 2},
    )
    frame = pd.DataFrame({"step": [0, 5, 9], "loss": [1.0, 0.5, 0.4], "val_loss": [np.nan, 0.6, np.nan]})
    assert od.read_run(frame).record.curve("val_loss").steps.tolist() == [5]
    nullable = frame.convert_dtypes().assign(weights=[np.ones(2)] * 3, note=["a", None, pd.NA])
    assert nullable["val_loss"].dtype == "Float64"
    run = od.read_run(nullable)
    assert (run.record.curve("val_loss").steps.tolist(), values(run, "loss")) == ([5], [1.0, 0.5, 0.4])
    assert set(run.record.metrics) == {"loss", "val_loss"}


def test_runs_of_trackers() -> None:
    class Wandb:
        name, state, config = "sweep-3", "crashed", {"lr": 0.1, "_wandb": {}}

        def scan_history(self) -> Any:
            yield {"_step": 0, "_timestamp": 1700000000.0, "train/loss": 2.0}
            yield {"_step": 1, "_timestamp": 1700000004.0, "train/loss": float("inf"), "image": {"path": "x"}}

    run = od.read_run(Wandb())
    assert (run.name, run.record.status, run.config) == ("sweep-3", "crashed", {"lr": 0.1})
    assert values(run, "loss") == [2.0, np.inf]
    exported = {
        "info": {"run_name": "m", "status": "FAILED"},
        "data": {
            "metrics": [{"key": "val_loss", "value": 0.5, "step": 3, "timestamp": 1700000000000}],
            "params": [
                {"key": "lr", "value": "0.1"},
                {"key": "layers", "value": "2"},
                {"key": "opt", "value": "sgd"},
            ],
        },
    }
    mlflow = od.read_run({"run": exported})
    assert (mlflow.name, mlflow.record.status) == ("m", "crashed")
    assert mlflow.config == {"lr": 0.1, "layers": 2, "opt": "sgd"}
    assert mlflow.record.curve("val_loss").steps.tolist() == [3]


def test_a_run_of_mlflow_without_mlflow_has_the_last_values() -> None:
    run = SimpleNamespace(
        info=SimpleNamespace(run_id="1", run_name="m", status="FINISHED", start_time=1_700_000_000_000),
        data=SimpleNamespace(metrics={"train_loss": 0.5, "val_loss": 0.6}, params={"lr": "0.1"}),
    )
    found = od.read_run(run)
    assert (found.name, found.record.started, found.config) == ("m", 1_700_000_000.0, {"lr": "0.1"})
    assert (values(found, "loss"), values(found, "val_loss")) == ([0.5], [0.6])


def test_a_kept_run_is_read_and_called_anew(tmp_path: Path) -> None:
    with od.Run("old", folder=tmp_path) as run:
        run.log(0, loss=1.0)
        run.log_layers(
            "parameters", 0, ["a", "b"], {"weight_rms": [1.0, 2.0]}, kinds=["Linear"] * 2, shapes=[(2,), (3,)]
        )
        run.log_examples(0, [7, 8], loss=[0.1, 0.2], prediction=["x", "y"])
        run.fact("classes", 2)
    assert run.path is not None
    found = od.read_run(run.path, "new").record
    assert (found.name, found.id, found.facts) == ("new", run.id, {"classes": 2})
    assert found.parameters is not None
    assert found.parameters.stats["weight_rms"].tolist() == [[1.0, 2.0]]
    assert found.parameters.shapes == ((2,), (3,))
    assert found.examples is not None
    assert found.examples.prediction is not None
    assert found.examples.prediction.tolist() == [["x", "y"]]


def test_event_files_that_torch_wrote(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed")
    board = pytest.importorskip("torch.utils.tensorboard", reason="PyTorch is not installed")
    with board.SummaryWriter(str(tmp_path / "run1")) as writer:
        for step in range(5):
            writer.add_scalar("Loss/train", 1 / (step + 1), step, walltime=1700000000 + step)
            writer.add_scalar("Loss/val", 2.0, step, new_style=True)
        writer.add_scalars("both", {"a": 1.0}, 3)
        writer.add_histogram("weights", np.arange(9.0), 0)
        writer.add_text("note", "hello")
    run = od.read_run(tmp_path / "run1")
    assert run.name == "run1"
    np.testing.assert_allclose(values(run, "loss"), 1 / np.arange(1, 6), rtol=1e-6)
    assert values(run, "val_loss") == [2.0] * 5
    assert set(run.record.metrics) == {"loss", "val_loss", "both_a/both"}
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    theirs = EventAccumulator(str(tmp_path / "run1"))
    theirs.Reload()
    assert [one.value for one in theirs.Scalars("Loss/train")] == values(run, "loss")


def test_event_files_that_are_cut_off_or_damaged(tmp_path: Path) -> None:
    board = pytest.importorskip("torch.utils.tensorboard", reason="PyTorch or TensorBoard is not installed")
    with board.SummaryWriter(str(tmp_path)) as writer:
        for step in range(3):
            writer.add_scalar("loss", 1.0, step)
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    path.write_bytes(data[:-5])
    assert len(od.read_run(path).record.curve("loss")) == 2
    path.write_bytes(data[:60] + b"\xff" * 8 + data[68:])
    with pytest.raises(od.OffdiagonalError, match=r"damaged|cannot be read|no scalars"):
        od.read_run(path)
    path.write_bytes(struct.pack("<Q", 2**60) + b"1234" + data)
    with pytest.raises(od.OffdiagonalError, match="no event file of TensorBoard: a checksum"):
        od.read_run(path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", "a.csv has no metric"),
        ("a.csv", "id,text\nx,hello\n", "has no metric.*'id', 'text'"),
        ("a.csv", "step,loss\n0,1\ninf,2\n", "row 2: step is inf"),
        ("a.csv", "step,value\nx,1\n", "row 1: step or value is no number"),
        ("a.csv", 'step,loss\n1,"' + "x" * 1_100_000, "a line of more than 1,000,000 characters"),
        ("a.csv", "run,step,loss\nx,0,1\ny,0,2\n", "several runs, such as 'x' and 'y'"),
        ("a.csv", "step,loss,val_loss\n0,1.0,2\n1,abc,1\n", "a.csv, row 2: loss='abc' is no number"),
        ("a.csv", "step,bleu\n0,x\n1,0.5\n", "a.csv, row 1: bleu='x' is no number"),
        ("a.csv", "step,loss,x\n0,1.5 $,1\n1,1 $,2\n", r"a.csv, row 1: loss='1.5 \$' is no number"),
        ("a.csv", "epoch,loss\n1/10,0.5\n2/10,0.4\n", "row 1: epoch='1/10' is no number"),
        ("a.csv", "epoch,loss\n0,1,5\n1,0,9\n", "row 1 has 3 fields and the header 2: '5' is left over"),
        ("a.csv", "step;loss\n0;1,5\n1;0.9\n", "row 1: loss='1,5' is no number"),
        ("a.csv", "step,value\n0,x\n", "row 1: step or value is no number"),
        ("a.json", '{"loss": [1, 2, "x", 4]}', "a.json, row 3: loss='x' is no number"),
        ("a.json", '{"data": {"metrics": [{"key": "f1", "value": "high"}]}}', "'f1'='high' is no number"),
        ("a.jsonl", '{"loss": 1}\n{"loss": [2]}\n', r"a.jsonl, row 2: loss=\[2\] is no number"),
        ("a.jsonl", '{"loss": 1}\n{broken\n{"loss": 2}\n', "line 2 is no JSON"),
        ("a.jsonl", '{"loss": "' + "x" * 1_100_000, "a line of more than 1,000,000 characters"),
        ("a.jsonl", "[1, 2]\n", "line 1 is list"),
        ("a.jsonl", "{broken", "line 1 is no JSON"),
        ("a.json", "{", "is no JSON"),
        ("a.json", '{"model": "x"}', "is no run.*'model'"),
        ("a.json", "[" * 100_000, "is no JSON"),
        ("a.json", '{"history": ' * 200 + "[]" + "}" * 200, "is no run"),
        ("a.json", '{"loss": [' + "1" * 5_000 + "]}", "is no JSON"),
        ("a.json", '{"data": {"metrics": [1, null]}}', "without metrics"),
        ("a.pkl", b"\x80\x04.", "of no known kind"),
        ("events.out.tfevents.1", b"hello", "no event of TensorBoard"),
        ("events.out.tfevents.1", b"hello world, hello", "no event file of TensorBoard"),
        ("a.run", b"nonsense" * 100, "holds no run"),
    ],
)
def test_what_is_no_run_is_refused_in_words(
    tmp_path: Path, name: str, text: str | bytes, message: str
) -> None:
    with pytest.raises(od.OffdiagonalError, match=message):
        od.read_run(wrote(tmp_path, name, text))


def test_what_is_not_there_or_of_another_kind_says_what_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(od.OffdiagonalError, match="there is no file"):
        od.read_run(tmp_path / "none.csv")
    with pytest.raises(od.OffdiagonalError, match="no event files"):
        od.read_run(tmp_path)
    with pytest.raises(od.OffdiagonalError, match=r"a int is no run .* CSV"):
        od.read_run(3)


def test_a_huge_integer_is_infinite_not_an_error(tmp_path: Path) -> None:
    run = od.read_run(wrote(tmp_path, "a.json", '{"loss": [1' + "0" * 400 + ", 2]}"))
    assert values(run, "loss") == [np.inf, 2.0]


def test_real_logs(tmp_path: Path, shared_data: Callable[[str], Path]) -> None:
    with gzip.open(shared_data("nanogpt_logs/six_runs.csv.gz"), "rt") as lines:
        rows = [row for row in csv.DictReader(lines) if "SOAP" in row["run"]]
    path = tmp_path / "soap.csv"
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    run = od.read_run(path)
    assert len(run.record.curve("loss")) == sum(row["train_loss"] != "" for row in rows)
    assert values(run, "val_loss")[0] == 11.0149
    assert run.record.curve("val_loss").steps.tolist() == [
        float(row["step"]) for row in rows if row["val_loss"]
    ]
