import struct

import numpy as np
import pytest

from tests.unit.checks_samples import looked_at, tone, wav
from tools.checks.measure import measure


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


def test_mp3_frames_are_counted_and_loudness_is_left_open():
    frame = b"\xff\xfb\x90\x00" + b"\0" * 413  # MPEG 1, layer 3, 128 kbit/s, 44100 Hz
    found = facts(frame * 100)
    assert found["seconds"] == pytest.approx(100 * 1152 / 44100, abs=0.001)
    assert "rms" not in found
