"""Images and sounds that belong to rows: a column of the table, or for images an array."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol, TypeVar

import numpy as np

from offdiagonal.errors import LengthError, OffdiagonalError
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


V = TypeVar("V")


class Told(Protocol):
    """Makes something of a column, with errors that tell nothing of a private one."""

    def __call__(self, position: int, make: Callable[[], V], what: str) -> V:
        """What was made."""


def read_media(
    source: Source, given: Mapping[str, Any], assign: Callable[[str, Any], int], private: Collection[int] = ()
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
    private
        Positions of columns of which an error tells nothing.

    Raises
    ------
    OffdiagonalError
        If the first of them are no images, or no sounds.
    """

    def told(position: int, make: Callable[[], V], what: str) -> V:
        try:
            return make()
        except OffdiagonalError:
            if position not in private:
                raise
            why = f"the first {what} of a private column cannot be read; try it with the column not private"
            raise OffdiagonalError(why) from None

    return _images(source, given, assign, told), _audio(source, given, assign, told)


def _images(
    source: Source, given: Mapping[str, Any], assign: Callable[[str, Any], int], told: Told
) -> Images | None:
    image, root = given["image"], given["image_root"]
    if image is None:
        return None
    if isinstance(image, np.ndarray) and image.ndim > 2:
        if len(image) != source.n:
            raise LengthError.of("image=", len(image), source.n)
        return images_of(lambda rows: list(image[rows]), source.n, root)
    position = assign("image", image)
    return told(
        position, lambda: images_of(lambda rows: list(source.at(position, rows)), source.n, root), "image"
    )


def _audio(
    source: Source, given: Mapping[str, Any], assign: Callable[[str, Any], int], told: Told
) -> Audio | None:
    if given["audio"] is None:
        return None
    position = assign("audio", given["audio"])
    root, rate = given["audio_root"], given["audio_rate"]
    return told(
        position,
        lambda: audio_of(lambda rows: list(source.at(position, rows)), source.n, root, rate),
        "sound",
    )
