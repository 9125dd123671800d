"""Columns as a pandas DataFrame: what ``to_frame()`` gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from numpy.typing import NDArray


def as_frame(columns: Mapping[str, Sequence[Any] | NDArray[Any]]) -> pd.DataFrame:
    """A DataFrame of these columns."""
    return pd.DataFrame(dict(columns))
