"""What a user gives as measures: names, scorers of scikit-learn, functions."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from offdiagonal.errors import MeasureError
from offdiagonal.measures.functions import function_of
from offdiagonal.measures.names import BY_NAME, EVERY_NAME, folded
from offdiagonal.measures.rows import Part
from offdiagonal.measures.sample import Sample
from offdiagonal.measures.scorers import is_scorer, scorer_by_name, scorer_names, scorer_of

MOST = 64
"""So many measures an Evaluation can have."""


class Measuring(Protocol):
    """A measure, whatever it is made of."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def better(self) -> int:
        """1 where more is better, -1 where less is, 0 where that is not known."""

    @property
    def share(self) -> bool:
        """Whether it is written in per cent."""

    def sample(self, part: Part) -> Sample:
        """The measure of some rows."""


def measure_of(given: Any, name: str | None = None) -> Measuring:
    """One measure.

    Parameters
    ----------
    given
        A name, a scorer or a function.
    name
        What it is called; default: its own name.

    Raises
    ------
    MeasureError
        If there is no such measure, or it is none.
    """
    if isinstance(given, str):
        return _named(_by_name(given), name)
    if is_scorer(given):
        return scorer_of(given, name)
    if isinstance(given, type) or not callable(given):
        raise MeasureError(
            f"measures= takes names, scorers of scikit-learn and functions of label and prediction, not {given!r:.80}"
        )
    return function_of(given, name)


def measures_of(given: Any) -> list[Measuring]:
    """A list of measures, or a dict of their names; no two are called alike.

    Raises
    ------
    MeasureError
        If one of them is none.
    """
    if isinstance(given, Mapping):
        found = [measure_of(one, str(name)) for name, one in given.items()]
    elif isinstance(given, str) or callable(given) or not isinstance(given, Iterable):
        found = [measure_of(given)]
    else:
        found = [measure_of(one) for one in given]
    return found


def _by_name(name: str) -> Measuring:
    known: Measuring | None = BY_NAME.get(folded(name))
    if known is not None:
        return known
    if importlib.util.find_spec("sklearn") is None:
        raise MeasureError.unknown(name, EVERY_NAME)
    found = scorer_by_name(name)
    if found is None:
        raise MeasureError.unknown(name, EVERY_NAME, scorer_names())
    return found


def _named(found: Any, name: str | None) -> Measuring:
    measure: Measuring = found if name is None else dataclasses.replace(found, name=name)
    return measure


Given = str | Callable[..., Any]
