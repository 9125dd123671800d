"""What displays itself in three lives: the live widget, the saved form, the text."""

from __future__ import annotations

import sys
import uuid
from abc import ABC, abstractmethod
from functools import cached_property
from numbers import Integral
from typing import Any

from offdiagonal.display.island import Island, island_html
from offdiagonal.display.show import in_kernel, publish
from offdiagonal.errors import OffdiagonalError

HEIGHTS = (60, 10_000)


def pixels(height: Any) -> int:
    """A height that a view can be drawn in.

    Raises
    ------
    OffdiagonalError
        If it is none.
    """
    low, high = HEIGHTS
    whole = isinstance(height, Integral) and not isinstance(height, bool)
    if not whole or not low <= height <= high:
        raise OffdiagonalError(
            f"height= is a whole number of pixels from {low} to {high:,}, not {height!r:.80}; "
            "leave it out for the usual one"
        )
    return int(height)


class Output(ABC):
    """One or more views. Displaying it in a notebook shows the live widget and saves a form that needs no kernel."""

    @cached_property
    def widget(self) -> Any:
        """The view as an ipywidget, for HBox, Tab and the like."""
        return self._new_widget(uuid.uuid4().hex)

    @abstractmethod
    def _saved(self) -> tuple[Island, str]:
        """The saved form, and the same as five lines of text."""

    @abstractmethod
    def _new_widget(self, display: str) -> Any:
        """A live view."""

    def _ipython_display_(self) -> None:
        if not in_kernel():
            sys.stdout.write(f"{self!r}\n")
            return
        island, text = self._saved()
        publish(island_html(island), text, self._widget_or_none(island.display))

    def _display_(self) -> Any:
        """What marimo shows: the live widget."""
        return self.widget

    def _repr_html_(self) -> str:
        """The saved form, for hosts that show no widget."""
        return island_html(self._saved()[0])

    def _widget_or_none(self, display: str) -> Any:
        """The live view; None in an environment without ipywidgets: there the saved form is shown."""
        try:
            return self._new_widget(display)
        except ImportError:
            return None
