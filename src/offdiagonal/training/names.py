"""What frameworks and trackers call a metric, and what it is called here: ``train/loss`` is ``loss``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

TRAINING = {"train", "training", "trn"}
VALIDATION = {"val", "valid", "validation", "eval", "dev"}
SAME = {
    "acc": "accuracy",
    "learning_rate": "lr",
    "gradient_norm": "grad_norm",
}
KNOWN = {"loss", "val_loss", "accuracy", "val_accuracy", "lr", "grad_norm"}
"""The names that findings and views look for."""
PLAIN = {"loss", "accuracy", "epoch", "grad_norm"}
LEARNING_RATE = re.compile(r"lr([-_/].*)?", re.IGNORECASE)
BETWEEN = re.compile(r"[_./\- ]+")


def ours(name: str) -> str:
    """The name of a metric here: ``loss``, ``val_loss``, ``accuracy``, ``lr`` ..., or the name itself.

    Examples
    --------
    >>> [ours(name) for name in ("train/loss", "eval_loss", "Loss/val", "train_acc", "learning_rate", "bleu")]
    ['loss', 'val_loss', 'val_loss', 'accuracy', 'lr', 'bleu']
    """
    if LEARNING_RATE.fullmatch(name):
        return "lr"
    words = [word for word in BETWEEN.split(name.strip()) if word]
    role: str | None = None
    for place in (0, -1):
        if role is None and len(words) > 1 and words[place].lower() in TRAINING | VALIDATION:
            role = "val_" if words.pop(place).lower() in VALIDATION else ""
    if len(words) > 1 and words[0] == "epoch":  # Keras in event files of TensorBoard
        role, words = role or "", words[1:]
    rest = name if role is None else "_".join(words)
    plain = rest.lower()
    return (role or "") + SAME.get(plain, plain if plain in PLAIN else rest)


def all_ours(names: Iterable[str]) -> dict[str, str]:
    """The name here of each; where two would be called alike, the later one keeps its own.

    ``train_loss_step`` and ``train_loss_epoch`` are a framework's two ways to write one metric down: of training the
    first is taken, of validation the second.
    """
    given = list(dict.fromkeys(names))
    found: dict[str, str] = {}
    for ending, roles in (("", ("", "val_")), ("_epoch", ("val_",)), ("_step", ("",)), ("_epoch", ("",))):
        for name in given:
            if name in found or not name.endswith(ending) or (not ending and _ends_in_time(name)):
                continue
            new = ours(name.removesuffix(ending))
            role = "val_" if new.startswith("val_") else ""
            if role in roles and new not in found.values():
                found[name] = new
    return {name: found.get(name, name) for name in given}


def with_names(known: Mapping[str, str], given: Iterable[str]) -> dict[str, str]:
    """The names here of what a loop logs, with those known so far; no two are called alike.

    Only what findings and views look for is renamed, and only where the loop logs nothing under that name itself.

    Examples
    --------
    >>> with_names({}, ["train_loss", "eval/loss", "bleu", "loss"])
    {'loss': 'loss', 'train_loss': 'train_loss', 'eval/loss': 'val_loss', 'bleu': 'bleu'}
    """
    found = dict(known)
    for name in sorted(given, key=lambda one: one not in KNOWN):
        if name in found:
            continue
        new = ours(name)
        if new not in KNOWN or new in found.values():
            new = name
        found[name] = f"{name} (2)" if new in found.values() else new
    return found


def _ends_in_time(name: str) -> bool:
    return name.endswith(("_step", "_epoch"))
