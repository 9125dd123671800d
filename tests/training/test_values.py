"""What was taken of a training is read as numbers: those on a device together."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import pytest

from offdiagonal.training.values import numbers


def test_numbers_of_all_kinds_are_read_in_their_order() -> None:
    given = [0.5, 2, np.float32(0.25), np.array(3), True, 10**400, "x", None, float("inf")]
    assert numbers(given) == [0.5, 2.0, 0.25, 3.0, 1.0, math.inf, None, None, math.inf]


def test_tensors_are_read_in_one_wait_a_device_and_type() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from torch.overrides import TorchFunctionMode

    class Reads(TorchFunctionMode):
        count = 0

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.count += getattr(function, "__name__", "") in ("tolist", "item", "__float__", "cpu", "numpy")
            return function(*args, **(kwargs or {}))

    given = [
        torch.tensor(0.5),
        1.0,
        torch.tensor([0.25]),
        torch.tensor(3),
        torch.tensor(0.75),
        torch.tensor(4),
    ]
    with Reads() as reads:
        assert numbers(given) == [0.5, 1.0, 0.25, 3.0, 0.75, 4.0]
    assert reads.count == 2


class Other:
    """A tensor of a library that is not torch; one that cannot be read has no value."""

    device, dtype = "chip", "f4"

    def __init__(self, value: float | None) -> None:
        self.value = value

    def detach(self) -> Other:
        return self

    def reshape(self, _: object) -> Other:
        return self

    def __float__(self) -> float:
        if self.value is None:
            raise AttributeError("gone")
        return self.value


def test_tensors_of_another_library_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [Other(0.5), Other(None), 1.0, Other(2.0)]
    assert numbers(given) == [0.5, None, 1.0, 2.0]
    monkeypatch.setitem(sys.modules, "torch", None)  # as where it is not installed
    assert numbers(given) == [0.5, None, 1.0, 2.0]


def test_a_tensor_that_cannot_be_read_takes_no_other_with_it() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    lost = torch.zeros((), device="meta")
    odd = torch.tensor(1 + 2j)
    assert numbers([torch.tensor(1.0), lost, torch.tensor(2.0), lost, odd]) == [1.0, None, 2.0, None, None]
