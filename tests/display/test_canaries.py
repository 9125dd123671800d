"""Thirty displays, four ways of saving, three policies: as many canaries are found as the policy says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from tests.browser.hosts.files import export, read
from tests.display.test_privacy import SECRET, N, decoded, planted, rows_in

import offdiagonal as od
from offdiagonal.display.still import ERRORS_SHOWN

ROOT = Path(__file__).resolve().parents[2]

POLICIES: dict[str, tuple[dict[str, Any], int]] = {
    "by default": ({}, 200),
    "no rows": ({"save_rows": 0}, 0),
    "a private text": ({"private_text": True}, 0),
}
"""What an Evaluation is told, and how many texts are saved with a view that shows examples."""

BOARD, EXAMPLES, NEITHER = "a board with examples", "examples", "no examples"
DISPLAYS = {
    "ev": BOARD,
    "ev.board()": BOARD,
    "ev.board(['findings', 'examples'])": BOARD,
    "ev.board(['header', 'examples'])": BOARD,
    "ev.board(['examples', 'distribution'])": BOARD,
    "ev.examples()": EXAMPLES,
    "ev.examples(height=300)": EXAMPLES,
    "ev.findings()": NEITHER,
    "ev.board('header')": NEITHER,
    "ev.board(['confusion', 'slices'])": NEITHER,
    "ev.confusion()": NEITHER,
    "ev.confusion('source', 'has an a')": NEITHER,
    f"ev.confusion('{SECRET}-column', 'source')": NEITHER,
    f"ev.confusion('source', '{SECRET}-slice')": NEITHER,
    "ev.slices()": NEITHER,
    "ev.confidence()": NEITHER,
    "ev.calibration()": NEITHER,
    f"chosen(ev, slice='{SECRET}-slice').measures('F1', slices='accuracy')": NEITHER,
    "ev.distribution()": NEITHER,
    "ev.distribution('source')": NEITHER,
    f"ev.distribution('{SECRET}-column')": NEITHER,
    "chosen(ev, label='ham')": BOARD,
    "chosen(ev, correct=False).board()": BOARD,
    f"chosen(ev, slice='{SECRET}-slice').board()": BOARD,
    f"chosen(ev, columns={{'{SECRET}-column': '{SECRET}-value-1'}}).slices()": NEITHER,
    "chosen(ev, text='row-canary-7-').examples()": EXAMPLES,
    f"chosen(ev, text='{SECRET}').confusion()": NEITHER,
    "chosen(ev, rows=[1, 2, 3]).confidence()": NEITHER,
    "chosen(ev, confidence=(0.5, 1)).calibration()": NEITHER,
    f"chosen(ev, columns={{'{SECRET}-column': '{SECRET}-value-2'}}).distribution('source')": NEITHER,
    f"chosen(ev, slice=['{SECRET}-slice', 'has an a'], label='spam').examples()": EXAMPLES,
}


def chosen(ev: od.Evaluation, **where: Any) -> od.Evaluation:
    """The Evaluation with nothing else selected."""
    ev.selection.clear().where(**where)
    return ev


def canaries(**options: Any) -> od.Evaluation:
    """The planted Evaluation, and an open slice."""
    return planted(**options).slice("has an a", np.arange(N) % 3 == 0)


def wanted(display: str, policy: str, text: str) -> int:
    """How many texts are found: as many as the policy says; where they have no room, as many as the output says."""
    most = POLICIES[policy][1] if DISPLAYS[display] != NEITHER else 0
    said = re.search(r"and (\d+) of 1,000 examples", text)
    if DISPLAYS[display] == EXAMPLES and most and said:
        assert 100 <= int(said[1]) <= most
        return int(said[1])
    return most


@pytest.fixture(scope="module")
def evaluations() -> dict[str, od.Evaluation]:
    return {policy: canaries(**options) for policy, (options, _) in POLICIES.items()}


def shown(evaluations: dict[str, od.Evaluation], display: str, policy: str) -> Any:
    """What a cell displays."""
    ev = evaluations[policy]
    ev.selection.clear().where(slice=f"{SECRET}-slice")
    return eval(display, {"ev": ev, "chosen": chosen})


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """Every display under every policy, run by nbclient, which saves the state of all widgets."""
    setup = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    setup += "from tests.display.test_canaries import POLICIES, canaries, chosen\n"
    setup += "evs = {policy: canaries(**options) for policy, (options, _) in POLICIES.items()}"
    cells = [setup]
    start = f"; ev.selection.clear().where(slice={SECRET!r} + '-slice')\n"
    cells += [f"ev = evs[{policy!r}]{start}{display}" for policy in POLICIES for display in DISPLAYS]
    return read(export(cells, tmp_path_factory.mktemp("nb"), "notebook", execute=True, seconds=400))


@pytest.fixture(scope="module")
def exported(executed: nbformat.NotebookNode, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Each cell's outputs in the page that nbconvert makes of the notebook."""
    path = export(executed, tmp_path_factory.mktemp("page"), "html", options=["--no-input"], seconds=200)
    head, setup, *cells = path.read_text("utf-8").split('<div class="jp-Cell jp-CodeCell')
    assert len(cells) == len(POLICIES) * len(DISPLAYS)
    assert SECRET not in decoded(head + setup)
    return cells


