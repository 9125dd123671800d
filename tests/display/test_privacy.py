"""What is saved is what the policy says: canaries planted in rows, columns and names are looked for in every part."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
import numpy as np
import pytest

import offdiagonal as od

N = 1000
ROW = re.compile(r"row-canary-(\d+)-")
SECRET = "secret-canary"
BASE64 = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")


def decoded(text: str) -> str:
    """The text, and all that base64, gzip and PNG hold in it, and in what they hold."""
    parts = [text]
    for found in BASE64.findall(text):
        try:
            data = base64.b64decode(found, validate=True)
        except ValueError:
            continue
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            data = b"".join(_png_texts(data))
        parts.append(data.decode("utf-8", "replace"))
    return "\n".join(parts)


def _png_texts(data: bytes) -> list[bytes]:
    chunks, at = [], 8
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        if kind == b"zTXt":
            chunks.append(zlib.decompress(body.split(b"\0", 1)[1][1:]))
        elif kind != b"IDAT":
            chunks.append(kind + body)
        at += 12 + size
    return chunks


def planted(
    *, private: Sequence[str] = (f"{SECRET}-column", "note"), private_text: bool = False, **options: object
) -> od.Evaluation:
    """A canary in every row's text; secrets in private columns, their values, slices and selections."""
    rng = np.random.default_rng(0)
    labels = rng.choice(["ham", "spam"], N)
    wrong = rng.random(N) < 0.2
    frame = {
        "label": labels,
        "predicted": np.where(wrong, np.where(labels == "ham", "spam", "ham"), labels),
        "p": rng.random(N),
        "text": np.asarray([f"row-canary-{i}- some words" for i in range(N)], dtype=object),
        "source": rng.choice(["web", "phone"], N),
        f"{SECRET}-column": np.asarray([f"{SECRET}-value-{i % 3}" for i in range(N)], dtype=object),
        "note": np.asarray([f"{SECRET}-note-{i}" for i in range(N)], dtype=object),
    }
    ev = od.Evaluation(
        frame,
        prediction="predicted",
        probabilities="p",
        text="text",
        source="source",
        name="canaries",
        private=[*private, *(["text"] if private_text else [])],
        **options,
    )
    ev.slice(f"{SECRET}-slice", lambda f: f["source"] == "web", private=True)
    ev.slice("by a private column", {"columns": {f"{SECRET}-column": f"{SECRET}-value-1"}})
    ev.selection.where(slice=f"{SECRET}-slice", columns={f"{SECRET}-column": f"{SECRET}-value-1"})
    return ev


def rows_in(text: str) -> set[int]:
    """Positions of the rows whose canary is in a text."""
    return {int(found) for found in ROW.findall(decoded(text))}


@pytest.mark.parametrize(("options", "most"), [({}, 200), ({"save_rows": 20}, 20), ({"save_rows": 0}, 0)])
@pytest.mark.parametrize("view", ["board", "examples", "confusion", "slices", "confidence", "calibration"])
def test_a_saved_form_holds_the_declared_rows_and_no_secret(
    options: dict[str, int], most: int, view: str
) -> None:
    ev = planted(**options)
    shown = getattr(ev, view)()
    text = decoded(shown._repr_html_()) + repr(shown)
    assert SECRET not in text
    assert "by a private column" not in text
    rows = rows_in(shown._repr_html_())
    assert len(rows) == (min(most, N) if view in ("board", "examples") else 0)


def test_a_matrix_of_a_private_column_is_seen_live_only(tmp_path: Path) -> None:
    ev = planted()
    for sides in ((f"{SECRET}-column", "source"), ("source", f"{SECRET}-column")):
        matrix = ev.confusion(*sides)
        assert f"{SECRET}-column" in matrix.to_frame().columns
        still = decoded(matrix._repr_html_()) + repr(matrix)
        assert SECRET not in still
        assert matrix.widget.options["rows"].startswith("c")
        matrix.save(tmp_path / "matrix.svg")
        drawn = (tmp_path / "matrix.svg").read_text("utf-8")
        assert SECRET not in drawn
        assert "seen live only" in drawn


def test_a_file_holds_as_many_rows_as_asked_for(tmp_path: Path) -> None:
    ev = planted()
    for rows in (0, 7, 200, N):
        ev.save(tmp_path / "report.html", rows=rows)
        text = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert len(rows_in(text)) == rows
        assert SECRET not in decoded(text)
    for picture in ("board.png", "board.svg", "board.pdf"):
        ev.save(tmp_path / picture)
        assert SECRET.encode() not in (tmp_path / picture).read_bytes()


def test_a_notebook_with_widget_state_holds_no_more(tmp_path: Path) -> None:
    from tests.browser.hosts.files import export, read

    root = Path(__file__).resolve().parents[2]
    setup = f"import sys; sys.path.insert(0, {str(root)!r})\nfrom tests.display.test_privacy import planted"
    setup += "\nev = planted()"
    shows = ["ev", "ev.examples()", "ev.selection.where(text='words')\nev.confusion()", "ev.widget"]
    book = read(export([setup, *shows], tmp_path, to="notebook", execute=True))
    assert "widgets" in book.metadata
    state = json.dumps(book.metadata["widgets"])
    assert len(state) < 20_000
    assert "row-canary" not in state
    text = decoded(nbformat.writes(book).replace("\\n", "\n").split('"source"', 1)[0]) + decoded(
        _outputs(book)
    )
    assert SECRET not in text
    assert 0 < len(rows_in(_outputs(book))) <= 200


