"""Small pictures that hold nothing but the picture."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments
from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.views.conftest import attacked, banking, cs229, spam
from tests.views.fakes import ArrayTables, make_tables

from offdiagonal.display import png as module
from offdiagonal.display.png import MOST_BYTES, display_width, render_pdf, render_png, render_svg, shrink
from offdiagonal.views.calibration import calibration
from offdiagonal.views.confidence import confidence
from offdiagonal.views.confusion import confusion
from offdiagonal.views.header import header
from offdiagonal.views.slices import slices
from offdiagonal.views.vegalite.board import board_chart

Pixels = NDArray[np.uint8]
POINT: dict[str, Any] = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a"}}}


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + data)
        found.append((kind, data))
        at += 12 + size
    return found


def pixels(png: bytes) -> Pixels:
    """An independent reader of palette pictures."""
    parts = dict(chunks(png))
    width, height, depth, kind = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert (kind, parts[b"IHDR"][10:]) == (3, b"\0\0\0")
    per_line = 1 + -(-width * depth // 8)
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, per_line)
    assert not lines[:, 0].any()
    bits = np.unpackbits(lines[:, 1:], axis=1).reshape(height, -1, depth)
    indices = (bits * (1 << np.arange(depth)[::-1])).sum(axis=2)[:, :width]
    palette = np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)
    alpha = np.full(len(palette), 255, np.uint8)
    given = np.frombuffer(parts.get(b"tRNS", b""), np.uint8)
    alpha[: len(given)] = given
    return np.dstack([palette[indices], alpha[indices]])


def rgba_png(image: Pixels, filters: list[int], extra: bytes = b"") -> bytes:
    """A PNG as encoders write it, each line with its filter."""
    lines, before = [], np.zeros_like(image[0])
    for line, kind in zip(image, filters, strict=True):
        left = np.vstack([np.zeros((1, 4), np.uint8), line[:-1]])
        coded = {0: line, 1: line - left, 2: line - before, 3: line}[kind]
        lines.append(bytes([kind]) + coded.astype(np.uint8).tobytes())
        before = line
    header = struct.pack(">IIBBBBB", image.shape[1], image.shape[0], 8, 6, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    data = zlib.compress(b"".join(lines))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + (chunk(b"tEXt", b"Comment\0canary"))
        + chunk(b"IDAT", data[:7])
        + chunk(b"IDAT", data[7:])
        + chunk(b"IEND", b"")
    )


def board(tables: ArrayTables) -> dict[str, Any]:
    return board_chart(
        header(tables),
        confusion=confusion(tables),
        slices=slices(tables),
        confidence=confidence(tables),
        calibration=calibration(tables),
    )


class TestShrink:
    """Re-encoding."""

    @pytest.mark.parametrize("colours", [1, 2, 16, 17, 200, 256])
    @pytest.mark.parametrize("width", [1, 4, 7])
    def test_few_colours_are_exact(self, colours: int, width: int) -> None:
        rng = np.random.default_rng(colours)
        palette = rng.integers(0, 256, (colours, 4), dtype=np.uint8)
        image = palette[rng.integers(0, colours, (60, width))]
        filters = rng.integers(0, 3, 60).tolist()
        assert (pixels(shrink(rgba_png(image, filters))) == image).all()

    def test_many_colours_are_near(self) -> None:
        x, y = np.meshgrid(np.arange(120), np.arange(80))
        image = np.dstack([2 * x, 3 * y, x + y, np.full_like(x, 255)]).astype(np.uint8)
        near = pixels(shrink(rgba_png(image, [1] * 80)))
        assert np.abs(near.astype(int) - image).mean() < 8
        assert len(np.unique(near.reshape(-1, 4), axis=0)) <= 256

    def test_flat_areas_keep_their_colour(self) -> None:
        rng = np.random.default_rng(0)
        image = rng.integers(0, 256, (100, 100, 4), dtype=np.uint8)
        image[..., 3] = 255
        image[:40] = (207, 74, 23, 255)
        image[40:60] = (250, 251, 252, 255)
        near = pixels(shrink(rgba_png(image, [0] * 100), colours=32))
        assert (near[:60] == image[:60]).all()

    def test_text_is_dropped(self) -> None:
        image = np.full((10, 10, 4), 255, np.uint8)
        kinds = [kind for kind, _ in chunks(shrink(rgba_png(image, [0] * 10)))]
        assert kinds == [b"IHDR", b"pHYs", b"PLTE", b"IDAT", b"IEND"]

    def test_a_png_of_another_kind_only_loses_text(self) -> None:
        image = np.full((10, 10, 4), 255, np.uint8)
        given = rgba_png(image, [3] * 10)
        assert [kind for kind, _ in chunks(shrink(given))] == [b"IHDR", b"IDAT", b"IDAT", b"IEND"]
        assert b"canary" not in shrink(given)


class TestRender:
    """From spec to file."""

    @pytest.mark.parametrize("name", ["cs229", "spam", "banking", "attacked"])
    def test_boards_are_small_and_wide(self, name: str, request: pytest.FixtureRequest) -> None:
        png = render_png(board(request.getfixturevalue(name)))
        image = pixels(png)
        assert len(png) <= MOST_BYTES
        assert image.shape[1] >= 1000
        assert (image[0, 0] == (255, 255, 255, 255)).all()
        assert 900 < display_width(png) < 1300

    def test_77_classes_alone(self, banking: ArrayTables) -> None:
        png = render_png(board_chart(header(banking), confusion=confusion(banking)))
        assert len(png) <= MOST_BYTES
        assert pixels(png).shape[1] >= 600

    def test_small_views_are_600_pixels_wide(self) -> None:
        tables = make_tables([0], [0], ["a"], name="a")
        png = render_png(board_chart(header(tables), confidence=confidence(tables)), scale=0.5)
        assert pixels(png).shape[1] >= 600

    def test_as_vl_convert_draws_it(self) -> None:
        import vl_convert

        drawn = module._decode(vl_convert.vegalite_to_png(POINT, scale=2))
        assert drawn is not None
        assert np.abs(pixels(render_png(POINT | {"width": 400}, scale=2)).shape[1] - 2 * 400) < 100
        assert (pixels(shrink(vl_convert.vegalite_to_png(POINT, scale=2))) == drawn).all()

    def test_twice_the_same(self, cs229: ArrayTables) -> None:
        assert render_png(board(cs229)) == render_png(board(cs229))

    def test_svg_and_pdf(self, cs229: ArrayTables) -> None:
        svg = render_svg(board(cs229))
        assert svg.startswith("<svg")
        assert ">LoanSpam<" in svg
        assert render_pdf(board(cs229)).startswith(b"%PDF")

    def test_names_are_no_markup(self, attacked: ArrayTables) -> None:
        svg = render_svg(board(attacked))
        assert "<img" not in svg
        assert "<script" not in svg
        assert "&lt;img" in svg


class TestNothingIsFetched:
    """Neither data nor images at an address."""

    @pytest.mark.parametrize("render", [render_png, render_svg, render_pdf])
    def test_data(self, render: Any) -> None:
        with pytest.raises(ValueError, match="not allowed"):
            render(POINT | {"data": {"url": "http://127.0.0.1:9/rows.json"}})

    @pytest.mark.parametrize(
        "address", ["http://127.0.0.1:9/a.png", "/etc/hostname", "file:///a.png", "a.png"]
    )
    def test_images(self, address: str) -> None:
        spec = {
            "data": {"values": [{"at": address}]},
            "mark": {"type": "image", "width": 20, "height": 20},
            "encoding": {"url": {"field": "at"}},
        }
        assert f'href="{address}' not in render_svg(spec)
        assert render_pdf(spec).startswith(b"%PDF")
        assert pixels(render_png(spec)).shape[1] >= 600

    def test_images_behind_quotes_and_brackets(self) -> None:
        svg = '<image aria-label="a>b" x=\'c>"\' xlink:href="http://x/a.png"/><image href=\'/etc/b\'/><a href="c"/>'
        assert module.OUTSIDE_IMAGE.sub(r'\1""', svg) == (
            '<image aria-label="a>b" x=\'c>"\' xlink:href=""/><image href=""/><a href="c"/>'
        )

    def test_inline_images_stay(self) -> None:
        inline = "data:image/png;base64,iVBORw0KGgo="
        spec = {
            "data": {"values": [{"at": inline}]},
            "mark": {"type": "image", "width": 20, "height": 20},
            "encoding": {"url": {"field": "at"}},
        }
        assert inline in render_svg(spec)
