"""The front door: every way in, what comes out again, and that later changes of the table change nothing."""

from __future__ import annotations

import base64
import gzip
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import offdiagonal as od
from offdiagonal.errors import IndexMismatchError, LabelError, LengthError, SelectionError
from tests.tables import KINDS, LABELS, PREDICTIONS, engine_of, evaluate, every_kind, matrix_of

FRAME = pd.DataFrame({"label": LABELS, "prediction": PREDICTIONS, "x": range(6)}, index=list("abcdef"))


def test_the_frame_is_of_the_type_that_was_given():
    selected = {kind: od.Evaluation(make(FRAME.to_dict("list"))).selection for kind, make in KINDS.items()}
    frames = {kind: selection.where(correct=False).frame() for kind, selection in selected.items()}
    assert isinstance(frames["pandas"], pd.DataFrame)
    assert isinstance(frames["polars"], pl.DataFrame)
    assert isinstance(frames["pyarrow"], pa.Table)
    assert isinstance(frames["dict"], dict)
    assert frames["polars"].rows() == [("ham", "spam", 1), ("spam", "ham", 3)]
    assert frames["pyarrow"].to_pydict()["x"] == [1, 3]
    assert frames["dict"]["x"].tolist() == [1, 3]
    empty = {kind: selection.where(rows=[]).frame() for kind, selection in selected.items()}
    assert empty["pandas"].shape == (0, 3)
    assert empty["polars"].shape == (0, 3)
    assert empty["pyarrow"].shape == (0, 3)
    assert [len(column) for column in empty["dict"].values()] == [0, 0, 0]


def test_the_frame_keeps_its_index_and_types():
    frame = FRAME.assign(
        category=pd.Categorical(list("xyxyxy")), when=pd.Timestamp("2024-01-01", tz="Asia/Tokyo")
    )
    found = od.Evaluation(frame).selection.where(correct=False).frame()
    assert found.index.tolist() == ["b", "d"]
    pd.testing.assert_frame_equal(found, frame.iloc[[1, 3]])


def test_a_dict_keeps_the_types_of_its_arrays():
    table = {
        "label": np.asarray(LABELS),
        "prediction": np.asarray(PREDICTIONS),
        "x": np.arange(6, dtype=np.int8),
    }
    found = od.Evaluation(table).selection.where(correct=False).frame()
    assert [found[name].dtype for name in table] == [table[name].dtype for name in table]


def test_from_predictions_without_a_table():
    assert evaluate().selection.where(correct=False).frame()["label"].tolist() == ["ham", "spam"]
    series = pd.Series(LABELS, index=list("abcdef"))
    found = evaluate(series, PREDICTIONS).selection.where(correct=False).frame()
    assert found.index.tolist() == ["b", "d"]
    assert found["prediction"].tolist() == ["spam", "ham"]


@every_kind
def test_later_changes_of_the_table_change_nothing(make):
    columns = {name: np.asarray(FRAME[name], dtype=object if name != "x" else None) for name in FRAME}
    table = make({name: values.copy() for name, values in columns.items()})
    ev = od.Evaluation(table)
    if isinstance(table, pd.DataFrame):
        table.iloc[:, 0] = "other"
        table["x"] = -1
        table.pop("prediction")
    elif isinstance(table, pl.DataFrame):
        table[0, "label"] = "other"
        table.insert_column(0, pl.Series("new", range(6)))
        table.replace_column(3, pl.Series("x", [-1] * 6))
    elif isinstance(table, dict):
        table["label"][:] = "other"
        table["x"][:] = -1
        table["new"] = None
    found = ev.selection.where(correct=False).frame()
    names = (
        list(found.keys()) if isinstance(found, dict) else list(getattr(found, "column_names", found.columns))
    )
    assert names == ["label", "prediction", "x"]
    assert list(np.asarray(found["x"])) == [1, 3]
    assert list(np.asarray(found["label"])) == ["ham", "spam"]
    assert ev._session.pages.rows(np.asarray([1]))[0]["values"] == {"c2": 1}


