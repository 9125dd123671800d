"""Views as the user holds them: what they refuse, and what their still forms say of what is left out."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.errors import OffdiagonalError

TABLE = {
    "label": ["a", "b"] * 60,
    "prediction": ["a"] * 120,
    "secret": ["x"] * 20 + ["y"] * 100,
    "open": ["u"] * 117 + ["v"] * 3,
}


@pytest.mark.parametrize("height", [0, -1, 59, 10_001, 400.5, 400.0, "400", True, float("nan"), [400]])
def test_a_height_is_a_number_of_pixels(height: Any):
    ev = od.Evaluation(TABLE)
    for view in (ev.board, ev.confusion, ev.examples):
        with pytest.raises(
            OffdiagonalError, match="height= is a whole number of pixels from 60 to 10,000, not "
        ):
            view(height=height)


@pytest.mark.parametrize("height", [60, np.int64(400)])
def test_heights(height: Any):
    assert od.Evaluation(TABLE).slices(height=height)._options == {"height": int(height)}


def said(ev: od.Evaluation) -> tuple[str, str]:
    page = re.sub(r"&nbsp;", " ", ev._repr_html_())
    return repr(ev), page


def test_the_text_says_that_private_clauses_are_left_out():
    ev = od.Evaluation(TABLE, private=["secret"], save_rows=0)
    ev.selection.where(columns={"secret": "x", "open": "u"})
    assert len(ev.selection) == 20
    for text in said(ev):
        assert "selected, without 1 clause that is seen live only: accuracy" in text
        assert "117 examples" in text
    ev.selection.clear().where(columns={"secret": "x"}, rows=np.arange(120) < 30)
    for text in said(ev):
        assert "all rows, without 2 clauses that are seen live only" in text
    ev.selection.clear().where(columns={"open": "u"})
    for text in said(ev):
        assert "selected: accuracy" in text
        assert "seen live only" not in text
