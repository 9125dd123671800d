"""Dates, times, durations and periods, near and far, with zones and without."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from tests.inputs.case import Cannot, arrow, kinds, shown, value

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
THOUSANDS = [f"{year:04d} to < {year + 1000}" for year in range(0, 10_000, 1000)]
PERIODS = pd.array([pd.Period("2024-01"), pd.Period("2024-02"), pd.NaT, pd.Period("2024-01")])


def at(*parts: int, zone: dt.tzinfo | None = None, fold: int = 0) -> dt.datetime:
    """A time."""
    return dt.datetime(*parts, tzinfo=zone, fold=fold)


def those_of(zone: str) -> str:
    """The note on a zone."""
    return f"times of column 'x' are those of {zone}"


INTERVALS = "column 'x' holds values of the type MonthDayNano: they are shown as text"


def intervals(*lengths: int | None) -> list[str | None]:
    """Nanoseconds as Arrow shows what DuckDB makes of durations."""
    return [None if n is None else f"MonthDayNano(months=0, days=0, nanoseconds={n})" for n in lengths]


LENGTHS = [86_400 * 10**9, -90 * 10**9, None, 0]
ZONED = [at(2024, 1, 1, zone=BERLIN), at(2024, 7, 1, zone=BERLIN), None, at(2024, 3, 31, 3, zone=BERLIN)]
MIXED = [at(2024, 1, 1, zone=BERLIN), at(2024, 1, 1, zone=NEW_YORK), None, at(2024, 1, 1, zone=dt.UTC)]
PARTLY = [at(2024, 1, 1, zone=BERLIN), at(2024, 1, 1), None, None]
TWICE = [at(2024, 10, 27, 2, 30, zone=BERLIN, fold=fold) for fold in (0, 1)] * 2
FAR = np.array(["-5000", "12000", "2024", "2024"], "M8[Y]")
DATES = [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None, dt.date(2024, 1, 1)]

TIMES = [
    value(
        "dates",
        [dt.date(2024, 1, 1), dt.date(2024, 2, 29), None, dt.date(2024, 1, 1)],
        shown(["2024-01-01", "2024-02-29", None, "2024-01-01"]),
    ),
    value(
        "dates of the years 1 and 9999",
        [dt.date(1, 1, 1), dt.date(9999, 12, 31), None, dt.date(2024, 1, 1)],
        shown(["0001-01-01", "9999-12-31", None, "2024-01-01"], levels=[*THOUSANDS, "(missing)"]),
    ),
    value(
        "times of the years 1 and 9999",
        [at(1, 1, 1), at(9999, 12, 31, 23, 59, 59), None, at(2024, 1, 1)],
        shown(
            ["0001-01-01 00:00:00", "9999-12-31 23:59:59", None, "2024-01-01 00:00:00"],
            levels=[*THOUSANDS, "(missing)"],
        ),
    ),
    value(
        "times without a zone",
        [at(2024, 1, 1, 10), at(2024, 1, 1, 11, 30), None, at(2024, 1, 1, 10)],
        shown(["2024-01-01 10:00:00", "2024-01-01 11:30:00", None, "2024-01-01 10:00:00"]),
    ),
    value(
        "times of one zone",
        ZONED,
        shown(
            ["2024-01-01 00:00:00+01:00", "2024-07-01 00:00:00+02:00", None, "2024-03-31 03:00:00+02:00"],
            those_of("Europe/Berlin"),
            levels=[*(f"2024-0{month}" for month in range(1, 8)), "(missing)"],
        ),
        # DuckDB holds moments, and shows them in the zone of the session
        kinds(
            shown(
                ["2023-12-31 23:00:00+00:00", "2024-06-30 22:00:00+00:00", None, "2024-03-31 01:00:00+00:00"],
                those_of("Etc/UTC"),
            ),
            "duckdb",
        ),
    ),
    value(
        "an hour that there is twice",
        TWICE,
        shown(
            ["2024-10-27 02:30:00+02:00", "2024-10-27 02:30:00+01:00"] * 2,
            those_of("Europe/Berlin"),
            levels=[],
        ),
        kinds(
            shown(["2024-10-27 00:30:00+00:00", "2024-10-27 01:30:00+00:00"] * 2, those_of("Etc/UTC")),
            "duckdb",
        ),
    ),
    value(
        "times of several zones",
        MIXED,
        shown(
            ["2024-01-01 00:00:00+01:00", "2024-01-01 00:00:00-05:00", None, "2024-01-01 00:00:00+00:00"],
            those_of("UTC"),
        ),
        kinds(
            shown(
                ["2024-01-01 00:00:00+01:00", "2024-01-01 06:00:00+01:00", None, "2024-01-01 01:00:00+01:00"],
                those_of("Europe/Berlin"),
            ),
            "pandas-arrow",
            "polars",
            "pyarrow",
        )
        | kinds(
            shown(
                ["2023-12-31 23:00:00+00:00", "2024-01-01 05:00:00+00:00", None, "2024-01-01 00:00:00+00:00"],
                those_of("Etc/UTC"),
            ),
            "duckdb",
        ),
    ),
    value(
        "times with and without a zone",
        PARTLY,
        shown(
            ["2024-01-01 00:00:00+01:00", "2024-01-01 00:00:00", None, None],
            "column 'x' has 1 time without a zone: taken for UTC where others have one",
            those_of("Europe/Berlin"),
        ),
        # these take the one without a zone for UTC themselves
        kinds(
            shown(
                ["2024-01-01 00:00:00+01:00", "2024-01-01 01:00:00+01:00", None, None],
                those_of("Europe/Berlin"),
                held=[PARTLY[0], at(2024, 1, 1, 1, zone=BERLIN), None, None],
            ),
            "pandas-arrow",
            "polars",
            "pyarrow",
        )
        | kinds(
            shown(
                ["2023-12-31 23:00:00+00:00", "2024-01-01 00:00:00+00:00", None, None],
                those_of("Etc/UTC"),
                held=[PARTLY[0], at(2024, 1, 1, 1, zone=BERLIN), None, None],
            ),
            "duckdb",
        ),
    ),
    value(
        "times of the day",
        [dt.time(1, 2, 3), dt.time(4), None, dt.time(5)],
        shown(["01:02:03", "04:00:00", None, "05:00:00"]),
    ),
    value(
        "durations",
        [dt.timedelta(days=1), dt.timedelta(seconds=-90), None, dt.timedelta(0)],
        shown(
            ["1 days 00:00:00", "-1 days +23:58:30", None, "0 days 00:00:00"],
            levels=["-1 days +23:58:30", "0 days 00:00:00", "1 days 00:00:00", "(missing)"],
        ),
        kinds(shown(["1 day, 0:00:00", "-1 day, 23:58:30", None, "0:00:00"]), "arrays")
        | kinds(
            shown(
                intervals(*LENGTHS),
                INTERVALS,
                held=[None if n is None else pa.MonthDayNano([0, 0, n]) for n in LENGTHS],
            ),
            "duckdb",
        ),
    ),
    value(
        "periods",
        PERIODS,
        shown(["2024-01", "2024-02", None, "2024-01"]),
        {
            "pyarrow": shown(
                [648, 649, None, 648],
                "column 'x' is of the type pandas.period, which only pandas reads: "
                "what Arrow stores is shown",
                held=[648, 649, None, 648],
            ),
            "polars": shown([648, 649, None, 648], held=[648, 649, None, 648]),
            "duckdb": shown([648, 649, None, 648], held=[648, 649, None, 648]),
        },
    ),
    value(
        "seconds of numpy",
        np.array(["0001-01-01", "2024-01-01", "NaT", "9999-12-31"], "M8[s]"),
        shown(["0001-01-01 00:00:00", "2024-01-01 00:00:00", None, "9999-12-31 00:00:00"]),
        kinds(Cannot("ValueError", "incorrect NumPy datetime resolution"), "polars"),
    ),
    value(
        "nanoseconds",
        np.array(["2024-01-01T00:00:00.000000001", "2024-01-01T00:00:00.000000002"] * 2, "M8[ns]"),
        shown(["2024-01-01 00:00:00.000000001", "2024-01-01 00:00:00.000000002"] * 2, levels=[]),
        # what polars hands out as datetimes ends with microseconds
        kinds(
            shown(
                ["2024-01-01 00:00:00.000000001", "2024-01-01 00:00:00.000000002"] * 2,
                held=[at(2024, 1, 1)] * 4,
            ),
            "polars",
        ),
    ),
    value("nothing but NaT", np.array(["NaT"] * 4, "M8[ns]"), shown([None] * 4, levels=[])),
    value(
        "years that no calendar has",
        FAR,
        shown(["-5000", "12000", "2024", "2024"]),
        arrow(Cannot("ArrowNotImplementedError"))
        | kinds(Cannot("ValueError"), "polars")
        | kinds(shown([f"{year}-01-01 00:00:00" for year in ("-5000", "12000", "2024", "2024")]), "pandas"),
    ),
    value(
        "dates among times",
        [dt.date(2024, 1, 1), at(2024, 1, 2, 3), None, dt.date(2024, 1, 1)],
        shown(["2024-01-01", "2024-01-02 03:00:00", None, "2024-01-01"]),
        # Arrow takes the time for a date, without a word
        kinds(
            shown(["2024-01-01", "2024-01-02", None, "2024-01-01"], held=DATES),
            "pandas-arrow",
            "pyarrow",
            "duckdb",
        )
        | kinds(Cannot("TypeError", "unexpected value while building Series of type Date"), "polars"),
    ),
]