def test_what_is_given_beside_the_table_is_not_held():
    label, mask = np.asarray(LABELS, dtype=object), np.asarray([True] * 3 + [False] * 3)
    ev = od.Evaluation(FRAME, label=label).slice("first", mask)
    ev.selection.where(rows=mask, slice="first")
    label[:], mask[:] = "spam", False
    assert len(ev.selection) == 3
    assert ev.selection.frame()["label"].tolist() == LABELS[:3]


SHUFFLED = FRAME.iloc[::-1]


@pytest.mark.parametrize(
    "arguments",
    [
        {"label": SHUFFLED["label"]},
        {"prediction": SHUFFLED["prediction"]},
        {"scores": SHUFFLED["x"]},
        {"probabilities": SHUFFLED["x"] / 6},
        {"probabilities": pd.DataFrame({"ham": SHUFFLED["x"] / 6, "spam": 1 - SHUFFLED["x"] / 6})},
    ],
    ids=lambda arguments: next(iter(arguments)),
)
def test_rows_in_another_order_are_refused(arguments):
    name = next(iter(arguments))
    with pytest.raises(IndexMismatchError, match=rf"give {name}\.reindex\(data\.index\); if both"):
        od.Evaluation(FRAME, **arguments)


def test_from_predictions_in_another_order_is_refused():
    given = {
        "y_true": FRAME["label"],
        "y_pred": FRAME["prediction"],
        "data": FRAME,
        "probabilities": FRAME["x"] / 6,
    }
    assert len(od.Evaluation.from_predictions(**given)) == 6
    for name in list(given)[1:]:
        with pytest.raises(IndexMismatchError, match="have different indexes"):
            od.Evaluation.from_predictions(**given | {name: given[name][::-1]})
    with pytest.raises(IndexMismatchError, match=r"only the index differs, give y_pred\.to_numpy\(\)"):
        od.Evaluation.from_predictions(FRAME["label"], pd.Series(PREDICTIONS))
    with pytest.raises(IndexMismatchError, match="column 'label' and column 'prediction'"):
        od.Evaluation({"label": FRAME["label"], "prediction": SHUFFLED["prediction"]})


def test_arrays_beside_a_frame_go_by_position():
    ev = od.Evaluation(FRAME, label=FRAME["label"].to_numpy(), prediction=list(FRAME["prediction"]))
    assert matrix_of(ev) == matrix_of(od.Evaluation(FRAME))


def test_unequal_lengths():
    with pytest.raises(LengthError, match="label= has 5 values but the table has 6 rows"):
        od.Evaluation(FRAME, label=LABELS[:5])
    with pytest.raises(LengthError, match="label= has 6 values but the table has 5 rows"):
        od.Evaluation.from_predictions(LABELS, PREDICTIONS, data=FRAME.iloc[:5])


