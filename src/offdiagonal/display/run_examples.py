"""The examples behind a training, where an Evaluation holds them: how many were learned late, and what shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from offdiagonal.display.message import shown
from offdiagonal.errors import MessageError


@dataclass(frozen=True)
class Kind:
    """Examples that a training told apart."""

    name: str
    n: int
    clauses: Sequence[Mapping[str, Any]]
    """What selects them alone, as JSON."""


@dataclass(frozen=True)
class Joined:
    """An Evaluation that holds the examples of a run."""

    variable: str
    fingerprint: str
    kinds: Sequence[Kind]
    none: Sequence[Mapping[str, Any]]
    """The clauses where nothing is selected."""
    selected: str | None
    """The kind whose examples are selected, and no others."""
    by: str
    """What says which are right: ``prediction``, or ``loss`` where no predictions were logged."""


Told = Callable[[], Callable[[], Joined] | None]
Show = Callable[[], Callable[[str | None], None] | None]
"""Methods of an Evaluation; None once it is gone."""


class ExamplesDoor:
    """What a run's views know of its examples; they are those of the Evaluation that joined last and is still there."""

    def __init__(self) -> None:
        self._joined: list[tuple[Told, Show]] = []

    def join(self, told: Told, show: Show) -> Callable[[], None]:
        """An Evaluation has the examples: `told` says what it knows of them, `show` selects those of a kind.

        The returned function ends that.
        """
        entry = (told, show)
        self._joined.append(entry)
        return lambda: self._joined.remove(entry)

    def told(self) -> Joined | None:
        """What is known of the examples."""
        for told, _ in reversed(self._joined):
            if (method := told()) is not None:
                return method()
        return None

    def message(self) -> dict[str, Any]:
        """The same for a page."""
        return {"type": "examples", "joined": joined_json(self.told())}

    def asked(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Select the examples of a kind, or no longer, as a page wants it.

        Raises
        ------
        MessageError
            If no Evaluation holds them, or there is no such kind.
        """
        kind, joined = content.get("kind"), self.told()
        if joined is None:
            raise MessageError("no Evaluation holds the examples of this run any more; run its cell again")
        if kind is not None and kind not in [one.name for one in joined.kinds]:
            raise MessageError(f"there are no examples of the kind {shown(kind)}")
        show = next((method for _, show in reversed(self._joined) if (method := show()) is not None), None)
        if show is not None:
            show(kind)
        return self.message(), []


def joined_json(joined: Joined | None) -> dict[str, Any] | None:
    """What a page is told."""
    return None if joined is None else asdict(joined)
