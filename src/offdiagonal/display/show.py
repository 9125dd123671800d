"""Puts a view on the notebook: island, live widget, end mark; and closes what the same cell showed before."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

from offdiagonal.display.island import END

if TYPE_CHECKING:
    from offdiagonal.display.widget import LiveWidget

# Widgets by the cell, or the Output in it, that shows them, and these places by the cell that they are in: a cell that
# runs again closes those of its last run, on both sides.
_shown: dict[str, list[weakref.ref[LiveWidget]]] = {}
_cells: dict[str, tuple[str, set[str]]] = {}


def in_kernel() -> bool:
    """Whether a notebook kernel is there to show a widget."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def publish(island: str, text: str, widget: LiveWidget | None) -> None:
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


def _replace_earlier(shell: Any, widget: LiveWidget) -> None:
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = parent.get("metadata", {}).get("cellId")
    run = parent.get("header", {}).get("msg_id")
    place = _output_of(run) or cell
    if run is None or place is None:
        return
    if cell is not None:
        last_run, places = _cells.get(cell, (run, set()))
        if last_run != run:
            for earlier in places:
                _close(earlier)
            places = set()
        _cells[cell] = (run, places | {place})
    # What an Output showed before stays until its cell runs again: ended now, JupyterLab would not draw what follows.
    _shown.setdefault(place, []).append(weakref.ref(widget))


def _close(place: str) -> None:
    """End what a cell or an Output showed."""
    for earlier in _shown.pop(place, []):
        found = earlier()
        if found is not None:
            found.close()


def _output_of(run: str | None) -> str | None:
    """The ipywidgets Output that takes what is displayed now, as those of ``interactive`` do; None: the cell does."""
    from ipywidgets import Output, widgets

    # Nothing public lists the widgets there are.
    instances: dict[str, Any] = getattr(widgets.widget, "_instances", {})
    taking = [name for name, one in list(instances.items()) if isinstance(one, Output) and one.msg_id == run]
    return taking[-1] if taking and run is not None else None
