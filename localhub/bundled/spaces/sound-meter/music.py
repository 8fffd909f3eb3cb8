"""Tempo, key and brightness from the spectrogram."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
FRAME, HOP = 2048, 512
KEY_FRAME = 16384
NOTES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
# Temperley's (Kostka-Payne) key profiles: how much each note above the key note belongs to the key.
MAJOR = np.array([0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400])
MINOR = np.array([0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330])


def spectrogram(mono: Samples, frame: int = FRAME, hop: int = HOP) -> Samples:
    """Magnitudes, one row for each frame."""
    padded = np.pad(mono, (0, max(0, frame - mono.size)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, frame)[::hop]
    return np.abs(np.fft.rfft(windows * np.hanning(frame), axis=1))


def centroid(magnitudes: Samples, rate: int) -> float:
    """The mean frequency in hertz, weighted by energy."""
    frequencies = np.fft.rfftfreq((magnitudes.shape[1] - 1) * 2, 1 / rate)
    power = (magnitudes**2).sum(axis=0)
    return round(float((frequencies * power).sum() / max(power.sum(), 1e-12)), 1)


def tempo(magnitudes: Samples, rate: int) -> float | None:
    """Beats per minute from the autocorrelation of onsets, None without a pulse.

    Candidates are weighted towards 110 beats per minute, which settles most, not all, doubts between a tempo and its
    half.
    """
    bright = np.log1p(100 * magnitudes / max(float(magnitudes.max()), 1e-12))
    onset = np.maximum(np.diff(bright, axis=0), 0).sum(axis=1)
    per_second = rate / HOP
    if onset.size < 3 * per_second or onset.max() < 1e-6:
        return None
    onset = onset - np.convolve(onset, np.ones(43) / 43, mode="same")
    size = 1 << int(np.ceil(np.log2(2 * onset.size)))
    echo = np.fft.irfft(np.abs(np.fft.rfft(onset, size)) ** 2, size)[: onset.size]
    if echo[0] <= 0:
        return None
    echo = echo / echo[0] * onset.size / np.maximum(onset.size - np.arange(onset.size), 1)
    rates = np.arange(42, 216, 0.25)
    lags = 60 * per_second / rates
    strength = sum(
        np.interp(lags * k, np.arange(echo.size), echo, right=0) * weight
        for k, weight in ((1, 1.0), (2, 0.8), (4, 0.6))
    )
    scored = np.asarray(strength) * np.exp(-0.5 * (np.log2(rates / 110) / 0.75) ** 2)
    best = int(scored.argmax())
    return round(float(rates[best]), 1) if strength[best] > 0.10 else None


def chroma(mono: Samples, rate: int) -> Samples:
    """Energy of the twelve notes between 60 and 2000 Hz; each frame counts alike."""
    magnitudes = spectrogram(mono, KEY_FRAME, KEY_FRAME // 4)
    frequencies = np.fft.rfftfreq(KEY_FRAME, 1 / rate)
    heard = (frequencies > 60) & (frequencies < 2000)
    peaks = np.zeros_like(magnitudes, bool)
    peaks[:, 1:-1] = (magnitudes[:, 1:-1] > magnitudes[:, :-2]) & (magnitudes[:, 1:-1] >= magnitudes[:, 2:])
    strength = np.where(peaks & heard, magnitudes, 0)
    note = np.round(69 + 12 * np.log2(np.maximum(frequencies, 1) / 440)).astype(int) % 12
    rows = np.stack([strength[:, note == n].sum(axis=1) for n in range(12)], axis=1)
    rows /= np.maximum(rows.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(rows.mean(axis=0))


def key(mono: Samples, rate: int) -> tuple[str, float] | None:
    """The best fitting major or minor key and its correlation, None for a sound without notes."""
    energy = chroma(mono, rate)
    if energy.sum() < 1e-6 or energy.std() < 0.01:
        return None
    fits = [
        (float(np.corrcoef(np.roll(profile, n), energy)[0, 1]), f"{NOTES[n]} {mode}")
        for mode, profile in (("major", MAJOR), ("minor", MINOR))
        for n in range(12)
    ]
    best, name = max(fits)
    return name, round(best, 3)
