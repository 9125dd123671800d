"""Views as the user holds them: what they refuse, and what their still forms say of what is left out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
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


def test_without_ipywidgets_the_saved_form_is_shown(tmp_path: Path) -> None:
    code = """
import sys
sys.modules["ipywidgets"] = sys.modules["anywidget"] = None
from IPython.core.interactiveshell import InteractiveShell
from offdiagonal.display import show
shell = InteractiveShell.instance()
shell.kernel = object()
import offdiagonal as od
ev = od.Evaluation({"label": ["a", "b"], "prediction": ["a", "a"]})
told = []
shell.display_pub.publish = lambda data, metadata: told.append(data)
for view in (ev, ev.confusion()):
    view._ipython_display_()
assert len(told) == 2, told
assert all("od-island" in data["text/html"] and data["text/plain"] for data in told)
"""
    env = {**os.environ, "IPYTHONDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)
