"""Objects that frameworks and trackers give: histories, and runs of W&B and MLflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.readers.logged import Logged, add_rows, number
from offdiagonal.training.readers.tables import of_columns, of_json


def read_object(source: Any) -> Logged | None:
    """What an object tells of a run; None if it is of no known kind."""
    if isinstance(source, Mapping):
        lists = {
            key: list(value.tolist() if hasattr(value, "tolist") else value)
            for key, value in source.items()
            if isinstance(value, tuple) or getattr(value, "ndim", 0) == 1
        }
        return of_json({**source, **lists}, "the dict")
    if isinstance(source, list):
        return of_json(source, "the list")
    if callable(getattr(source, "scan_history", None)):
        return _wandb(source)
    if hasattr(source, "info") and hasattr(source, "data"):
        return _mlflow(source)
    if isinstance(getattr(source, "log_history", None), list):  # a TrainerState, or the state of a Trainer
        return of_json({"log_history": source.log_history}, type(source).__name__)
    if hasattr(getattr(source, "state", None), "log_history"):
        return of_json({"log_history": source.state.log_history}, type(source).__name__)
    history = getattr(source, "history", None)
    if isinstance(history, Mapping):  # Keras
        logged = of_columns(history, "the history")
        params = getattr(source, "params", None)
        logged.config = (
            {str(key): value for key, value in params.items()} if isinstance(params, Mapping) else {}
        )
        logged.facts["framework"] = "keras"
        return logged
    if callable(getattr(source, "to_dict", None)) and hasattr(source, "columns"):  # a data frame
        return _frame(source)
    return None


def _frame(frame: Any) -> Logged:
    """A row a step; NaN and NA stand for what was not logged, as data frames have it."""
    columns = {str(name): list(frame[name]) for name in frame.columns}
    rows = (
        {name: value for name, value in zip(columns, row, strict=True) if _known(value)}
        for row in zip(*columns.values(), strict=True)
    )
    logged = Logged()
    add_rows(logged, rows, "the frame")
    return logged


def _known(value: Any) -> bool:
    try:
        return bool(value == value)
    except TypeError:  # NA of pandas is neither equal to itself nor not
        return False
    except ValueError:  # an array is equal to itself place by place
        return True


def _wandb(run: Any) -> Logged:
    logged = Logged(name=str(getattr(run, "name", "") or ""))
    add_rows(logged, (dict(row) for row in run.scan_history()), f"the W&B run {logged.name!r}")
    config = getattr(run, "config", None)
    if isinstance(config, Mapping):
        logged.config = {str(key): value for key, value in config.items() if not str(key).startswith("_")}
    logged.status = str(getattr(run, "state", "finished"))
    return logged


def _mlflow(run: Any) -> Logged:
    """A run of MLflow; its metrics step by step where the user has MLflow, for the run itself holds the last ones."""
    info, data = run.info, run.data
    logged = Logged(name=str(getattr(info, "run_name", "") or ""))
    started = number(getattr(info, "start_time", None))
    logged.started = None if started is None else started / 1000
    logged.config = {str(key): value for key, value in dict(data.params).items()}
    logged.status = str(getattr(info, "status", "")).lower()
    history = _history(str(info.run_id), list(data.metrics))
    for key, value in dict(data.metrics).items():
        rows = history.get(key) or [(0.0, float(value), float("nan"))]
        for step, one, second in rows:
            logged.add(key, step, one, second)
    if not logged.n:
        raise OffdiagonalError(f"the MLflow run {logged.name!r} has no metrics")
    return logged


def _history(run_id: str, names: list[str]) -> dict[str, list[tuple[float, float, float]]]:
    try:
        from mlflow import MlflowClient
    except ImportError:
        return {}
    client = MlflowClient()
    return {
        name: [
            (float(one.step), float(one.value), one.timestamp / 1000)
            for one in client.get_metric_history(run_id, name)
        ]
        for name in names
    }
