"""Puts a view on the notebook: island, live widget, end mark; and closes what the same cell showed before."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

from offdiagonal.display.island import END

if TYPE_CHECKING:
    from offdiagonal.display.widget import ViewWidget

# Widgets by the cell that shows them: a cell that runs again closes those of its last run, on both sides.
_shown: dict[str, tuple[str, list[weakref.ref[ViewWidget]]]] = {}


def in_kernel() -> bool:
    """Whether a notebook kernel is there to show a widget."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def publish(island: str, text: str, widget: ViewWidget | None) -> None:
    """Publish the three outputs of a view; without a widget the island alone."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    if widget is None:
        shell.display_pub.publish(data={"text/html": island, "text/plain": text}, metadata={})
        return
    _replace_earlier(shell, widget)
    bundle: Any = widget._repr_mimebundle_()
    live = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
    outputs = [
        {"text/html": island, "text/plain": text},
        {**live, "text/plain": ""},
        {"text/html": END, "text/plain": ""},
    ]
    for data in outputs:
        shell.display_pub.publish(data=data, metadata={})


def _replace_earlier(shell: Any, widget: ViewWidget) -> None:
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = parent.get("metadata", {}).get("cellId")
    run = parent.get("header", {}).get("msg_id")
    if cell is None or run is None:
        return
    last_run, widgets = _shown.get(cell, (run, []))
    if last_run != run:
        for earlier in widgets:
            found = earlier()
            if found is not None:
                found.close()
        widgets = []
    _shown[cell] = (run, [*widgets, weakref.ref(widget)])
