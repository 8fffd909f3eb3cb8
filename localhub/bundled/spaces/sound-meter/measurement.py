"""Everything the meter says about a sound, as figures and as a paragraph."""

from typing import Any

import numpy as np
from loudness import Samples, decibels, each_second, integrated
from music import centroid, key, spectrogram, tempo

SILENT = 10 ** (-60 / 20)
"""A tenth of a second whose RMS is below this (-60 dBFS) is silence."""


def measured(samples: Samples, rate: int) -> dict[str, Any]:
    """Figures by name; `tempo_bpm` and `key` are None where nothing can be said. Values are JSON values, hence Any."""
    mono = samples.mean(axis=1)
    magnitudes = spectrogram(mono)
    found = key(mono, rate)
    return {
        "duration_seconds": round(len(samples) / rate, 3),
        "sample_rate": rate,
        "channels": samples.shape[1],
        "peak_dbfs": decibels(float(np.abs(samples).max())),
        "rms_dbfs": decibels(float(np.sqrt((samples**2).mean()))),
        "loudness_lufs": integrated(samples, rate),
        "clipped_share": round(float((np.abs(samples) >= 0.9999).mean()), 6),
        "silence_share": _silence(mono, rate),
        "tempo_bpm": tempo(magnitudes, rate),
        "key": found[0] if found else None,
        "key_confidence": found[1] if found else None,
        "spectral_centroid_hz": centroid(magnitudes, rate),
        "stereo_correlation": _correlation(samples),
        "loudness_per_second": each_second(samples, rate),
    }


def _silence(mono: Samples, rate: int) -> float:
    size = max(1, rate // 10)
    blocks = mono[: max(size, mono.size // size * size)]
    blocks = np.pad(blocks, (0, -blocks.size % size)).reshape(-1, size)
    return round(float((np.sqrt((blocks**2).mean(axis=1)) < SILENT).mean()), 4)


def _correlation(samples: Samples) -> float | None:
    if samples.shape[1] < 2 or samples[:, 0].std() < 1e-9 or samples[:, 1].std() < 1e-9:
        return None
    return round(float(np.corrcoef(samples[:, 0], samples[:, 1])[0, 1]), 3)


def summary(figures: dict[str, Any]) -> str:
    """One paragraph for people."""
    kind = {1: "mono", 2: "stereo"}.get(figures["channels"], f"{figures['channels']} channels")
    if figures["silence_share"] >= 0.999:
        return (
            f"The sound lasts {figures['duration_seconds']:.1f} s ({kind}, {figures['sample_rate']} Hz) and is silent."
        )
    level = figures["loudness_lufs"]
    loud = "quiet" if level < -28 else "loud" if level > -12 else "of moderate loudness"
    centre = figures["spectral_centroid_hz"]
    colour = "dark" if centre < 500 else "bright" if centre > 2500 else "balanced"
    parts = [
        f"The sound lasts {figures['duration_seconds']:.1f} s ({kind}, {figures['sample_rate']} Hz).",
        f"It is {loud} at {level:.1f} LUFS, peaks at {figures['peak_dbfs']:.1f} dBFS, and its tone is {colour} "
        f"(centroid {centre:.0f} Hz).",
    ]
    if figures["tempo_bpm"] is not None:
        parts.append(f"Its pulse is about {figures['tempo_bpm']:.0f} beats per minute.")
    if figures["key"] is not None:
        parts.append(f"It seems to be in {figures['key']} (fit {figures['key_confidence']:.2f}).")
    if figures["silence_share"] > 0.05:
        parts.append(f"{figures['silence_share']:.0%} of it is silence.")
    if figures["clipped_share"] > 0:
        parts.append(f"{figures['clipped_share']:.2%} of its samples are clipped.")
    return " ".join(parts)
