"""The demo data: what the docstrings say of it, and that it is the source's."""

from __future__ import annotations

import doctest
import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from offdiagonal import datasets

HPC = ["obs", "pred", "VF", "F", "M", "L", "Resample"]
BIKES = ["date", "hour", "season", "weekday", "working_day", "holiday", "weather"]
BIKES += ["temperature", "humidity", "wind", "rentals"]
PIXELS = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
TABLES = {
    "sms_spam": ((4862, 2), ["label", "text"]),
    "banking77": ((13242, 3), ["text", "label", "split"]),
    "bike_sharing": ((17379, 11), BIKES),
    "hpc_cv": ((3467, 7), HPC),
    "digits": ((1797, 65), ["label", *PIXELS]),
}
SHARED = Path(__file__).parents[3] / "shared" / "data"


def shared(path: str) -> Path:
    if not (SHARED / path).exists():
        pytest.skip(f"the real data is not here: ../shared/data/{path}")
    return SHARED / path


@pytest.mark.parametrize("name", TABLES)
def test_shape_columns_and_no_missing_value(name: str) -> None:
    shape, columns = TABLES[name]
    frame = getattr(datasets, name)()
    assert isinstance(frame, pd.DataFrame)
    assert frame.shape == shape
    assert list(frame.columns) == columns
    assert not frame.isna().any(axis=None)
    assert frame.index.equals(pd.RangeIndex(len(frame)))


def test_every_public_name_is_a_table() -> None:
    assert sorted(datasets.__all__) == sorted(TABLES)


def test_each_call_returns_a_fresh_frame() -> None:
    first = datasets.hpc_cv()
    first.loc[0, "obs"] = "changed"
    assert datasets.hpc_cv().loc[0, "obs"] == "VF"


def test_sms_spam() -> None:
    frame = datasets.sms_spam()
    assert frame["label"].value_counts().to_dict() == {"ham": 4220, "spam": 642}
    assert frame["text"].nunique() == 4534
    assert frame["text"].str.len().between(1, 910).all()


def test_banking77() -> None:
    frame = datasets.banking77()
    assert frame["label"].nunique() == 77
    assert frame["split"].value_counts().to_dict() == {"train": 8622, "test": 3080, "valid": 1540}
    assert frame["text"].duplicated().sum() == 170
    rest = set(frame.loc[frame["split"] != "test", "text"])
    assert len(set(frame.loc[frame["split"] == "test", "text"]) & rest) == 6


def test_hpc_cv() -> None:
    frame = datasets.hpc_cv()
    classes = ["VF", "F", "M", "L"]
    probabilities = frame[classes]
    assert frame["obs"].value_counts().to_dict() == {"VF": 1769, "F": 1078, "M": 412, "L": 208}
    assert set(frame["pred"]) == set(classes)
    assert probabilities.dtypes.eq("float64").all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-12)
    assert (probabilities.idxmax(axis=1) == frame["pred"]).all()
    assert frame["Resample"].nunique() == 10


def test_digits() -> None:
    frame = datasets.digits()
    assert sorted(frame["label"].unique()) == list(range(10))
    assert frame["label"].dtype.kind == "i"
    pixels = frame[PIXELS].to_numpy()
    assert pixels.min() == 0
    assert pixels.max() == 16
    assert pixels[0, :8].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_sms_spam_is_the_source() -> None:
    source = pd.read_csv(shared("sms_spam/sms_spam.tsv"), sep="\t", quoting=3, na_filter=False)
    pd.testing.assert_frame_equal(datasets.sms_spam(), source)


def test_banking77_is_the_source() -> None:
    source = pd.read_csv(shared("intents/banking77.csv.gz"), na_filter=False)
    pd.testing.assert_frame_equal(datasets.banking77(), source[["text", "label", "split"]])


def test_hpc_cv_is_the_source() -> None:
    source = pd.read_csv(shared("modeldata/hpc_cv.csv.gz"), na_filter=False)
    pd.testing.assert_frame_equal(datasets.hpc_cv(), source)


def test_bike_sharing_is_the_source() -> None:
    source, frame = pd.read_csv(shared("bike_sharing/hour.csv")), datasets.bike_sharing()
    same = {"date": "dteday", "hour": "hr", "rentals": "cnt"}
    for ours, theirs in same.items():
        assert frame[ours].tolist() == source[theirs].tolist()
    for ours, theirs, factor in (
        ("temperature", "temp", 41),
        ("humidity", "hum", 100),
        ("wind", "windspeed", 67),
    ):
        np.testing.assert_allclose(frame[ours], source[theirs] * factor, atol=0.51)
    for ours, theirs in {"season": "season", "weather": "weathersit", "weekday": "weekday"}.items():
        assert (
            frame.groupby(ours).size().sort_values().tolist() == source[theirs].value_counts()[::-1].tolist()
        )


def test_every_file_has_its_licence() -> None:
    folder = resources.files(datasets)
    text = folder.joinpath("LICENSES.md").read_text(encoding="utf-8")
    sections = {part.splitlines()[0]: part for part in text.split("\n## ")[1:]}
    files = {entry.name for entry in folder.iterdir() if entry.name.endswith(".xz")}
    assert set(sections) == files | {"digits"}
    for section in sections.values():
        assert "- Licence: " in section
        assert "- Where: <http" in section
        assert "- Cite: " in section
    assert "free for all purposes" in sections["sms_spam.tsv.xz"]
    assert "CC BY 4.0" in sections["banking77.csv.xz"]
    assert "Copyright (c) 2023 modeldata authors" in sections["hpc_cv.csv.xz"]
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in sections["hpc_cv.csv.xz"]


def test_the_files_stay_small() -> None:
    sizes = [len(f.read_bytes()) for f in resources.files(datasets).iterdir() if f.name.endswith(".xz")]
    assert sum(sizes) < 600_000


def test_importing_loads_neither_pandas_nor_sklearn() -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\nimport offdiagonal.datasets\n"
        "print(sorted({'pandas', 'sklearn'} & (set(sys.modules) - before)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "[]"


def test_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(datasets).failed == 0
