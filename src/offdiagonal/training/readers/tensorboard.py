"""Event files of TensorBoard: scalars, without TensorBoard."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.readers.logged import Logged

MOST_RECORD = 64 * 1024**2
"""Bytes of one event; images are large, a number is not."""
CHECKED = 4096
"""Bytes of events whose checksum is looked at; what is longer is no number."""
PATTERN = "events.out.tfevents.*"
MOST_FILES = 1_000
Field = tuple[int, int, Any]


def read_events(path: Path) -> Logged:
    """The scalars of an event file, or of all in a folder; those of a subfolder are named after it.

    Raises
    ------
    OffdiagonalError
        If there is none, or it holds no scalars.
    """
    files = sorted(path.rglob(PATTERN)) if path.is_dir() else [path]
    if not files:
        raise OffdiagonalError(f"{path} has no event files of TensorBoard ({PATTERN})")
    if len(files) > MOST_FILES:
        raise OffdiagonalError(
            f"{path} has {len(files):,} event files, of many runs; give the folder of one run"
        )
    logged = Logged(name=path.resolve().name if path.is_dir() else path.resolve().parent.name)
    for file in files:
        inside = file.parent.relative_to(path).as_posix() if path.is_dir() else "."
        prefix = "" if inside == "." else f"{inside}/"
        for step, second, tag, value in _scalars(file):
            logged.add(prefix + tag, step, value, second)
    if not logged.n:
        raise OffdiagonalError(f"{path} holds events of TensorBoard, but no scalars")
    return logged


def _scalars(path: Path) -> Iterator[tuple[float, float, str, float]]:
    with path.open("rb") as file:
        for data in _records(file, path):
            try:
                yield from _event(data)
            except (ValueError, struct.error, IndexError) as error:
                raise OffdiagonalError(f"{path} holds an event that cannot be read: {error}") from error


def _records(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """The TFRecords of a file; what is cut off at its end is left out, for it may still be written."""
    first = True
    while len(head := file.read(12)) == 12:
        (length,) = struct.unpack("<Q", head[:8])
        if _masked_crc(head[:8]) != struct.unpack("<I", head[8:])[0]:
            raise OffdiagonalError(
                f"{path} is {'no event file of TensorBoard' if first else 'damaged'}: a checksum does not fit"
            )
        if length > MOST_RECORD:
            raise OffdiagonalError(
                f"{path} has an event of {length:,} bytes; events are read up to {MOST_RECORD:,}"
            )
        data = file.read(length + 4)
        if len(data) < length + 4:
            return
        first = False
        if length <= CHECKED and _masked_crc(data[:length]) != struct.unpack("<I", data[length:])[0]:
            raise OffdiagonalError(f"{path} is damaged: a checksum does not fit")
        yield data[:length]
    if first:
        raise OffdiagonalError(f"{path} holds no event of TensorBoard")


def _event(data: bytes) -> Iterator[tuple[float, float, str, float]]:
    """Event: 1 wall time, 2 step, 5 summary; summary: 1 value; value: 1 tag, 2 number, 8 tensor."""
    second, step = 0.0, 0.0
    summaries = []
    for key, kind, found in _fields(data):
        if key == 1 and kind == 1:
            (second,) = struct.unpack("<d", found)
        elif key == 2 and kind == 0:
            step = float(found - (1 << 64) if found >> 63 else found)
        elif key == 5 and kind == 2:
            summaries.append(found)
    for summary in summaries:
        for key, kind, item in _fields(summary):
            if key != 1 or kind != 2:
                continue
            tag, value, plugin = _value(item)
            if value is not None and plugin in {"", "scalars"}:
                yield step, second, tag, value


def _value(data: bytes) -> tuple[str, float | None, str]:
    tag, plugin = "", ""
    value: float | None = None
    for key, kind, found in _fields(data):
        if key == 1 and kind == 2:
            tag = found.decode("utf-8", "replace")
        elif key == 2 and kind == 5:
            (value,) = struct.unpack("<f", found)
        elif key == 8 and kind == 2:
            value = _tensor(found)
        elif key == 9 and kind == 2:  # metadata: 1 plugin: 1 name
            inner = [one for number, form, one in _fields(found) if number == 1 and form == 2]
            names = [
                name for one in inner for number, form, name in _fields(one) if number == 1 and form == 2
            ]
            plugin = names[0].decode("utf-8", "replace") if names else ""
    return tag, value, plugin


def _tensor(data: bytes) -> float | None:
    """A tensor of one number: 1 type, 4 bytes of it, 5 floats, 6 doubles."""
    types = {1: "<f", 2: "<d", 3: "<i", 9: "<q"}
    kind_of = 0
    for key, kind, found in _fields(data):
        if key == 1 and kind == 0:
            kind_of = found
        elif key == 4 and kind == 2 and kind_of in types and len(found) == struct.calcsize(types[kind_of]):
            return float(struct.unpack(types[kind_of], found)[0])
        elif key in {5, 6}:
            form = "<f" if key == 5 else "<d"
            if kind in {1, 5} or (kind == 2 and len(found) == struct.calcsize(form)):
                return float(struct.unpack(form, found)[0])
    return None


def _fields(data: bytes) -> Iterator[Field]:
    """The fields of a message of Protocol Buffers: number, wire type, and a number or bytes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        found: Any
        if kind == 0:
            found, at = _varint(data, at)
        else:
            length = {1: 8, 5: 4}.get(kind)
            if kind == 2:
                length, at = _varint(data, at)
            if length is None:
                raise ValueError(f"wire type {kind}")
            if at + length > len(data):
                raise ValueError("a field is longer than its message")
            found = data[at : at + length]
            at += length
        yield tag >> 3, kind, found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("a number is too long")


def _table() -> list[int]:
    table = []
    for i in range(256):
        crc = i
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        table.append(crc)
    return table


CRC = _table()


def _masked_crc(data: bytes) -> int:
    """CRC-32C, turned and shifted as TFRecords have it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
