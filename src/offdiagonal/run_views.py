"""Views of training runs: one, or several over each other."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from offdiagonal.display.names import variable_name
from offdiagonal.display.output import pixels
from offdiagonal.display.run_session import RunSession
from offdiagonal.display.run_state import Looked
from offdiagonal.display.run_view import RunView
from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.diagnosis import diagnose, events
from offdiagonal.training.record import RunRecord

if TYPE_CHECKING:
    from offdiagonal.run import Run

AXES = ("step", "epoch", "time")
MOST_RUNS = 50


def curves(
    runs: Run | Sequence[Run],
    *,
    x: str = "step",
    log: bool | None = None,
    metrics: str | Sequence[str] | None = None,
    height: int | None = None,
) -> RunView:
    """The curves of several runs over each other: which is better, at what, and what they differ in.

    Parameters
    ----------
    runs
        Runs, what ``od.runs()`` gives, or one run.
    x
        What lies below the curves at first: ``"step"``, ``"epoch"`` or ``"time"``.
    log
        Whether the loss is on a log scale; default: where its curves span a power of ten.
    metrics
        Names of the metrics that are shown, in this order, or one name; default: all.
    height
        Of the loss, in pixels.

    Raises
    ------
    OffdiagonalError
        If there is no run, there are more than 50, or an option is none of the above.

    Examples
    --------
    >>> import offdiagonal as od
    >>> slow, fast = od.Run("lr 0.01", keep=False), od.Run("lr 0.1", keep=False)
    >>> for step in range(3):
    ...     slow.log(step, loss=1 - 0.01 * step)
    ...     fast.log(step, loss=1 - 0.1 * step)
    >>> od.curves([slow, fast]).to_frame().groupby("run")["value"].last().round(2).to_dict()
    {'lr 0.01': 0.98, 'lr 0.1': 0.8}
    """
    if not isinstance(runs, Iterable):  # a Run is none
        runs = [runs]
    found = list(runs)
    if not 0 < len(found) <= MOST_RUNS:
        raise OffdiagonalError(
            f"{len(found)} runs; curves shows 1 to {MOST_RUNS}: choose some, as od.runs()[:10]"
        )
    wrong = next((one for one in found if not hasattr(one, "recorder")), None)
    if wrong is not None:
        raise OffdiagonalError(f"curves takes runs, and {wrong!r:.80} is none; give od.Run objects in a list")
    session = session_of(found) if len(found) > 1 else found[0].session
    return run_view(session, ("curves",), x=x, log=log, metrics=metrics, height=height)


def session_of(runs: Sequence[Run]) -> RunSession:
    """The conversation with the views of some runs."""
    first = weakref.ref(runs[0])  # a view that is open must not keep a run that its user has dropped

    def variable() -> str:
        run = first()
        return "run" if run is None else variable_name(run, "run")

    return RunSession([run.recorder for run in runs], look, variable)


def look(record: RunRecord) -> Looked:
    """What is wrong in a run, and what happened in it."""
    return Looked(diagnose(record), events(record))


def run_view(session: RunSession, views: tuple[str, ...], **options: Any) -> RunView:
    """Views of runs, their options checked."""
    x, metrics = options.get("x", "step"), options.get("metrics")
    if x not in AXES:
        raise OffdiagonalError(f"x={x!r:.80} is none of {', '.join(AXES)}")
    if options.get("height") is not None:
        options["height"] = pixels(options["height"])
    if metrics is not None:
        known = dict.fromkeys(name for r in session.recorders for name in r.record().metrics)
        options["metrics"] = [metrics] if isinstance(metrics, str) else list(metrics)
        missing = [name for name in options["metrics"] if name not in known]
        if missing:
            raise OffdiagonalError(
                f"no metric {missing[0]!r:.80} was logged; there is {', '.join(known) or 'none yet'}"
            )
    return RunView(session, views, options)
