"""What the README and docs/ say is so: snippets run, links lead somewhere, numbers are those of the code."""

from __future__ import annotations

import base64
import gzip
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import offdiagonal as od
from offdiagonal.display.examples import ROW_BYTES, SavePolicy
from offdiagonal.display.view import BOARD, BOARD_BYTES, VIEW_BYTES
from offdiagonal.stats.measure import MIN_N
from offdiagonal.training.record import STATS
from tests.browser.hostile import PLACES
from tests.browser.payloads import PAYLOADS
from tests.test_banned import IN_PYTHON, IN_SCRIPTS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[str]:
    """The Python snippets of a page."""
    return BLOCK.findall(page.read_text("utf-8"))


def test_the_page_on_training_names_the_statistics_of_layers() -> None:
    text = (ROOT / "docs" / "training.md").read_text("utf-8")
    assert [name for name in STATS if f"`{name}`" not in text] == []


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.name)
def test_snippets_run_one_after_the_other(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for number, source in enumerate(blocks(page)):
        exec(compile(source, f"{page.name}, snippet {number}", "exec"), names)
    for written in re.findall(r'save\("([^"]+)"', page.read_text("utf-8")):
        if any(f'"{written}"' in source for source in blocks(page)):
            assert (tmp_path / written).stat().st_size > 0


def test_the_readme_reads_and_saves_all_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for source in blocks(ROOT / "README.md"):
        exec(source, names)
    ev = names["ev"]
    assert isinstance(ev, od.Evaluation)
    assert not ev.selection
    assert set(ev.slices().to_frame().dropna()["field"]) == {"", "text length"}


def test_the_page_on_saving_keeps_its_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for source in blocks(ROOT / "docs" / "saved.md"):
        exec(source, names)
    ev = names["ev"]
    assert isinstance(ev, od.Evaluation)
    data = {path.name: snapshot(path) for path in tmp_path.glob("*.html")}
    for text in data.values():
        assert "sender" not in text
        assert "says ur" not in text
    first = str(ev.selection.where(correct=False).frame()["text"].iloc[0])[:40]
    assert '"rows":1000' in data.pop("report-all.html").replace(" ", "")
    assert sum(first in text for text in data.values()) <= 1
    assert '"rows":20' in data["report.html"].replace(" ", "")
    assert '"rows":0' in data["report-counts.html"].replace(" ", "")


def snapshot(path: Path) -> str:
    """All that a saved page holds as text: the page, and its data unpacked."""
    page = path.read_text("utf-8")
    (packed,) = re.findall(r'class="od-data">([^<]+)<', page)
    return page.replace(packed, "") + gzip.decompress(base64.b64decode(packed)).decode("utf-8", "replace")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if not link.startswith(("https://", "#")):
            assert (page.parent / link.partition("#")[0]).exists(), link


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((ROOT / "notebooks").glob("*.ipynb"))], ids=lambda page: page.name
)
def test_no_page_names_a_place_on_somebodys_machine(page: Path) -> None:
    assert not re.search(r"(?<![\w.])/(work|root|home|Users|tmp)/", page.read_text("utf-8"))


@pytest.mark.parametrize("name", ["demo", "check"])
def test_the_commands_of_the_readme_know_their_options(name: str) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"python tools/{name}.py" in readme
    asked = subprocess.run(
        [sys.executable, f"tools/{name}.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert name != "demo" or "--no-screen" in asked.stdout


def test_the_extra_of_the_readme_exists() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert '".[demo]"' in (ROOT / "README.md").read_text("utf-8")
    assert any(line.startswith("jupyterlab") for line in extras["demo"])


def test_the_page_on_threats_names_tests_that_there_are() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = set(re.findall(r"`(tests/[\w/.]+)`", text))
    assert len(named) >= 9
    assert [name for name in named if not (ROOT / name).exists()] == []
    rules = set(re.findall(r"(\d+) rules", text))
    assert rules == {str(len(IN_SCRIPTS) + len(IN_PYTHON))}
    assert f"{len(PAYLOADS)} attacks in {len(PLACES)} places" in text


def test_the_numbers_of_the_policy_are_those_of_the_code() -> None:
    policy = SavePolicy()
    said = [f"at most {policy.rows}", f"{ROW_BYTES // 1024} KB", f"{policy.text_chars} characters"]
    said += [f"at most {BOARD_BYTES // 1024} KB", f"at most {VIEW_BYTES // 1024} KB"]
    for page in (ROOT / "README.md", ROOT / "docs" / "saved.md"):
        for words in said:
            assert words in page.read_text("utf-8"), (page.name, words)


def test_the_table_of_intervals_names_the_methods_in_use() -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition("## Intervals")[2].partition("## ")[0]
    binary = od.Evaluation(
        {"label": ["a", "b"] * 20, "p": ["a", "b", "b", "b"] * 10},
        prediction="p",
        probabilities=[0.2, 0.9] * 20,
    )
    four = od.datasets.hpc_cv()
    many = od.Evaluation(four, label="obs", prediction="pred", probabilities=["VF", "F", "M", "L"])
    methods = {**methods_of(binary), **methods_of(many)}
    expected = {"accuracy": "Wilson", "F1": "Wilson", "macro F1": "delta method", "AUC": "DeLong"}
    for measure, words in expected.items():
        assert methods[measure].startswith(words)
        assert re.search(rf"^\| .*{measure}.* \| .*{words}", table, re.MULTILINE)
    assert MIN_N == 10
    assert "Below ten examples no rate is shown" in table


def methods_of(ev: od.Evaluation) -> dict[str, str]:
    """Measure to method, of the header."""
    frame = ev.to_frame()
    return dict(zip(frame["measure"], frame["method"], strict=True))


def test_every_view_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for view in BOARD:
        assert view == "header" or f"`ev.{view}()`" in readme
