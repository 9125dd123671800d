"""Lists of runs and of findings in a notebook: whole, escaped, and beside the plain text."""

from __future__ import annotations

import re
from pathlib import Path

import offdiagonal as od
from offdiagonal.display.run_listed import FoundInRun
from offdiagonal.training import store

EVIL = "<img src=x onerror=alert(1)> $x$ \u202eevil"
TAGS = re.compile(r"</?([a-z]+)")
ALLOWED = {"div", "p", "strong", "span", "table", "thead", "tbody", "tr", "th", "td"}


def texts(html: str) -> list[list[str]]:
    """The cells of a table, row by row."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [
        [
            re.sub(r"<[^>]+>", "", cell).replace("&nbsp;", " ")
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        ]
        for row in rows
    ]


def test_runs_are_a_table_and_still_a_text(tmp_path: Path) -> None:
    for name, rate in (("slow", 0.01), ("fast", 0.1)):
        with od.Run(name, folder=tmp_path) as run:
            for step in range(1_200):
                run.log(step, loss=1 - rate * step / 1_200)
    listed = od.runs(tmp_path)
    head, *rows = texts(listed._repr_html_())
    assert head == ["name", "id", "started", "status", "steps", "loss", "best loss"]
    assert {(row[0], *row[3:6]) for row in rows} == {
        ("slow", "finished", "1,199", "0.99"),
        ("fast", "finished", "1,199", "0.9001"),
    }
    assert {row[1] for row in rows} == {run.id[:8] for run in listed}
    assert repr(listed).startswith("2 runs\n")


def test_no_runs_damaged_files_and_more_than_are_listed(tmp_path: Path) -> None:
    assert "none in " in od.runs(tmp_path)._repr_html_()
    assert "which is not there" in od.runs(tmp_path / "no such")._repr_html_()
    many = od.Runs([od.Run(f"run {i}", keep=False) for i in range(25)])
    html = many._repr_html_()
    assert len(texts(html)) == 21
    assert "and 5 more" in html
    with od.Run("whole", folder=tmp_path) as run:
        run.log(0, loss=1.0)
    (whole,) = store.paths(tmp_path)
    (tmp_path / f"<b>broken{whole.suffix}").write_bytes(b"no database")
    html = od.runs(tmp_path)._repr_html_()
    assert "left out: &lt;b&gt;broken" in html


def test_nothing_of_a_run_is_markup_a_formula_or_turns_the_text_around() -> None:
    run = od.Run(EVIL, keep=False)
    run.log(0, loss=float("inf"))
    finding = od.Finding(
        "not-a-number", "training", EVIL, evidence=EVIL, try_next=(EVIL,), where={"step": (3, 1_700)}
    )
    for html in (od.Runs([run])._repr_html_(), FoundInRun([finding])._repr_html_()):
        assert set(TAGS.findall(html)) <= ALLOWED
        assert "onerror" in html
        assert "<img" not in html
        assert "\u202e" not in html
        assert "$" not in re.sub("<span>.</span>", "", html)
    assert ["not-a-number" in repr(FoundInRun([finding])), len(repr(od.Runs([run]))) > 10] == [True, True]


def test_findings_are_a_list_that_shows_as_a_table() -> None:
    run = od.Run("lr 10", keep=False)
    for step in range(50):
        run.log(step, loss=1.0 if step < 20 else float("nan"))
    found = run.findings()
    assert isinstance(found, list)
    assert found == list(found)
    (head, first, *_) = texts(found._repr_html_())
    assert head == ["finding", "how\u00a0sure", "steps", "evidence", "try next"]
    assert first[0] == found[0].title
    assert first[4] == "; ".join(found[0].try_next)
    assert first[1:3] == [found[0].certainty, "20"] or first[2].startswith("20\u00a0to\u00a0")
    healthy = od.Run("healthy", keep=False)
    assert healthy.findings() == []
    assert "none by what was logged" in healthy.findings()._repr_html_()
