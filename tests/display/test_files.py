"""Files are written whole or not at all, whatever the Evaluation is called."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.tables import evaluate

import offdiagonal as od
from offdiagonal.display.files import write_whole

NAMES = ["\ud800 half", "</title><script>", "a\x00b\x1b[31m", "name \u202etxet", ""]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["html", "png", "svg", "pdf"])
def test_any_name_can_be_saved(tmp_path: Path, name: str, kind: str) -> None:
    evaluate(name=name).save(tmp_path / f"report.{kind}")
    data = (tmp_path / f"report.{kind}").read_bytes()
    if kind in ("html", "svg"):
        assert "\u202e" not in data.decode()
        assert "<script></title>" not in data.decode()
    assert [file.name for file in tmp_path.iterdir()] == [f"report.{kind}"]


@pytest.mark.parametrize("kind", ["html", "png"])
def test_what_fails_leaves_what_was_there(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"report.{kind}"
    path.write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left") as error:
        evaluate().save(path)
    assert error.value.filename == str(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as error:
        evaluate().save(tmp_path / "nowhere" / "report.html")
    assert error.value.filename == str(tmp_path / "nowhere" / "report.html")


def test_a_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    own, link = tmp_path / "own", tmp_path / "link"
    own.write_text("before")
    own.chmod(0o640)
    link.symlink_to(own)
    write_whole(link, b"after")
    assert own.read_bytes() == b"after"
    assert link.is_symlink()
    assert stat.S_IMODE(own.stat().st_mode) == 0o640
    write_whole(tmp_path / "new", b"")
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert (tmp_path / "new").stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("rows", [0, 3])
def test_a_picture_takes_no_rows(tmp_path: Path, rows: int) -> None:
    with pytest.raises(od.OffdiagonalError, match=r"a \.png is a picture and holds no rows"):
        evaluate().save(tmp_path / "report.png", rows=rows)
    assert not list(tmp_path.iterdir())


def test_a_view_without_examples_takes_no_rows(tmp_path: Path) -> None:
    with pytest.raises(od.OffdiagonalError, match="confusion shows no examples"):
        evaluate().confusion().save(tmp_path / "report.html", rows=3)
    evaluate().confusion().save(tmp_path / "report.html", rows=0)