class TestEstimators:
    """Real scikit-learn classifiers."""

    @pytest.fixture
    def iris(self):
        from sklearn.datasets import load_iris

        data = load_iris(as_frame=True)
        return data.data, data.target.map(lambda i: data.target_names[i])

    def test_probabilities(self, iris):
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.linear_model import LogisticRegression

        X, y = iris
        for model in (
            LogisticRegression(max_iter=500),
            RandomForestClassifier(10, max_depth=2, random_state=0),
        ):
            ev = od.Evaluation.from_estimator(model.fit(X, y), X, y)
            from sklearn.metrics import confusion_matrix

            assert matrix_of(ev) == confusion_matrix(y, model.predict(X)).tolist()
            assert engine_of(ev).meta.name == type(model).__name__
            assert np.allclose(engine_of(ev).table.confidence, model.predict_proba(X).max(axis=1))
            assert [f.name for f in engine_of(ev).meta.fields] == list(X.columns)

    def test_a_pipeline_over_a_frame(self, iris):
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        X, y = iris
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
        ev = od.Evaluation.from_estimator(model, X, y, name="irises", group="petal width (cm)")
        assert ev.name == "irises"
        assert engine_of(ev).table.confidence is not None

    def test_a_test_set_without_one_of_the_classes(self, iris):
        from sklearn.linear_model import LogisticRegression

        X, y = iris
        model = LogisticRegression(max_iter=500).fit(X, y)
        some = y != "virginica"
        ev = od.Evaluation.from_estimator(model, X[some], y[some])
        assert engine_of(ev).meta.classes == ("setosa", "versicolor", "virginica")
        unknown = y.where(y != "virginica", "new")
        ev = od.Evaluation.from_estimator(model, X, unknown)
        assert "not in classes=, and put after them: new" in ev.notes
        assert engine_of(ev).table.confidence is not None

    def test_scores_of_two_classes_are_of_the_positive_one(self, iris):
        from sklearn.metrics import roc_auc_score
        from sklearn.svm import LinearSVC

        X, y = iris
        keep = y != "setosa"
        X, y = X[keep].iloc[:, :2], y[keep]
        model = LinearSVC(dual=False).fit(X, y)
        expected = roc_auc_score(y == "virginica", model.decision_function(X))
        for positive in (None, "virginica", "versicolor"):
            ev = od.Evaluation.from_estimator(model, X, y, positive=positive)
            assert engine_of(ev).table.confidence is None
            assert engine_of(ev).meta.auc[0] == pytest.approx(expected)

    @pytest.mark.parametrize("kind", ["probabilities", "scores"])
    def test_classes_in_another_order_than_the_estimator_has_them(self, iris, kind):
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score
        from sklearn.svm import LinearSVC

        X, y = iris
        keep = y != "setosa"
        X, y = X[keep].iloc[:, :2], y[keep]
        model = (LogisticRegression() if kind == "probabilities" else LinearSVC(dual=False)).fit(X, y)
        expected = roc_auc_score(y == "virginica", model.decision_function(X))
        for positive in (None, "virginica", "versicolor"):
            ev = od.Evaluation.from_estimator(
                model, X, y, classes=["virginica", "versicolor"], positive=positive
            )
            assert engine_of(ev).meta.classes == ("virginica", "versicolor")
            assert engine_of(ev).meta.auc[0] == pytest.approx(expected)
            if kind == "probabilities":
                probability = model.predict_proba(X)
                assert np.allclose(engine_of(ev).table.probabilities, probability[:, ::-1])
                assert np.allclose(engine_of(ev).table.confidence, probability.max(axis=1))
            else:
                sign = 1 if positive == "virginica" else -1
                assert np.allclose(engine_of(ev).table.score, sign * model.decision_function(X))

    def test_classes_that_the_estimator_does_not_know_and_the_other_way_round(self, iris):
        from sklearn.linear_model import LogisticRegression

        X, y = iris
        model = LogisticRegression(max_iter=500).fit(X, y)
        found = model.predict_proba(X)
        ev = od.Evaluation.from_estimator(model, X, y, classes=["virginica", "new", "setosa"])
        assert engine_of(ev).meta.classes == ("virginica", "new", "setosa", "versicolor")
        assert np.allclose(engine_of(ev).table.probabilities[:, [0, 2, 3]], found[:, [2, 0, 1]])
        assert np.isnan(engine_of(ev).table.probabilities[:, 1]).all()
        with pytest.raises(LabelError, match="none of classes="):
            od.Evaluation.from_estimator(model, X, y, classes=["a", "b", "c"])
        with pytest.raises(LabelError, match="not a str"):
            od.Evaluation.from_estimator(model, X, y, classes="setosa")

    def test_scores_of_many_classes(self, iris):
        from sklearn.svm import LinearSVC

        X, y = iris
        ev = od.Evaluation.from_estimator(LinearSVC(dual=False).fit(X, y), X, y)
        score = engine_of(ev).table.score
        assert score.shape == (150,)
        assert (score >= 0).all()
        assert engine_of(ev).meta.auc is None

    def test_whole_number_classes(self, iris):
        from sklearn.linear_model import LogisticRegression

        X, y = iris
        codes = (y == "virginica").astype(int)
        X = X.to_numpy()
        ev = od.Evaluation.from_estimator(LogisticRegression(max_iter=500).fit(X, codes), X, codes)
        assert engine_of(ev).meta.class_python == ("0", "1")
        assert len(ev.selection.where(label=1, correct=True)) > 0

    def test_other_classifiers(self):
        class Third:
            classes_ = ("a", "b")

            def predict(self, X):
                return np.asarray([["a"], ["b"]])

            def predict_proba(self, X):
                return np.asarray([[0.9, 0.1], [0.2, 0.8]])

        ev = od.Evaluation.from_estimator(Third(), None, ["a", "a"])
        assert matrix_of(ev) == [[1, 1], [0, 0]]


