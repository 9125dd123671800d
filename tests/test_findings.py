"""Findings of an Evaluation: ours, the user's, displayed and saved; nothing private is."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.checks import CHECKS, findings_of
from offdiagonal.clauses import CellClause, Rectangle, SliceClause, to_json
from offdiagonal.display.wire import meta_json
from offdiagonal.findings import LEVELS
from offdiagonal.stats.intervals import wilson
from tests.display.test_privacy import decoded
from tests.tables import engine_of
from tests.test_session import FakePeer

LABELS = ["ham", "spam"] * 20


def constant(**more: object) -> od.Evaluation:
    """Every prediction is ham, and two ids repeat."""
    table = {"label": LABELS, "prediction": ["ham"] * 40, "key": [1, 1, 2, 2, *range(3, 39)], **more}
    return od.Evaluation(table, id="key", name="filter")


def sound(**more: object) -> od.Evaluation:
    """No fault."""
    return od.Evaluation({"label": LABELS, "prediction": ["ham", "ham", *LABELS[2:]]}, **more)


@od.check
def spam_is_missed(ev: od.Evaluation) -> Iterator[od.Finding]:
    """A check of a user."""
    missed = ev.frame(label="spam", correct=False)["label"]
    if len(missed):
        yield od.Finding(
            "spam-is-missed",
            "model",
            f"{len(missed)} spam messages are missed",
            effect=wilson(len(missed), 20),
            where={"label": "spam", "correct": False},
        )


def kinds(ev: od.Evaluation) -> list[str]:
    """What kinds of faults are found."""
    return [finding.kind for finding in ev.findings()]


def test_a_finding_tells_what_is_wrong_with_it():
    wrong = {
        "is no slug": {"kind": "No Slug"},
        "level='modal' of a Finding is none of data, labels, split": {"level": "modal"},
        "certainty='sure' of a Finding is none of confirmed, likely, hypothesis": {"certainty": "sure"},
        "a Finding needs a title": {"title": "  "},
        "title= of a Finding is a text, not 7": {"title": 7},
        "causes= of a Finding is a text or a list of texts, not [1]": {"causes": [1]},
        "try_next= of a Finding is a text or a list of texts, not 3": {"try_next": 3},
        "effect= of a Finding is a Measure, not 0.5": {"effect": 0.5},
        "where= of a Finding is a dict of the arguments of selection.where, not 'spam'": {"where": "spam"},
    }
    for message, part in wrong.items():
        with pytest.raises(od.OffdiagonalError) as error:
            od.Finding(**({"kind": "x", "level": "data", "title": "t"} | part))
        assert message in str(error.value)
    assert od.Finding("x", "data", "t", try_next="one").try_next == ("one",)


def test_a_check_of_the_user_joins_the_findings_in_the_order_of_levels():
    ev = constant().check(spam_is_missed)
    assert kinds(ev) == ["duplicate-ids", "constant-prediction", "spam-is-missed"]
    last = list(ev.findings())[-1]
    assert last.title == "20 spam messages are missed"
    assert last.where == (CellClause((Rectangle((1,), None),), "error"),)
    ev.selection.replace(last.where)
    assert len(ev.selection) == 20
    assert len(spam_is_missed(ev)) == 1


def test_a_check_that_is_made_again_replaces_what_it_found():
    ev = sound()
    for title in ("first", "second"):

        def look(_: od.Evaluation, title: str = title) -> od.Finding:
            return od.Finding("looked", "data", title)

        ev.check(look)
    assert [finding.title for finding in ev.findings()] == ["second"]
    assert "look" in engine_of(ev).meta.checks


def test_a_check_without_a_finding_is_named_where_nothing_was_found():
    ev = sound().check(lambda ev: None)
    assert kinds(ev) == []
    assert not ev.findings()


@pytest.mark.parametrize("given", ["spam", {"a": 1}, 3, ["spam"]])
def test_a_check_that_gives_something_else_is_told_so(given):
    def wrong(_: od.Evaluation) -> object:
        return given

    with pytest.raises(od.OffdiagonalError, match=r"the check 'wrong' gave a \w+; it yields Findings"):
        sound().check(wrong)


def test_a_check_that_fails_fails_where_it_is_asked_for_and_changes_nothing():
    ev = constant()
    with pytest.raises(ZeroDivisionError):
        ev.check(lambda ev: 1 / 0)
    with pytest.raises(od.OffdiagonalError, match="slice 'none' not found"):
        ev.check(lambda ev: od.Finding("x", "data", "t", where={"slice": "none"}))
    assert kinds(ev) == ["duplicate-ids", "constant-prediction"]
    with pytest.raises(od.OffdiagonalError, match="a check is a function of an Evaluation, not 7"):
        ev.check(7)


def test_nothing_is_registered_for_other_evaluations():
    constant().check(spam_is_missed)
    assert kinds(constant()) == ["duplicate-ids", "constant-prediction"]


def test_live_views_are_told_of_new_findings_and_select_their_rows():
    ev = constant()
    peer = FakePeer()
    ev._session.join(peer)
    ev.check(spam_is_missed)
    assert peer.types() == ["state"]
    where = [list(map(to_json, finding.where)) for finding in ev.findings()]
    ev._session.receive(peer, {"type": "select", "clauses": where[0]})
    assert ev.selection.indices.tolist() == [0, 1, 2, 3]
    wrong = [{**where[0][0], "id": "0" * 24}]
    ev._session.receive(peer, {"type": "select", "clauses": wrong})
    assert any(told["type"] == "error" for told, _ in peer.told)
    assert len(ev.selection) == 4


def test_slices_keep_the_findings():
    ev = constant().check(spam_is_missed).slice("first", np.arange(40) < 2)
    assert kinds(ev) == ["duplicate-ids", "constant-prediction", "spam-is-missed"]


def test_the_frame_has_a_row_a_finding():
    frame = constant().check(spam_is_missed).findings().to_frame()
    assert frame["kind"].tolist() == ["duplicate-ids", "constant-prediction", "spam-is-missed"]
    assert frame["rows"].tolist() == [4, 20, 20]
    assert frame["effect"].tolist() == [0.1, 0.5, 1.0]
    assert set(frame["level"]) <= set(LEVELS)
    assert len(sound().findings().to_frame()) == 0


def test_findings_say_better_what_notes_say_and_no_note_is_lost():
    ev = constant()
    meta = engine_of(ev).meta
    assert [ev.notes[i] for i in sorted(meta.said)] == list(ev.notes)
    assert "never predicted: spam" in ev.notes
    few = od.Evaluation.from_predictions(["a"] * 30 + ["b"] * 3, ["a"] * 33)
    assert kinds(few) == []
    assert engine_of(few).meta.said == ()
    assert "never predicted: b" in few.notes


def test_logits_are_shown_with_a_finding_and_without_confidence():
    raw = np.random.default_rng(0).normal(size=(40, 2)) * 9
    ev = od.Evaluation.from_predictions(
        LABELS, np.asarray(["ham", "spam"])[raw.argmax(axis=1)], probabilities=raw
    )
    assert kinds(ev) == ["probabilities-scale"]
    assert not engine_of(ev).meta.confidence
    with pytest.raises(od.OffdiagonalError, match="40 of 40 rows lie outside"):
        ev.selection.where(confidence=(0.5, 1))


def test_without_rows_or_predictions_nothing_is_checked():
    assert kinds(od.Evaluation({"label": [], "prediction": []})) == []


def test_text_is_five_lines_and_names_the_first_findings():
    lines = repr(constant()).splitlines()
    assert len(lines) == 5
    assert lines[-1].startswith("Found: 4 rows share their id with another row · every prediction is 'ham'")
    assert "Found" not in repr(sound())


def test_the_static_form_lists_findings_and_says_what_was_looked_for(tmp_path: Path):
    ev = constant(text=["<b>bold</b>"] * 40)
    ev.save(tmp_path / "board.html")
    page = (tmp_path / "board.html").read_text("utf-8")
    assert (
        "<li><strong>every prediction is &#x27;ham&#x27; (40 examples)</strong> (predictions, confirmed)."
        in page
    )
    assert "never predicted: spam" not in page.split('class="od-data"')[0]
    sound().findings().save(tmp_path / "none.html")
    assert "Nothing found by 3 checks, which looked for:" in (tmp_path / "none.html").read_text("utf-8")
    sound().save(tmp_path / "sound.html")
    assert "Nothing found" not in (tmp_path / "sound.html").read_text("utf-8")


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "html"])
def test_findings_are_saved_as_pictures(tmp_path: Path, ending: str):
    for name, ev in {"found": constant(), "none": sound()}.items():
        ev.findings().save(tmp_path / f"{name}.{ending}")
        assert (tmp_path / f"{name}.{ending}").stat().st_size > 1000
        assert ev.findings().to_altair() is not None


def test_a_mask_is_not_saved():
    meta = engine_of(constant()).meta
    live, saved = (meta_json(meta, private=private)["findings"][0]["where"] for private in (True, False))
    assert len(live[0]["id"]) == 24
    assert saved == [{"field": "rows", "id": "", "count": 4}]


def private_evaluation() -> od.Evaluation:
    """A private id that repeats, and a private column of few values."""
    table = {
        "label": LABELS,
        "prediction": LABELS,
        "secret-canary-id": ["secret-canary-7"] * 40,
        "secret-canary-column": ["secret-canary-a", "secret-canary-b"] * 20,
    }
    return od.Evaluation(
        table, id="secret-canary-id", private=["secret-canary-id", "secret-canary-column"], name="private"
    )


def test_nothing_private_is_saved(tmp_path: Path):
    def about_canaries(ev: od.Evaluation) -> Iterator[od.Finding]:
        where = {"columns": {"secret-canary-column": "secret-canary-a"}}
        yield od.Finding("by-value", "data", "about the column", where=where)
        yield od.Finding("by-title", "data", "secret-canary-a is worse")

    def secret_canary_check(ev: od.Evaluation) -> od.Finding:
        return od.Finding("named", "data", "harmless")

    ev = private_evaluation().check(about_canaries, secret_canary_check)
    assert kinds(ev) == ["duplicate-ids", "by-value", "by-title", "named"]
    for made in (ev, ev.findings()):
        made.save(tmp_path / "page.html")
        made.save(tmp_path / "page.svg")
        held = decoded((tmp_path / "page.html").read_text("utf-8"))
        assert "40 rows share their id" in held
        for text in (held, (tmp_path / "page.svg").read_text("utf-8"), repr(made)):
            assert "secret-canary" not in text
            assert "secret canary" not in text


def test_a_check_that_is_said_to_hold_nothing_private_is_saved_unless_its_rows_are_private(tmp_path: Path):
    def two(ev: od.Evaluation) -> Iterator[od.Finding]:
        yield od.Finding("open", "data", "open to all")
        yield od.Finding("about", "data", "hidden rows", where={"slice": "hidden"})

    ev = private_evaluation().slice("hidden", np.arange(40) < 2, private=True).check(two, private=False)
    found = {finding.kind: finding.where for finding in ev.findings()}
    assert found["about"] == (SliceClause(("hidden",)),)
    saved = meta_json(engine_of(ev).meta, private=False)
    assert [finding["kind"] for finding in saved["findings"]] == ["duplicate-ids", "open"]


def test_checks_import_nothing_heavy():
    code = (
        "import sys, offdiagonal as od\n"
        "ev = od.Evaluation({'label': ['a', 'b'] * 50, 'prediction': ['a', 'a'] * 50, 'id': [1] * 100}, id='id')\n"
        "assert len(ev.findings()) == 2\n"
        "heavy = ('scipy.stats', 'scipy.optimize', 'sklearn', 'duckdb', 'altair')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_all_checks_of_a_hundred_thousand_rows_take_less_than_a_click():
    rng = np.random.default_rng(0)
    n, k = 100_000, 10
    logits = rng.normal(size=(n, k))
    label = rng.integers(0, k, n)
    logits[np.arange(n), label] += 3
    known = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    table = {"label": label, "prediction": known.argmax(axis=1), "key": np.arange(n)}
    ev = od.Evaluation(table, probabilities=known, id="key")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        names, found, _said = findings_of(ev._table)
        times.append(time.perf_counter() - start)
    assert found == []
    assert len(names) == len(CHECKS)
    assert min(times) < 0.06  # 10 ms on a quiet machine
