"""The session: every message is answered in kind, and none of them can spoil the state."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.clauses import to_json
from offdiagonal.display.pace import Pace
from offdiagonal.display.session import MAX_COUNTS, Session
from tests.make_selection_fixtures import many, spam
from tests.tables import engine_of


class FakePeer:
    """A view that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, Any], list[bytes]]] = []

    def send(self, content: Any, buffers: Any = None) -> None:
        json.dumps(content, allow_nan=False)
        self.told.append((content, list(buffers or [])))

    def types(self) -> list[str]:
        return [content["type"] for content, _ in self.told]

    def last(self) -> dict[str, Any]:
        return self.told[-1][0]


EV = spam()


@pytest.fixture
def peer():
    EV.selection.clear()
    EV._session._pace = Pace(EV._session._told, EV._session._lock)  # what earlier tests told does not count
    found = FakePeer()
    EV._session.join(found)
    yield found
    EV._session.leave(found)


def wait(done: Callable[[], bool]) -> None:
    """Until it is so; what comes late comes from another thread."""
    for _ in range(1000):
        if done():
            return
        time.sleep(0.01)
    pytest.fail("not after ten seconds")


def ask(peer: FakePeer, content: Any) -> dict[str, Any]:
    EV._session.receive(peer, content)
    return peer.last()


CELL = {"field": "cell", "any": [{"label": [0], "prediction": [1]}], "outcome": None}
TEXT = {"field": "text", "contains": "free"}


def test_hello(peer):
    answer = ask(peer, {"type": "hello", "request": 1})
    assert answer["type"] == "state"
    assert answer["request"] == 1
    assert answer["clauses"] == []
    have = [engine_of(EV).meta.created, engine_of(EV).meta.version]
    ask(peer, {"type": "hello", "have": have})
    assert peer.told[-1][1] == []


def test_the_code_of_the_views(peer):
    answer = ask(peer, {"type": "code"})
    assert answer["digest"]
    assert b"export" in peer.told[-1][1][0]


def test_select_tells_every_view(peer):
    other = FakePeer()
    EV._session.join(other)
    EV._session.receive(peer, {"type": "select", "clauses": [CELL, TEXT]})
    assert EV.selection.code() == "ev.selection.clear().where(label='ham', prediction='spam', text=\"free\")"
    assert peer.last() == other.last()
    assert peer.last()["clauses"] == [CELL, TEXT]
    EV._session.leave(other)
    EV.selection.clear()
    assert len(other.told) == 1
    assert peer.last()["clauses"] == []


def test_revisions_grow(peer):
    for label in ("ham", "spam", "ham"):
        EV.selection.where(label=label)
    revisions = [content["revision"] for content, _ in peer.told]
    assert revisions == list(range(revisions[0], revisions[0] + 3))


def test_undo_in_the_browser_is_that_of_python(peer):
    EV.selection.where(label="ham").where(text="free").where(text="win")
    EV.selection.undo()
    assert peer.last()["steps"] == EV.selection.steps
    assert ask(peer, {"type": "undo"})["clauses"] == [CELL | {"any": [{"label": [0], "prediction": None}]}]
    assert EV.selection.code() == "ev.selection.clear().where(label='ham')"
    steps = peer.last()["steps"]
    EV.selection.undo()
    assert not EV.selection
    assert peer.last()["steps"] == steps - 1


def test_nothing_left_to_undo_is_answered_all_the_same(peer):
    ev = spam()
    ev._session.receive(peer, {"type": "undo", "page": "p", "number": 4})
    assert (peer.last()["clauses"], peer.last()["steps"], peer.last()["by"]) == ([], 0, ["p", 4])


