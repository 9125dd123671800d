"""Healthy trainings that differ as healthy trainings do."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.training_faults.faults import before_head
from benchmarks.training_faults.nets import NETS, Bag, Recurrent, cnn, mlp
from benchmarks.training_faults.plan import Plan, adam, always, cosine, sgd


def warm(step: int, steps: int) -> float:
    """Up over a twentieth, then down along a cosine."""
    start = max(1, steps // 20)
    return (step + 1) / start if step < start else cosine(step - start, steps - start)


def stairs(step: int, steps: int) -> float:
    return 1.0 if step < 0.6 * steps else 0.1


def adamw(parameters: Any, lr: float) -> torch.optim.Optimizer:
    return torch.optim.AdamW(parameters, lr=lr, weight_decay=1e-2)


def decayed(parameters: Any, lr: float) -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters, lr=lr, momentum=0.9, weight_decay=1e-4)


RATES = {
    "mlp_digits": 4e-3,
    "cnn_digits": 4e-3,
    "mlp_regression": 6e-3,
    "gru_sequences": 3e-2,
    "bag_texts": 8e-3,
}
"""Of Adam."""


def widened(net: str, factor: float, dropout: float) -> nn.Module:
    def wide(width: int) -> int:
        return max(4, round(width * factor))

    if net == "mlp_digits":
        return mlp(64, wide(32), 10, dropout=dropout)
    if net == "cnn_digits":
        return cnn(wide(8), dropout)
    if net == "mlp_regression":
        return mlp(10, wide(32), 1)
    if net == "gru_sequences":
        return Recurrent(nn.GRU(4, wide(16), batch_first=True), wide(16), 4)
    return Bag(wide(24), 5, dropout)


def healthy(net: str, seed: int) -> Plan:
    """A healthy training: seed 0 to 2 as the faults start from, others varied."""
    plan = NETS[net](seed)
    if seed < 3:
        return plan
    rng = np.random.default_rng([seed, list(NETS).index(net)])
    dropout = float(rng.choice([0.0, 0.0, 0.1, 0.3]))
    plan.model = widened(net, float(rng.choice([0.75, 1.0, 1.5, 2.0])), dropout)
    if rng.random() < 0.2:
        before_head(plan.model, nn.LayerNorm(head_width(plan.model)))
    return other_choices(plan, RATES[net], rng)


def other_choices(made: Plan, adams_rate: float, rng: np.random.Generator) -> Plan:
    """Another usual optimiser, rate, schedule, batch and length."""
    if made.optimizer is sgd and rng.random() < 0.5:
        made.optimizer = decayed
    else:
        made.optimizer = [adam, adamw][int(rng.integers(2))]
        made.lr = adams_rate
    made.lr *= float(rng.choice([0.6, 1.0, 1.6]))
    made.schedule = [always, cosine, warm, stairs][int(rng.integers(4))]
    made.batch = int(rng.choice([16, 32, 64]))
    made.steps = round(made.steps * float(rng.choice([0.9, 1.2, 1.6])))
    if rng.random() < 0.3:
        made.clip = 1.0
    return made


def head_width(model: nn.Module) -> int:
    return [module for module in model.modules() if isinstance(module, nn.Linear)][-1].in_features
