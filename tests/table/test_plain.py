"""Values as plain data, as the grid shows them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from offdiagonal.table.arrays import as_array
from offdiagonal.table.plain import plain_column


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_durations_read_as_pandas_prints_them(unit: str):
    values = pd.Series(pd.to_timedelta(["1h", None, "-90s", "2 days 00:00:00.5"])).astype("timedelta64[ns]")
    shown = ["0 days 01:00:00", None, "-1 days +23:58:30", "2 days 00:00:00.500000"]
    if unit == "s":
        shown[-1] = "2 days 00:00:00"
    assert plain_column(as_array(values.dt.as_unit(unit)), 200) == shown


def test_a_duration_that_pandas_has_none_of():
    assert plain_column(np.asarray([1, 2], dtype="timedelta64[Y]"), 200) == ["1 years", "2 years"]