def test_a_selection_says_how_old_it_is(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("offdiagonal.display.session.time.monotonic", lambda: now[0])
    ev, peer = spam(), FakePeer()
    ev._session.join(peer)
    now[0] += 5
    ev._session.receive(peer, {"type": "hello"})
    assert peer.last()["age"] == 5
    ev.selection.where(label="ham")
    assert peer.last()["age"] == 0
    now[0] += 2
    ev._session.receive(peer, {"type": "hello"})
    assert peer.last()["age"] == 2


def test_a_change_carries_the_number_of_the_message_that_made_it(peer):
    other = FakePeer()
    EV._session.join(other)
    for number, clauses in ((1, [TEXT]), (2, [CELL]), (3, [CELL])):
        ask(peer, {"type": "select", "clauses": clauses, "page": "p", "number": number})
        assert peer.last()["by"] == ["p", number]
    assert [content["by"] for content, _ in other.told] == [["p", 1], ["p", 2]]
    EV.selection.clear()
    assert peer.last()["by"] is None
    EV._session.leave(other)


@pytest.mark.parametrize("number", [None, -1, True, 1.0, "1", 10**30])
@pytest.mark.parametrize("page", ["p", None, 3, "p" * 64])
def test_a_number_that_is_none_is_not_echoed(peer, page, number):
    ask(peer, {"type": "select", "clauses": [CELL], "page": page, "number": number})
    assert peer.last()["clauses"] == [CELL]
    assert peer.last()["by"] is None


def test_masks_of_as_many_rows_are_told_apart(peer):
    EV.selection.where(rows=[1, 2, 3])
    first = peer.last()["clauses"]
    EV.selection.where(rows=[7, 8, 9])
    assert peer.last()["clauses"] != first
    EV._session.receive(peer, {"type": "select", "clauses": first})
    assert EV.selection.indices.tolist() == [1, 2, 3]
    assert ask(peer, {"type": "page", "clauses": first, "offset": 0, "limit": 9})["total"] == 3


def test_a_second_selection_is_known_to_its_own_session_alone(peer):
    widget = EV.distribution("length", against={"label": "ham"}).widget
    name = widget.options["against"]["id"]
    assert ask(peer, {"type": "against", "id": name})["clauses"][0]["field"] == "cell"
    other = spam()
    assert other.distribution("length", against={"label": "spam"}).widget.options["against"]["id"] != name
    other._session.receive(peer, {"type": "against", "id": name})
    assert peer.last()["code"] == "message"
    assert "run the cell again" in peer.last()["text"]


def test_a_selection_that_is_refused_is_taken_back(peer):
    EV.selection.where(label="ham")
    before = EV.selection.clauses
    EV._session.receive(peer, {"type": "select", "clauses": [{"field": "rows", "id": "0", "count": 77}]})
    assert EV.selection.clauses == before
    assert peer.types()[-2:] == ["error", "selection"]
    assert peer.last()["clauses"] == [to_json(clause) for clause in before]
    assert "no longer held" in peer.last()["refused"]


def test_a_page(peer):
    answer = ask(
        peer, {"type": "page", "clauses": [CELL], "sort": None, "offset": 0, "limit": 5, "request": 9}
    )
    assert answer["type"] == "page"
    assert answer["total"] == engine_of(EV).count(
        EV.selection.clear().where(label="ham", prediction="spam").clauses
    )
    assert len(answer["rows"]) == 5


def test_counts_of_the_rows(peer):
    ask(peer, {"type": "count", "by": ["label"], "clauses": [TEXT]})
    content, (packed,) = peer.told[-1]
    assert content["type"] == "count"
    length = int.from_bytes(packed[:8], "little")
    ((array,),) = (tile["arrays"] for tile in json.loads(packed[8 : 8 + length])["tiles"])
    counts = np.frombuffer(packed, np.uint8, array[2], 8 + length + array[1])
    expected = engine_of(EV).tabulate(["label"], EV.selection.clear().where(text="free").clauses)
    assert counts.tolist() == expected.tolist()


def test_other_questions(peer):
    assert ask(peer, {"type": "measure", "clauses": []})["measures"]["AUC"]["n"] > 0
    assert ask(peer, {"type": "row", "row": 3})["detail"]["row"] == 3
    answer = ask(peer, {"type": "export", "clauses": [], "format": "csv", "private": False})
    assert (answer["rows"], answer["total"]) == (120, 120)


def test_a_slice_renews_every_view(peer):
    ev = spam()
    ev._session.join(peer)
    ev.slice("more", np.arange(120) < 3)
    assert peer.types()[-1] == "state"
    header = json.loads(peer.told[-1][1][0][8:].split(b"\0")[0].split(b',"tiles"')[0] + b"}")
    assert [s["name"] for s in header["meta"]["slices"]][-1] == "more"


def test_slices_without_a_view_count_nothing():
    ev = spam()
    for i in range(5):
        ev.slice(f"more {i}", np.arange(120) < i)
    assert engine_of(ev)._tiles is None


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "hello",
        {},
        {"type": None},
        {"type": ["hello"]},
        {"type": "eval", "code": "1"},
        {"type": "x" * 10_000},
        {"type": "select"},
        {"type": "select", "clauses": [CELL, CELL]},
        {"type": "select", "clauses": {"field": "cell"}},
        {"type": "select", "clauses": [CELL] * 101},
        {"type": "select", "clauses": [{"field": "text", "contains": "a" * 20_000}]},
        {"type": "page", "clauses": [], "offset": -1, "limit": 5},
        {"type": "page", "clauses": [], "offset": True, "limit": 5},
        {"type": "page", "clauses": [], "offset": 0, "limit": 10**500},
        {"type": "page", "clauses": [], "offset": 0.0, "limit": 5},
        {"type": "page", "clauses": [], "offset": 0, "limit": 5, "sort": "no such column"},
        {"type": "page", "clauses": [], "offset": 0, "limit": 5, "sort": ["row"]},
        {"type": "page", "clauses": [], "offset": 0, "limit": 5, "sort": {"a": 1}},
        {"type": "count", "clauses": [], "by": "label"},
        {"type": "count", "clauses": [], "by": ["c99"]},
        {"type": "count", "clauses": [], "by": [["label"]]},
        {"type": "count", "clauses": [], "by": ["label"] * 5},
        {"type": "count", "clauses": []},
        {"type": "row", "row": 120},
        {"type": "row", "row": "0"},
        {"type": "row", "row": 10**5000},
        {"type": "export", "clauses": [], "format": "xlsx"},
        {"type": "export", "clauses": [], "format": ["csv"]},
        {"type": "hello", "request": 10**5000},
        {"type": "zzz", "request": {"a": 1}},
    ],
)
def test_messages_out_of_the_schema(peer, content):
    EV.selection.where(label="ham")
    before = EV.selection.clauses
    answer = ask(peer, content)
    kinds = [c for c, _ in peer.told if c["type"] == "error"]
    if not (isinstance(content, dict) and content.get("type") == "hello"):
        assert kinds[-1]["code"] == "message"
        assert len(kinds[-1]["text"]) < 300
    assert EV.selection.clauses == before
    assert "request" not in answer


