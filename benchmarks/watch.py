"""What run.watch costs a training, by its own counters: ``python -m benchmarks.watch [--device cuda]``.

On a GPU it is counted too how often the training's thread was made to wait for it (PyTorch warns of each such wait).
"""

from __future__ import annotations

import argparse
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import nn

from offdiagonal.run import Run

RESULTS = Path(__file__).resolve().parent / "watch.md"
STEPS = 3000
REPEATS = 3
WIDTHS = range(256, 1025, 32)
DEPTH = 6
AIM = 10.0
"""Milliseconds that a step without it takes on this machine."""
TRIED = 40


@contextmanager
def waits(device: str) -> Iterator[list[str]]:
    """The forced waits for the device in this thread; a recorder's thread may wait."""
    own, found = threading.get_ident(), list[str]()
    if device == "cpu":
        yield found
        return

    def note(message: Warning | str, *_: object, **__: object) -> None:
        if threading.get_ident() == own and "synchroniz" in str(message):
            found.append(str(message))

    torch.cuda.set_sync_debug_mode("warn")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = note
            yield found
    finally:
        torch.cuda.set_sync_debug_mode("default")


def width_of(device: str) -> int:
    """Of the layers, with which a step takes as long as is aimed at; the widest where none is so slow."""
    for width in WIDTHS:
        if train(watched=False, device=device, width=width, steps=TRIED)[0] >= AIM:
            return width
    return WIDTHS[-1]


def train(*, watched: bool, device: str, width: int, steps: int = STEPS) -> tuple[float, float, int, int]:
    """Milliseconds a step, the share of the time that looking took, the steps looked at, and the forced waits."""
    torch.manual_seed(0)
    layers = [layer for _ in range(DEPTH) for layer in (nn.Linear(width, width), nn.ReLU())]
    model = nn.Sequential(*layers, nn.Linear(width, 10)).to(device)
    optimizer, loss_function = torch.optim.Adam(model.parameters(), lr=1e-3), nn.CrossEntropyLoss()
    run = Run("watch", keep=False)
    before = list(run.recorder.at_end)
    if watched:
        run.watch(model, optimizer, loss_function)
    x, y = torch.randn(64, width, device=device), torch.randint(10, (64,), device=device)
    began, cpu = time.perf_counter(), time.thread_time()
    with waits(device) as forced:
        for step in range(steps):
            optimizer.zero_grad()
            loss = loss_function(model(x), y)
            loss.backward()
            optimizer.step()
            if watched:
                run.log(step, loss=loss)
    seconds, cpu = time.perf_counter() - began, time.thread_time() - cpu
    hooks = [leave.__self__ for leave in run.recorder.at_end if leave not in before]  # type: ignore[attr-defined]
    spent = sum(hook.spent for hook in hooks)
    looks = run.record.parameters
    run.finish()
    return cpu / steps * 1e3, spent / seconds, 0 if looks is None else len(looks.steps), len(forced)


def main() -> None:
    """Write and print the table; of a device other than the processor print it alone."""
    parser = argparse.ArgumentParser(description="What run.watch costs a training.")
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    device = parser.parse_args().device
    torch.set_num_threads(1)
    width = width_of(device)
    train(watched=True, device=device, width=width, steps=TRIED)  # the first use imports
    plain, others = [], []
    for _ in range(REPEATS):  # in turn, for a shared machine is not always as fast
        plain.append(train(watched=False, device=device, width=width)[0])
        others.append(train(watched=True, device=device, width=width))
    step, share, looks, forced = (float(np.median(column)) for column in zip(*others, strict=True))
    lines = [
        "# What `run.watch` costs",
        "",
        f"Written by `python -m benchmarks.watch`: {DEPTH + 1} layers of {width} units, batches of 64, Adam, {STEPS:,}",
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
    if device == "cpu":
        RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    else:
        lines.append(f"Forced waits for {device} in the training's thread: {forced:.0f} (target: none)")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
