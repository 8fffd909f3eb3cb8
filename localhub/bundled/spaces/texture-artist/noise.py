"""Cloudy noise that tiles, made in one step from a random spectrum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Singles = NDArray[np.float32]


def clouds(
    shape: tuple[int, int],
    roughness: float,
    chance: np.random.Generator,
    stretch: tuple[float, float] = (1.0, 1.0),
    lowest: float = 1.0,
) -> Singles:
    """Mean 0, deviation 1; the spectrum falls with frequency^roughness, and is empty under `lowest`.

    `stretch` slows the noise down or up along (x, y): (5, 1) gives long horizontal wisps.
    """
    rows, columns = shape
    if roughness >= 1.3 and min(shape) >= 1024:
        # So smooth a field holds nothing finer than every other pixel.
        return enlarged(clouds((rows // 2, columns // 2), roughness, chance, stretch, lowest), shape)
    y = np.fft.fftfreq(rows, 1 / rows).astype(np.float32)[:, None] * np.float32(stretch[1])
    x = np.fft.rfftfreq(columns, 1 / columns).astype(np.float32)[None] * np.float32(stretch[0])
    distance = np.sqrt(x * x + y * y)
    phase = chance.random(distance.shape, dtype=np.float32) * np.float32(2 * np.pi)
    size = np.where(distance >= lowest, np.maximum(distance, 1e-3) ** np.float32(-roughness), 0).astype(np.float32)
    wave = np.empty(distance.shape, dtype=np.complex64)
    wave.real, wave.imag = np.cos(phase) * size, np.sin(phase) * size
    field = np.fft.irfft2(wave, s=shape).astype(np.float32)
    spread = float(field.std())
    return np.asarray((field - field.mean()) / np.float32(spread if spread > 0 else 1.0))


def enlarged(field: Singles, shape: tuple[int, int]) -> Singles:
    """Twice the size, still tiling."""
    border = 4
    wrapped = Image.fromarray(np.pad(field, border, mode="wrap"))
    size = (shape[1] + 4 * border, shape[0] + 4 * border)
    grown = np.asarray(wrapped.resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
    return grown[2 * border : 2 * border + shape[0], 2 * border : 2 * border + shape[1]]
