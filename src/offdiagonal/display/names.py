"""What the user calls an object, so that copied code runs as it is."""

from __future__ import annotations

import sys
from typing import Any


def variable_name(value: Any, default: str = "ev") -> str:
    """Name of the notebook variable that holds ``value``; the shortest public one, else ``default``."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return default
    names = [name for name, held in list(shell.user_ns.items()) if held is value and not name.startswith("_")]
    return min(names, key=len, default=default)