def test_counts_are_bounded():
    ev = many()
    peer = FakePeer()
    by = ["label", "prediction", "label", "prediction"]
    assert MAX_COUNTS > 16**4
    ev._session.receive(peer, {"type": "count", "clauses": [], "by": by})
    assert peer.last()["type"] == "count"
    ev._engine.sizes["label"] = 5_000
    ev._session.receive(peer, {"type": "count", "clauses": [], "by": by})
    assert "are more than 4,000,000" in peer.last()["text"]


def test_what_fails_inside_is_said_and_logged(peer, monkeypatch, caplog):
    monkeypatch.setattr(EV._session.pages, "page", lambda *_: 1 / 0)
    answer = ask(peer, {"type": "page", "clauses": [], "offset": 0, "limit": 5, "request": "a"})
    assert (answer["type"], answer["code"], answer["request"]) == ("error", "internal", "a")
    assert "ZeroDivisionError" in caplog.text


def test_a_view_that_is_gone_stops_nobody(caplog):
    class Gone(FakePeer):
        def send(self, content: Any, buffers: Any = None) -> None:
            raise RuntimeError("closed")

    ev, gone, there = spam(), Gone(), FakePeer()
    ev._session.join(gone)
    ev._session.join(there)
    ev.selection.where(label="ham")
    ev._session.receive(gone, {"type": "hello"})
    assert there.last()["type"] == "selection"
    assert "a view could not be told" in caplog.text


