"""The algebra of clauses: what a selection means is what its clauses mean, together and one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.properties.worlds import (
    asked,
    confidence,
    evaluate,
    fields_of,
    having,
    holds,
    indices,
    matrix,
    names,
    select,
    shown,
    some,
    two_classes,
    with_scores,
    worlds,
)

fortieths = st.integers(0, 40).map(lambda n: n / 40)


@holds(asked(1))
def test_a_clause_selects_the_rows_that_it_says(given):
    world, chosen = given
    for arguments, meant in chosen:
        assert indices(select(evaluate(world), [(arguments, meant)])) == meant


@holds(asked(2))
def test_clauses_together_select_the_rows_that_satisfy_all(given):
    world, chosen = given
    meant = set(range(len(world))).intersection(*(rows for _, rows in chosen))
    assert indices(select(evaluate(world), chosen)) == meant


@holds(asked(2), st.randoms(use_true_random=False))
def test_the_order_of_clauses_does_not_matter(given, random):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    other = select(evaluate(world), random.sample(chosen, len(chosen)))
    assert indices(ev) == indices(other)
    assert set(ev.selection.clauses) == set(other.selection.clauses)


@holds(asked(2))
def test_one_where_is_as_good_as_many(given):
    world, chosen = given
    together: dict = {"columns": {}}
    for arguments, _ in chosen:
        together["columns"] |= arguments.get("columns", {})
        together |= {name: value for name, value in arguments.items() if name != "columns"}
    assert indices(select(evaluate(world), [(together, set())])) == indices(select(evaluate(world), chosen))


@holds(asked(1))
def test_each_clause_leaves_fewer_rows_or_as_many(given):
    world, chosen = given
    ev, before = evaluate(world), set(range(len(world)))
    for arguments in chosen:
        after = indices(select(ev, [arguments]))
        assert after <= before
        before = after


@holds(asked(2))
def test_clearing_a_field_is_never_having_set_it(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    (first, _), rest = chosen[0] if chosen else ({}, set()), chosen[1:]
    for field in fields_of(first):
        ev.selection.clear(field)
    assert indices(ev) == indices(select(evaluate(world), rest))


@holds(asked())
def test_clearing_all_leaves_all_rows(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    ev.selection.clear()
    assert indices(ev) == set(range(len(world)))
    assert not ev.selection


@holds(some, names, names)
def test_a_clause_takes_the_place_of_the_one_before(world, first, second):
    ev = evaluate(world)
    ev.selection.where(label=first).where(label=second)
    assert indices(ev) == having(world, lambda row: row.label == second)
    assert len(ev.selection.clauses) == 1


@holds(worlds, st.lists(names, min_size=1, max_size=3), st.lists(names, min_size=1, max_size=3))
def test_labels_and_predictions_select_the_cells_where_they_meet(world, labels, predictions):
    ev = evaluate(world)
    ev.selection.where(label=labels, prediction=predictions)
    found = indices(ev)
    ev.selection.clear().where(cells=[(a, b) for a in labels for b in predictions])
    assert found == indices(ev)
    assert found == having(world, lambda row: row.label in labels and row.prediction in predictions)


@holds(worlds, st.lists(st.tuples(names, names), min_size=1, max_size=4))
def test_cells_select_what_each_of_them_selects(world, cells):
    ev = evaluate(world)
    each = set().union(*(indices(select(ev, [({"cells": [cell]}, set())])) for cell in cells))
    assert indices(select(ev, [({"cells": cells}, set())])) == each


@holds(worlds)
def test_right_and_wrong_never_meet(world):
    ev = evaluate(world)
    right = indices(select(ev, [({"correct": True}, set())]))
    assert not right & indices(select(ev, [({"correct": False}, set())]))


@holds(some, st.sampled_from(["source", "size", "flag"]))
def test_all_values_of_a_column_are_all_rows_and_their_parts_share_them_out(world, name):
    ev = evaluate(world)
    values = list({getattr(row, name) for row in world})
    if len(values) < 2:
        assert name not in set(ev.slices().to_frame()["field"])
        return
    assert indices(select(ev, [({"columns": {name: values}}, set())])) == set(range(len(world)))
    parts = [select(ev, [({"columns": {name: value}}, set())]).selection.indices.tolist() for value in values]
    assert sorted(row for part in parts for row in part) == list(range(len(world)))


@holds(some, st.integers(0, 40).map(lambda n: n / 4))
def test_an_interval_and_what_lies_above_it_share_out_the_numbers(world, cut):
    ev = evaluate(world)
    known = having(world, lambda row: row.length is not None)
    if "length" not in set(ev.slices().to_frame()["field"]):
        assert len({row.length for row in world}) < 2
        return
    top = max((row.length for row in world if row.length is not None), default=0)
    below = indices(select(ev, [({"columns": {"length": (None, cut)}}, set())])) if cut > 0 else set()
    above = indices(select(ev, [({"columns": {"length": (cut, None)}}, set())])) if cut <= top else set()
    assert below | above == known
    assert above == having(world, lambda row: row.length is not None and row.length >= cut)
    # the upper end at the maximum is held, as the documentation says
    assert below & above <= having(world, lambda row: row.length == top == cut)


@holds(worlds, fortieths)
def test_a_cut_of_the_confidence_shares_out_the_scored_rows(world, cut):
    if not any(confidence(row) is not None for row in map(two_classes, world)):
        return
    ev = with_scores(world)
    low = indices(select(ev, [({"confidence": (0, cut)}, set())]))
    high = indices(select(ev, [({"confidence": (cut, 1)}, set())]))
    sure = [confidence(row) for row in map(two_classes, world)]
    assert low == {i for i, c in enumerate(sure) if c is not None and (c < cut or cut == 1)}
    assert high == {i for i, c in enumerate(sure) if c is not None and c >= cut}


@holds(worlds, st.text("aAbß", min_size=1, max_size=3))
def test_a_text_is_found_whatever_its_case(world, part):
    ev = evaluate(world)
    ev.selection.where(text=part)
    assert indices(ev) == having(world, lambda row: part.lower() in (row.words or "").lower())


@holds(some, st.data())
def test_a_mask_its_positions_and_its_slice_select_the_same(world, data):
    mask = data.draw(st.lists(st.booleans(), min_size=len(world), max_size=len(world)))
    ev = evaluate(world).slice("chosen", mask)
    meant = {i for i, one in enumerate(mask) if one}
    for given in ({"rows": mask}, {"rows": np.flatnonzero(mask)}, {"slice": "chosen"}):
        ev.selection.clear().where(**given)
        assert indices(ev) == meant


@holds(asked(1))
def test_a_slice_of_clauses_is_what_they_select(given):
    world, chosen = given
    ev = evaluate(world)
    ev.slice("these", chosen[0][0]) if chosen else ev.slice("these", [True] * len(world))
    ev.selection.where(slice="these")
    assert indices(ev) == (chosen[0][1] if chosen else set(range(len(world))))


@holds(some, names, names)
def test_the_matrix_leaves_out_its_own_clause(world, label, prediction):
    ev = evaluate(world)
    before = ev.confusion().to_frame()
    ev.selection.where(label=label, prediction=prediction)
    pd.testing.assert_frame_equal(ev.confusion().to_frame(), before)


@holds(asked(1))
def test_the_matrix_counts_the_rows_of_all_other_clauses(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    for field in ("label", "cells"):
        ev.selection.clear(field)
    kept = sorted(indices(ev))
    assert matrix(ev) == Counter((shown(world[i].label), shown(world[i].prediction)) for i in kept)


@holds(some, st.sampled_from(["source", "size", "flag"]))
def test_the_slices_of_a_column_leave_out_its_own_clause(world, name):
    ev = evaluate(world)
    before = ev.slices().to_frame()
    own = before[before["field"] == name].sort_values("slice", ignore_index=True)
    if own.empty:
        assert len({getattr(row, name) for row in world}) < 2
        return
    ev.selection.where(columns={name: getattr(world[0], name)})
    after = ev.slices().to_frame()
    after = after[after["field"] == name].sort_values("slice", ignore_index=True)
    assert after[["slice", "n", "errors"]].equals(own[["slice", "n", "errors"]])


@holds(some, names)
def test_the_header_measures_the_selected_rows_as_if_they_were_all(world, label):
    world = world * 3
    ev = evaluate(world)
    ev.selection.where(label=label)
    selected, alone = ev.to_frame(), evaluate([row for row in world if row.label == label]).to_frame()
    same = ["measure", "value", "value_low", "value_high", "n"]
    pd.testing.assert_frame_equal(
        selected.loc[selected["rows"] == "selected", same].reset_index(drop=True),
        alone.loc[alone["rows"] == "all", same].reset_index(drop=True),
    )
