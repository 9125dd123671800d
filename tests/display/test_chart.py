"""A spec as an Altair chart: what it draws is what the spec draws."""

from __future__ import annotations

import numpy as np
import vl_convert

import offdiagonal as od
from offdiagonal.display import still
from offdiagonal.display.chart import as_altair


def test_the_chart_draws_what_the_spec_draws() -> None:
    rng = np.random.default_rng(0)
    label = rng.choice(["a", "b", "c"], 300)
    frame = {"label": label, "prediction": rng.permutation(label), "source": rng.choice(["x", "y"], 300)}
    ev = od.Evaluation(frame)
    views = ("header", "confusion", "slices", "examples")
    spec = still.picture(ev._session, views, {})
    chart = as_altair(spec)
    assert vl_convert.vegalite_to_svg(chart.to_dict()) == vl_convert.vegalite_to_svg(spec)
    assert {key for key in chart.to_dict() if key != "$schema"} >= {"vconcat", "datasets"}


def test_rows_are_not_looked_through_one_by_one() -> None:
    values = [{"x": i, "y": object()} for i in range(10)]
    spec = {"vconcat": [{"data": {"values": values}, "mark": "point", "encoding": {"x": {"field": "x"}}}]}
    assert as_altair(spec).datasets == {"rows-0": values}