class TestSlices:
    """Slices of the user."""

    def test_every_way_to_define_one(self):
        ev = od.Evaluation(FRAME)
        ev.slice("clauses", {"correct": False}).slice("function", lambda frame: frame["x"] > 3)
        ev.slice("array", [True, False, True, False, False, False]).slice("series", FRAME["x"] < 2)
        ev.slice("gaps", pd.Series([True, None, False, None, True, True], FRAME.index, dtype="boolean"))
        sizes = [len(ev.selection.clear().where(slice=s.name)) for s in engine_of(ev).meta.slices]
        assert sizes == [2, 2, 2, 2, 3]
        assert len(ev.selection.where(slice=["clauses", "function"])) == 4

    def test_the_same_name_replaces(self):
        ev = (
            od.Evaluation(FRAME)
            .slice("a", FRAME["x"] > 3)
            .slice("b", FRAME["x"] > 4)
            .slice("a", FRAME["x"] > 0)
        )
        assert [(s.key, s.name) for s in engine_of(ev).meta.slices] == [("s0", "a"), ("s1", "b")]
        assert len(ev.selection.where(slice="a")) == 5

    @pytest.mark.parametrize(
        ("where", "error", "message"),
        [
            ([True], LengthError, "the slice has 1 value but the table has 6 rows"),
            ([1, 0, 1, 0, 1, 0], od.OffdiagonalError, "true or false for each row, but it holds int64"),
            (list("abcdef"), od.OffdiagonalError, "but it holds str$"),
            (SHUFFLED["x"] > 3, IndexMismatchError, "have different indexes"),
            (lambda frame: SHUFFLED["x"] > 3, IndexMismatchError, "have different indexes"),
            (
                {"labels": "ham"},
                SelectionError,
                "argument of where 'labels' not found; did you mean 'label'?",
            ),
            ({"columns": {"y": 1}}, SelectionError, "column 'y' not found"),
            (3, od.OffdiagonalError, "one value for each row"),
        ],
    )
    def test_what_is_none(self, where, error, message):
        ev = od.Evaluation(FRAME)
        with pytest.raises(error, match=message):
            ev.slice("a", where)
        assert engine_of(ev).meta.slices == ()

    @pytest.mark.parametrize("name", ["", "  ", None, 3])
    def test_names(self, name):
        with pytest.raises(od.OffdiagonalError, match="a slice needs a name"):
            od.Evaluation(FRAME).slice(name, {"correct": True})

    def test_a_function_cannot_change_the_table(self):
        def spoil(frame):
            frame["label"] = "x"
            return frame["x"] > 3

        assert len(od.Evaluation(FRAME).slice("a", spoil).selection.where(label="ham").frame()) == 3

    @every_kind
    def test_slices_that_read_private_columns_are_private(self, make):
        table = make(FRAME.to_dict("list") | {"secret": [1, 2] * 3, "text": list("abcdef")})
        ev = od.Evaluation(table, text="text", private=["secret", "text"])
        ev.slice("function", lambda frame: np.asarray(frame["secret"]) == 1)
        ev.slice("clauses", {"columns": {"secret": 1}}).slice("text", {"text": "a"})
        ev.slice("nested", {"slice": "function"}).slice("said", {"correct": True}, private=True)
        ev.slice("open", {"correct": False}).slice("open function", lambda frame: np.asarray(frame["x"]) > 2)
        private = {s.name: s.private for s in engine_of(ev).meta.slices}
        assert private == dict.fromkeys(
            ["function", "clauses", "text", "nested", "said"], True
        ) | dict.fromkeys(["open", "open function"], False)


