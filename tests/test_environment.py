"""tools/environment.py: what is tried once is not tried again, and uv is told what pip was told."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.test_tools import load


@pytest.fixture
def tools(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, Any]:
    """tools/check.py and the module of the environment that it uses, which starts nothing here."""
    monkeypatch.syspath_prepend(str(root / "tools"))
    check = load(root, "check")
    environment: Any = check.environment
    monkeypatch.setattr(environment, "prepare", lambda *_: None)
    return check, environment


def test_a_browser_that_cannot_be_installed_is_tried_once_before_playwrights_own(
    tools: tuple[ModuleType, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check, environment = tools
    tried: list[tuple[str, ...]] = []

    def call(*command: Any, **_: Any) -> int:
        tried.append(tuple(str(part) for part in command[1:4]))
        return 100 if command[0] == "apt-get" else 0

    monkeypatch.setattr(environment, "_browser_here", lambda: None)
    monkeypatch.setattr(environment, "_can_apt", lambda: True)
    monkeypatch.setattr(environment, "call", call)
    variables: dict[str, str] = {}
    assert check.set_up(variables, browser=True)[0] == 0
    assert variables == {"OFFDIAGONAL_BROWSER": ""}
    assert [command[0] for command in tried] == ["update", "install"] * 2 + ["-m"]
    assert tried[-1] == ("-m", "playwright", "install")


def test_a_browser_that_is_here_is_the_one(
    tools: tuple[ModuleType, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check, environment = tools
    monkeypatch.setattr(environment, "_browser_here", lambda: "/usr/bin/chromium")
    variables: dict[str, str] = {}
    assert check.set_up(variables, browser=True)[0] == 0
    assert variables == {"OFFDIAGONAL_BROWSER": "/usr/bin/chromium"}


def test_without_a_browser_anywhere_the_set_up_fails_and_says_so(
    tools: tuple[ModuleType, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check, environment = tools
    monkeypatch.setattr(environment, "_browser_here", lambda: None)
    monkeypatch.setattr(environment, "_can_apt", lambda: False)
    monkeypatch.setattr(environment, "call", lambda *_, **__: 1)
    assert check.set_up({}, browser=True)[0] == 1
    assert "none could be installed: install one." in capsys.readouterr().out
