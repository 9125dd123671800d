"""What a view may ask for: the description of the table, and counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, Protocol

from numpy.typing import NDArray

from offdiagonal.stats.cells import Cells
from offdiagonal.stats.clustered import LevelEffects, MatrixEffects
from offdiagonal.table.meta import Meta

Kind = Literal["error", "share", "loss", "label", "rows"]


class Tables(Protocol):
    """Counts of one Evaluation under its selection."""

    @property
    def meta(self) -> Meta:
        """The description of the table."""

    @property
    def amounts(self) -> Collection[str]:
        """What can be added up beside the number of rows, by name."""

    @property
    def split(self) -> tuple[int, ...] | None:
        """Codes of the splits in force, which "all rows" are of; None where no row is left out by its split."""

    def tabulate(
        self, by: Sequence[str], without: str | tuple[str, ...] = (), whole: bool = False
    ) -> NDArray[Any]:
        """Count the selected rows by dims, or add up an amount.

        Parameters
        ----------
        by
            Dims: ``label``, ``prediction``, ``outcome``, ``confidence``, ``c0`` ..., ``s0`` ... An amount named
            first, as ``+wl``, is added up in place of the rows. One alone of ``p0`` ...: twice the bin of a class's
            probability, plus one where the class is the label, and last the rows where either is unknown.
        without
            The field whose clause is left out, or several: ``cell``, ``slice``, ``confidence``, ``c0`` ...
        whole
            Count all rows of the split, whatever else is selected.

        Returns
        -------
        array of shape (size of each dim)
        """

    def score_effects(self, *, whole: bool) -> Mapping[str, float]:
        """By how much groups of rows widen the interval of each number of the header; none where there are no groups.

        Parameters
        ----------
        whole
            Of all rows of the split, whatever else is selected.
        """

    def slice_effects(self, keys: Sequence[str], kind: Kind, label: int = 0) -> Mapping[str, LevelEffects]:
        """The same of the levels of columns and slices; none where there are no groups.

        Parameters
        ----------
        keys
            Columns and slices: ``c0`` ..., ``s0`` ...
        kind
            ``error``, ``share`` of them that is selected, mean ``loss``, how often a ``label`` is, or ``rows`` alone.
        label
            Which label.
        """

    def cells(self, without: str | tuple[str, ...] = (), whole: bool = False) -> Cells:
        """The cells of label and prediction that occur among the selected rows, with counts and weights."""

    def matrix_effects(self, rows: str, columns: str, without: tuple[str, ...]) -> MatrixEffects | None:
        """The same of the cells of a matrix; None where there are no groups.

        Parameters
        ----------
        rows, columns
            The dims of its sides.
        without
            The fields whose clauses are left out.
        """

    def outcomes(
        self, dims: Sequence[str], without: str | tuple[str, ...] = (), amount: str = ""
    ) -> list[NDArray[Any]]:
        """Count the selected rows by each of some dims and the outcome, or add up an amount.

        Parameters
        ----------
        dims
            Columns and slices: ``c0`` ..., ``s0`` ... Each leaves its own clause out, a slice those of all slices.
        without
            The field, or the fields, whose clauses are left out too.
        amount
            What is added up in place of the rows, as ``+w``.

        Returns
        -------
        list of arrays of shape (size of the dim, 3)
        """
