"""What can stand on a side of the matrix: the classes, a field's levels, a slice."""

from __future__ import annotations

from dataclasses import dataclass

from offdiagonal.table.meta import Meta


@dataclass(frozen=True)
class Axis:
    """One side of a matrix, in the order shown."""

    key: str
    name: str
    codes: tuple[int, ...]
    texts: tuple[str, ...]
    field: str
    """The field that a click on this side selects by."""
    private: bool = False


def axis(meta: Meta, key: str) -> Axis:
    """The axis of a dim: ``label``, ``prediction``, ``c0`` ..., ``s0`` ..."""
    if key in {"label", "prediction"}:
        name = "label" if key == "label" else "predicted"
        return Axis(key, name, meta.order, tuple(meta.classes[code] for code in meta.order), "cell")
    for part in meta.slices:
        if part.key == key:
            return Axis(key, part.name, (1, 0), ("in", "out"), "slice", part.private)
    for field in meta.fields:
        if field.key == key:
            texts = tuple(level.text for level in field.levels)
            return Axis(key, field.name, tuple(range(len(texts))), texts, key, field.private)
    raise KeyError(f"no dim {key!r}; there are label, prediction{_keys(meta)}")


def _keys(meta: Meta) -> str:
    keys = [field.key for field in meta.fields] + [part.key for part in meta.slices]
    return "".join(f", {key}" for key in keys)
