"""The history of a selection: each change is one step, and each step is taken back."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.properties.worlds import asked, evaluate, holds, indices, select, some


@holds(asked(1))
def test_undo_takes_back_one_change(given):
    world, chosen = given
    ev = evaluate(world)
    for one in chosen:
        before, clauses, steps = indices(ev), ev.selection.clauses, ev.selection.steps
        if select(ev, [one]).selection.steps > steps:
            ev.selection.undo()
            assert (indices(ev), ev.selection.clauses, ev.selection.steps) == (before, clauses, steps)
            select(ev, [one])


@holds(asked(1))
def test_as_many_undos_as_steps_lead_back_to_the_start(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    for _ in range(ev.selection.steps):
        ev.selection.undo()
    assert ev.selection.clauses == ()
    assert indices(ev) == set(range(len(world)))


@holds(some, st.integers(1, 4))
def test_undo_at_the_start_does_nothing(world, times):
    ev = evaluate(world)
    for _ in range(times):
        assert ev.selection.undo() is ev.selection
    assert (ev.selection.clauses, ev.selection.steps) == ((), 0)


@holds(asked(1))
def test_what_changes_nothing_is_no_step(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    steps, clauses = ev.selection.steps, ev.selection.clauses
    if chosen:
        select(ev, chosen[-1:])
    ev.selection.clear("slice")
    assert (ev.selection.steps, ev.selection.clauses) == (steps, clauses)


@holds(asked(1))
def test_each_change_is_a_step(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    assert ev.selection.steps == len(chosen) == len(ev.selection.clauses)


@holds(asked(1))
def test_clearing_is_taken_back(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    before = indices(ev), ev.selection.code(), ev.selection.clauses
    if chosen:
        ev.selection.clear().undo()
    assert (indices(ev), ev.selection.code(), ev.selection.clauses) == before


@holds(asked(1))
def test_the_views_go_back_with_the_selection(given):
    world, chosen = given
    ev = evaluate(world)
    before = ev.confusion().to_frame(), ev.slices().to_frame(), ev.to_frame()
    select(ev, chosen)
    for _ in chosen:
        ev.selection.undo()
    for was, now in zip(
        before, (ev.confusion().to_frame(), ev.slices().to_frame(), ev.to_frame()), strict=True
    ):
        assert was.equals(now)


@holds(asked(1))
def test_observers_are_told_once_of_each_change(given):
    world, chosen = given
    ev = evaluate(world)
    heard: list[int] = []
    end = ev.selection.observe(lambda selection: heard.append(len(selection)))
    lengths = [len(select(ev, [one]).selection) for one in chosen]
    assert heard == lengths
    end()
    ev.selection.clear()
    assert heard == lengths


@holds(asked(2))
def test_a_branch_after_undo_is_as_if_the_undone_never_was(given):
    world, chosen = given
    if len(chosen) < 2:
        return
    ev = evaluate(world)
    select(ev, chosen[:1]).selection.undo()
    select(ev, chosen[1:])
    other = select(evaluate(world), chosen[1:])
    assert (ev.selection.clauses, ev.selection.steps) == (other.selection.clauses, other.selection.steps)
