"""tools/environment.py: what is tried once is not tried again, and uv is told what pip was told."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
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


def listed(settings: dict[str, str]) -> str:
    return "".join(f"{name}={value!r}\n" for name, value in settings.items())


def test_uv_is_told_each_place_of_a_list_over_lines(
    tools: tuple[ModuleType, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, environment = tools
    settings = {
        ":env:.find-links": "/opt/it's",
        "global.cert": "/etc/it's.pem",
        "global.extra-index-url": "\nhttps://a.example/simple\nhttps://b.example/simple",
        "global.find-links": "/opt/of-a-file",
    }
    calls: list[list[str]] = []
    certificates: list[dict[str, str]] = []

    def call(*command: Any, more: dict[str, str] | None = None) -> int:
        calls.append([str(part) for part in command])
        certificates.append(more or {})
        return 0

    monkeypatch.setattr(environment, "call", call)
    monkeypatch.setattr(
        environment.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=listed(settings))
    )
    assert environment._install_with_uv(("numpy",), {})
    told = calls[-1][calls[-1].index("--python") + 2 :]
    assert told == [
        *("--extra-index-url", "https://a.example/simple"),
        *("--extra-index-url", "https://b.example/simple"),
        *("--find-links", "/opt/it's"),
        "numpy",
    ]
    assert certificates[-1] == {"SSL_CERT_FILE": "/etc/it's.pem"}


def test_what_pip_lists_is_read_as_it_was_written(
    tools: tuple[ModuleType, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("pip")
    _, environment = tools
    written = tmp_path / "pip.conf"
    written.write_text("[global]\nextra-index-url =\n  https://a.example\n  https://b.example\n", "utf-8")
    monkeypatch.setattr(environment, "python", lambda: Path(sys.executable))
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(written))
    places = environment._pip_settings()["extra-index-url"].split()
    assert places == ["https://a.example", "https://b.example"]


def test_a_setting_that_is_no_literal_is_read_bare(
    tools: tuple[ModuleType, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, environment = tools
    bare = SimpleNamespace(stdout="global.timeout=60\nglobal.index-url=https://a.example/simple\n")
    monkeypatch.setattr(environment.subprocess, "run", lambda *_, **__: bare)
    assert environment._pip_settings() == {"timeout": "60", "index-url": "https://a.example/simple"}
