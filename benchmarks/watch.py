"""What run.watch costs a training, by its own counters: ``python -m benchmarks.watch``."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from offdiagonal.run import Run

RESULTS = Path(__file__).resolve().parent / "watch.md"
STEPS = 500
REPEATS = 3
WIDTH = 320
DEPTH = 6


def train(*, watched: bool) -> tuple[float, float, int]:
    """Milliseconds a step, the share of the time that looking took, and how many steps were looked at."""
    torch.manual_seed(0)
    layers = [layer for _ in range(DEPTH) for layer in (nn.Linear(WIDTH, WIDTH), nn.ReLU())]
    model = nn.Sequential(*layers, nn.Linear(WIDTH, 10))
    optimizer, loss_function = torch.optim.Adam(model.parameters(), lr=1e-3), nn.CrossEntropyLoss()
    run = Run("watch", keep=False)
    before = list(run.recorder.at_end)
    if watched:
        run.watch(model, optimizer, loss_function)
    x, y = torch.randn(64, WIDTH), torch.randint(10, (64,))
    began, cpu = time.perf_counter(), time.thread_time()
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss_function(model(x), y).backward()
        optimizer.step()
    seconds, cpu = time.perf_counter() - began, time.thread_time() - cpu
    hooks = [leave.__self__ for leave in run.recorder.at_end if leave not in before]  # type: ignore[attr-defined]
    spent = sum(hook.spent for hook in hooks)
    looks = run.record.parameters
    run.finish()
    return cpu / STEPS * 1e3, spent / seconds, 0 if looks is None else len(looks.steps)


def main() -> None:
    """Write and print the table."""
    torch.set_num_threads(1)
    train(watched=True)  # the first use imports
    plain, others = [], []
    for _ in range(REPEATS):  # in turn, for a shared machine is not always as fast
        plain.append(train(watched=False)[0])
        others.append(train(watched=True))
    step, share, looks = (float(np.median(column)) for column in zip(*others, strict=True))
    lines = [
        "# What `run.watch` costs",
        "",
        f"Written by `python -m benchmarks.watch`: {DEPTH + 1} layers of {WIDTH} units, batches of 64, Adam, {STEPS:,}",
        f"steps, one thread; medians of {REPEATS} trainings each, in turn. The share is of the wall time, by its own",
        "counters.",
        "",
        "| | ms of processor a step | share of the time | steps looked at |",
        "|---|---|---|---|",
        f"| without | {np.median(plain):.2f} | | |",
        f"| with `run.watch(model, optimizer, loss_function)` | {step:.2f} | {share:.2%} | {looks:.0f} |",
        "",
        "Target: at most 2 % of a step of 10 ms.",
    ]
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
