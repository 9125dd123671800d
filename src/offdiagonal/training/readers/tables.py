"""CSV and JSON: what trackers export, and loops write by hand."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.readers.dialect import between_columns, fields_of, has_decimal_commas
from offdiagonal.training.readers.logged import RUNS, TIMES, Logged, add_rows, is_empty, number

LONG = {"metric", "key", "tag"}
"""Columns that name a metric, where each row is one value."""
ALONE = {"value", "step", *TIMES, *RUNS}
"""Columns of a table of one metric, that the file's name tells."""
MOST_BYTES = 256 * 1024**2
"""Of JSON, which is read as a whole."""
MOST_CHARS = 1_000_000
"""Of a field or a line."""


def read_csv(path: Path) -> Logged:
    """A row a step, or a row a value: ``step,metric,value`` (MLflow) or ``Wall time,Step,Value`` (TensorBoard).

    Where columns stand beside ``step,value`` that are neither a time nor a run, ``value`` is a metric like them.

    Raises
    ------
    OffdiagonalError
        If it is no such table.
    """
    logged = Logged(name=path.stem)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
        first = next(_lines(lines, path), "")
        lines.seek(0)
        between = between_columns(first)
        commas = has_decimal_commas(_lines(lines, path), between)
        lines.seek(0)
        limit = csv.field_size_limit(MOST_CHARS)  # of the whole process
        try:
            table = csv.DictReader(_lines(lines, path), delimiter=between, strict=True)
            names = [name for name in table.fieldnames or [] if name]
            rows = fields_of(table, path.name, commas=commas)
            low = {name.lower().replace(" ", "_"): name for name in names}
            if "value" in low and (LONG & set(low) or {"value", "step"} <= set(low) <= ALONE):
                _add_values(logged, rows, low, path)
            else:
                add_rows(logged, rows, path.name)
        except csv.Error as error:
            raise OffdiagonalError(f"{path} is no table of commas: {error}") from error
        finally:
            csv.field_size_limit(limit)
    return logged


def _lines(file: TextIO, path: Path) -> Iterator[str]:
    """The lines of a file, none of which may fill the memory."""
    while line := file.readline(MOST_CHARS):
        if len(line) == MOST_CHARS:
            raise OffdiagonalError(
                f"{path} has a line of more than {MOST_CHARS:,} characters; it is no log of a run"
            )
        yield line


def _add_values(logged: Logged, rows: Any, names: Mapping[str, str], path: Path) -> None:
    by = next((names[name] for name in ("metric", "key", "tag") if name in names), None)
    second = next((names[name] for name in ("wall_time", "timestamp", "time") if name in names), None)
    for i, row in enumerate(rows):
        if is_empty(row[names["value"]]):
            continue
        value = number(row[names["value"]])
        step = number(row.get(names.get("step", "")) or i)
        if value is None or step is None or not math.isfinite(step):
            raise OffdiagonalError(
                f"{path.name}, row {i + 1:,}: step or value is no number: {dict(row)!r:.120}"
            )
        time = number(row.get(second)) if second else None
        logged.add(row[by] if by else path.stem, step, value, _seconds(time))
    if not logged.n:
        raise OffdiagonalError(f"{path} has no rows")


def _seconds(time: float | None) -> float:
    if time is None:
        return math.nan
    return time / 1000 if time > 1e11 else time  # MLflow counts milliseconds


def read_jsonl(path: Path) -> Logged:
    """An object a line, each a step.

    Raises
    ------
    OffdiagonalError
        If a line that is not the last is no object.
    """
    logged = Logged(name=path.stem)
    add_rows(logged, _objects(path), path.name)
    return logged


def _objects(path: Path) -> Iterator[Mapping[str, Any]]:
    broken: tuple[int, str] | None = None
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        number_of = 0
        for line in _lines(lines, path):
            number_of += 1
            if not line.strip():
                continue
            if broken is not None:  # a last line that was cut off is what a crash leaves
                raise OffdiagonalError(f"{path}, line {broken[0]:,} is no JSON: {broken[1]}")
            try:
                found = json.loads(line)
            except (ValueError, RecursionError) as error:
                broken = (number_of, str(error))
                continue
            if not isinstance(found, dict):
                raise OffdiagonalError(
                    f"{path}, line {number_of:,} is {type(found).__name__}, not an object such as "
                    '{"step": 1, "loss": 0.5}'
                )
            yield found
    if broken is not None and number_of == broken[0] == 1:
        raise OffdiagonalError(f"{path}, line 1 is no JSON: {broken[1]}")