def place(display: str, policy: str) -> int:
    return list(POLICIES).index(policy) * len(DISPLAYS) + list(DISPLAYS).index(display)


def outputs(executed: nbformat.NotebookNode, display: str, policy: str) -> Iterator[Any]:
    yield from executed.cells[1 + place(display, policy)].outputs


every_display = pytest.mark.parametrize("display", DISPLAYS)
every_policy = pytest.mark.parametrize("policy", POLICIES)


@every_policy
@every_display
def test_a_file(display: str, policy: str, evaluations: dict[str, od.Evaluation], tmp_path: Path) -> None:
    shown(evaluations, display, policy).save(tmp_path / "report.html")
    text = decoded((tmp_path / "report.html").read_text("utf-8"))
    assert SECRET not in text
    assert len(rows_in(text)) == wanted(display, policy, text)


@every_policy
@every_display
def test_a_picture(display: str, policy: str, evaluations: dict[str, od.Evaluation], tmp_path: Path) -> None:
    view = shown(evaluations, display, policy)
    view.save(tmp_path / "view.svg")
    drawn = (tmp_path / "view.svg").read_text("utf-8")
    assert SECRET not in drawn
    listed = ERRORS_SHOWN if DISPLAYS[display] == EXAMPLES and POLICIES[policy][1] else 0
    found = rows_in(drawn)
    assert found <= {7} if "row-canary-7-" in display else len(found) == listed
    assert SECRET not in repr(view)
    assert len(rows_in(repr(view))) <= listed


@every_policy
@every_display
def test_a_notebook_with_the_state_of_its_widgets(
    display: str, policy: str, executed: nbformat.NotebookNode
) -> None:
    found = list(outputs(executed, display, policy))
    text = decoded("\n".join(str(value) for out in found for value in out["data"].values()))
    assert len(found) == 3
    assert SECRET not in text
    assert len(rows_in(text)) == wanted(display, policy, text)
    (model,) = (
        value["model_id"]
        for out in found
        for kind, value in out["data"].items()
        if kind == "application/vnd.jupyter.widget-view+json"
    )
    states = executed.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    state = decoded(json.dumps(states[model]))
    assert "canary" not in state
    assert '"fingerprint"' in state


@every_policy
@every_display
def test_a_page_of_nbconvert(display: str, policy: str, exported: list[str]) -> None:
    text = decoded(exported[place(display, policy)])
    assert "od-island" in text
    assert SECRET not in text
    assert len(rows_in(text)) == wanted(display, policy, text)


def test_there_are_372_cases_and_no_other_part_of_the_notebook_tells_more(
    executed: nbformat.NotebookNode,
) -> None:
    assert len(DISPLAYS) * len(POLICIES) * 4 == 372
    state = decoded(json.dumps(executed.metadata))
    assert "canary" not in state
    assert len(state) > 10_000


def test_what_is_declared_is_found_in_each_way_of_saving(
    evaluations: dict[str, od.Evaluation],
    executed: nbformat.NotebookNode,
    exported: list[str],
    tmp_path: Path,
) -> None:
    ev = evaluations["by default"]
    ev.save(tmp_path / "all.html", rows=N)
    assert rows_in((tmp_path / "all.html").read_text("utf-8")) == set(range(N))
    kept = [rows_in(str(list(outputs(executed, "ev.examples()", "by default")))), rows_in(exported[5])]
    assert kept[0] == kept[1]
    assert len(kept[0]) == wanted("ev.examples()", "by default", decoded(exported[5])) > 0
    open_column = planted(private=[])
    for saved in (decoded(open_column._repr_html_()), repr(open_column.selection)):
        assert SECRET in saved
