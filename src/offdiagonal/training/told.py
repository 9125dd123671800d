"""What a loop tells of single examples: shapes are checked at the call, what is on a device in another thread."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.growing import ExamplesAt
from offdiagonal.training.values import array, taken

if TYPE_CHECKING:
    from offdiagonal.training.recorder import Recorder

log = logging.getLogger("offdiagonal")

TOLERANCE = 0.02
"""How far a sum may be from 1, and a probability outside 0 to 1: half precision is off by so much."""
LOOKED_AT = 1000
"""Rows of probabilities that are looked at in the loop itself."""
SOFTMAX = "of logits give the softmax, such as logits.softmax(1) or scipy.special.softmax(logits, axis=1)"


def ids_taken(ids: Any) -> Any:
    """The ids as they are now; of a tensor a copy on its device.

    Raises
    ------
    OffdiagonalError
        If they are no values that tell examples apart.
    """
    if hasattr(ids, "detach"):
        if ids.ndim != 1:
            raise OffdiagonalError(f"ids= has the shape {tuple(ids.shape)}; give one value for each example")
        if _readable(ids):
            _must_be_apart(array(ids).tolist())
        return taken(ids)
    found = _objects("ids", ids)
    try:
        _must_be_apart(found.tolist())
    except TypeError as error:
        raise OffdiagonalError(
            f"ids tell examples apart, so each is one value, not {found[0]!r:.80}"
        ) from error
    return found


def values_taken(name: str, value: Any) -> Any:
    """What is told of examples, checked as far as that needs no wait for a device.

    Raises
    ------
    OffdiagonalError
        If it is not one value an example, or probabilities are none.
    """
    shape = tuple(getattr(value, "shape", ()))
    if name == "prediction" and len(shape) > 1:
        one = "prediction.ravel()" if shape[1:] == (1,) else "logits.argmax(1)"
        raise OffdiagonalError(
            f"prediction= has the shape {shape}; give the class that is predicted for each example, such as {one}"
        )
    if not hasattr(value, "detach"):
        try:
            value = _classes(value) if name == "prediction" else np.array(value, dtype=np.float32)
        except (TypeError, ValueError) as error:
            if isinstance(error, OffdiagonalError):
                raise
            raise OffdiagonalError(f"{name}= holds what is no number: {error}") from error
    most = 2 if name == "probabilities" else 1
    if not 1 <= value.ndim <= most:
        raise OffdiagonalError(
            f"{name}= has the shape {tuple(value.shape)}; give one value for each example"
            + (", or one for each class too" if most == 2 else "")
        )
    if name == "probabilities" and _readable(value):
        wrong = no_probabilities(np.asarray(array(value[:LOOKED_AT]), np.float32))
        if wrong is not None:
            raise OffdiagonalError(wrong)
    return taken(value)


def no_probabilities(values: NDArray[np.float32]) -> str | None:
    """Why numbers are no probabilities; NaN, of a model that diverged, is passed over."""
    outside = values[(values < -TOLERANCE) | (values > 1 + TOLERANCE)]
    if outside.size:
        return f"probabilities= holds {outside[0]:.4g}, which is not from 0 to 1; {SOFTMAX}"
    if values.ndim == 2 and values.shape[1] > 1:
        sums = values.sum(axis=1)
        off = sums[np.abs(sums - 1) > TOLERANCE]
        if off.size:
            return f"a row of probabilities= sums to {off[0]:.4g} and not to 1; {SOFTMAX}"
    return None


def read_examples(recorder: Recorder, step: float, ids: Any, known: Mapping[str, Any]) -> None:
    """Read what was taken of examples, in the recorder's thread; probabilities that are none are left out and named."""
    who = array(ids).astype(object)
    _must_be_apart(who.tolist())
    prediction = array(known["prediction"]).astype(object) if "prediction" in known else None
    probability = np.asarray(array(known["probabilities"]), np.float32) if "probabilities" in known else None
    wrong = None if probability is None else no_probabilities(probability)
    if wrong is not None:
        if "no_probabilities" not in recorder.facts:
            recorder.facts["no_probabilities"] = wrong
            log.error("%s, step %g: %s", recorder.name, step, wrong)
        probability = None
    if probability is not None and probability.ndim == 2:
        probability = probability.max(axis=1)
    loss = np.asarray(array(known["loss"]), np.float32) if "loss" in known else None
    recorder.add_examples(ExamplesAt(step, who, loss, prediction, probability))


def _readable(value: Any) -> bool:
    """Whether values are read without a wait for a device."""
    return not hasattr(value, "detach") or str(getattr(value, "device", "")) == "cpu"


def _must_be_apart(ids: list[Any]) -> None:
    if len(set(ids)) < len(ids):
        ((twice, times),) = Counter(ids).most_common(1)
        raise OffdiagonalError(
            f"ids= holds {twice!r:.80} {times} times in one call; tell of each example once, such as by np.unique"
        )


def _classes(value: Any) -> NDArray[np.object_]:
    found = _objects("prediction", value)
    try:
        set(found.tolist())
    except TypeError as error:
        raise OffdiagonalError(
            f"prediction= is one class for each example, such as logits.argmax(1), not {found[0]!r:.80}"
        ) from error
    return found


def _objects(name: str, values: Any) -> NDArray[np.object_]:
    """One object for each value; values of an array as Python has them."""
    listed = values.tolist() if hasattr(values, "tolist") else values
    if isinstance(listed, str) or not hasattr(listed, "__iter__"):
        raise OffdiagonalError(f"{name}= is one value for each example, not {values!r:.80}")
    listed = list(listed)
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found
