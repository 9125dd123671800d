"""Files are written whole or not at all, whatever the Evaluation is called."""

from __future__ import annotations

import os
import socket
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


PLACES = ["../{}", "../../{}", "/{}", "\\..\\{}", "C:\\{}", "~/{}", "file:///{}", "%2e%2e/{}", "{}\x00.html"]
FILES = ["x.html", "etc/passwd", ".bashrc", "CON", "a\nb"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("file", FILES)
def test_a_name_from_data_is_no_path(tmp_path: Path, place: str, file: str) -> None:
    name = place.format(file)
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        ev = evaluate([name, "b"], [name, name], data={name: [name, "x"]}, name=name)
        ev.slice(name, [True, False]).save("report.html")
    finally:
        os.chdir(before)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert found == [folder / "report.html"]


def refused(path: Path) -> OSError:
    """The error of saving there; what stood in the folder stays, and nothing comes to it."""
    before = {entry: entry.lstat().st_mode for entry in path.parent.iterdir()}
    with pytest.raises(OSError, match=r"\S") as error:
        evaluate().save(path)
    assert {entry: entry.lstat().st_mode for entry in path.parent.iterdir()} == before
    assert error.value.filename == str(path)
    return error.value


@pytest.mark.parametrize("kind", ["html", "svg"])
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("what", ["fifo", "socket", "folder", "device"])
def test_what_is_no_file_is_not_replaced(tmp_path: Path, kind: str, what: str, linked: bool) -> None:
    place = tmp_path / f"it.{kind}"
    if what == "fifo":
        os.mkfifo(place)
    elif what == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(place))
    elif what == "folder":
        place.mkdir()
    elif os.geteuid() == 0:  # who could replace that of the machine makes one of its own
        os.mknod(place, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    else:
        place.symlink_to("/dev/null")
    link = tmp_path / f"link.{kind}"
    link.symlink_to(place)
    error = refused(link if linked else place)
    assert isinstance(error, IsADirectoryError) if what == "folder" else "not a file" in str(error)


def test_a_link_to_itself_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "loop.html").symlink_to(tmp_path / "loop.html")
    assert "not a file" in str(refused(tmp_path / "loop.html"))


def test_a_link_to_nothing_makes_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "new.html")
    evaluate().save(tmp_path / "link.html")
    assert (tmp_path / "new.html").is_file()
    assert (tmp_path / "link.html").is_symlink()


def test_a_name_that_is_too_long_or_a_parent_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    for path in (tmp_path / f"{'x' * 300}.html", tmp_path / "file" / "x.html"):
        with pytest.raises(OSError, match=r"\S") as error:
            evaluate().save(path)
        assert error.value.filename == str(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "before"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert isinstance(refused(tmp_path / "x.html"), PermissionError)
    finally:
        tmp_path.chmod(0o700)


def test_a_file_system_that_takes_no_files() -> None:
    with pytest.raises(OSError, match=r"\S") as error:
        evaluate().save("/proc/report.html")
    assert error.value.filename == "/proc/report.html"
