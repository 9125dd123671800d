"""What a Run sees of a PyTorch model, and what is wrong with the run: methods of a Run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from offdiagonal.findings import Finding
from offdiagonal.training.record import RunRecord

if TYPE_CHECKING:
    from offdiagonal.training.recorder import Recorder


class Recorded(Protocol):
    """A run, as these methods know it."""

    @property
    def recorder(self) -> Recorder:
        """What takes what is logged."""

    @property
    def record(self) -> RunRecord:
        """All that was logged until now."""


class Watching:
    """Looking into a PyTorch model, and the findings of a run."""

    def watch(
        self: Recorded,
        model: Any,
        optimizer: Any = None,
        loss_function: Any = None,
        *,
        every: int | None = None,
    ) -> Callable[[], None]:
        """Look at the layers of a PyTorch model while it learns: outputs, gradients, weights and their updates.

        Nothing waits for the device. The hooks go when the run ends, and keep nothing of the model alive.

        Parameters
        ----------
        model
            A ``torch.nn.Module``.
        optimizer
            What moves its weights: one optimiser or a list.
        loss_function
            A module such as ``torch.nn.CrossEntropyLoss()``: then its targets are looked at too.
        every
            Look at one in so many steps; default: one in five for the first 0.2 seconds of
            looking, then so seldom that it takes at most 2 % of the time.

        Returns
        -------
        Callable
            Takes the hooks away.

        Raises
        ------
        OffdiagonalError
            If the model is no module, the optimiser none, or ``every`` no number of steps.

        Examples
        --------
        ::

            run = od.Run("lr 1e-3")
            run.watch(model, optimizer, loss_function)
            for step, (x, y) in enumerate(batches):
                optimizer.zero_grad()
                loss = loss_function(model(x), y)
                loss.backward()
                optimizer.step()
                run.log(step, loss=loss)
            run.findings()
        """
        from offdiagonal.training.hooks import torch

        return torch.watch(self, model, optimizer, loss_function, every).remove

    def findings(self: Recorded) -> list[Finding]:
        """What is wrong with the run, the likeliest cause first."""
        from offdiagonal.training.diagnosis import diagnose

        return list(diagnose(self.record))
