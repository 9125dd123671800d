"""What all rules look at: a run's curves cleaned and measured once, and its layers by name."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from offdiagonal.training.diagnosis import prior
from offdiagonal.training.diagnosis.leaps import Spike, spikes_of
from offdiagonal.training.diagnosis.restarts import begun_anew
from offdiagonal.training.diagnosis.smooth import ROUNDING, in_order, noise, smoothed
from offdiagonal.training.record import EMPTY, Curve, Floats, Layers, RunRecord

FEWEST = 8
"""Values of a curve, with fewer of which nothing is said about its shape."""
LEARNED = 0.05
"""Share of the first loss that has to be learned before there is any learning."""
NOTHING = 0.06
"""Share of the first loss, or of the prior's, that is none of note."""
SEVERAL = 4
"""Examples in a batch."""
FALLING = 0.005
"""Share of a validation loss that it falls by over the last third of its values, where it is not at rest,"""
STEADY = 0.75
"""and the share of these values that are below the one before."""
BAD = 0.5
"""Of the first loss this much is left, where a training that does well has long learned more away."""
MOVING = 0.2
"""Share of the largest learning rate with which a model still moves."""
ACCURACY = re.compile(r"(val|valid|validation|eval|test)[_/ ](acc|accuracy|score)")
"""Metrics that are the share of right answers, of a classifier."""
SQUARES = {"mseloss", "mse", "meansquarederror", "squarederror", "squaredloss"}
"""Losses, without their underlines, under which a model that knows nothing has the targets' variance,"""
AMOUNTS = {
    "l1loss",
    "smoothl1loss",
    "huberloss",
    "huber",
    "mae",
    "meanabsoluteerror",
    "absoluteerror",
    "absoluteloss",
    "gaussiannllloss",
    "poissonnllloss",
    "poisson",
}
"""and others of amounts, not of classes."""
LOGARITHMIC = {"CrossEntropyLoss", "cross_entropy", "NLLLoss", "nll_loss"}
"""Losses of which a wrong answer costs ln 2 at least; others, as one that is a mean over the classes, cost less."""
OUTLYING = 40.0
"""How many times its median deviation a loss is above the trend that leaps out of it,"""
RARELY = 0.02
"""where so few of them do: the others are what batches with outliers come to."""
UNSURE = 0.15
"""Share of the targets' variance, or of the labels' entropy, than which it has to be known better."""
NEVER = 0.97
"""Of the prior's loss: a validation loss that never comes below this knows nothing."""


