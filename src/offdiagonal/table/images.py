"""Images of examples as PNGs: a small one for the grid, a larger one for an opened row, re-encoded without metadata."""

from __future__ import annotations

import base64
import io
import os
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import OffdiagonalError
from offdiagonal.table.arrays import is_missing
from offdiagonal.table.files import file_in

SMALL, LARGE = 64, 1024
"""Pixels of the longer side."""
CHECKED = 64
UNREADABLE = "unreadable"
"""Stands for an image that is there and cannot be shown: the reason may name a path, and a notebook is saved."""
MOST_BYTES = 64 << 20
"""A larger file is not opened."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Images:
    """The image of each row, read when it is shown."""

    at: Callable[[NDArray[Any]], Sequence[Any]]
    """Arrays, PIL images, bytes of files, or paths, of some rows."""
    low: float
    high: float
    """The values of arrays that are black and white."""
    root: Path | None

    def urls(self, rows: NDArray[Any], side: int) -> list[str | None]:
        """``data:image/png`` of some rows, at most so many pixels wide and high; None where there is no image."""
        return [self._url(value, side) for value in self.at(rows)]

    def _url(self, value: Any, side: int) -> str | None:
        if _missing(value):
            return None
        try:
            found = pixels(value, self.low, self.high, self.root, side)
        except Exception:  # noqa: BLE001 - there is no end to what decoders raise on broken files
            return UNREADABLE
        return f"data:image/png;base64,{base64.b64encode(png(shrunk(found, side))).decode('ascii')}"


def images_of(at: Callable[[NDArray[Any]], Sequence[Any]], n: int, root: Any) -> Images:
    """Images by rows; the values of the first arrays say what is black and what is white.

    Parameters
    ----------
    at
        Gives the values of some rows.
    n
        How many rows there are.
    root
        The folder that paths stay in.

    Raises
    ------
    OffdiagonalError
        If the first values are no images.
    """
    folder = None if root is None else Path(root).resolve()
    values = [value for value in at(np.arange(min(n, CHECKED))) if not _missing(value)]
    arrays = [array for value in values if (array := _array(value)) is not None]
    low, high = _range(arrays)
    for value in values[:1]:
        pixels(value, low, high, folder, SMALL)
    return Images(at, low, high, folder)


def pixels(value: Any, low: float, high: float, root: Path | None, side: int) -> Pixels:
    """An image as (height, width, 1, 3 or 4) bytes.

    Raises
    ------
    OffdiagonalError
        If it is none, or cannot be read here.
    """
    array = _array(value)
    if array is not None:
        return _bytes(_channels(array), low, high)
    return _opened(value, root, side)


def _missing(value: Any) -> bool:
    return not hasattr(value, "__array__") and not hasattr(value, "convert") and is_missing(value)


def _array(value: Any) -> NDArray[Any] | None:
    if isinstance(value, str | bytes | os.PathLike) or hasattr(value, "convert"):
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in "buif" and array.ndim in (2, 3) else None


def _channels(array: NDArray[Any]) -> NDArray[Any]:
    """Channels last: 1, 3 or 4 of them."""
    shaped = array[..., None] if array.ndim == 2 else array
    if shaped.shape[-1] not in (1, 3, 4) and shaped.shape[0] in (1, 3, 4):
        shaped = np.moveaxis(shaped, 0, -1)
    if shaped.shape[-1] not in (1, 3, 4) or 0 in shaped.shape:
        raise OffdiagonalError(
            f"an image is an array of shape (height, width), or with 1, 3 or 4 channels, not {array.shape}"
        )
    return shaped


def _range(arrays: Sequence[NDArray[Any]]) -> tuple[float, float]:
    """What is black and white: 0 to 255 for bytes, 0 to 1 for shares, else the least to the most there is."""
    if not arrays or arrays[0].dtype == np.uint8:
        return 0.0, 255.0
    known = [array[np.isfinite(array)] for array in arrays]
    some = [array for array in known if array.size]
    low = min([0.0, *(float(array.min()) for array in some)])
    high = max((float(array.max()) for array in some), default=1.0)
    return low, 1.0 if low >= 0 and 0 < high <= 1 else max(high, low + 1e-12)


def _bytes(array: NDArray[Any], low: float, high: float) -> Pixels:
    if array.dtype == np.uint8 and (low, high) == (0.0, 255.0):
        return array
    scaled = (np.nan_to_num(array.astype(np.float64), nan=low) - low) * (255.0 / (high - low))
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def _opened(value: Any, root: Path | None, side: int) -> Pixels:
    """What only Pillow reads: its own images, the bytes of a file, a path."""
    try:
        from PIL import Image
    except ImportError as error:
        raise OffdiagonalError(
            f"an image given as {type(value).__name__} needs Pillow: pip install pillow"
        ) from error
    if hasattr(value, "convert"):
        image = value
    elif isinstance(value, bytes | bytearray):
        image = Image.open(io.BytesIO(value))
    elif isinstance(value, str | os.PathLike):
        image = Image.open(io.BytesIO(_read(Path(value), root)))
    else:
        raise OffdiagonalError(
            f"an image is an array, a PIL image, the bytes of a file or a path, not a {type(value).__name__}"
        )
    image.draft("RGB", (side, side))
    small = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
    small.thumbnail((side, side))
    found: Pixels = np.asarray(small, dtype=np.uint8)
    return found


def _read(path: Path, root: Path | None) -> bytes:
    """The bytes of a file in the folder that images may come from."""
    found = file_in(root, path, "image")
    if found.stat().st_size > MOST_BYTES:
        raise OffdiagonalError(f"image {str(path)[:80]!r} is too large")
    return found.read_bytes()


def shrunk(image: Pixels, side: int) -> Pixels:
    """The mean of blocks of pixels, so that neither side is longer."""
    step = -(-max(image.shape[:2]) // side)
    if step <= 1:
        return image
    padded = np.pad(image, [(0, -image.shape[0] % step), (0, -image.shape[1] % step), (0, 0)], mode="edge")
    height, width = padded.shape[0] // step, padded.shape[1] // step
    blocks = padded.reshape(height, step, width, step, -1)
    means: Pixels = np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)
    return means


def png(image: Pixels) -> bytes:
    """A PNG without any metadata."""
    height, width, channels = image.shape
    kind = {1: 0, 3: 2, 4: 6}[channels]
    lines = np.concatenate([np.zeros((height, 1), np.uint8), image.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*parts, strict=True)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
