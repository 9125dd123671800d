"""Builds the front end when the package is built or installed, if the bundle is missing or stale."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

import frontend


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling calls it before a wheel, an sdist or an editable install."""

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, only where there is something to build and nothing to build it with."""
        return [frontend.NODE_PACKAGE] if frontend.stale() and frontend.node() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build what is stale."""
        frontend.build()
