"""Sounds of examples: how long they are for the grid, what plays them for an opened row. Nothing of them is saved."""

from __future__ import annotations

import base64
import io
import os
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import OffdiagonalError
from offdiagonal.table.arrays import is_missing
from offdiagonal.table.files import file_in

MOST_BYTES = 6 << 20
"""A longer sound is not sent to the page."""
HEAD = 4096
UNREADABLE = "unreadable"
"""Stands for a sound that is there and cannot be played: the reason may name a path, and a notebook is saved."""
CHECKED = 64

KINDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"RIFF", "wav"),
    (0, b"ID3", "mpeg"),
    (0, b"\xff\xfb", "mpeg"),
    (0, b"\xff\xf3", "mpeg"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (4, b"ftyp", "mp4"),
    (0, b"\x1aE\xdf\xa3", "webm"),
)
"""Where a file begins with what, and its type: ``audio/wav`` ..."""


@dataclass(frozen=True)
class Audio:
    """The sound of each row, read when it is shown."""

    at: Callable[[NDArray[Any]], Sequence[Any]]
    """Arrays of samples, bytes of files, or paths, of some rows."""
    rate: int | None
    """Samples a second of the arrays."""
    root: Path | None

    def texts(self, rows: NDArray[Any]) -> list[str | None]:
        """How long the sounds of some rows are, or what they are; None where there is none."""
        return [self._told(value) for value in self.at(rows)]

    def url(self, row: int) -> str | None:
        """``data:audio/...`` of a row; or in words why there is none."""
        value = self.at(np.asarray([row]))[0]
        if is_missing_sound(value):
            return None
        try:
            data = self._bytes(value)
            kind = kind_of(data)
        except Exception:  # noqa: BLE001 - a path may be gone, an array hold anything
            return UNREADABLE
        if kind is None:
            return UNREADABLE
        if len(data) > MOST_BYTES:
            return f"{len(data) / 2**20:.0f} MB: too large to be played here (at most {MOST_BYTES >> 20})"
        return f"data:audio/{kind};base64,{base64.b64encode(data).decode('ascii')}"

    def _told(self, value: Any) -> str | None:
        if is_missing_sound(value):
            return None
        try:
            if _is_samples(value):
                return _seconds(_channels(value).shape[0] / self._known_rate())
            head, size = self._head(value)
            kind = kind_of(head)
        except Exception:  # noqa: BLE001 - as above
            return UNREADABLE
        if kind is None:
            return UNREADABLE
        length = _wav_seconds(head, size) if kind == "wav" else None
        return f"{kind}, {max(1, round(size / 1024)):,} KB" if length is None else _seconds(length)

    def _head(self, value: Any) -> tuple[bytes, int]:
        """How a file begins, and how large it is."""
        if isinstance(value, bytes | bytearray):
            return bytes(value[:HEAD]), len(value)
        path = file_in(self.root, value, "audio")
        with path.open("rb") as file:
            return file.read(HEAD), path.stat().st_size

    def _bytes(self, value: Any) -> bytes:
        if _is_samples(value):
            return wav(_channels(value), self._known_rate())
        if isinstance(value, bytes | bytearray):
            return bytes(value)
        path = file_in(self.root, value, "audio")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)

    def _known_rate(self) -> int:
        if self.rate is None:
            raise OffdiagonalError("sounds are arrays: give audio_rate=, how many samples a second they have")
        return self.rate


def audio_of(at: Callable[[NDArray[Any]], Sequence[Any]], n: int, root: Any, rate: Any) -> Audio:
    """Sounds by rows.

    Parameters
    ----------
    at
        Gives the values of some rows.
    n
        How many rows there are.
    root
        The folder that paths stay in.
    rate
        Samples a second, where sounds are arrays.

    Raises
    ------
    OffdiagonalError
        If the first one is no sound.
    """
    if rate is not None and not (
        isinstance(rate, int | np.integer) and not isinstance(rate, bool) and rate > 0
    ):
        raise OffdiagonalError(f"audio_rate= is a whole number of samples a second, not {rate!r:.80}")
    folder = None if root is None else Path(root).resolve()
    audio = Audio(at, None if rate is None else int(rate), folder)
    for value in [value for value in at(np.arange(min(n, CHECKED))) if not is_missing_sound(value)][:1]:
        if _is_samples(value):
            wav(_channels(value), audio._known_rate())  # noqa: SLF001 - it says what is missing
            continue
        if not isinstance(value, bytes | bytearray | str | os.PathLike):
            raise OffdiagonalError(
                f"a sound is an array of samples, the bytes of a file or a path, not a {type(value).__name__}"
            )
        if kind_of(audio._head(value)[0]) is None:  # noqa: SLF001
            raise OffdiagonalError("the first sound is no WAV, MP3, Ogg, FLAC, MP4 or WebM file")
    return audio


def kind_of(data: bytes) -> str | None:
    """Which type a file is of, by how it begins; None where it is no sound."""
    kind = next((kind for at, mark, kind in KINDS if data[at : at + len(mark)] == mark), None)
    return None if kind == "wav" and data[8:12] != b"WAVE" else kind


def wav(samples: NDArray[Any], rate: int) -> bytes:
    """A WAV file of 16 bits: of floats from -1 to 1, or of whole numbers as they are.

    Parameters
    ----------
    samples
        Shape (samples, channels).
    rate
        Samples a second.
    """
    if samples.dtype.kind == "f":
        whole = np.rint(np.clip(np.nan_to_num(samples), -1, 1) * 32767)
    elif samples.dtype == np.uint8:
        whole = (samples.astype(np.int64) - 128) * 256
    else:
        shift = max(0, 8 * samples.dtype.itemsize - 16)
        whole = samples.astype(np.int64) >> shift
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(whole.astype("<i2").tobytes())
    return out.getvalue()


def is_missing_sound(value: Any) -> bool:
    """Whether a row has no sound."""
    return not hasattr(value, "__array__") and not isinstance(value, list) and is_missing(value)


def _is_samples(value: Any) -> bool:
    return isinstance(value, list) or (
        hasattr(value, "__array__") and not isinstance(value, str | bytes | bytearray | os.PathLike)
    )


def _channels(value: Any) -> NDArray[Any]:
    """Samples first, then one or two channels."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or array.ndim not in (1, 2) or not array.size:
        raise OffdiagonalError(
            f"a sound is an array of numbers of one or two axes, not of shape {array.shape}"
        )
    shaped = array[:, None] if array.ndim == 1 else array
    if shaped.shape[1] > 2 and shaped.shape[0] <= 2:
        shaped = shaped.T
    if shaped.shape[1] > 2:
        raise OffdiagonalError(f"a sound has one or two channels, not {shaped.shape}")
    return shaped


def _wav_seconds(head: bytes, size: int) -> float | None:
    """How long a WAV file is, by what its head says of bytes a second."""
    at = head.find(b"fmt ")
    if at < 0 or len(head) < at + 20:
        return None
    each = int.from_bytes(head[at + 16 : at + 20], "little")
    data = head.find(b"data", at)
    return (size - max(data + 8, 44)) / each if each else None


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 90 else f"{seconds / 60:.1f} min"