def test_unknown_views_and_dims():
    ev = od.Evaluation(FRAME)
    with pytest.raises(od.OffdiagonalError, match="unknown view 'confusions'"):
        ev.board(["confusions"])
    with pytest.raises(od.OffdiagonalError, match="a board of no views; there is header, "):
        ev.board([])
    assert ev.board("confusion").to_frame().equals(ev.confusion().to_frame())
    assert ev.board(["examples", "examples"]).to_frame().equals(ev.examples().to_frame())
    assert ev.board(["slices", "header", "slices"]).widget.views == ["slices", "header"]
    with pytest.raises(od.OffdiagonalError, match="column or slice 'y' not found; there is 'x', 'long'"):
        ev.slice("long", FRAME["x"] > 3).confusion(rows="y", columns="x")
    with pytest.raises(od.OffdiagonalError, match="give both"):
        ev.confusion(rows="x")


def test_a_slice_is_a_side_of_a_matrix(tmp_path):
    ev = od.Evaluation(FRAME).slice("long", FRAME["x"] > 3).slice("x", FRAME["x"] > 5)
    ev.slice("even", FRAME["x"] % 2 == 0)
    view = ev.confusion(rows="long", columns="label")
    assert view.widget.options == {"rows": "s0", "columns": "label"}
    n = view.to_frame().set_index(["long", "label"])["n"]
    for label in set(FRAME["label"]):
        inside = (FRAME["x"] > 3) & (FRAME["label"] == label)
        assert n["in", label] == inside.sum()
        assert n["out", label] == ((FRAME["label"] == label) & ~inside).sum()
    assert ev.confusion(rows="x", columns="label").widget.options["rows"].startswith("c")
    both = ev.confusion(rows="long", columns="even").to_frame()
    inside, even = FRAME["x"] > 3, FRAME["x"] % 2 == 0
    assert both["n"].tolist() == [(a & b).sum() for a in (inside, ~inside) for b in (even, ~even)]
    ev.selection.where(slice="even")
    assert view.to_frame()["n"].sum() == len(FRAME)  # a matrix leaves the clause of its own field out
    view.save(tmp_path / "matrix.svg")
    assert "long" in (tmp_path / "matrix.svg").read_text("utf-8")


def test_a_matrix_of_a_private_slice_is_seen_live_only():
    ev = od.Evaluation(FRAME).slice("CANARY", FRAME["x"] > 3, private=True).slice("open", FRAME["x"] > 4)
    for name, there in (("CANARY", False), ("open", True)):
        view = ev.confusion(rows=name, columns="label")
        assert view.to_frame()["n"].sum() == len(FRAME)
        assert (f'"{name}"' in data_of(view._repr_html_())) is there


def data_of(html):
    """The header of what an island holds."""
    (data,) = re.findall(r'class="od-data">([^<]+)<', html)
    packed = gzip.decompress(base64.b64decode(data))
    return packed[8 : 8 + int.from_bytes(packed[:8], "little")].decode()


def test_the_fingerprint_is_of_the_content():
    def fingerprint(frame=FRAME, **options):
        return engine_of(od.Evaluation(frame, **options)).meta.fingerprint

    first = fingerprint()
    assert fingerprint() == first
    others = [
        fingerprint(name="other"),
        fingerprint(positive="ham"),
        fingerprint(FRAME.assign(prediction=LABELS)),
        fingerprint(FRAME.assign(more="text")),
        fingerprint(FRAME.assign(x=range(1, 7))),
        fingerprint(text="x"),
        fingerprint(scores="x"),
    ]
    assert len({first, *others}) == 8


def test_another_process_imports_little_and_finds_the_same_fingerprint():
    code = """
import sys, pandas as pd, offdiagonal as od
frame = pd.DataFrame({"label": [str(i) for i in range(20)], "p": 0.5, "when": pd.Timestamp("2024-01-01")})
ev = od.Evaluation(frame.assign(prediction=frame["label"]), scores="p")
ev._engine.tiles, len(ev.selection.where(correct=False))
imported = [m for m in ("sklearn", "scipy", "duckdb", "altair", "polars", "narwhals") if m in sys.modules]
"""
    script = code + "print(imported, ev._engine.meta.fingerprint)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    here: dict[str, od.Evaluation] = {}
    exec(code, here)
    assert run.stdout.split() == ["[]", engine_of(here["ev"]).meta.fingerprint]
