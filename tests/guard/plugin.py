"""Holds the whole suite away from the network: what is asked for is refused, and fails the test that asked."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# A worker of the suite has loaded it as any child does: a second copy would have rules and errors of its own.
_LOADED = sys.modules.get("sitecustomize")
_GUARD = (
    _LOADED
    if hasattr(_LOADED, "NetworkRefusedError")
    else importlib.import_module("tests.guard.sitecustomize")
)
LOG, NetworkRefusedError, Rule, local = _GUARD.LOG, _GUARD.NetworkRefusedError, _GUARD.Rule, _GUARD.local

FOLDER = Path(__file__).resolve().parent


def pytest_configure() -> None:
    """Every process of the suite has a file of its own for refusals, its children write there too."""
    os.environ[LOG] = str(Path(tempfile.mkdtemp(prefix="offdiagonal-guard-")) / "refused.txt")
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(FOLDER) not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([str(FOLDER), *filter(None, paths)])


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    log = Path(os.environ[LOG])
    log.unlink(missing_ok=True)
    log.parent.rmdir()


def refused() -> str:
    """What was refused since it was last asked."""
    log = Path(os.environ[LOG])
    text = log.read_text("utf-8") if log.exists() else ""
    log.unlink(missing_ok=True)
    return text


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Only tests of real hosts reach this machine; before their fixtures are made, so no fixture says so."""
    Rule.loopback = item.get_closest_marker("browser") is not None
    try:
        return (yield)
    finally:
        Rule.loopback = True


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail where the network was asked for, also where the error was swallowed."""
    yield
    asked = refused()
    assert not asked, f"asked for the network:\n{asked}"
