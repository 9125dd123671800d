"""Find out why a machine-learning model is wrong, inside the notebook."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from offdiagonal import datasets
    from offdiagonal.attention import attention_map
    from offdiagonal.dataset import Dataset
    from offdiagonal.errors import OffdiagonalError
    from offdiagonal.evaluation import Evaluation
    from offdiagonal.findings import Finding, check
    from offdiagonal.harness import compare_traces, learning_rate_range, overfit_one_batch, simplify
    from offdiagonal.learning_curves import (
        crossing,
        lasso_path,
        learning_curve,
        optimisation_or_objective,
        validation_curve,
    )
    from offdiagonal.run import Run
    from offdiagonal.run_list import Runs, read_run, runs
    from offdiagonal.run_views import curves
    from offdiagonal.training.logging import StopTraining

__all__ = [
    "Dataset",
    "Evaluation",
    "Finding",
    "OffdiagonalError",
    "Run",
    "Runs",
    "StopTraining",
    "attention_map",
    "check",
    "compare_traces",
    "crossing",
    "curves",
    "datasets",
    "lasso_path",
    "learning_curve",
    "learning_rate_range",
    "optimisation_or_objective",
    "overfit_one_batch",
    "read_run",
    "runs",
    "simplify",
    "validation_curve",
]
__version__ = "0.1.0.dev0"

# Imported when first used: importing offdiagonal costs no more than its name.
_HOMES = {
    "Dataset": "offdiagonal.dataset",
    "Evaluation": "offdiagonal.evaluation",
    "Finding": "offdiagonal.findings",
    "OffdiagonalError": "offdiagonal.errors",
    "Run": "offdiagonal.run",
    "Runs": "offdiagonal.run_list",
    "StopTraining": "offdiagonal.training.logging",
    "attention_map": "offdiagonal.attention",
    "check": "offdiagonal.findings",
    "compare_traces": "offdiagonal.harness",
    "crossing": "offdiagonal.learning_curves",
    "curves": "offdiagonal.run_views",
    "lasso_path": "offdiagonal.learning_curves",
    "learning_curve": "offdiagonal.learning_curves",
    "learning_rate_range": "offdiagonal.harness",
    "optimisation_or_objective": "offdiagonal.learning_curves",
    "overfit_one_batch": "offdiagonal.harness",
    "read_run": "offdiagonal.run_list",
    "runs": "offdiagonal.run_list",
    "simplify": "offdiagonal.harness",
    "validation_curve": "offdiagonal.learning_curves",
}


def __getattr__(name: str) -> Any:
    if name == "datasets":
        return import_module("offdiagonal.datasets")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'offdiagonal' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