def test_four_threads_are_answered_as_one():
    ev = spam()
    questions = [
        {"type": "page", "clauses": clauses, "sort": sort, "offset": 0, "limit": 20}
        for clauses in ([], [CELL], [TEXT], [CELL, TEXT])
        for sort in (None, "row", "label", "c5")
    ]
    questions += [
        {"type": "count", "clauses": clauses, "by": by}
        for clauses in ([], [CELL], [TEXT], [CELL, TEXT])
        for by in ([], ["label"], ["outcome", "confidence"], ["c5", "s0"])
    ]

    def answers(session: Session, order: list[int], found: dict[int, Any]) -> None:
        for i in order:
            peer = FakePeer()
            session.receive(peer, questions[i])
            found[i] = peer.told

    serial: dict[int, Any] = {}
    answers(spam()._session, list(range(len(questions))), serial)
    results: list[dict[int, Any]] = [{} for _ in range(4)]
    threads = []
    for seed, found in enumerate(results):
        order = list(range(len(questions))) * 3
        random.Random(seed).shuffle(order)
        threads.append(threading.Thread(target=answers, args=(ev._session, order, found)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found == serial for found in results)


def test_views_that_select_in_four_threads_agree_in_the_end():
    ev = spam()
    peers = [FakePeer() for _ in range(4)]
    for peer in peers:
        ev._session.join(peer)

    def work(seed: int) -> None:
        for i in range(50):
            data = [{"field": "text", "contains": f"{seed} {i}"}]
            ev._session.receive(peers[seed], {"type": "select", "clauses": data})
            ev.selection.where(label="ham" if i % 2 else "spam")

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    final = [to_json(clause) for clause in ev.selection.clauses]
    wait(lambda: all(peer.last()["revision"] == ev._session.revision for peer in peers))
    for peer in peers:
        newest = max((content for content, _ in peer.told), key=lambda content: content["revision"])
        assert newest["clauses"] == final


def test_a_flood_of_changes_is_told_in_few_messages_and_the_last_one_comes():
    ev, peer = spam(), FakePeer()
    ev._session.join(peer)
    started = time.monotonic()
    for i in range(1000):
        ev.selection.where(text=f"word {i}")
    at_once = len(peer.told)
    assert at_once <= 12 + 40 * (time.monotonic() - started)  # on either thread twenty a second
    wait(lambda: peer.last()["revision"] == ev._session.revision)
    assert peer.last()["clauses"] == [{"field": "text", "contains": "word 999"}]
    assert peer.last()["steps"] == ev.selection.steps
    for i in range(50):
        ev.slice("s", {"text": f"word {i}"})
    wait(lambda: peer.last()["type"] == "state")
    assert len(peer.told) < 1000


def test_a_page_is_answered_at_once_in_a_flood():
    ev, peer = spam(), FakePeer()
    ev._session.join(peer)
    for i in range(100):
        ev.selection.where(text=f"word {i}")
    ev._session.receive(peer, {"type": "select", "clauses": [CELL], "page": "p", "number": 1})
    assert (peer.last()["clauses"], peer.last()["by"]) == ([CELL], ["p", 1])


def test_a_page_that_was_away_is_told_which_of_its_changes_came_last():
    ev, peer = spam(), FakePeer()
    for number in (3, 7):
        ev._session.receive(peer, {"type": "select", "clauses": [CELL], "page": "p", "number": number})
    for page in ("p", "q"):
        ev._session.receive(peer, {"type": "hello", "page": page})
    assert [content["by"] for content, _ in peer.told[-2:]] == [["p", 7], None]
    for number in range(1000):
        ev._session.receive(peer, {"type": "undo", "page": f"many {number}", "number": 1})
    ev._session.receive(peer, {"type": "hello", "page": "p"})
    assert peer.last()["by"] is None


def test_an_interrupt_in_the_middle_of_a_change_takes_it_back():
    ev, peer, other = spam(), FakePeer(), FakePeer()
    ev._session.join(other)
    ev.selection.where(label="ham")
    before = ev.selection.clauses
    tell, interrupted = ev._session._tell, []

    def interrupt_once() -> None:
        if not interrupted:
            interrupted.append(True)
            raise KeyboardInterrupt
        tell()

    ev._session._tell = interrupt_once
    for message in ({"type": "select", "clauses": [CELL, TEXT]}, {"type": "undo"}):
        interrupted.clear()
        ev._session.receive(peer, {**message, "request": 5})
        error, selection = (content for content, _ in peer.told[-2:])
        assert (error["code"], error["request"]) == ("interrupted", 5)
        assert (ev.selection.clauses, selection["refused"]) == (before, error["text"])
        assert selection["clauses"] == other.last()["clauses"] == [to_json(clause) for clause in before]
    ev._session.receive(peer, {"type": "select", "clauses": [TEXT]})
    assert other.last()["clauses"] == [TEXT]


def test_only_a_name_that_the_user_gave_tells_runs_apart():
    from sklearn.dummy import DummyClassifier

    table = {"label": ["a", "b"], "prediction": ["a", "a"]}
    model = DummyClassifier().fit([[0], [1]], ["a", "b"])
    made = {
        "given": od.Evaluation(table, name="given"),
        "evaluation": od.Evaluation(table),
        "DummyClassifier": od.Evaluation.from_estimator(model, [[0], [1]], ["a", "b"]),
        "mine": od.Evaluation.from_estimator(model, [[0], [1]], ["a", "b"], name="mine"),
    }
    assert all(ev.name == name for name, ev in made.items())
    assert [engine_of(ev).meta.named for ev in made.values()] == [True, False, False, True]
