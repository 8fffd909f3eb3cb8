"""Reads WAV files of any usual sample format into numbers from -1 to 1."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


class NotAWave(ValueError):
    """The file is not a WAV file that can be read."""


def read_wav(path: Path) -> tuple[int, Samples]:
    """Sample rate and samples (one column for each channel) of PCM 8, 16, 24, 32 bit or float 32, 64 bit."""
    raw = path.read_bytes()
    if raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
        raise NotAWave("The audio is not a WAV file.")
    chunks: dict[bytes, bytes] = {}
    place = 12
    while place + 8 <= len(raw):
        name, size = raw[place : place + 4], struct.unpack_from("<I", raw, place + 4)[0]
        chunks.setdefault(name, raw[place + 8 : place + 8 + size])
        place += 8 + size + size % 2
    if len(chunks.get(b"fmt ", b"")) < 16 or b"data" not in chunks:
        raise NotAWave("The WAV file has no format or no data chunk.")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if kind == 0xFFFE and len(chunks[b"fmt "]) >= 26:
        kind = struct.unpack_from("<H", chunks[b"fmt "], 24)[0]
    if channels == 0 or rate == 0:
        raise NotAWave("The WAV file names no channels or no sample rate.")
    flat = _decoded(chunks[b"data"], kind, bits)
    return rate, flat[: flat.size // channels * channels].reshape(-1, channels)


def _decoded(data: bytes, kind: int, bits: int) -> Samples:
    data = data[: len(data) // max(1, bits // 8) * max(1, bits // 8)]
    match kind, bits:
        case 1, 8:
            return np.frombuffer(data, np.uint8).astype(np.float64) / 128 - 1
        case 1, 16:
            return np.frombuffer(data, "<i2").astype(np.float64) / 2**15
        case 1, 24:
            triples = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
            value = triples[:, 0] | triples[:, 1] << 8 | triples[:, 2] << 16
            return np.asarray((value - (value >> 23 << 24)) / 2**23, dtype=np.float64)
        case 1, 32:
            return np.frombuffer(data, "<i4").astype(np.float64) / 2**31
        case 3, 32:
            return np.frombuffer(data, "<f4").astype(np.float64)
        case 3, 64:
            return np.frombuffer(data, "<f8").astype(np.float64)
    raise NotAWave(f"WAV format {kind} with {bits} bits is not supported; use PCM or float.")
