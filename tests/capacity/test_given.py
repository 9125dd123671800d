"""What curves and paths cannot be made of is refused in one sentence, with the value and what to give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeClassifier

import offdiagonal as od
from offdiagonal.errors import LengthError, OffdiagonalError

rng = np.random.default_rng(0)
X = rng.normal(size=(100, 3))
Y = (X[:, 0] > 0).astype(int)
FRAME = pd.DataFrame(X, columns=["age", "bmi", "s5"])
Tree = DecisionTreeClassifier


def log_loss(estimator, X, y):
    return float(-np.log(estimator.predict_proba(X)[np.arange(len(y)), y]).mean())


def learning(estimator: Any = Tree(), X: Any = X, y: Any = Y, **more: Any) -> Any:  # noqa: B008 - it is cloned
    return od.learning_curve(estimator, X, y, **{"repeats": 2, "sizes": [0.5, 1.0], **more})


def values(given: Any = (1, 2), estimator: Any = Tree(), y: Any = Y, **more: Any) -> Any:  # noqa: B008
    return od.validation_curve(estimator, X, y, "max_depth", given, **{"repeats": 2, **more})


ROWS = "give one value for each row"
REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: learning(y=Y[:90]), f"y has 90 values but X has 100 rows; {ROWS}"),
    (lambda: values(y=Y[:90]), f"y has 90 values but X has 100 rows; {ROWS}"),
    (lambda: learning(groups=Y[:90]), f"groups= has 90 values but X has 100 rows; {ROWS}"),
    (lambda: learning(y=3), "y=3 has no rows; give one label for each row of X"),
    (
        lambda: learning(Tree),
        "DecisionTreeClassifier is a class; give an estimator: DecisionTreeClassifier()",
    ),
    (lambda: values(estimator=Tree), "DecisionTreeClassifier is a class; give an estimator: "),
    (lambda: learning("tree"), "estimator='tree' cannot be fitted; give a classifier or a regressor "),
    (
        lambda: learning(LogisticRegression(), y=np.zeros(100, int)),
        "y is 0 in all 100 rows; a classifier is judged on two or more classes",
    ),
    (
        lambda: learning(y=["spam"] * 100),
        "y is 'spam' in all 100 rows; a classifier is judged on two or more",
    ),
    (
        lambda: learning(y=np.where(np.arange(100) == 7, np.nan, Y)),
        "y is missing in 1 of 100 rows, first in row 7; leave these rows out of X and y",
    ),
    (lambda: learning(y=None), "y=None has no rows; give one label for each row of X"),
    (
        lambda: learning(y=[[0, 1], *[[0]] * 99]),
        "y holds rows of several lengths; give one label for each row of X",
    ),
    (
        lambda: learning(y=sparse.csr_array(Y[:, None])),
        "y is a csr_array and no array; give one label for each",
    ),
    (
        lambda: learning(LinearRegression(), y=np.where(np.arange(200).reshape(100, 2) == 7, np.nan, 1.0)),
        "y is missing in 1 of 100 rows, first in row 3; leave these rows out of X and y",
    ),
    (
        lambda: learning(groups=np.where(np.arange(100) < 60, np.nan, 1.0)),
        "groups= is missing in 60 of 100 rows, first in row 0; give these rows a group each, or leave them out",
    ),
    (
        lambda: values(groups=[*"ab" * 49, None, "a"]),
        "groups= is missing in 1 of 100 rows, first in row 98; give these rows a group each",
    ),
    (
        lambda: values(groups=pd.array([*range(99), None], dtype="Int64")),
        "groups= is missing in 1 of 100 rows, first in row 99; give these rows a group each",
    ),
    (
        lambda: learning(groups=[["a", "b"], *["a"] * 99]),
        "groups= holds rows of several lengths; give one group for each row of X",
    ),
    (
        lambda: learning(groups=np.zeros((100, 2))),
        "groups= has the shape (100, 2); give one group for each row of X",
    ),
    (
        lambda: learning(groups=pd.Series(["a", 1] * 50)),
        "groups= holds values of several types that have no order; make them all texts, or all numbers",
    ),
    (lambda: learning(X=X[:0], y=[], groups=[]), "0 groups cannot be split into training and test groups"),
    (lambda: learning(groups=np.zeros(100)), "groups= has one group, 0.0; rows of two or more are needed"),
    (
        lambda: learning(test_size=2.0),
        "test_size=2.0: give a share of the rows between 0 and 1, such as 0.25",
    ),
    (lambda: values(test_size=0), "test_size=0: give a share of the rows between 0 and 1, such as 0.25"),
    (
        lambda: learning(X=X[:3], y=[0, 1, 0], sizes=None),
        "2 training rows are too few for a curve; give more rows",
    ),
    (lambda: learning(X=X[:0], y=[]), "0 rows cannot be split into training and test rows; give more"),
    (
        lambda: learning(y=pd.array([None, *Y[1:]], dtype="Int64")),
        "y is missing in 1 of 100 rows, first in row 0",
    ),
    (lambda: learning(LinearRegression(), X=X[:1], y=[0.5]), "1 rows cannot be split into training and test"),
    (lambda: values(repeats=0), "repeats=0: give one or more, as a whole number"),
    (lambda: learning(repeats=1.5), "repeats=1.5: give two or more; one says nothing of the noise"),
    (lambda: learning(seed="a"), "seed='a': give a whole number of 0 or more"),
    (lambda: learning(sizes=0.5), "sizes=0.5: give two or more, as rows from 2 to 75 or as shares up to 1"),
    (lambda: learning(sizes=["a", "b"]), "sizes=['a', 'b']: give two or more, as rows from 2 to 75"),
    (lambda: values(3), "values=3: give two or more values of max_depth, as a list"),
    (lambda: values("12"), "values='12': give two or more values of max_depth, as a list"),
    (
        lambda: learning().extrapolate("2x"),
        "rows='2x' is no number of rows; give one such as 150, or nothing",
    ),
    (lambda: learning().extrapolate(float("nan")), "rows=nan is no number of rows; give one such as 150"),
    (lambda: learning().extrapolate(-3), "rows=-3 is no number of rows; give one such as 150"),
    (lambda: learning().extrapolate(level=80), "level=80: give a share between 0 and 1, such as 0.8"),
    (lambda: od.crossing(learning(), 3), "3 is no learning curve; give two of od.learning_curve"),
    (lambda: od.crossing("a", learning()), "'a' is no learning curve; give two of od.learning_curve"),
    (
        lambda: od.crossing(learning(), learning(scoring=log_loss)),
        "the first curve is of the error rate, the second of the log loss; give both the same scoring=",
    ),
    (
        lambda: learning(y=np.array([1, "a"] * 50, dtype=object)),
        "y holds texts and others, 'a' and 1; make all labels texts, or all numbers",
    ),
    (
        lambda: od.crossing(values(), values()),
        "this curve is over max_depth; only one over rows can be crossed",
    ),
    (
        lambda: od.lasso_path(FRAME.assign(city="Bern"), Y),
        (
            "X holds 'Bern' in column city, which is no number; encode texts first, as pandas.get_dummies does, "
            "or leave the column out"
        ),
    ),
    (
        lambda: od.lasso_path(FRAME.assign(city="Bern").to_numpy(), Y),
        "X holds 'Bern' in column 3, which is no",
    ),
    (
        lambda: od.lasso_path(FRAME.assign(n=pd.array([None, *range(99)], dtype="Int64")), Y),
        "X holds <NA> in ",
    ),
    (lambda: od.lasso_path(FRAME, ["a", "b"] * 50), "y holds 'a', which is no number; give one number a row"),
    (lambda: od.lasso_path(X[:, 0], Y), "X has the shape (100,), y (100,)"),
    (lambda: od.lasso_path(FRAME, Y[:50]), "y has 50 values but X has 100 rows"),
    (lambda: od.lasso_path(FRAME, Y, frozen=["bmj"]), "frozen column 'bmj' not found; did you mean 'bmi'?"),
    (lambda: od.lasso_path(X, Y, frozen=7), "frozen column '7' not found; the columns are '0', '1', '2'"),
    (
        lambda: od.optimisation_or_objective(3, [1], [2], scores=(1, 2)),
        "objective=3 cannot be called; give a function of parameters that training lowers",
    ),
    (
        lambda: od.optimisation_or_objective(np.sum, [1, 2], [2], scores=(1, 2)),
        "ours has the shape (2,) and other (1,); give parameters of one model",
    ),
    (
        lambda: od.optimisation_or_objective(np.sum, [1], [2], scores=(1,)),
        "scores=(1,): give two numbers, ours and",
    ),
    (
        lambda: od.optimisation_or_objective(np.sum, [1], [2], scores=(float("nan"), 0.9)),
        "scores=(nan, 0.9): give two numbers, ours and the other's",
    ),
    (
        lambda: od.optimisation_or_objective(np.sum, [1], [2], scores=(0.8, np.inf)),
        "scores=(0.8, inf): give two numbers, ours and the other's",
    ),
    (
        lambda: od.optimisation_or_objective(lambda w: float("nan"), [1], [2], scores=(1, 2)),
        "the objective is nan for ours and nan for the other; give parameters for which it is a number",
    ),
    (
        lambda: learning(y=np.arange(100) % 3, test_size=0.99),
        "test_size=0.99 leaves 1 of 100 rows to train on, which are fewer than the 3 classes; give another",
    ),
    (
        lambda: values(y=np.arange(100) % 3, test_size=0.01),
        "test_size=0.01 leaves 1 of 100 rows to test on, which are fewer than the 3 classes; give another",
    ),
    (
        lambda: od.validation_curve(Tree(), X, Y, {"max_depth": [2, 3]}, [1, 2]),
        "parameter={'max_depth': [2, 3]} is no name; give that of one setting, and its values behind it",
    ),
    (
        lambda: od.validation_curve(Tree(), X, Y, ["max_depth"], 3),
        "parameter=['max_depth'] is no name; give that of one setting, and its values behind it",
    ),
    (
        lambda: learning(target=-1),
        "target=-1 is no error rate; give the share of the rows that may be wrong, ",
    ),
    (
        lambda: learning(target=95),
        "target=95 is no error rate; give the share of the rows that may be wrong, ",
    ),
    (lambda: learning(target=True), "target=True is no number that an error could come down to"),
    (lambda: learning(target="low"), "target='low' is no number that an error could come down to"),
    (
        lambda: learning().target_test(1.5),
        "target=1.5 is no error rate; give the share of the rows that may be",
    ),
    (
        lambda: learning(LinearRegression(), target=-0.1),
        "target=-0.1 is below 0, and no RMSE is; give 0 or more",
    ),
    (lambda: od.lasso_path(X, Y, halves=2.5), "halves=2.5: give 0 or more, as a whole number"),
]


@pytest.mark.parametrize(("made", "said"), REFUSED, ids=[said[:60] for _, said in REFUSED])
def test_it_is_refused_in_one_sentence(made: Callable[[], Any], said: str) -> None:
    with pytest.raises(OffdiagonalError) as caught:
        made()
    text = str(caught.value)
    assert text.startswith(said)
    assert "\n" not in text
    assert len(text) < 250


def test_a_target_that_is_none_is_refused_before_anything_is_trained() -> None:
    class Never(DecisionTreeClassifier):
        def fit(self, *args: Any, **more: Any) -> Any:
            raise AssertionError("it was trained")

    with pytest.raises(OffdiagonalError, match="target=95 is no error rate"):
        learning(Never(), target=95)


def test_a_score_of_ones_own_may_have_any_target() -> None:
    lost = learning(scoring=lambda *_: -3.0, target=-2)
    assert lost.target_test(-2).target == -2


def test_lengths_that_differ_are_a_length_error() -> None:
    with pytest.raises(LengthError):
        learning(y=Y[:90])


def test_what_is_written_in_another_way_is_taken() -> None:
    assert learning().extrapolate(150.0).n == 150
    assert learning().extrapolate(np.int64(150)).n == 150
    assert od.lasso_path(X, Y, frozen=[0], halves=0).path.frozen == ("0",)
    assert od.lasso_path(FRAME, Y, frozen="age", halves=0).path.frozen == ("age",)
    both = od.learning_curve(Tree(), X.tolist(), pd.Series(Y), repeats=2, sizes=[0.5, 1.0])
    assert len(both.to_frame()) == 4