@dataclass(frozen=True)
class Seen:
    """A run as the rules see it."""

    record: RunRecord

    @cached_property
    def spikes(self) -> tuple[Spike, ...]:
        """Where the training loss leaps, in the order of the steps."""
        return spikes_of(self.record.curve("loss"))

    @cached_property
    def begun_anew(self) -> tuple[str, int] | None:
        """Which loss's steps are counted from the beginning again, and how often: then it has no trend to judge."""
        for name in ("loss", "val_loss"):
            if times := begun_anew(self.record.curve(name)):
                return (name, times)
        return None

    @cached_property
    def loss(self) -> Curve:
        """The training loss where it is finite, in the order of the steps; empty where one step holds several."""
        return EMPTY if self.begun_anew else in_order(self.record.curve("loss").finite)

    @cached_property
    def val(self) -> Curve:
        """The validation loss where it is finite; empty where one step holds several."""
        return EMPTY if self.begun_anew else in_order(self.record.curve("val_loss").finite)

    @cached_property
    def smooth(self) -> Floats:
        """The training loss as a running median over a twentieth of it, then a running mean."""
        return smoothed(self.loss.values)

    @cached_property
    def start(self) -> float:
        """Where the training loss began: the median of its first hundredth."""
        values = self.loss.values
        return float(np.median(values[: min(10, max(1, len(values) // 100))]))

    @cached_property
    def end(self) -> float:
        """Where it ended: the median of its last tenth."""
        return float(np.median(self.loss.values[-max(3, len(self.loss) // 10) :]))

    @cached_property
    def low(self) -> float:
        """The lowest that the smoothed loss came to."""
        return float(self.smooth.min())

    @cached_property
    def noise(self) -> float:
        """How much the loss differs from batch to batch, in its later half."""
        return noise(self.loss.values[len(self.loss) // 2 :])

    @cached_property
    def lift(self) -> float:
        """How far the mean of the later losses is above their medians: of batches with outliers, much."""
        late = slice(len(self.loss) // 2, None)
        above = self.loss.values[late] - self.smooth[late]
        if len(above) < FEWEST:
            return 0.0
        spikes = above > np.median(np.abs(above)) * OUTLYING  # are no outliers of all batches, but leaps
        return (
            max(0.0, float(above[~spikes].mean()))
            if spikes.mean() < RARELY
            else max(0.0, float(above.mean()))
        )

    @property
    def base(self) -> float:
        """What a model without knowledge has: the first loss, or the prior's where that is lower."""
        return self.start if self.prior is None else min(self.start, self.prior)

    @cached_property
    def learned(self) -> bool:
        """Whether the loss fell, at its best, by more than chance."""
        if not len(self.loss):
            return False
        error = 3 * self.noise / math.sqrt(max(1, len(self.loss) // 20))
        return self.base - self.low > LEARNED * abs(self.base) + error

    @property
    def fall(self) -> float:
        """How much of the loss was learned away; what only its last digits fell by is none."""
        fell = self.start - self.low
        return fell if abs(fell) > ROUNDING * abs(self.start) else 0.0

    @property
    def enough(self) -> bool:
        """Whether the training loss is long enough to have a shape."""
        return len(self.loss) >= FEWEST

    @property
    def steps(self) -> tuple[float, float]:
        """The first step and the last."""
        known = [curve.steps for curve in self.record.metrics.values() if len(curve)]
        if not known:
            return (0.0, 0.0)
        return (float(min(s.min() for s in known)), float(max(s.max() for s in known)))

    @cached_property
    def classes(self) -> int | None:
        """How many classes there are, where that is known."""
        known = self.record.facts.get("classes")
        return int(known) if known else None

    @property
    def amounts(self) -> bool:
        """Whether the loss is one of amounts, and not of classes."""
        return self._loss_name in SQUARES | AMOUNTS

    @property
    def _loss_name(self) -> str:
        return str(self.record.facts.get("loss_function") or "").lower().replace("_", "")

    @cached_property
    def _counts(self) -> Floats | None:
        """How often each class occurs among the labels; None: not known."""
        counts = self.record.facts.get("label_counts")
        return None if self.amounts or not self.classes else prior.counts_of(counts)

    @cached_property
    def prior(self) -> float | None:
        """The loss of a model that knows only how often each class, or which mean, there is; None: not known."""
        facts = self.record.facts
        if self._counts is not None:
            return prior.entropy(self._counts)
        if self.classes and not self.amounts:
            return math.log(self.classes)
        if self._loss_name in SQUARES:
            given = facts.get("target_variance")
            return float(given) if given else self._target_variance()
        return None

    @cached_property
    def prior_error(self) -> float:
        """Two standard errors of the prior's loss, where it is estimated from labels or targets that were seen."""
        if self._counts is not None:
            return 2 * prior.entropy_error(self._counts)
        if not self.amounts or not len(self._squares):
            return 0.0
        seen = len(self._squares) * (self.record.facts.get("batch_size") or 1)
        tails = float(self._squares.std()) / math.sqrt(len(self._squares))
        return 2 * max((self.prior or 0.0) * math.sqrt(2 / seen), tails)

    @cached_property
    def _squares(self) -> Floats:
        """Of each batch that was looked at the mean square of its targets, about the mean of all."""
        means, stds = (self.activation("(target)", f"activation_{what}") for what in ("mean", "std"))
        if len(means) != len(stds) or not np.isfinite(stds).all():
            return np.empty(0)
        return np.asarray(stds**2 + (means - means.mean()) ** 2) if len(means) else means

    def _target_variance(self) -> float | None:
        return float(self._squares.mean()) or None if len(self._squares) >= 5 else None

    @cached_property
    def accuracy(self) -> Curve:
        """The share of right answers on the validation set, at the steps of its loss; empty: not known."""
        for name, curve in self.record.metrics.items():
            if self.classes and ACCURACY.fullmatch(name):
                known = in_order(curve.finite)
                both = np.isin(known.steps, self.val.steps)
                if both.any() and known.values.min() >= 0 and known.values.max() <= 1:
                    return Curve(known.steps[both], known.values[both], known.times[both])
        return EMPTY

    @cached_property
    def val_falls(self) -> bool:
        """Whether the validation loss falls to the end: of the same rows each time, steady falls are no chance."""
        late = self.val.values[-max(4, len(self.val) // 3) :]
        if len(late) < 4 or len(self.val) < FEWEST:
            return False
        return bool(late[0] - late[-1] > FALLING * abs(late[0]) and (np.diff(late) < 0).mean() >= STEADY)

    @cached_property
    def held(self) -> float | None:
        """Where the validation loss ended: the median of its last three values; None: there are fewer."""
        return float(np.median(self.val.values[-3:])) if len(self.val) >= 3 else None

    @cached_property
    def val_low(self) -> float:
        """The lowest that the smoothed validation loss came to; infinite without one."""
        return float(smoothed(self.val.values).min()) if len(self.val) else math.inf

    @property
    def high(self) -> bool:
        """Whether most of the loss is still there."""
        floor = min(0.0, self.low)
        return self.end - floor > BAD * (self.start - floor)

    @cached_property
    def moving(self) -> int:
        """How many losses there are until the learning rate is nearly gone: after that any model is at rest."""
        lr = self.record.curve("lr").finite
        if len(lr) < FEWEST or lr.values.max() <= 0:
            return len(self.loss)
        large = lr.steps[lr.values >= MOVING * lr.values.max()]
        return int(np.searchsorted(self.loss.steps, large[-1], side="right"))

    def fact(self, key: str) -> Any:
        """A fact, or an empty dict."""
        return self.record.facts.get(key) or {}

    def column(self, layers: Layers | None, name: str, stat: str) -> tuple[Floats, Floats]:
        """Steps and values of one layer's statistic, where it is known."""
        if layers is None or name not in layers.names or stat not in layers.stats:
            return np.empty(0), np.empty(0)
        values = np.asarray(layers.stats[stat][:, layers.names.index(name)], float)
        known = ~np.isnan(values)
        return layers.steps[known], values[known]

    def activation(self, name: str, stat: str) -> Floats:
        """One layer's outputs over the steps."""
        return self.column(self.record.activations, name, stat)[1]

    def parameter(self, name: str, stat: str) -> Floats:
        """One parameter over the steps."""
        return self.column(self.record.parameters, name, stat)[1]

    @property
    def numbers(self) -> bool:
        """Whether the inputs are numbers, and not the places of words."""
        trace = self.record.facts.get("trace") or [{}]
        return not str(trace[0].get("dtype", "float")).startswith(("int", "uint", "bool"))

    @property
    def several(self) -> bool:
        """Whether a batch has so many examples that it says something when all of them are alike."""
        size = self.record.facts.get("batch_size")
        return size is None or size >= SEVERAL

    @cached_property
    def matrices(self) -> tuple[str, ...]:
        """The parameters that are more than a list: weights, not biases."""
        layers = self.record.parameters
        if layers is None:
            return ()
        return tuple(
            name
            for name, shape in zip(layers.names, layers.shapes, strict=True)
            if len(shape) > 1 and math.prod(shape) > 1
        )

    @cached_property
    def modules(self) -> tuple[tuple[str, str], ...]:
        """Name and kind of the modules of the forward pass, without its two ends."""
        layers = self.record.activations
        if layers is None:
            return ()
        pairs = zip(layers.names, layers.kinds, strict=True)
        return tuple((name, kind) for name, kind in pairs if not name.startswith("("))

    @cached_property
    def ratio(self) -> float | None:
        """How far a step moves the weights of the middle matrix, as a share of their size: median over the steps."""
        found = [np.median(v) for name in self.matrices if len(v := self.finite_ratio(name))]
        moved = [value for value in found if value > 0]
        return float(np.median(moved)) if moved else None

    def finite_ratio(self, name: str) -> Floats:
        """Of a parameter the update ratios that are numbers."""
        values = self.parameter(name, "update_ratio")
        return values[np.isfinite(values)]
