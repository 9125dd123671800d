"""The wheel is small and whole, imports nothing heavy, and is built from the sdist without Node.js."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

import offdiagonal

MAX_WHEEL = 2 * 1024 * 1024


def hatchling_build(project: Path, target: str, folder: Path, **variables: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    environment = {**os.environ, **variables}
    subprocess.run(command, cwd=project, env=environment, check=True, stdin=subprocess.DEVNULL)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hatchling_build(root, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: list[str]) -> Message:
    (name,) = [name for name in names if name.endswith(".dist-info/METADATA")]
    return message_from_string(zipfile.ZipFile(wheel).read(name).decode())


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= MAX_WHEEL


@pytest.mark.parametrize(
    "name",
    [
        "offdiagonal/py.typed",
        "offdiagonal/display/bundle/board.js.gz",
        "offdiagonal/display/bundle/calibration.js.gz",
        "offdiagonal/display/bundle/data.js.gz",
        "offdiagonal/display/bundle/numbers.js.gz",
        "offdiagonal/display/bundle/stub.js",
        "offdiagonal/display/bundle/loader.js",
        "offdiagonal/display/bundle/THIRD_PARTY.txt",
        "offdiagonal/datasets/LICENSES.md",
        "offdiagonal/datasets/sms_spam.tsv.xz",
        "offdiagonal/datasets/banking77.csv.xz",
        "offdiagonal/datasets/bike_sharing.csv.xz",
        "offdiagonal/datasets/hpc_cv.csv.xz",
    ],
)
def test_wheel_has(names: list[str], name: str) -> None:
    assert name in names


def test_wheel_has_all_modules_and_nothing_beside_the_package(root: Path, names: list[str]) -> None:
    modules = {path.relative_to(root / "src").as_posix() for path in (root / "src").rglob("*.py")}
    assert modules <= set(names)
    assert {name.split("/")[0] for name in names} == {"offdiagonal", names[-1].split("/")[0]}
    assert not [name for name in names if "__pycache__" in name or "node_modules" in name]


def test_third_party_licences_name_what_the_bundle_contains(wheel: Path) -> None:
    text = zipfile.ZipFile(wheel).read("offdiagonal/display/bundle/THIRD_PARTY.txt").decode()
    assert "\npreact 10." in text
    assert "Permission is hereby granted" in text
    assert ("ISC" in text) == ("d3-" in text)


def test_metadata(metadata: Message) -> None:
    assert metadata["Name"] == "offdiagonal"
    assert metadata["Version"] == offdiagonal.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert set(metadata.get_all("License-File", [])) == {"LICENSE", "src/offdiagonal/datasets/LICENSES.md"}
    assert metadata["Description-Content-Type"] == "text/markdown"
    core = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert [line.split(">=")[0] for line in core] == [
        "altair",
        "anywidget",
        "duckdb",
        "ipywidgets",
        "narwhals",
        "numpy",
        "pandas",
        "scikit-learn",
        "scipy",
        "vl-convert-python",
    ]


def test_citation_has_the_version(root: Path) -> None:
    assert f"\nversion: {offdiagonal.__version__}\n" in (root / "CITATION.cff").read_text("utf-8")


def test_import_is_light(unpacked: Path) -> None:
    code = "import json, sys, offdiagonal; print(json.dumps([offdiagonal.__file__, *sys.modules]))"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
        cwd=unpacked,
    )
    file, *modules = json.loads(ran.stdout)
    assert Path(file).is_relative_to(unpacked)
    heavy = {
        "IPython",
        "altair",
        "anywidget",
        "duckdb",
        "ipywidgets",
        "polars",
        "pyarrow",
        "scipy.stats",
        "sklearn",
    }
    assert heavy & set(modules) == set()


def test_sdist_builds_the_same_wheel_without_node(root: Path, wheel: Path, tmp_path: Path) -> None:
    sdist = hatchling_build(root, "sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert not (source / "js" / "node_modules").exists()

    (tmp_path / "empty").mkdir()
    again = hatchling_build(source, "wheel", tmp_path / "again", PATH=str(tmp_path / "empty"))
    first, second = (
        {info.filename: info.CRC for info in zipfile.ZipFile(path).infolist()} for path in (wheel, again)
    )
    assert second == first
