"""What all hooks share: the beginning of a training, and numbers as JSON holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Any, Protocol

PLAIN = (bool, int, float, str)
MOST_SETTINGS = 100


class Logged(Protocol):
    """A run, as hooks know it."""

    @property
    def should_stop(self) -> bool:
        """Whether somebody pressed Stop."""

    def log(self, step: float | None = None, /, **metrics: Any) -> None:
        """Take numbers of a step."""

    def fact(self, key: str, value: Any) -> None:
        """Take something that is no number by step."""

    def configure(self, config: Mapping[str, Any]) -> None:
        """Take settings where the user gave none."""

    def resume(self) -> None:
        """The training begins, or goes on."""

    def finish(self) -> None:
        """The training is over."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """The training is over, perhaps by an error."""


def begin(run: Logged, package: str, config: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Say what trains, with which settings; from here on Stop is the hook's affair."""
    run.resume()
    assert run.should_stop is not None  # to look there is what makes log no longer raise
    run.configure(settings(config))
    try:
        run.fact("framework", f"{package} {version(package)}")
    except PackageNotFoundError:  # it is there under another name, as in an own build
        run.fact("framework", package)
    for key, value in facts.items():
        if value is not None:
            run.fact(key, value)


def watched(run: Logged, model: Any, optimizers: Sequence[Any], step: int) -> Any:
    """Look at the layers of a PyTorch model; the next update is one behind the step."""
    from offdiagonal.training.hooks import torch

    watcher = torch.watch(run, model, list(optimizers) or None, None, None)
    watcher.step = step
    return watcher


def settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """Of settings those that say something: numbers, texts and short lists of them."""
    found: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, PLAIN):
            found[str(key)] = value[:200] if isinstance(value, str) else value
        elif (
            isinstance(value, list | tuple) and len(value) <= 20 and all(isinstance(v, PLAIN) for v in value)
        ):
            found[str(key)] = list(value)
        elif hasattr(value, "item") and getattr(value, "size", 0) == 1:
            found[str(key)] = value.item()
        if len(found) == MOST_SETTINGS:
            break
    return found


def size_of(data: Any) -> int | None:
    """How many examples there are, where the data know."""
    try:
        return len(data)
    except (TypeError, NotImplementedError):
        return None


def whole(number: Any) -> int | None:
    """A number of steps, where there is one: a stream has infinitely many."""
    return int(number) if isinstance(number, int | float) and 0 < number < 1e15 else None
