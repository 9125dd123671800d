"""A Vega-Lite spec as an Altair chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_altair(spec: dict[str, Any]) -> Any:
    """Make a chart of a spec whose data are inline.

    Its rows are given by name, at the top: Altair takes seconds to look through each row where it is.
    """
    import altair as alt

    datasets: dict[str, list[Any]] = {}
    chart = alt.VConcatChart.from_dict(_named(spec, datasets), validate=False)
    chart.datasets = datasets
    return chart


def chart_as_altair(given: Any) -> Any:
    """A chart of the user's: as it is, or of the dict of its spec."""
    if not isinstance(given, Mapping):
        return given
    import altair as alt

    return alt.Chart.from_dict(dict(given), validate=False)


def _named(part: Any, datasets: dict[str, list[Any]]) -> Any:
    """The same with the rows of each data source put aside under a name."""
    if isinstance(part, list):
        return [_named(item, datasets) for item in part]
    if not isinstance(part, dict):
        return part
    named = {key: _named(value, datasets) for key, value in part.items() if key != "data"}
    if "data" in part:
        name = f"rows-{len(datasets)}"
        datasets[name] = part["data"]["values"]
        named["data"] = {"name": name}
    return named
