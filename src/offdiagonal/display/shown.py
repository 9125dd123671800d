"""What stands for its board: displayed, saved and framed as the board is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

from offdiagonal.display.view import View


class Shown(ABC):
    """Something that a notebook shows as a board of views."""

    @abstractmethod
    def board(self) -> View:
        """Its views as one output."""

    @property
    def widget(self) -> Any:
        """The board as an ipywidget."""
        return self._board.widget

    def to_frame(self) -> Any:
        """The measures of the header, as a tidy pandas DataFrame."""
        return self._board.to_frame()

    def to_altair(self) -> Any:
        """The board as an Altair chart."""
        return self._board.to_altair()

    def save(self, path: Any, *, rows: int | None = None) -> None:
        """Write the board to a file: interactive ``.html``, or a picture ``.png``, ``.svg``, ``.pdf``.

        Parameters
        ----------
        path
            Where to.
        rows
            How many examples the HTML holds at most; default: ``save_rows``. Pictures hold none.
        """
        self._board.save(path, rows=rows)

    def __repr__(self) -> str:
        """Five lines of text."""
        return repr(self._board)

    def _ipython_display_(self) -> None:
        self._board._ipython_display_()

    def _display_(self) -> Any:
        return self._board._display_()

    def _repr_html_(self) -> str:
        return self._board._repr_html_()

    @cached_property
    def _board(self) -> View:
        return self.board()
