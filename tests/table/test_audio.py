"""Sounds: whatever they are given as, a length in the grid and a player's data in an opened row; nothing saved."""

from __future__ import annotations

import base64
import io
import os
import wave
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.display.wire import meta_json
from offdiagonal.errors import OffdiagonalError
from offdiagonal.pages import Sort
from offdiagonal.table.audio import MOST_BYTES, UNREADABLE, kind_of, wav

RATE = 8000
TONE = np.sin(np.arange(2 * RATE) / 5)


def evaluation(sounds: object, **options: object) -> od.Evaluation:
    column = np.empty(len(sounds), dtype=object)
    column[:] = sounds
    data = {"label": [0, 1, 0], "prediction": [0, 1, 1], "recording": column}
    return od.Evaluation(pd.DataFrame(data), audio="recording", **options)


def told(ev: od.Evaluation) -> list[str | None]:
    return [row["values"]["c2"] for row in ev._session.pages.page([], Sort("row"), 0, 10)["rows"]]


def played(ev: od.Evaluation, row: int = 0) -> str | None:
    return ev._session.pages.detail(row)["values"]["c2"]


def samples(url: str) -> tuple[np.ndarray, int]:
    head, _, data = url.partition(",")
    assert head == "data:audio/wav;base64"
    with wave.open(io.BytesIO(base64.b64decode(data))) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        return frames, file.getframerate()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (TONE, TONE[:, None]),
        (TONE.astype(np.float32), TONE[:, None]),
        ((TONE * 32767).astype(np.int16), TONE[:, None]),
        ((TONE * 2**31).clip(-(2**31), 2**31 - 1).astype(np.int32), TONE[:, None]),
        ((TONE * 127 + 128).astype(np.uint8), TONE[:, None]),
        (np.stack([TONE, -TONE]), np.stack([TONE, -TONE], axis=1)),
        (np.stack([TONE, -TONE], axis=1), np.stack([TONE, -TONE], axis=1)),
        (TONE.tolist(), TONE[:, None]),
        (3 * TONE, (3 * TONE[:, None]).clip(-1, 1)),
    ],
    ids=[
        "floats",
        "float32",
        "int16",
        "int32",
        "bytes",
        "channels first",
        "channels last",
        "list",
        "too loud",
    ],
)
def test_samples_are_those_given(given: object, wanted: np.ndarray) -> None:
    ev = evaluation([given, None, given], audio_rate=RATE)
    assert told(ev) == ["2.0 s", None, "2.0 s"]
    found, rate = samples(played(ev))
    assert rate == RATE
    assert np.abs(found / 32767 - wanted).max() < 0.02  # of 8 bits
    assert played(ev, 1) is None


def test_files_are_played_as_they_are(tmp_path: Path) -> None:
    data = wav(TONE[:, None], RATE)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "tone.wav").write_bytes(data)
    ogg = b"OggS" + bytes(5000)
    for given, options in (
        ([data, ogg, None], {}),
        (["a/tone.wav", ogg, None], {"audio_root": tmp_path}),
        ([Path("a/tone.wav"), ogg, None], {"audio_root": tmp_path}),
    ):
        ev = evaluation(given, **options)
        assert told(ev) == ["2.0 s", "ogg, 5 KB", None]
        assert base64.b64decode(played(ev).partition(",")[2]) == data
        assert played(ev, 1).startswith("data:audio/ogg;base64,")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"RIFF0000WAVEfmt ", "wav"),
        (b"RIFF0000AVI LIST", None),
        (b"ID3\x03", "mpeg"),
        (b"\xff\xfb\x90", "mpeg"),
        (b"OggS", "ogg"),
        (b"fLaC", "flac"),
        (b"\0\0\0\x20ftypM4A ", "mp4"),
        (b"\x1aE\xdf\xa3", "webm"),
        (b"<script>", None),
        (b"", None),
    ],
)
def test_a_file_is_told_by_how_it_begins(head: bytes, kind: str | None) -> None:
    assert kind_of(head) == kind


def test_paths_stay_in_their_folder(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    secret = tmp_path / "secret.wav"
    for file in (secret, root / "ok.wav"):
        file.write_bytes(wav(TONE[:, None], RATE))
    (root / "link.wav").symlink_to(secret)
    os.mkfifo(root / "pipe.wav")
    ev = evaluation(["ok.wav", "../secret.wav", "link.wav"], audio_root=root)
    assert told(ev) == ["2.0 s", UNREADABLE, UNREADABLE]
    assert [played(ev, row) for row in (1, 2)] == [UNREADABLE] * 2
    assert told(evaluation(["ok.wav", "pipe.wav", str(secret)], audio_root=root)) == [
        "2.0 s",
        UNREADABLE,
        UNREADABLE,
    ]


def test_what_is_no_sound_is_refused_with_what_to_do(tmp_path: Path) -> None:
    for first, options, message in (
        (TONE, {}, "give audio_rate="),
        (TONE, {"audio_rate": 0}, "whole number of samples a second"),
        ("a.wav", {}, "give audio_root=, the folder"),
        ("gone.wav", {"audio_root": tmp_path}, "is no file"),
        (b"text", {}, "no WAV, MP3"),
        ({"a": 1}, {}, "not a dict"),
        (np.zeros((2, 3, 4)), {"audio_rate": RATE}, "one or two axes"),
        (np.zeros((5, 4)), {"audio_rate": RATE}, "one or two channels"),
    ):
        with pytest.raises(OffdiagonalError, match=message):
            evaluation([first, None, None], **options)


def test_a_later_row_that_is_no_sound_is_said_to_be_unreadable() -> None:
    assert told(evaluation([TONE, np.zeros((2, 2, 2)), b"x"], audio_rate=RATE)) == [
        "2.0 s",
        UNREADABLE,
        UNREADABLE,
    ]


def test_a_sound_that_is_too_large_is_not_sent() -> None:
    ev = evaluation([b"OggS" + bytes(MOST_BYTES), None, None])
    assert played(ev) == "6 MB: too large to be played here (at most 6)"


def test_nothing_of_a_sound_is_saved() -> None:
    secret = b"OggSCANARY" * 50
    ev = evaluation([secret, secret, secret])
    saved = ev.board()._repr_html_()
    assert "CANARY" not in saved
    assert base64.b64encode(secret).decode()[:40] not in saved
    assert "audio" not in {column["kind"] for column in meta_json(ev._engine.meta, private=False)["columns"]}
    assert [row["values"]["c2"] for row in ev._session.pages.rows(np.arange(3), private=False)] == [None] * 3


def test_a_dataset_has_sounds_too() -> None:
    dataset = od.Dataset(
        {"label": ["a", "b"], "sound": [TONE, TONE]}, label="label", audio="sound", audio_rate=RATE
    )
    ev = dataset.evaluate(prediction=["a", "a"])
    for one in (dataset, ev):
        assert one._session.pages.detail(0)["values"]["c1"].startswith("data:audio/wav")


def test_an_error_tells_nothing_of_a_private_column(tmp_path: Path) -> None:
    for column in ("audio", "image"):
        data = {"label": [0, 1], "prediction": [0, 1], "clip": ["patients/anna.wav", "b.wav"]}
        options = {column: "clip", f"{column}_root": tmp_path, "private": ["clip"]}
        with pytest.raises(OffdiagonalError, match="of a private column cannot be read") as raised:
            od.Evaluation(data, **options)
        assert "anna" not in str(raised.value)
        assert raised.value.__cause__ is None
