"""What all tests share: the real data, the browser, no network; and no test skips for want of data that is here."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.guard import plugin as guard

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"

# no deadline: a shared machine is slow now and then; in CI the same examples each time
settings.register_profile("offdiagonal", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.register_profile("nightly", deadline=None, max_examples=10_000)
settings.load_profile("offdiagonal")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """A file or folder of the real data beside the checkout; without that folder the test is skipped."""

    def find(name: str) -> Path:
        if not DATA.is_dir():
            pytest.skip(f"no data: {name} is not beside the checkout")
        path = DATA / name
        if not path.exists():
            pytest.fail(f"the data beside the checkout has no {name}")
        return path

    return find


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """The browser that tools/check.py chose or that is installed; None stands for Playwright's own."""
    names = (
        "chromium-headless-shell",
        "chromium",
        "google-chrome-stable",
        "google-chrome",
        "chromium-browser",
    )
    chosen = os.environ.get("OFFDIAGONAL_BROWSER")
    return (next(filter(None, map(shutil.which, names)), None) if chosen is None else chosen) or None


class Skipped:
    """Collects the skipped tests, for the report that tools/check.py reads."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test, its setup or its teardown."""
        self.add(report)

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that skips itself."""
        self.add(report)

    def add(self, report: Any) -> None:
        """Take its reason, unless it is an expected failure."""
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            line = f"{report.nodeid}: {reason.removeprefix('Skipped: ')}"
            if line not in self.lines:
                self.lines.append(line)

    def without_reason(self) -> list[str]:
        """Those that miss data although it is here."""
        return (
            [line for line in self.lines if re.search(r"\bdata\b", line.split(": ", 1)[1])]
            if DATA.is_dir()
            else []
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run if a test missed data that is here, and write the report."""
        if self.without_reason() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        report = os.environ.get("OFFDIAGONAL_REPORT")
        if report:
            Path(report).write_text(json.dumps({"skipped": self.lines}), "utf-8")

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say why the run failed."""
        for line in self.without_reason():
            terminalreporter.write_line(f"ERROR skipped for want of data that is here: {line}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """The network is guarded in every process; only the one that reports collects."""
    config.pluginmanager.register(guard, "offdiagonal-guard")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skipped(), "offdiagonal-skipped")
