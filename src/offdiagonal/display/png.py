"""Pictures of Vega-Lite specs: no browser, no network, and small enough to save with a notebook."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 45 * 1024
LEAST_WIDTH = 600
"""Pixels of width below which a picture is not made smaller, however many bytes it has."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS, FEWER_COLOURS = 256, 32
DRAFT = 0.75
"""Part of the wanted scale that is tried first."""
GROWTH = 1.2
"""Text dominates: bytes grow with about this power of the scale."""

OUTSIDE_IMAGE = re.compile(
    r"""(<image\b(?:[^>"']|"[^"]*"|'[^']*')*?\s(?:xlink:)?href=)("(?!data:)[^"]*"|'(?!data:)[^']*')"""
)

TAG = re.compile(r"""<[A-Za-z](?:[^>"']|"[^"]*"|'[^']*')*>""")
OUTSIDE_PAINT = re.compile(r"""url\((?:&quot;|&apos;|['"]|\s)*(?![#'"&\s])[^)]*\)""")
LINK = re.compile(r"<a\b.*", re.DOTALL)

DOTS_PER_METRE = 2835
"""72 dots an inch."""

Pixels = NDArray[np.uint8]


def render_png(
    spec: dict[str, Any], scale: float = 2, *, most: int = MOST_BYTES, least_width: int = LEAST_WIDTH
) -> bytes:
    """Draw a spec as a PNG of at most 45 KB, where that is possible at 600 pixels of width.

    Parameters
    ----------
    spec
        A Vega-Lite spec over inline data. Nothing at an address is ever fetched: data there is an error,
        an image there is left out.
    scale
        Pixels for each unit of the spec; less where the picture would be too large.
    most, least_width
        Other limits than these.
    """
    import vl_convert

    svg = render_svg(spec)

    def drawn(at: float, colours: int) -> bytes:
        return shrink(vl_convert.svg_to_png(svg, scale=at), colours, at)

    at = DRAFT * scale
    small = drawn(at, FEWER_COLOURS)
    least = at * least_width / _width(small)
    if (wanted := max(scale, least)) <= _fitting(at, small, most):
        at, small = wanted, drawn(wanted, COLOURS)
    while at < least or (len(small) > most and at > least):
        at = max(least, min(0.95 * at, _fitting(at, small, most)))
        small = drawn(at, FEWER_COLOURS)
    return small


def _fitting(scale: float, png: bytes, most: int) -> float:
    """At which scale a picture that has its bytes at this one would have those that it may have."""
    return float(scale * (most / len(png)) ** (1 / GROWTH))


