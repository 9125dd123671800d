"""What must not depend on order or on names does not; what is sorted is sorted."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import offdiagonal as od
from offdiagonal.pages import Sort
from tests.properties.worlds import (
    asked,
    columns,
    evaluate,
    holds,
    indices,
    matrix,
    select,
    some,
    with_scores,
    worlds,
)

shuffles = st.randoms(use_true_random=False)
sorted_by = st.sampled_from(["source", "size", "length", "when", "flag"])


def shuffled(world, random):
    """The rows in another order, and where each stood."""
    order = random.sample(range(len(world)), len(world))
    return [world[i] for i in order], order


def by_slice(frame: pd.DataFrame) -> pd.DataFrame:
    """Slices in one order: those without a rate have none of their own."""
    return frame.sort_values("slice", ignore_index=True)


@holds(worlds, shuffles)
def test_the_matrix_does_not_depend_on_the_order_of_rows(world, random):
    assert matrix(evaluate(shuffled(world, random)[0])) == matrix(evaluate(world))


@holds(worlds, shuffles)
def test_the_header_does_not_depend_on_the_order_of_rows(world, random):
    pd.testing.assert_frame_equal(
        with_scores(shuffled(world, random)[0]).to_frame(), with_scores(world).to_frame(), rtol=1e-9
    )


@holds(worlds, shuffles)
def test_the_slices_do_not_depend_on_the_order_of_rows(world, random):
    other = evaluate(shuffled(world, random)[0]).slices().to_frame()
    pd.testing.assert_frame_equal(by_slice(other), by_slice(evaluate(world).slices().to_frame()))


@holds(worlds, shuffles)
def test_the_confidence_does_not_depend_on_the_order_of_rows(world, random):
    other = with_scores(shuffled(world, random)[0])
    assert other.confidence().to_frame().equals(with_scores(world).confidence().to_frame())


@holds(worlds, shuffles)
def test_the_calibration_does_not_depend_on_the_order_of_rows(world, random):
    other = with_scores(shuffled(world, random)[0])
    pd.testing.assert_frame_equal(
        other.calibration().to_frame(), with_scores(world).calibration().to_frame(), rtol=1e-9
    )


@holds(asked(1), shuffles)
def test_a_selection_goes_with_its_rows(given, random):
    world, chosen = given
    moved, order = shuffled(world, random)
    chosen = [one for one in chosen if "rows" not in one[0]]
    found = {order[i] for i in indices(select(evaluate(moved), chosen))}
    assert found == indices(select(evaluate(world), chosen))


@holds(some, shuffles)
def test_the_order_of_columns_does_not_change_the_numbers(world, random):
    table = columns(world)
    names = random.sample(list(table), len(table))
    options = {"classes": ["ham", "news", "spam"], "text": "words"}
    ev, other = (
        od.Evaluation(table, **options),
        od.Evaluation({name: table[name] for name in names}, **options),
    )
    assert matrix(other) == matrix(ev)
    pd.testing.assert_frame_equal(by_slice(other.slices().to_frame()), by_slice(ev.slices().to_frame()))


@holds(worlds, st.permutations(["ham", "news", "spam"]))
def test_the_order_of_classes_does_not_change_the_counts(world, classes):
    assert matrix(evaluate(world, classes=classes)) == matrix(evaluate(world))


@holds(worlds)
def test_other_names_of_the_classes_change_nothing_but_the_names(world):
    table = columns(world)
    renamed = {"ham": 0, "news": 1, "spam": 2, None: None}
    for side in ("label", "prediction"):
        table[side] = [renamed[name] for name in table[side]]
    other = od.Evaluation(table, classes=[0, 1, 2], text="words")
    expected = {
        tuple({"ham": "0", "news": "1", "spam": "2"}.get(side, side) for side in cell): n
        for cell, n in matrix(evaluate(world)).items()
    }
    assert matrix(other) == expected
    assert other.to_frame().equals(evaluate(world).to_frame())


@holds(worlds)
def test_labels_for_predictions_turn_the_matrix_over(world):
    turned = od.Evaluation(
        columns(world), label="prediction", prediction="label", classes=["ham", "news", "spam"], text="words"
    )
    assert matrix(turned) == {(b, a): n for (a, b), n in matrix(evaluate(world)).items()}


@holds(worlds, st.integers(2, 4))
def test_every_row_several_times_is_every_count_several_times(world, times):
    assert matrix(evaluate(world * times)) == {cell: n * times for cell, n in matrix(evaluate(world)).items()}


@holds(worlds, worlds)
def test_the_counts_of_two_tables_add_up(first, second):
    a, b, both = (matrix(evaluate(world)) for world in (first, second, first + second))
    assert both == {cell: a.get(cell, 0) + b.get(cell, 0) for cell in {*a, *b}}


@holds(some, sorted_by)
def test_sorting_keeps_every_row_and_the_order_of_equals(world, name):
    ev = evaluate(world)
    key = next(column.key for column in ev._engine.meta.columns if column.name == name)
    found = ev._session.pages.indices([], Sort(key)).tolist()
    values = [getattr(row, name) for row in world]
    assert found == sorted(
        range(len(world)), key=lambda i: (values[i] is None, 0 if values[i] is None else values[i])
    )


@holds(some, sorted_by)
def test_sorting_the_other_way_keeps_the_order_of_equals_and_missing_ones_last(world, name):
    ev = evaluate(world)
    key = next(column.key for column in ev._engine.meta.columns if column.name == name)
    found = ev._session.pages.indices([], Sort(key, descending=True)).tolist()
    values = [getattr(row, name) for row in world]
    known = sorted((i for i in range(len(world)) if values[i] is not None), key=values.__getitem__)
    expected = sorted(known, key=lambda i: values[i], reverse=True)
    assert found == expected + [i for i in range(len(world)) if values[i] is None]


@holds(asked(1), sorted_by)
def test_a_sorted_selection_is_the_sorted_whole_without_the_rest(given, name):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    key = next(column.key for column in ev._engine.meta.columns if column.name == name)
    whole = ev._session.pages.indices([], Sort(key)).tolist()
    found = ev._session.pages.indices(ev.selection.clauses, Sort(key)).tolist()
    assert found == [row for row in whole if row in indices(ev)]


@holds(worlds)
def test_errors_come_before_the_rest_and_the_surest_first(world):
    ev = with_scores(world)
    rows = ev._session.pages.rows(ev._session.pages.indices([], Sort()))
    outcome = ev._engine.outcome
    ranks = [{0: 0, 2: 1, 1: 2}[int(outcome[row["row"]])] for row in rows]
    assert ranks == sorted(ranks)
    for rank in set(ranks):
        sure = [
            -1 if row["confidence"] is None else row["confidence"]
            for row, r in zip(rows, ranks, strict=True)
            if r == rank
        ]
        assert sure == sorted(sure, reverse=True)
    assert np.array_equal(np.sort([row["row"] for row in rows]), np.arange(len(world)))
