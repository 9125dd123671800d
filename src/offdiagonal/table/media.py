"""Images and sounds that belong to rows: a column of the table, or for images an array."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from offdiagonal.errors import LengthError
from offdiagonal.table.audio import Audio, audio_of
from offdiagonal.table.images import Images, images_of
from offdiagonal.table.read import Source

NOTHING: Mapping[str, Any] = {
    "image": None,
    "image_root": None,
    "audio": None,
    "audio_root": None,
    "audio_rate": None,
}
"""What a user may say of them."""


def read_media(
    source: Source, given: Mapping[str, Any], assign: Callable[[str, Any], int]
) -> tuple[Images | None, Audio | None]:
    """Images and sounds, where there are some.

    Parameters
    ----------
    source
        The rows.
    given
        As ``NOTHING`` names them.
    assign
        Gives a column its role, and its position.
    """
    return _images(source, given, assign), _audio(source, given, assign)


def _images(source: Source, given: Mapping[str, Any], assign: Callable[[str, Any], int]) -> Images | None:
    image, root = given["image"], given["image_root"]
    if image is None:
        return None
    if isinstance(image, np.ndarray) and image.ndim > 2:
        if len(image) != source.n:
            raise LengthError.of("image=", len(image), source.n)
        return images_of(lambda rows: list(image[rows]), source.n, root)
    position = assign("image", image)
    return images_of(lambda rows: list(source.at(position, rows)), source.n, root)


def _audio(source: Source, given: Mapping[str, Any], assign: Callable[[str, Any], int]) -> Audio | None:
    if given["audio"] is None:
        return None
    position = assign("audio", given["audio"])
    return audio_of(
        lambda rows: list(source.at(position, rows)), source.n, given["audio_root"], given["audio_rate"]
    )