def render_svg(spec: dict[str, Any]) -> str:
    """Draw a spec as SVG, by the rules of `render_png`."""
    import vl_convert

    # vl-convert refuses data at an address but fetches images, so those are taken out of its SVG; and what
    # a browser would load, or follow, that opens the file: a user's own chart may have colours and links of its rows
    svg = OUTSIDE_IMAGE.sub(r'\1""', vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    return TAG.sub(_tame, svg) if "url(" in svg or "<a" in svg else svg


def _tame(tag: re.Match[str]) -> str:
    return LINK.sub("<a>", OUTSIDE_PAINT.sub("none", tag[0]))


def render_pdf(spec: dict[str, Any]) -> bytes:
    """Draw a spec as PDF, by the rules of `render_png`."""
    import vl_convert

    return bytes(vl_convert.svg_to_pdf(render_svg(spec)))


def display_width(png: bytes) -> int:
    """How wide a picture of `render_png` is meant to be, in units of its spec: CSS pixels."""
    density = next((data for kind, data in _chunks(png) if kind == b"pHYs"), b"")
    scale = struct.unpack(">I", density[:4])[0] / DOTS_PER_METRE if density else 1
    return round(_width(png) / scale)


def shrink(png: bytes, colours: int = COLOURS, scale: float = 1) -> bytes:
    """The same picture with a palette, well compressed, and with nothing in the file but the picture.

    Parameters
    ----------
    png
        Any PNG; one that vl-convert did not write only loses what is not the picture.
    colours
        How many at most; a picture that has more gets the nearest ones.
    scale
        Pixels for each unit of what is drawn, to be noted in the file.
    """
    pixels = _decode(png)
    if pixels is None:
        return _bare(png)
    height, width = pixels.shape[:2]
    packed = pixels.view(np.uint32).reshape(-1)
    starts = np.flatnonzero(np.concatenate([[True], packed[1:] != packed[:-1]]))
    lengths = np.diff(np.append(starts, len(packed)))
    found, inverse = np.unique(packed[starts], return_inverse=True)
    chosen, nearest = _palette(found, np.bincount(inverse, weights=lengths), colours)
    indices = np.repeat(nearest[inverse].astype(np.uint8), lengths).reshape(height, width)
    return _encode(indices, chosen.view(np.uint8).reshape(-1, 4), scale)


def _palette(
    colours: NDArray[np.uint32], weight: NDArray[Any], size: int
) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """At most ``size`` of the colours, and for each colour the one that stands for it.

    Half of them are the most used: flat areas keep their exact colour. The others are those that
    would else be furthest off.
    """
    if len(colours) <= size:
        return colours, np.arange(len(colours))
    channels = colours.view(np.uint8).reshape(-1, 4).astype(np.float64)
    chosen = list(np.argsort(-weight, kind="stable")[: size // 2])
    distance = np.min([((channels - channels[i]) ** 2).sum(axis=1) for i in chosen], axis=0)
    nearest = np.argmin([((channels - channels[i]) ** 2).sum(axis=1) for i in chosen], axis=0)
    for position in range(size // 2, size):
        worst = int(np.argmax(distance * np.sqrt(weight)))
        chosen.append(worst)
        off = ((channels - channels[worst]) ** 2).sum(axis=1)
        nearest[off < distance] = position
        distance = np.minimum(distance, off)
    return colours[chosen], nearest


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bare(png: bytes) -> bytes:
    kinds = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in _chunks(png) if kind in kinds)


def _width(png: bytes) -> int:
    (width,) = struct.unpack(">I", png[16:20])
    return int(width)


def _decode(png: bytes) -> Pixels | None:
    """The pixels, (height, width, 4), of the kind of PNG that vl-convert writes; None for any other."""
    header, data = b"", b""
    for kind, part in _chunks(png):
        header = part if kind == b"IHDR" else header
        data += part if kind == b"IDAT" else b""
    width, height, *form = struct.unpack(">IIBBBBB", header)
    if form != [8, 6, 0, 0, 0]:
        return None
    rows = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, 1 + 4 * width)
    pixels = np.empty((height, width, 4), dtype=np.uint8)
    before = np.zeros((width, 4), dtype=np.uint8)
    for row, out in zip(rows, pixels, strict=True):
        line = row[1:].reshape(width, 4)
        match int(row[0]):
            case 0:
                out[:] = line
            case 1:
                np.cumsum(line, axis=0, dtype=np.uint8, out=out)
            case 2:
                np.add(line, before, out=out)
            case _:
                return None
        before = out
    return pixels


def _encode(indices: Pixels, palette: Pixels, scale: float) -> bytes:
    height, width = indices.shape
    depth = 8 if len(palette) > 16 else 4
    if depth == 4:
        even = np.pad(indices, ((0, 0), (0, width % 2)))
        indices = np.bitwise_or(even[:, ::2] << 4, even[:, 1::2], dtype=np.uint8)
    lines = np.pad(indices, ((0, 0), (1, 0)))  # filter 0 before each line
    smaller = zlib.compressobj(8, strategy=zlib.Z_FILTERED)  # level 9: twice the time, 1 % less
    density = round(DOTS_PER_METRE * scale)
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)),
        _chunk(b"pHYs", struct.pack(">IIB", density, density, 1)),
        _chunk(b"PLTE", palette[:, :3].tobytes()),
        *([_chunk(b"tRNS", palette[:, 3].tobytes())] if (palette[:, 3] < 255).any() else []),
        _chunk(b"IDAT", smaller.compress(lines.tobytes()) + smaller.flush()),
        _chunk(b"IEND", b""),
    ]
    return SIGNATURE + b"".join(chunks)
