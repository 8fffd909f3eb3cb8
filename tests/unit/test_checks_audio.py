import struct
import sys

import numpy as np
import pytest

from tests.unit.checks_media_samples import encoded, zipped
from tests.unit.checks_samples import looked_at, tone, wav
from tools.checks.measure import measure
from tools.checks.media.loudness import Loudness


def facts(data: bytes):
    return measure(data, "audio")["facts"]


def test_a_tone_is_measured():
    found = facts(wav(tone(2.0)))
    assert (found["seconds"], found["rate"], found["channels"], found["silence"]) == (2.0, 8000, 1, 0.0)
    assert found["peak"] == pytest.approx(0.5, abs=0.01)
    assert found["rms"] == pytest.approx(0.3535, abs=0.01)


@pytest.mark.parametrize("level", [0.0, 0.4])
def test_a_constant_is_silence(level):
    assert facts(wav(np.full(8000, level)))["silence"] == 1.0


def test_overdriven_sound_is_clipped():
    assert facts(wav(np.clip(tone() * 4, -1, 1)))["clipping"] > 0.3


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (wav(tone(4))[:20_000], "truncated"),
        (wav(tone(0)), "empty"),
        (b"RIFF\x04\0\0\0WAVE", "truncated"),
        (b"ID3" + b"\0" * 400, "corrupt"),
        (b"hello, this is not sound", "type_mismatch"),
    ],
)
def test_broken_or_false_sound_is_refused(data, word):
    assert looked_at(data, "audio") == ("fail", word)


@pytest.mark.parametrize(("bits", "kind"), [(8, "u1"), (16, "<i2"), (32, "<i4"), (64, "<f8")])
def test_samples_of_every_width_mean_the_same(bits, kind):
    levels = tone(0.5)
    top = {"u1": 127, "<i2": 2**15 - 1, "<i4": 2**31 - 1, "<f8": 1}[kind]
    raw = (levels * top + (128 if kind == "u1" else 0)).astype(kind).tobytes()
    code = 3 if kind == "<f8" else 1
    head = struct.pack("<HHIIHH", code, 1, 8000, 8000 * bits // 8, bits // 8, bits)
    body = b"fmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(raw)) + raw
    assert facts(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body)["peak"] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("codec", "format", "sniffed"),
    [
        ("libmp3lame", "mp3", "mp3"),
        ("flac", "flac", "flac"),
        ("libopus", "ogg", "ogg"),
        ("aac", "mp4", "mp4"),
        ("aac", "adts", "aac"),
        ("libopus", "webm", "webm"),
        ("adpcm_ima_wav", "wav", "wav"),
    ],
)
def test_compressed_sound_is_decoded_and_measured(codec, format, sniffed):
    pytest.importorskip("av")
    found = facts(encoded(codec, format, 2.0))
    assert (found["format"], found["rate"], found["channels"]) == (sniffed, 48000, 1)
    assert found["seconds"] == pytest.approx(2.0, abs=0.1)
    assert found["rms"] == pytest.approx(0.3535, abs=0.03)
    assert found["silence"] < 0.1


def test_compressed_silence_is_silence():
    pytest.importorskip("av")
    assert facts(encoded("libmp3lame", "mp3", level=0.0))["silence"] == 1.0


@pytest.mark.parametrize(("codec", "format"), [("flac", "flac"), ("libopus", "ogg"), ("aac", "mp4")])
def test_compressed_sound_that_is_cut_is_truncated(codec, format):
    pytest.importorskip("av")
    whole = encoded(codec, format, 4.0)
    assert looked_at(whole[: len(whole) // 2], "audio") == ("fail", "truncated")


def test_what_nothing_can_decode_is_unknown_and_says_what_would_help(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)  # as if it were not installed
    report = measure(b"fLaC" + bytes(400), "audio")
    assert (report["status"], "pip install av" in report["reason"]) == ("unknown", True)


def test_a_sound_that_is_an_archive_too_is_refused():
    assert looked_at(wav(tone()) + zipped({"a.txt": b"text"}), "audio") == ("fail", "polyglot")


def test_loudness_is_the_same_however_the_sound_is_cut_into_blocks():
    samples = np.stack([tone(3.3), np.zeros(len(tone(3.3)))], axis=1).astype(np.float32)
    samples[4000:12000] = 0.25
    whole, pieces = Loudness(8000, 2), Loudness(8000, 2)
    whole.add(samples)
    for start in range(0, len(samples), 777):
        pieces.add(samples[start : start + 777])
    assert pieces.facts() == whole.facts()
    assert whole.facts()["silence"] == 0.0
