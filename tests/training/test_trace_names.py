"""Modules of other names are compared by their kind and the order of calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.training.test_harness import BATCH, X, Y, line, net, step_of, torch, traced

import offdiagonal as od
from offdiagonal.training.harness.traces import differences


class Named(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.act, self.fc2 = torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10)

    def forward(self, x: Any) -> Any:
        return self.fc2(self.act(self.fc1(x)))


def watched(make: Callable[[], Any], name: str) -> od.Run:
    torch.manual_seed(0)
    model = make()
    with od.Run(name, keep=False) as run:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        run.watch(model, optimizer)
        step = step_of(model, optimizer, Y[BATCH], X[BATCH])
        for i in range(2):
            run.log(i, loss=step())
    return run


def test_the_same_net_with_named_modules_has_no_difference_and_says_how_they_were_matched() -> None:
    found = od.compare_traces(watched(net, "a"), watched(Named, "b"))
    assert not len(found)
    assert repr(found) == (
        "The traces do not differ: 5 modules of the same shapes, types and ranges. 3 modules were matched by kind and "
        "the order of calls, for the names differ: 0 is fc1 and so on."
    )


def test_a_difference_between_modules_of_other_names_has_both_names() -> None:
    second = [line("fc1"), line("fc2", high=40.0), line("act", kind="ReLU")]
    found = differences([line("0"), line("1")], second)
    assert [(row["module"], row["what"]) for row in found] == [("1 / fc2", "range"), ("act", "module")]
    page = od.compare_traces(traced("a", [line("0"), line("1")]), traced("b", second))._shown()
    assert page.chart is not None
    assert any("1 / fc2 (range)" in text for text in getattr(page.chart, "texts", ()))