def read_json(path: Path) -> Logged:
    """``trainer_state.json`` of transformers, a Keras history, a list of steps, or a W&B or MLflow export.

    Raises
    ------
    OffdiagonalError
        If it is none of them.
    """
    if path.stat().st_size > MOST_BYTES:
        raise OffdiagonalError(f"{path} has {path.stat().st_size:,} bytes; JSON is read up to {MOST_BYTES:,}")
    try:
        with path.open(encoding="utf-8-sig") as text:
            found = json.load(text)
    except (ValueError, RecursionError) as error:
        raise OffdiagonalError(f"{path} is no JSON: {error}") from error
    logged = of_json(found, path.name)
    logged.name = logged.name or path.stem
    if path.name == "trainer_state.json":
        logged.name = path.resolve().parent.name
    return logged


def of_json(found: Any, where: str, *, nested: bool = False) -> Logged:
    """What JSON says of a run.

    Raises
    ------
    OffdiagonalError
        If it says nothing.
    """
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        logged = Logged()
        add_rows(logged, found, where)
        return logged
    if isinstance(found, dict):
        if isinstance(found.get("log_history"), list):
            return _trainer_state(found, where)
        if isinstance(found.get("data"), dict) and isinstance(found["data"].get("metrics"), list | dict):
            return _mlflow(found, where)
        for key in ("history", "rows", "run") if not nested else ():
            if isinstance(found.get(key), list | dict):
                logged = of_json(found[key], f"{where}: {key}", nested=True)
                if key == "run":
                    return logged
                config = found.get("config")
                logged.config = dict(config) if isinstance(config, dict) else {}
                logged.name = str(found.get("name") or found.get("display_name") or "")
                return logged
        columns = {str(key): value for key, value in found.items() if isinstance(value, list)}
        if columns:
            return of_columns(columns, where)
    raise OffdiagonalError(
        f"{where} is no run: JSON of one is a list of steps, lists by metric, or a trainer_state.json; this is "
        f"{type(found).__name__}"
        + (f" of {', '.join(map(repr, list(found)[:8]))}" if isinstance(found, dict) else "")
    )


def of_columns(columns: Mapping[str, Any], where: str) -> Logged:
    """Lists by metric, as a Keras history holds them: a value an epoch.

    Raises
    ------
    OffdiagonalError
        If no list holds numbers.
    """
    logged = Logged()
    length = max((len(values) for values in columns.values()), default=0)
    add_rows(
        logged,
        ({name: values[i] for name, values in columns.items() if i < len(values)} for i in range(length)),
        where,
    )
    return logged


def _trainer_state(found: Mapping[str, Any], where: str) -> Logged:
    logged = Logged()
    rows = [row for row in found["log_history"] if isinstance(row, dict)]
    kept = [
        {
            key: value
            for key, value in row.items()
            if not (key.endswith(("_runtime", "_per_second")) or key in {"total_flos", "train_loss"})
        }
        for row in rows
    ]
    add_rows(logged, [row for row in kept if len(row) > 2 or "loss" in row], where)
    logged.facts["framework"] = "transformers"
    for key, fact in (("max_steps", "planned_steps"), ("train_batch_size", "batch_size")):
        if isinstance(found.get(key), int) and found[key] > 0:
            logged.facts[fact] = found[key]
    return logged


def _mlflow(found: Mapping[str, Any], where: str) -> Logged:
    """A run of MLflow as JSON: the last value of each metric, its parameters and its status."""
    data = found["data"]
    info: dict[str, Any] = found["info"] if isinstance(found.get("info"), dict) else {}
    logged = Logged(name=str(info.get("run_name", "")), status=str(info.get("status", "")).lower())
    metrics = data["metrics"]
    rows = metrics if isinstance(metrics, list) else [{"key": k, "value": v} for k, v in metrics.items()]
    for row in rows:
        if isinstance(row, dict) and not is_empty(row.get("value")):
            value = number(row["value"])
            if value is None:
                raise OffdiagonalError(f"{where}: {row.get('key')!r:.80}={row['value']!r:.80} is no number")
            step = number(row.get("step"))
            logged.add(str(row.get("key")), step or 0.0, value, _seconds(number(row.get("timestamp"))))
    params = data.get("params")
    for item in params if isinstance(params, list) else []:
        if isinstance(item, dict) and "key" in item:
            logged.config[str(item["key"])] = _setting(item.get("value"))
    if isinstance(params, dict):
        logged.config = {str(key): _setting(value) for key, value in params.items()}
    if not logged.n:
        raise OffdiagonalError(f"{where} is a run of MLflow without metrics")
    return logged


def _setting(value: Any) -> Any:
    found = None if isinstance(value, str) and "%" in value else number(value)
    if found is None or not math.isfinite(found):
        return value
    return (
        int(found)
        if found.is_integer() and "." not in str(value) and "e" not in str(value).lower()
        else found
    )
