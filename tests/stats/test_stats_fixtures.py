import ast
import json
import sys
from pathlib import Path

import pytest
from tests.stats.make_fixtures import PATH, build

from offdiagonal import stats


def assert_same(given, expected, where="fixtures"):
    if isinstance(expected, dict):
        assert given.keys() == expected.keys(), where
        for key, value in expected.items():
            assert_same(given[key], value, f"{where}.{key}")
    elif isinstance(expected, list | tuple):
        assert len(given) == len(expected), where
        for place, value in enumerate(expected):
            assert_same(given[place], value, f"{where}[{place}]")
    elif isinstance(expected, float):
        assert given == pytest.approx(expected, rel=1e-12, abs=1e-12), where
    else:
        assert given == expected, where


def test_the_fixtures_are_what_the_script_makes():
    """To the last bits of a logarithm, which machines may round differently."""
    assert_same(json.loads(PATH.read_text("utf-8")), build())


@pytest.mark.parametrize(
    "module", sorted(Path(stats.__file__).parent.glob("*.py")), ids=lambda path: path.stem
)
def test_nothing_heavier_than_numpy_is_imported(module):
    """What the first board imports; scipy may only be imported inside a function."""
    nodes = ast.parse(module.read_text("utf-8")).body
    names = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    assert {name.split(".")[0] for name in names} <= {"numpy", "offdiagonal", *sys.stdlib_module_names}
    assert all(name.startswith("offdiagonal.stats.") for name in names if name.startswith("offdiagonal"))
