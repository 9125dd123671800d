"""Values of one column, however the user holds them, as a numpy array that loses nothing.

The array is one of: bool, whole numbers, floats (missing is NaN), datetime64 and timedelta64 (missing is NaT; times
with a zone as the wall clock shows them there), or objects (missing is None).
"""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.errors import OffdiagonalError

EXACT_INTEGER = 1 << 53
"""Whole numbers up to here are floats without loss."""


def as_array(values: Any, what: str = "a column") -> NDArray[Any]:
    """One-dimensional array of what a user gives for a column; it may share memory with what was given.

    Parameters
    ----------
    values
        A numpy, pandas, polars, pyarrow or other array, or a sequence.
    what
        What the values are, for the error.

    Raises
    ------
    OffdiagonalError
        If the values are not one for each row.

    Examples
    --------
    >>> as_array([1, None, 3])
    array([ 1., nan,  3.])
    >>> as_array([("a", 1), ("b", 2)])
    array([('a', 1), ('b', 2)], dtype=object)
    """
    if isinstance(values, pd.DataFrame) and values.shape[1] == 1:
        values = values.iloc[:, 0]
    if isinstance(values, pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
        array = _of_pandas(values)
    elif isinstance(values, np.ma.MaskedArray):
        array = with_missing(np.asarray(values.data), np.ma.getmaskarray(values))
    elif isinstance(values, np.ndarray):
        array = values
    elif isinstance(values, str | bytes | dict | set | frozenset) or not isinstance(values, Iterable):
        raise OffdiagonalError(
            f"{what} must be an array with one value for each row, not a {type(values).__name__}"
        )
    elif hasattr(values, "to_numpy"):
        array = of_narwhals(_narwhals_series(values, what))
    elif hasattr(values, "__array__"):
        array = np.asarray(values)
    else:
        array = _of_list(list(values))
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise OffdiagonalError(
            f"{what} must have one dimension, but its shape is {array.shape}; give one value for each row"
        )
    if array.dtype.kind in "USV":
        return array.astype(object)
    if is_wide(array.dtype):
        return array.astype(np.float64)
    return _none_for_missing(array) if array.dtype == object else array


def is_wide(dtype: Any) -> bool:
    """Whether numbers of a dtype are wider than the floats that all else is computed with."""
    return isinstance(dtype, np.dtype) and dtype.kind == "f" and dtype.itemsize > 8


def is_array(value: Any) -> bool:
    """Whether something is an array or a sequence of values, rather than the name of a column."""
    return hasattr(value, "to_numpy") or hasattr(value, "__array__") or isinstance(value, list | range)


def missing_in(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values are missing: None, NaN, NA or NaT."""
    return np.asarray(pd.isna(values), dtype=bool)


def is_missing(value: Any) -> bool:
    """Whether a single value is None, NaN, NA or NaT."""
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def with_missing(values: NDArray[Any], missing: NDArray[np.bool_]) -> NDArray[Any]:
    """The values with some of them missing; whole numbers become floats only where that loses nothing."""
    if not missing.any():
        return values
    kind = values.dtype.kind
    if kind in "iu" and _exact(values[~missing]):
        values = values.astype(np.float64)
    elif kind not in "fcMm":
        values = values.astype(object)
    else:
        values = values.copy()
    values[missing] = (
        np.nan if values.dtype.kind in "fc" else np.array("NaT", values.dtype) if kind in "Mm" else None
    )
    return values


def _exact(values: NDArray[Any]) -> bool:
    return len(values) == 0 or (int(values.max()) <= EXACT_INTEGER and int(values.min()) >= -EXACT_INTEGER)


def _none_for_missing(values: NDArray[Any]) -> NDArray[Any]:
    missing = missing_in(values)
    if not missing.any() or all(value is None for value in values[missing]):
        return values
    values = values.copy()
    values[missing] = None
    return values


def _of_pandas(values: Any) -> NDArray[Any]:
    dtype = values.dtype
    if isinstance(dtype, np.dtype):
        return np.asarray(values.to_numpy())
    if isinstance(dtype, pd.CategoricalDtype):
        categorical = pd.Categorical(values)
        categories = as_array(categorical.categories)
        codes = np.asarray(categorical.codes)
        if len(categories) == 0:
            return np.full(len(codes), None, dtype=object)
        return with_missing(categories[codes], codes < 0)
    if isinstance(dtype, pd.SparseDtype):
        return np.asarray(values)
    if dtype.kind in "biuf":
        present = (
            values.fillna(dtype.type(0) if dtype.kind != "b" else False) if values.isna().any() else values
        )
        return with_missing(np.asarray(present.to_numpy()), np.asarray(values.isna()))
    if dtype.kind in "Mm" and not isinstance(dtype, pd.PeriodDtype):
        return _times(pd.Series(values))
    if isinstance(dtype, pd.ArrowDtype) and dtype.kind == "O" and dtype.type is not str:
        held: Any = pd.Series(values).array
        return objects(held.__arrow_array__().to_pylist())
    return np.asarray(values.to_numpy(dtype=object))


def _times(values: pd.Series) -> NDArray[Any]:
    """Times as the wall clock shows them in their zone."""
    if isinstance(values.dtype, pd.ArrowDtype):
        return of_narwhals(_narwhals_series(values.array.__arrow_array__(), "a column"))
    return np.asarray(values.dt.tz_localize(None).to_numpy())


def _narwhals_series(values: Any, what: str) -> Any:
    import narwhals as nw

    if type(values).__module__.startswith("pyarrow") and not hasattr(values, "chunks"):
        import pyarrow as pa

        values = pa.chunked_array([values])
    try:
        return nw.from_native(values, series_only=True)
    except TypeError as error:
        kind = f"{type(values).__module__}.{type(values).__qualname__}"
        raise OffdiagonalError(
            f"{what} must be an array with one value for each row, not a {kind}"
        ) from error


def of_narwhals(series: Any) -> NDArray[Any]:
    """Values of a narwhals Series (polars, pyarrow)."""
    dtype = series.dtype
    if type(dtype).__name__ in ("Int128", "UInt128"):  # numpy has none
        return _of_list(series.to_list())
    if dtype.is_numeric() and not dtype.is_decimal():
        filled = series.fill_null(0) if series.null_count() else series
        return with_missing(np.asarray(filled.to_numpy()), np.asarray(series.is_null().to_numpy()))
    if dtype.is_temporal() and type(dtype).__name__ in ("Datetime", "Date", "Duration"):
        zone = getattr(dtype, "time_zone", None)
        local = series.dt.replace_time_zone(None) if zone else series
        return np.asarray(local.to_numpy())
    if type(dtype).__name__ == "Boolean" and not series.null_count():
        return np.asarray(series.to_numpy(), dtype=bool)
    # Objects go value by value: pyarrow's own conversion gives a null of a dictionary the value of its neighbour.
    return objects(series.to_list())


def objects(items: Iterable[Any] | Sized) -> NDArray[Any]:
    """An array that keeps each item whole: numpy would take tuples apart, and turn 1 beside "a" into text."""
    held = list(items)  # type: ignore[arg-type]
    return np.fromiter(held, dtype=object, count=len(held))


def _of_list(items: list[Any]) -> NDArray[Any]:
    present = [item for item in items if item is not None]
    kinds = {type(item) for item in present}
    plain = kinds <= {int} or kinds <= {int, float} or kinds <= {bool}
    same = len(kinds) == 1 and issubclass(next(iter(kinds)), np.number | np.bool_ | np.datetime64)
    if not present or not (plain or same):
        return objects(items)
    if kinds == {int, float} and any(isinstance(item, int) and abs(item) > EXACT_INTEGER for item in present):
        return objects(items)
    try:
        array = np.asarray(present, dtype=np.int64 if kinds == {int} else None)
    except OverflowError:
        return objects(items)
    if len(present) == len(items):
        return array
    missing = np.fromiter((item is None for item in items), dtype=bool, count=len(items))
    whole = np.zeros(len(items), dtype=array.dtype)
    whole[~missing] = array
    return with_missing(whole, missing)
