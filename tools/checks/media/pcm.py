"""Reads the samples of WAV and AIFF, without a codec library: most sound that a Space makes is one of the two."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Unsound
from tools.checks.media.loudness import Samples


class Foreign(Unsound):
    """A WAV or AIFF whose samples are packed in a way that is not read here."""

    def __init__(self, detail: str) -> None:
        super().__init__("unread", detail)


class Sound(NamedTuple):
    rate: int
    channels: int
    samples: Samples
    """Frames by channels: 32-bit floats of full scale 1, or 16-bit integers."""
    codec: str
    claimed: int
    """Frames that the header promises."""


def decoded(data: bytes, format: str) -> Sound:
    """The same with every sample as a float."""
    sound = packed(data, format)
    if sound.samples.dtype.kind != "i":
        return sound
    return sound._replace(samples=sound.samples.astype(np.float32) / np.float32(32768))


def packed(data: bytes, format: str) -> Sound:
    """The samples of a WAV or AIFF. Raises Unsound, and Foreign for what a codec library may still know."""
    if data.startswith(b"RF64"):
        raise Foreign("a WAV of the long kind")
    return _wav(data) if format == "wav" else _aiff(data)


def _wav(data: bytes) -> Sound:
    chunks = dict(_chunks(data, "<"))
    if b"fmt " not in chunks or len(chunks[b"fmt "][1]) < 16:
        raise Unsound("truncated", "a WAV without its format")
    layout = chunks[b"fmt "][1]
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", layout)
    if code == 0xFFFE and len(layout) >= 26:
        code = struct.unpack_from("<H", layout, 24)[0]
    if b"data" not in chunks:
        raise Unsound("truncated", "a WAV without its samples")
    claimed, payload = chunks[b"data"]
    codec = {1: "pcm", 3: "float", 6: "alaw", 7: "ulaw"}.get(code)
    return _sound(codec, payload, claimed, rate, channels, bits, "<")


def _aiff(data: bytes) -> Sound:
    chunks = dict(_chunks(data, ">"))
    if b"COMM" not in chunks or len(chunks[b"COMM"][1]) < 18:
        raise Unsound("truncated", "an AIFF without its format")
    layout = chunks[b"COMM"][1]
    channels, _, bits = struct.unpack_from(">HIH", layout)
    kind = bytes(layout[18:22]) if data[8:12] == b"AIFC" else b"NONE"
    if b"SSND" not in chunks:
        raise Unsound("truncated", "an AIFF without its samples")
    claimed, payload = chunks[b"SSND"]
    kinds = {
        b"NONE": "pcm",
        b"twos": "pcm",
        b"sowt": "pcm",
        b"fl32": "float",
        b"FL32": "float",
        b"fl64": "float",
        b"ulaw": "ulaw",
        b"ULAW": "ulaw",
        b"alaw": "alaw",
        b"ALAW": "alaw",
    }
    order = "<" if kind == b"sowt" else ">"
    # 8-bit samples have no sign in WAV and have one in AIFF.
    return _sound(kinds.get(kind), payload[8:], max(0, claimed - 8), _extended(layout[8:18]), channels, bits, order)


def _chunks(data: bytes, order: str) -> Iterator[tuple[bytes, tuple[int, memoryview]]]:
    """Name, claimed length and what is there of every chunk of a RIFF or IFF file; the first of a name counts."""
    position, seen, view = 12, set(), memoryview(data)
    while position + 8 <= len(data):
        name, length = struct.unpack_from(f"{order}4sI", data, position)
        if name not in seen:
            seen.add(name)
            yield name, (length, view[position + 8 : position + 8 + length])
        position += 8 + length + length % 2


def _extended(number: memoryview) -> int:
    """An 80-bit floating-point number, as AIFF writes its rate."""
    exponent, mantissa = struct.unpack(">HQ", number)
    power = (exponent & 0x7FFF) - 16446
    return int(mantissa * 2.0**power) if -64 < power < 0 else 0


def _sound(
    codec: str | None, payload: memoryview, claimed: int, rate: int, channels: int, bits: int, order: str
) -> Sound:
    if codec is None:
        raise Foreign("its samples are compressed")
    width = 1 if codec in ("ulaw", "alaw") else (bits + 7) // 8
    if not (1 <= channels <= 64 and 1 <= rate <= 1_000_000 and 1 <= width <= 8):
        raise Unsound("corrupt", f"{channels} channels, {rate} Hz, {bits} bits")
    # A stream of unknown length claims the greatest number there is.
    claimed_frames = 0 if claimed >= 0xFFFFFF00 else claimed // (width * channels)
    frames = len(payload) // (width * channels)
    if frames * channels > CAPS.samples:
        raise Unsound("limits", f"{frames * channels} samples, at most {CAPS.samples}")
    samples = _read(payload[: frames * width * channels], codec, width, order).reshape(frames, channels)
    return Sound(rate, channels, samples, f"{codec}{width * 8}", claimed_frames)


def _read(payload: memoryview, codec: str, width: int, order: str) -> Samples:
    match codec, width:
        case "float", 4 | 8:
            return np.frombuffer(payload, f"{order}f{width}").astype(np.float32)
        case "ulaw", _:
            return _ULAW[np.frombuffer(payload, np.uint8)]
        case "alaw", _:
            return _ALAW[np.frombuffer(payload, np.uint8)]
        case "pcm", 1 if order == "<":
            return (np.frombuffer(payload, np.uint8).astype(np.float32) - 128) / 128
        case "pcm", 2:
            return np.frombuffer(payload, f"{order}i2")
        case "pcm", 1 | 4:
            return np.frombuffer(payload, f"{order}i{width}").astype(np.float32) / 2.0 ** (8 * width - 1)
        case "pcm", 3:
            three = np.frombuffer(payload, np.uint8).reshape(-1, 3)
            three = three if order == "<" else three[:, ::-1]
            four = np.zeros((len(three), 4), np.uint8)
            four[:, 1:] = three
            return four.view("<i4")[:, 0].astype(np.float32) / 2.0**31
        case _:
            raise Foreign(f"{codec} samples of {width} bytes")


def _ulaw_table() -> Samples:
    """G.711, Table 2a."""
    code = ~np.arange(256, dtype=np.uint8)
    magnitude = ((((code & 0x0F).astype(np.int32) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return (np.where(code & 0x80, -magnitude, magnitude) / 32768.0).astype(np.float32)


def _alaw_table() -> Samples:
    """G.711, Table 1a."""
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, (code & 0x0F).astype(np.int32) << 4
    magnitude = np.where(exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent, 1) - 1)
    return (np.where(code & 0x80, magnitude, -magnitude) / 32768.0).astype(np.float32)


_ULAW, _ALAW = _ulaw_table(), _alaw_table()
