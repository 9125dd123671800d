"""Rows that come in groups: every interval that allows for them, and what says that it does not."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.display.effects import group_effects
from tests.test_session import FakePeer


def table(copies: int = 5) -> pd.DataFrame:
    """Rows that are copies: nothing but the first of each says anything."""
    rng = np.random.default_rng(2)
    n = 400
    frame = pd.DataFrame(
        {
            "label": rng.choice(["a", "b"], n),
            "source": rng.choice(["web", "app"], n),
            "length": rng.integers(0, 100, n),
            "amount": rng.normal(10, 3, n),
            "person": np.arange(n),
        }
    )
    frame["p"] = np.clip(np.where(frame["label"] == "b", 0.65, 0.35) + rng.normal(0, 0.25, n), 0, 1)
    frame["prediction"] = np.where(frame["p"] > 0.5, "b", "a")
    frame["guess"] = frame["amount"] + rng.normal(0, 2, n)
    return frame.loc[frame.index.repeat(copies)].reset_index(drop=True)


def widths(frame: pd.DataFrame, name: str = "value") -> np.ndarray:
    return (frame[f"{name}_high"] - frame[f"{name}_low"]).to_numpy()


@pytest.mark.parametrize("where", [{}, {"columns": {"source": "web"}}, {"correct": False}])
def test_copies_of_rows_are_as_sure_as_the_rows_alone(where):
    single = od.Evaluation(table(1), probabilities="p")
    copies = od.Evaluation(table(5), probabilities="p", group="person")
    naive = od.Evaluation(table(5), probabilities="p")
    for ev in (single, copies, naive):
        if where:
            ev.selection.where(**where)
    for view, name in (
        (lambda ev: ev.board(["header", "confusion"]), "value"),
        (lambda ev: ev.slices(), "difference"),
    ):
        alone, grouped, independent = (widths(view(ev).to_frame(), name) for ev in (single, copies, naive))
        # With errors alone the AUC is 0: a score interval of rows, and none of groups.
        known = np.isfinite(alone) & np.isfinite(grouped) & (alone > 0)
        assert known.sum() >= (np.isfinite(alone) & (alone > 0)).sum() - 1
        assert grouped[known] == pytest.approx(alone[known], rel=0.1)
        assert (independent[known] < 0.6 * grouped[known]).all()


def test_the_matrix_allows_for_groups():
    single, copies = (
        od.Evaluation(table(k), probabilities="p", group="person" if k > 1 else None) for k in (1, 5)
    )
    for sides in ({}, {"rows": "source", "columns": "label"}, {"rows": "prediction", "columns": "label"}):
        alone, grouped = (ev.confusion(**sides).to_frame() for ev in (single, copies))
        shares = [name.removesuffix("_low") for name in alone.columns if name.endswith("_low")]
        assert len(shares) == 2
        for name in shares:
            assert widths(grouped, name) == pytest.approx(widths(alone, name), rel=0.1)
            assert grouped[name].to_numpy() == pytest.approx(alone[name].to_numpy())


def test_a_regression_and_a_loss_allow_for_groups():
    given = {"label": "amount", "prediction": "guess"}
    single, copies = od.Evaluation(table(1), **given), od.Evaluation(table(5), group="person", **given)
    for view, name in (
        (lambda ev: ev.board(["header", "losses"]), "value"),
        (lambda ev: ev.slices(), "difference"),
    ):
        alone, grouped = (widths(view(ev).to_frame(), name) for ev in (single, copies))
        assert grouped[np.isfinite(alone)] == pytest.approx(alone[np.isfinite(alone)], rel=0.1)


def test_labels_before_a_model_allow_for_groups():
    single, copies = (od.Dataset(table(k), label="label", group="person" if k > 1 else None) for k in (1, 5))
    for view, name in (
        (lambda one: one.board(["header", "examples"]), "value"),
        (lambda one: one.slices(), "difference"),
    ):
        alone, grouped = (widths(view(one).to_frame(), name) for one in (single, copies))
        assert grouped[np.isfinite(alone)] == pytest.approx(alone[np.isfinite(alone)], rel=0.1)


def test_measures_resample_groups():
    single = od.Evaluation(table(1), probabilities="p").measures(
        "kappa", "Brier", lambda label, prediction: (label == prediction).mean()
    )
    copies = od.Evaluation(table(5), probabilities="p", group="person").measures(
        "kappa", "Brier", lambda label, prediction: (label == prediction).mean()
    )
    alone, grouped = single.to_frame(), copies.to_frame()
    assert widths(grouped) == pytest.approx(widths(alone), rel=0.15)
    assert set(grouped["method"]) == {"bootstrap of groups, 1,000 resamples"}


def test_one_group_has_no_interval_and_says_so():
    ev = od.Evaluation(table(1).assign(person="me"), group="person")
    frame = ev.board(["header", "confusion"]).to_frame()
    assert frame["value"].notna().all()
    assert frame["value_low"].isna().all()
    assert any("one group" in note for note in ev.notes)
    assert "data:image/png" in ev.board()._repr_html_()


def test_a_group_for_each_row_changes_nothing():
    frame = table(1)
    grouped, plain = od.Evaluation(frame, group="person"), od.Evaluation(frame)
    pd.testing.assert_frame_equal(
        grouped.board(["header", "confusion"]).to_frame(), plain.board(["header", "confusion"]).to_frame()
    )
    assert not any("group" in note for note in grouped.notes)


def test_rows_without_a_group_are_for_themselves():
    frame = table(1)
    frame["person"] = [None] * 200 + ["x"] * 200
    ev = od.Evaluation(frame, group="person")
    accuracy = ev.board(["header", "confusion"]).to_frame().iloc[0]
    assert accuracy["method"] == "Wilson, n by groups"


def test_the_note_says_what_allows_for_groups_and_counts_none_of_a_private_column():
    assert any(
        note.startswith("intervals of measures, matrix and slices allow for 400 groups")
        for note in od.Evaluation(table(), group="person").notes
    )
    private = od.Evaluation(table(), group="person", private=["person"])
    assert any("allow for groups" in note for note in private.notes)
    assert not any("400" in note for note in private.notes)


def test_a_page_asks_for_what_groups_do():
    ev = od.Evaluation(table(), probabilities="p", group="person")
    frame = ev.slices().to_frame()
    peer = FakePeer()
    for of in ("scores", "error"):
        ev._session.receive(peer, {"type": "effects", "of": of, "clauses": [], "request": 1})
        assert peer.last()["type"] == "effects"
        found = peer.last()["effects"]
        json.dumps(found, allow_nan=False)
    assert 3 < found["c1"][0][0] < 7
    assert len(found) == frame["field"].nunique()
    ev._session.receive(peer, {"type": "effects", "of": "matrix", "sides": ["label", "c1"], "clauses": []})
    assert set(peer.last()["effects"]) >= {"cells", "row", "column"}
    for sides in (None, ["label"], ["label", "c99"], [["label"], "c1"]):
        ev._session.receive(peer, {"type": "effects", "of": "matrix", "sides": sides, "clauses": []})
        assert peer.last()["code"] == "message"
    ev._session.receive(peer, {"type": "effects", "of": "loss", "clauses": [], "request": 2})
    assert peer.last()["code"] == "message"


def test_what_is_saved_is_of_all_rows_and_of_the_selection_and_nothing_private():
    ev = od.Evaluation(table(), probabilities="p", group="person", private=["source"])
    clauses = ev.selection.where(columns={"length": (0, 50)}).clauses
    saved = group_effects(ev._session, ["slices"], {}, clauses)
    assert [(len(one["clauses"]), one["of"]) for one in saved] == [
        (0, "scores"),
        (0, "error"),
        (0, "share"),
        (1, "scores"),
        (1, "error"),
        (1, "share"),
    ]
    assert all("c1" not in one["effects"] for one in saved)
    assert group_effects(od.Evaluation(table())._session, ["slices"], {}, ()) == []


def test_of_a_private_group_only_the_header_has_its_intervals_saved():
    ev = od.Evaluation(table(), probabilities="p", group="person", private=["person"])
    assert {one["of"] for one in group_effects(ev._session, ["confusion", "slices"], {}, ())} == {"scores"}
    assert np.isfinite(ev.slices().to_frame()["difference_low"]).any()
    still = ev.board()._repr_html_()
    worst = ev.slices().to_frame().iloc[0]
    assert (
        f"{100 * worst['difference_low']:.1f}".replace("-", "−") not in still.split("Worst slices")[-1][:600]
    )


def test_a_large_matrix_has_no_effects_of_its_cells_saved():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 60, 9000)
    prediction = np.where(rng.random(9000) < 0.5, rng.integers(0, 60, 9000), label)
    ev = od.Evaluation({"label": label, "prediction": prediction, "g": np.arange(9000) // 4}, group="g")
    (matrix,) = (one for one in group_effects(ev._session, ["confusion"], {}, ()) if one["of"] == "matrix")
    assert set(matrix["effects"]) == {"recall", "precision"}


def test_rows_of_no_weight_change_nothing():
    frame = table(3)
    frame["weight"] = 1.0 + frame["person"] % 3
    nothing = frame.assign(weight=0.0, person=frame["person"] + 10_000, source="web")
    both = pd.concat([frame, nothing], ignore_index=True)
    one, other = (od.Evaluation(x, probabilities="p", group="person", weight="weight") for x in (frame, both))
    for view, name in (
        (lambda ev: ev.board(["header", "confusion"]), "value"),
        (lambda ev: ev.slices(), "difference"),
        (lambda ev: ev.confusion(), "share_of_label"),
    ):
        alone, with_them = (view(ev).to_frame() for ev in (one, other))
        kept = [column for column in ("measure", "slice", "label", "prediction") if column in alone.columns]
        joined = alone.merge(with_them, on=kept, suffixes=("", "_other"))
        joined = joined[joined.get("field", pd.Series("", joined.index)) != "person"]
        for end in ("_low", "_high"):
            if name == "share_of_label":
                continue  # counts of rows: those of no weight are rows too
            assert joined[f"{name}{end}_other"].to_numpy() == pytest.approx(
                joined[f"{name}{end}"].to_numpy(), rel=1e-9, nan_ok=True
            )


def test_many_labels_before_a_model_are_not_all_measured():
    frame = {"label": np.arange(3000) % 700, "g": np.arange(3000) // 3}
    dataset = od.Dataset(frame, label="label", group="g")
    scores = group_effects(dataset._session, ["header"], {}, ())[0]
    assert len(scores["effects"]) == 5