def _outputs(book: nbformat.NotebookNode) -> str:
    return "\n".join(
        str(value) for cell in book.cells for out in cell.outputs for value in out.get("data", {}).values()
    )


def shown_by(action: Callable[[], object]) -> str:
    """What a cell's output shows of an action: its error, or the text of its value."""
    try:
        return repr(action())
    except od.OffdiagonalError as error:
        return str(error)


ACTIONS: dict[str, Callable[[od.Evaluation], object]] = {
    "a value": lambda ev: ev.selection.where(columns={f"{SECRET}-column": "typo"}),
    "near a value": lambda ev: ev.selection.where(columns={f"{SECRET}-column": f"{SECRET}-value-9"}),
    "values": lambda ev: ev.selection.where(columns={f"{SECRET}-column": ["typo", ("a", "b")]}),
    "an interval": lambda ev: ev.selection.where(columns={f"{SECRET}-number": (3, 1)}),
    "an end": lambda ev: ev.selection.where(columns={f"{SECRET}-number": ("a", 1)}),
    "a number": lambda ev: ev.selection.where(columns={f"{SECRET}-number": 2**70}),
    "a time": lambda ev: ev.selection.where(columns={f"{SECRET}-time": ("2024-02-01", "2024-01-01")}),
    "a column": lambda ev: ev.selection.where(columns={"secre-column": 1}),
    "any column": lambda ev: ev.selection.where(columns={"zzz": 1}),
    "a slice": lambda ev: ev.selection.where(slice="secret-canry-slice"),
    "any slice": lambda ev: ev.selection.where(slice="zzz"),
    "clear": lambda ev: ev.selection.clear("zzz"),
    "an axis": lambda ev: ev.confusion("zzz", "source"),
    "a slice by clauses": lambda ev: ev.slice("new", {"columns": {f"{SECRET}-column": "typo"}}),
    "a slice by values": lambda ev: ev.slice("new", lambda f: f[f"{SECRET}-column"]),
    "rows by values": lambda ev: ev.selection.where(rows=["a"] * (N - 1) + [f"{SECRET}-value-1"]),
    "the selection": lambda ev: ev.selection,
    "text": lambda ev: ev.selection.where(text=SECRET),
    "clauses": lambda ev: ev.selection.where(slice=["open", f"{SECRET}-slice"], label="ham"),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_errors_and_the_selection_tell_nothing_private(action: str) -> None:
    told = {}
    for private in (True, False):
        ev = planted_numbers(private=private)
        told[private] = shown_by(lambda ev=ev: ACTIONS[action](ev))
    assert SECRET not in told[True]
    never = {"rows by values", "a slice by values"}
    assert (SECRET in told[False]) is (action not in never)  # what is not private is told: it can be found


@pytest.mark.parametrize("named", [{"text": "zzz"}, {"label": "zzz"}, {"probabilities": ["zzz"]}])
def test_errors_of_reading_a_table_name_no_private_column(named: dict[str, object]) -> None:
    frame = {"label": ["a", "b"], "prediction": ["a", "b"], f"{SECRET}-column": ["x", "y"]}
    secret = f"{SECRET}-column"
    assert SECRET in shown_by(lambda: od.Evaluation(frame, **named))
    assert SECRET not in shown_by(lambda: od.Evaluation(frame, private=secret, **named))
    assert SECRET not in shown_by(lambda: od.Evaluation(frame, private=["secret-canry-column"], **named))


def planted_numbers(*, private: bool) -> od.Evaluation:
    """Secrets in columns of every kind, private or not, and in what is selected."""
    names = [f"{SECRET}-{name}" for name in ("column", "number", "time", "text")]
    values = {
        "label": ["ham", "spam"] * (N // 2),
        "prediction": ["ham"] * N,
        "source": ["web", "phone"] * (N // 2),
        names[0]: [f"{SECRET}-value-{i % 3}" for i in range(N)],
        names[1]: np.arange(N) / 7,
        names[2]: np.datetime64("2024-01-01") + np.arange(N).astype("timedelta64[D]"),
        names[3]: [f"{SECRET} {i}" for i in range(N)],
    }
    ev = od.Evaluation(values, text=names[3], private=names if private else ())
    ev.slice(f"{SECRET}-slice", [True] * N, private=private).slice("open", [True] * N)
    ev.selection.where(slice=f"{SECRET}-slice", columns={names[0]: f"{SECRET}-value-1"})
    return ev


def test_code_is_complete_and_the_selection_says_what_it_leaves_out() -> None:
    ev = planted_numbers(private=True)
    ev.selection.where(text="words", label="ham")
    assert f"'{SECRET}-column': '{SECRET}-value-1'" in ev.selection.code()
    blank = "slice=<private>, label='ham', text=<private>, columns={<private>}"
    assert repr(ev.selection) == f"<0 of 1,000 examples: ev.selection.clear().where({blank})>"


def test_no_path_no_user_and_no_host_is_saved() -> None:
    import getpass

    text = decoded(planted()._repr_html_())
    for name in (str(Path.home()), f"/{getpass.getuser()}/", str(Path(od.__file__).parent)):
        assert name not in text


def test_the_search_finds_what_is_planted() -> None:
    hidden = base64.b64encode(gzip.compress(f"row-canary-3- {SECRET} {list(range(99))}".encode())).decode()
    assert rows_in(hidden) == {3}
    assert SECRET in decoded(hidden)
