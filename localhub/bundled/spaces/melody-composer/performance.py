"""Plays notes into stereo sound: voices are placed, mixed, given a room, and brought to a safe level."""

import io
import wave

import numpy as np
from composer import Note, Request, compose, random_source
from instruments import COMPANIONS, INSTRUMENTS, RATE, Instrument, Sound, piano
from numpy.typing import NDArray

LEVELS = {"melody": 0.62, "chord": 0.36, "bass": 0.52}
PLACES = {"melody": 0.08, "chord": -0.22, "bass": 0.0}
"""-1 left, 1 right."""
PEAK = 0.89
"""About -1 dBFS."""


def perform(request: Request) -> NDArray[np.float64]:
    """Stereo samples, exactly as long as asked, never above -1 dBFS."""
    total = round(request.seconds * RATE)
    beat, rng = 60 / request.tempo, random_source(request)
    dry = np.zeros((total + 3 * RATE, 2))
    played: dict[tuple[str, int, float], Sound] = {}
    for note in compose(request):
        key = (note.voice, note.midi, note.length)
        if key not in played:
            played[key] = _voice(note, request.instrument)(440 * 2 ** ((note.midi - 69) / 12), note.length * beat, rng)
        sound = played[key] * note.loudness * LEVELS[note.voice]
        start = int(note.start * beat * RATE)
        sound = sound[: max(0, len(dry) - start)]
        pan = PLACES[note.voice]
        dry[start : start + sound.size, 0] += sound * np.sqrt((1 - pan) / 2)
        dry[start : start + sound.size, 1] += sound * np.sqrt((1 + pan) / 2)
    wet = dry + 0.22 * _room(dry, np.random.default_rng(7))
    wet = wet[:total]
    fade = min(total, int(0.6 * RATE))
    wet[total - fade :] *= np.linspace(1, 0, fade)[:, None] ** 1.5
    return wet * PEAK / max(1e-9, float(np.abs(wet).max()))


def _voice(note: Note, instrument: str) -> Instrument:
    if note.voice == "melody":
        return INSTRUMENTS[instrument]
    return (
        COMPANIONS[instrument]
        if note.voice == "chord"
        else piano
        if instrument in ("bells", "music box", "flute")
        else COMPANIONS[instrument]
    )


def _room(dry: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Reverberation: each channel convolved with its own decaying noise of a second and a half."""
    length = int(1.5 * RATE)
    t = np.arange(length) / RATE
    size = 1 << int(np.ceil(np.log2(len(dry) + length)))
    result = np.empty_like(dry)
    for channel in range(2):
        echo = rng.normal(0, 1, length) * np.exp(-t * 4.2) * np.minimum(1, t / 0.012)
        echo = np.convolve(echo, np.ones(4) / 4, mode="same")
        echo /= np.sqrt((echo**2).sum())
        spectrum = np.fft.rfft(dry[:, channel], size) * np.fft.rfft(echo, size)
        result[:, channel] = np.fft.irfft(spectrum, size)[: len(dry)]
    return result


def wav(samples: NDArray[np.float64]) -> bytes:
    """A 16-bit stereo WAV file."""
    stored = io.BytesIO()
    with wave.open(stored, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return stored.getvalue()
