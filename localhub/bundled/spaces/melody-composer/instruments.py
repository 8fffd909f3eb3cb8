"""How notes sound: additive, frequency-modulated and plucked-string timbres with envelopes.

Every function gives one mono note of the asked length plus its release, peaking near 1.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
Sound = NDArray[np.float64]
Instrument = Callable[[float, float, np.random.Generator], Sound]


def _time(seconds: float) -> Sound:
    return np.arange(int(seconds * RATE)) / RATE


def _gate(length: int, held: float, attack: float, release: float) -> Sound:
    """Rises in `attack` seconds, stays while held, falls away in `release` seconds."""
    t = np.arange(length) / RATE
    return np.minimum(1, t / attack) * np.where(t < held, 1.0, np.exp(-(t - held) / release * 4))


def piano(frequency: float, seconds: float, rng: np.random.Generator) -> Sound:
    """Slightly inharmonic partials, the high ones dying first, and a soft hammer."""
    t = _time(seconds + 0.45)
    sound = np.zeros_like(t)
    for n in range(1, 13):
        partial = n * frequency * np.sqrt(1 + 0.0004 * n * n)
        if partial > 9000:
            break
        decay = np.exp(-t * (0.7 + 0.55 * n) * (0.6 + frequency / 500))
        sound += decay / n**1.35 * np.sin(2 * np.pi * partial * t + n * 0.7)
    hammer = rng.normal(0, 1, t.size) * np.exp(-t * 90) * 0.06
    return 0.75 * (sound + hammer) * _gate(t.size, seconds, 0.004, 0.35)


def strings(frequency: float, seconds: float, rng: np.random.Generator) -> Sound:
    """Three detuned bowed voices with vibrato."""
    t = _time(seconds + 0.5)
    sound = np.zeros_like(t)
    for detune in (-0.0022, 0.0, 0.0019):
        swing = 1 + 0.0018 * np.sin(2 * np.pi * 5.2 * t + rng.uniform(0, 6.28)) * np.minimum(1, t / 0.5)
        phase = 2 * np.pi * np.cumsum(frequency * (1 + detune) * swing) / RATE
        for n in range(1, 11):
            if n * frequency > 9000:
                break
            sound += np.sin(n * phase) / n**1.25 * np.exp(-n * 0.08)
    return 0.28 * sound * _gate(t.size, seconds, 0.09, 0.45)


def flute(frequency: float, seconds: float, rng: np.random.Generator) -> Sound:
    """Few partials, breath noise, late vibrato."""
    t = _time(seconds + 0.2)
    swing = 1 + 0.004 * np.sin(2 * np.pi * 5 * t) * np.clip((t - 0.25) / 0.4, 0, 1)
    phase = 2 * np.pi * np.cumsum(frequency * swing) / RATE
    tone = np.sin(phase) + 0.28 * np.sin(2 * phase) + 0.10 * np.sin(3 * phase)
    breath = np.convolve(rng.normal(0, 1, t.size), np.ones(12) / 12, mode="same") * 0.10
    return 0.70 * (tone + breath) * _gate(t.size, seconds, 0.05, 0.18)


def bells(frequency: float, seconds: float, rng: np.random.Generator) -> Sound:
    """Frequency modulation at an inharmonic ratio with a long ring."""
    t = _time(seconds + 1.4)
    index = 2.4 * np.exp(-t * 3)
    tone = np.sin(2 * np.pi * frequency * t + index * np.sin(2 * np.pi * frequency * 3.5 * t))
    return (
        0.75
        * (tone + 0.3 * np.sin(4 * np.pi * frequency * t) * np.exp(-t * 4))
        * np.exp(-t * 1.9)
        * np.minimum(1, t / 0.002)
    )


def guitar(frequency: float, seconds: float, rng: np.random.Generator) -> Sound:
    """A plucked string (Karplus-Strong), one period at a time."""
    period = RATE / frequency
    size, total = max(2, int(period - 0.5)), int((seconds + 0.5) * RATE)
    string = np.convolve(rng.uniform(-1, 1, size + 4), np.ones(5) / 5, mode="valid")
    string -= string.mean()
    rounds = total // size + 2
    table = np.empty((rounds, size))
    for i in range(rounds):
        table[i] = string
        string = 0.996 * 0.5 * (string + np.roll(string, 1))
    # The averaging delays by half a sample; reading the table a little faster or slower gives the exact pitch.
    place = np.arange(total) * (size + 0.5) / period
    flat = table.ravel()
    low = np.minimum(place.astype(int), flat.size - 2)
    sound = flat[low] + (flat[low + 1] - flat[low]) * (place - low)
    loudest = max(1e-9, float(np.abs(sound[:2000]).max()))
    return np.asarray(1.1 * sound / loudest * _gate(total, seconds, 0.002, 0.3))


def organ(frequency: float, seconds: float, rng: np.random.Generator) -> Sound:
    """Drawbar partials."""
    t = _time(seconds + 0.15)
    sound = np.zeros_like(t)
    for n, level in ((0.5, 0.35), (1, 1.0), (2, 0.6), (3, 0.3), (4, 0.35), (6, 0.12), (8, 0.12)):
        sound += level * np.sin(2 * np.pi * frequency * n * t + n)
    return 0.40 * sound * _gate(t.size, seconds, 0.02, 0.12)


def music_box(frequency: float, seconds: float, rng: np.random.Generator) -> Sound:
    """A short bright tine an octave up."""
    t = _time(seconds + 0.8)
    f = frequency * 2
    tone = np.sin(2 * np.pi * f * t) * np.exp(-t * 4) + 0.25 * np.sin(2 * np.pi * f * 2.76 * t) * np.exp(-t * 14)
    return 0.85 * tone * np.minimum(1, t / 0.001)


INSTRUMENTS: dict[str, Instrument] = {
    "piano": piano,
    "strings": strings,
    "flute": flute,
    "bells": bells,
    "guitar": guitar,
    "organ": organ,
    "music box": music_box,
}
COMPANIONS = {
    "piano": piano,
    "strings": strings,
    "flute": strings,
    "bells": strings,
    "guitar": guitar,
    "organ": organ,
    "music box": piano,
}
"""Who plays the chords under each melody instrument."""
