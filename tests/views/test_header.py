"""The measures of the header, and the five lines of text."""

from __future__ import annotations

import unicodedata

import numpy as np

from offdiagonal.stats.classification import macro_f1
from offdiagonal.stats.intervals import wilson
from offdiagonal.views.confusion import confusion
from offdiagonal.views.header import header
from offdiagonal.views.slices import slices
from offdiagonal.views.summary import score_lines, summary
from tests.views.conftest import CS229
from tests.views.fakes import ArrayTables, make_tables, of_matrix


def lines(tables: ArrayTables, **more: str) -> list[str]:
    return summary(header(tables), confusion(tables), slices(tables), **more).split("\n")


class TestHeader:
    """Measures of the whole and of the selection."""

    def test_v1(self, cs229: ArrayTables) -> None:
        spec = header(cs229)
        assert (spec.whole.n, spec.classes, spec.positive) == (3655, 3, None)
        assert spec.whole.measures[0].measure == wilson(3505, 3655)
        assert [
            round(x or 0, 4)
            for x in (spec.whole.measures[0].measure.low, spec.whole.measures[0].measure.high)
        ] == [
            0.9520,
            0.9649,
        ]
        assert [score.name for score in spec.whole.measures] == ["accuracy", "macro F1"]
        assert spec.whole.measures[1].measure == macro_f1(CS229)
        assert not spec.filtered

    def test_two_classes(self, spam: ArrayTables) -> None:
        spec = header(spam)
        assert [score.name for score in spec.whole.measures] == [
            "accuracy",
            "precision",
            "recall",
            "F1",
            "AUC",
        ]
        assert spec.positive == "spam"
        assert spec.whole.measures[-1].measure.value == 0.953

    def test_selection(self) -> None:
        label = np.repeat([0, 1], 20)
        spec = header(make_tables(label, np.zeros(40), ["a", "b"], kept={"cell": label == 0}))
        assert spec.filtered
        assert (spec.whole.measures[0].measure.value, spec.selected.measures[0].measure.value) == (0.5, 1)
        assert spec.frame()["rows"] == ["all", "selected"]
        assert spec.frame()["n"].tolist() == [40, 20]

    def test_missing_labels(self) -> None:
        spec = header(
            of_matrix([[20, 5, 0], [0, 20, 5], [7, 7, 7]], ["a", "b", "(missing)"], missing=2, positive=1)
        )
        assert (spec.whole.n, spec.whole.judged, spec.classes) == (71, 50, 2)
        assert spec.whole.measures[0].measure == wilson(40, 50)
        assert score_lines(spec)[0].endswith("71 examples, 21 without a label")

    def test_no_rows(self) -> None:
        spec = header(of_matrix([[0, 0], [0, 0]], ["a", "b"], positive=1))
        assert all(score.measure.value is None for score in spec.whole.measures)
        assert score_lines(spec) == [
            "accuracy — · precision — · recall — · F1 — · 0 examples, no rates below 10"
        ]

    def test_no_classes(self) -> None:
        assert header(make_tables([], [], [])).whole.measures[0].measure.value is None


class TestSummary:
    """Five lines."""

    def test_v1(self, cs229: ArrayTables) -> None:
        assert lines(cs229)[0] == "mail v1 · board · 3 classes"
        assert lines(cs229)[1].startswith("accuracy 95.9 % [95.2, 96.5] · macro F1 94.6 % [")
        assert lines(cs229)[1].endswith(" · 3,655 examples")
        assert (
            "Good → LoanSpam 50 (2.4 % of 2,080) · LoanSpam → Phishing 45 (4.3 % of 1,052)" in lines(cs229)[2]
        )
        assert "contains url" in lines(cs229)[3]
        last = lines(cs229, saved="Saved: counts, and 200 of 3,655 examples.")[4]
        assert last == "Saved: counts, and 200 of 3,655 examples. Run the cell for the live view."

    def test_five_lines_whatever_the_names(self, attacked: ArrayTables) -> None:
        said = lines(attacked)
        assert len(said) == 5
        for character in "".join(said):
            assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}, hex(ord(character))
        "".join(said).encode("utf-8")

    def test_bounded(self, attacked: ArrayTables) -> None:
        assert max(map(len, lines(attacked))) < 700

    def test_nothing_private(self, cs229: ArrayTables) -> None:
        assert "secret" not in "\n".join(lines(cs229))

    def test_selection(self) -> None:
        label = np.repeat([0, 1], 20)
        tables = make_tables(label, np.zeros(40), ["a", "b"], kept={"slice": label == 0})
        assert lines(tables)[1].endswith(
            "40 examples; selected: accuracy 100.0 % [83.9, 100.0] · 20 examples"
        )

    def test_nothing_to_say(self) -> None:
        said = lines(make_tables([], [], []))
        assert said[2].endswith(": none")
        assert said[3].endswith(": none")
