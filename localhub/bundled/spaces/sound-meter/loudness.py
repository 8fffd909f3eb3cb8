"""Levels: peak, RMS, and integrated loudness after ITU-R BS.1770-4 (K-weighting, 400 ms blocks, two gates)."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
FLOOR = -120.0
"""What silence is called, in decibels."""


def decibels(amplitude: float) -> float:
    return round(max(FLOOR, 20 * float(np.log10(max(amplitude, 1e-12)))), 2)


def k_weighted(samples: Samples, rate: int) -> Samples:
    """The two filters of BS.1770 (head shelf and low cut), applied exactly in the frequency domain to a zero-padded
    signal.
    """
    size = 1 << int(np.ceil(np.log2(len(samples) + rate)))
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = np.ones_like(z)
    for b, a in (_shelf(rate), _low_cut(rate)):
        response = response * (b[0] + b[1] * z + b[2] * z * z) / (1 + a[0] * z + a[1] * z * z)
    spectrum = np.fft.rfft(samples, size, axis=0) * response[:, None]
    return np.asarray(np.fft.irfft(spectrum, size, axis=0)[: len(samples)])


def _shelf(rate: int) -> tuple[tuple[float, float, float], tuple[float, float]]:
    k, quality = np.tan(np.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    scale = 1 + k / quality + k * k
    return (
        (
            (high + band * k / quality + k * k) / scale,
            2 * (k * k - high) / scale,
            (high - band * k / quality + k * k) / scale,
        ),
        (2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale),
    )


def _low_cut(rate: int) -> tuple[tuple[float, float, float], tuple[float, float]]:
    k, quality = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    scale = 1 + k / quality + k * k
    return (1.0, -2.0, 1.0), (2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale)


def block_power(weighted: Samples, rate: int, block: float, hop: float) -> Samples:
    """Mean square of each block, summed over channels."""
    size, step = int(block * rate), int(hop * rate)
    total = np.concatenate([[0.0], np.cumsum((weighted**2).sum(axis=1))])
    starts = np.arange(0, max(1, len(weighted) - size + 1), step)
    ends = np.minimum(starts + size, len(weighted))
    return np.asarray((total[ends] - total[starts]) / np.maximum(ends - starts, 1))


def lufs(power: float) -> float:
    return round(max(FLOOR, -0.691 + 10 * float(np.log10(max(power, 1e-12)))), 2)


def integrated(samples: Samples, rate: int) -> float:
    """Loudness of the whole in LUFS; blocks below -70 LUFS and then those 10 below the mean are left out."""
    power = block_power(k_weighted(samples, rate), rate, 0.4, 0.1)
    heard = power[power > 10 ** ((-70 + 0.691) / 10)]
    if heard.size == 0:
        return FLOOR
    return lufs(float(heard[heard > heard.mean() * 0.1].mean()))


def each_second(samples: Samples, rate: int) -> list[float]:
    """Ungated loudness of each second, in LUFS; the last one may be shorter."""
    weighted = k_weighted(samples, rate)
    return [
        lufs(float((weighted[i : i + rate] ** 2).sum(axis=1).mean()))
        for i in range(0, len(weighted), rate)
        if len(weighted) - i > rate // 10
    ]
