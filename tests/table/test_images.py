"""Images: whatever they are given as, a PNG of the right pixels without metadata; what cannot be read is none."""

from __future__ import annotations

import base64
import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import offdiagonal as od
from offdiagonal.errors import LengthError, OffdiagonalError
from offdiagonal.pages import Sort
from offdiagonal.table.images import LARGE, SMALL, UNREADABLE, png, shrunk

RANDOM = np.random.default_rng(0)
PHOTO = RANDOM.integers(0, 256, (3, 20, 30, 3), dtype=np.uint8)


def encoded(image: np.ndarray, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image).save(out, kind, **more)
    return out.getvalue()


def decoded(url: str) -> np.ndarray:
    head, _, data = url.partition(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def shown(image: object, large: bool = False, **options: object) -> list[str | None]:
    """The images of three rows, as the examples have them."""
    data: dict[str, object] = {"label": [0, 1, 0], "prediction": [0, 1, 1]}
    if not isinstance(image, np.ndarray):
        data["photo"], image = image, "photo"
    ev = od.Evaluation(pd.DataFrame(data), image=image, **options)
    pages = ev._session.pages
    key = next(column.key for column in ev._engine.meta.columns if column.kind == "image")
    if large:
        return [pages.detail(row)["values"][key] for row in range(3)]
    rows = pages.page([], Sort("row"), 0, 10)["rows"]
    return [row["values"][key] for row in rows]


@pytest.mark.parametrize(
    "given",
    [
        PHOTO,
        list(PHOTO),
        [encoded(image) for image in PHOTO],
        [Image.fromarray(image) for image in PHOTO],
        [np.moveaxis(image, -1, 0) for image in PHOTO],
    ],
    ids=["array", "arrays", "bytes", "PIL images", "channels first"],
)
def test_pixels_are_those_given(given: object) -> None:
    for url, image in zip(shown(given), PHOTO, strict=True):
        np.testing.assert_array_equal(decoded(url or ""), image)


def test_paths_are_read_below_their_root_alone(tmp_path) -> None:
    root = tmp_path / "images"
    (root / "deep").mkdir(parents=True)
    (root / "deep" / "a.png").write_bytes(encoded(PHOTO[0]))
    (tmp_path / "secret.png").write_bytes(encoded(PHOTO[1]))
    (root / "link.png").symlink_to(tmp_path / "secret.png")
    found = shown(["deep/a.png", "../secret.png", "link.png"], image_root=root)
    np.testing.assert_array_equal(decoded(found[0] or ""), PHOTO[0])
    assert found[1:] == [UNREADABLE, UNREADABLE]


def test_paths_without_a_root_are_refused() -> None:
    with pytest.raises(OffdiagonalError, match=r"give image_root=, the folder that they are in"):
        shown(["a.png", "b.png", "c.png"])


def test_numbers_go_from_black_to_white() -> None:
    shares = np.asarray([[[0.0, 0.5], [1.0, np.nan]]] * 3)
    assert decoded(shown(shares)[0] or "").tolist() == [[0, 128], [255, 0]]
    sixteen = np.asarray([[[0, 8], [16, 4]]] * 3)
    assert decoded(shown(sixteen)[0] or "").tolist() == [[0, 128], [255, 64]]
    signed = np.asarray([[[-1.0, 0.0], [1.0, 0.0]]] * 3)
    assert decoded(shown(signed)[0] or "").tolist() == [[0, 128], [255, 128]]
    assert decoded(shown(np.asarray([[[True, False]]] * 3))[0] or "").tolist() == [[255, 0]]


def test_large_ones_are_small_in_the_grid_and_larger_when_opened() -> None:
    wide = np.zeros((3, 700, 1400), np.uint8)
    assert max(decoded(shown(wide)[0] or "").shape) <= SMALL
    assert SMALL < max(decoded(shown(wide, large=True)[0] or "").shape) <= LARGE


def test_shrinking_keeps_the_mean() -> None:
    image = RANDOM.integers(0, 256, (64, 128, 1), dtype=np.uint8)
    small = shrunk(image, 32)
    assert small.shape == (16, 32, 1)
    assert abs(float(small.mean()) - float(image.mean())) < 0.5


def test_no_metadata_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "canary-in-exif"
    jpegs = [encoded(image, "JPEG", exif=exif) for image in PHOTO]
    for url in shown(jpegs):
        data = base64.b64decode((url or "").partition(",")[2])
        assert b"canary" not in data
        assert [data[8 + 4 : 8 + 8], data[-8:-4]] == [b"IHDR", b"IEND"]


def test_missing_images_are_none_and_broken_ones_say_so() -> None:
    good = encoded(PHOTO[0])
    assert shown([good, None, b"no image"])[1:] == [None, UNREADABLE]
    assert shown([good, good[: len(good) // 2], good])[1] == UNREADABLE


def test_a_bomb_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    small = encoded(np.zeros((4, 4, 3), np.uint8))
    assert shown([small, encoded(PHOTO[0]), small])[1] == UNREADABLE


def test_transparency_and_palettes_stay(tmp_path) -> None:
    clear = np.dstack([PHOTO[0], np.full(PHOTO[0].shape[:2], 100, np.uint8)])
    assert decoded(shown([encoded(clear)] * 3)[0] or "").shape == (20, 30, 4)
    np.testing.assert_array_equal(decoded(shown([clear] * 3)[0] or ""), clear)


@pytest.mark.parametrize("given", [[1, 2, 3], [{}, {}, {}], [np.zeros((2, 3, 5)), None, None]])
def test_what_is_no_image_is_refused(given: list[object]) -> None:
    with pytest.raises(OffdiagonalError, match=r"an image is an array"):
        shown(given)


def test_as_many_as_rows() -> None:
    with pytest.raises(LengthError, match="image="):
        shown(PHOTO[:2])


def test_png_is_read_by_others() -> None:
    for channels in (1, 3, 4):
        image = RANDOM.integers(0, 256, (5, 7, channels), dtype=np.uint8)
        np.testing.assert_array_equal(
            np.asarray(Image.open(io.BytesIO(png(image)))), image[..., 0] if channels == 1 else image
        )


def test_saved_small_and_only_where_declared() -> None:
    frame = {"label": [0, 1, 0], "prediction": [0, 1, 1], "photo": list(PHOTO)}

    def rows(**options: object) -> list[dict[str, object]]:
        ev = od.Evaluation(pd.DataFrame(frame), image="photo", **options)
        return ev.examples()._kept(ev._policy).rows

    assert all(str(row["values"]["c2"]).startswith("data:image/png") for row in rows())
    assert [row["values"]["c2"] for row in rows(save_images=False)] == [None] * 3
    assert all("c2" not in row["values"] for row in rows(private=["photo"]))


def test_exports_leave_images_out() -> None:
    frame = {"label": [0, 1, 0], "prediction": [0, 1, 1], "photo": list(PHOTO), "size": [1, 2, 3]}
    ev = od.Evaluation(pd.DataFrame(frame), image="photo")
    from offdiagonal.export import export_rows

    head = export_rows(ev._engine, np.arange(3), "csv", private=True).splitlines()[0]
    assert head == "row,label,predicted,size"
