"""Whatever the table, its numbers add up to its rows."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import strategies as st

from offdiagonal.pages import Sort
from tests.properties.worlds import (
    SLICES,
    asked,
    confidence,
    evaluate,
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


@holds(worlds)
def test_the_matrix_holds_every_row_once(world):
    assert sum(matrix(evaluate(world)).values()) == len(world) == len(evaluate(world))


@holds(worlds)
def test_the_matrix_is_what_counting_pairs_gives(world):
    counted = Counter((shown(row.label), shown(row.prediction)) for row in world)
    assert matrix(evaluate(world)) == counted


@holds(worlds)
def test_margins_are_the_labels_and_the_predictions(world):
    by_label, by_prediction = Counter(), Counter()
    for (label, prediction), n in matrix(evaluate(world)).items():
        by_label[label] += n
        by_prediction[prediction] += n
    assert by_label == Counter(shown(row.label) for row in world)
    assert by_prediction == Counter(shown(row.prediction) for row in world)


@holds(worlds)
def test_shares_of_a_label_sum_to_one_or_are_not_given(world):
    frame = evaluate(world).confusion().to_frame()
    for label, part in frame.groupby("label"):
        total = part["n"].sum()
        shares = part["share_of_label"]
        assert shares.isna().all() if total < 10 else np.isclose(shares.sum(), 1), label


@holds(worlds)
def test_the_levels_of_each_column_hold_every_row_once(world):
    frame = evaluate(world).slices().to_frame()
    assert {int(n) for n in frame.groupby("field")["n"].sum()} <= {len(world)}


@holds(worlds)
def test_the_levels_of_each_column_hold_every_error_once(world):
    frame = evaluate(world).slices().to_frame()
    errors, judged = len(having(world, lambda r: r.outcome is False)), len(having(world, lambda r: r.label))
    for _, part in frame.groupby("field"):
        assert part["errors"].sum() == errors
        assert part["judged"].sum() == judged


@holds(worlds)
def test_no_slice_has_more_errors_than_labels_or_more_labels_than_rows(world):
    frame = evaluate(world).slices().to_frame()
    assert ((frame["errors"] <= frame["judged"]) & (frame["judged"] <= frame["n"])).all()


@holds(some, st.sampled_from(["source", "size", "flag"]))
def test_the_levels_of_a_column_are_its_values(world, name):
    found = Counter(getattr(row, name) for row in world)
    frame = evaluate(world).slices().to_frame()
    part = frame[frame["field"] == name]
    assert sorted(part["n"]) == (sorted(found.values()) if len(found) > 1 else [])


@holds(some, st.sampled_from(SLICES), st.sampled_from(SLICES))
def test_the_matrix_of_two_columns_has_the_margins_of_each(world, rows, columns):
    ev = evaluate(world)
    known = set(ev.slices().to_frame()["field"])
    if rows == columns or not {rows, columns} <= known:
        assert rows == columns or min(len({getattr(r, name) for r in world}) for name in (rows, columns)) < 2
        return
    table = ev.confusion(rows=rows, columns=columns).to_frame()
    slices = ev.slices().to_frame()
    assert table["n"].sum() == len(world)
    for name in (rows, columns):
        singles = sorted(slices.loc[slices["field"] == name, "n"])
        assert sorted(table.groupby(name)["n"].sum()) == singles


@holds(worlds)
def test_right_wrong_and_unlabelled_are_all(world):
    ev = evaluate(world)
    right = len(ev.selection.clear().where(correct=True))
    wrong = len(ev.selection.clear().where(correct=False))
    assert right == len(having(world, lambda row: row.outcome is True))
    assert wrong == len(having(world, lambda row: row.outcome is False))
    assert right + wrong + len(having(world, lambda row: row.label is None)) == len(world)


@holds(worlds)
def test_the_cells_share_out_the_rows(world):
    ev = evaluate(world)
    found: list[int] = []
    sides = [*ev._engine.meta.classes]
    for label in sides:
        for prediction in sides:
            cell = [(None if side == "(missing)" else side for side in (label, prediction))]
            found += ev.selection.clear().where(cells=[tuple(next(iter(cell)))]).indices.tolist()
    assert sorted(found) == list(range(len(world)))


@holds(asked())
def test_a_selection_has_as_many_rows_as_it_says(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    assert len(ev.selection) == len(ev.selection.indices) == len(ev.selection.frame()["label"])
    assert ev.selection.indices.tolist() == sorted(indices(ev))
    assert ev.selection.indices.dtype == np.int64


@holds(asked())
def test_the_examples_are_the_selected_rows(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    page = ev._session.pages.page(ev.selection.clauses, Sort(), 0, 100)
    assert page["total"] == len(ev.selection)
    assert {row["row"] for row in page["rows"]} == indices(ev)


@holds(worlds)
def test_the_histogram_of_confidence_holds_each_scored_row_once(world):
    frame = with_scores(world).confidence().to_frame()
    scored = [row for row in map(two_classes, world) if confidence(row) is not None]
    assert frame["right"].sum() == sum(row.outcome is True for row in scored)
    assert frame["wrong"].sum() == sum(row.outcome is False for row in scored)
    assert frame["not_judged"].sum() == sum(row.outcome is None for row in scored)


@holds(worlds)
def test_each_bin_of_the_histogram_holds_what_lies_in_it(world):
    frame = with_scores(world).confidence().to_frame()
    known = [c for row in map(two_classes, world) if (c := confidence(row)) is not None]
    for i, n in enumerate(frame[["wrong", "right", "not_judged"]].sum(axis=1)):
        assert n == sum(i / 20 <= c < (i + 1) / 20 or (i == 19 and c == 1) for c in known)


@holds(worlds)
def test_accuracy_stands_on_the_labelled_rows(world):
    frame = evaluate(world).to_frame()
    labelled = len(having(world, lambda row: row.label is not None))
    right = len(having(world, lambda row: row.outcome is True))
    accuracy = frame[(frame["measure"] == "accuracy") & (frame["rows"] == "all")].iloc[0]
    assert accuracy["n"] == labelled
    assert np.isnan(accuracy["value"]) if labelled < 10 else np.isclose(accuracy["value"], right / labelled)


@holds(some, names)
def test_every_interval_holds_its_value(world, name):
    ev = evaluate(world * 3)
    for frame, value in ((ev.to_frame(), "value"), (ev.slices().to_frame(), "error")):
        known = frame.dropna(subset=[f"{value}_low"])
        assert (known[f"{value}_low"] <= known[value] + 1e-12).all()
        assert (known[value] <= known[f"{value}_high"] + 1e-12).all()
