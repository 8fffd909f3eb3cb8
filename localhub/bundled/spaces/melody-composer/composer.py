"""Writes a little piece: chords, a melody that repeats and varies a motif, a bass, and a cadence at the end."""

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from theory import KEYS, PROGRESSIONS, SCALES, Mood, full_scale, has_major_third, mood, pitch

Voice = Literal["melody", "chord", "bass"]
BEATS = 4


@dataclass(frozen=True)
class Note:
    voice: Voice
    start: float
    """In beats from the beginning."""
    length: float
    midi: int
    loudness: float
    """0 to 1."""


@dataclass(frozen=True)
class Request:
    description: str
    key: str
    scale: str
    instrument: str
    tempo: float
    """Beats per minute."""
    seconds: float
    seed: int


def compose(request: Request) -> list[Note]:
    """Enough bars to fill the time; the last two bring the piece home to the key note."""
    rng = random_source(request)
    feeling = mood(request.description)
    beats = request.seconds * request.tempo / 60
    bars = max(1, int(beats // BEATS))
    scale, key = full_scale(request.scale), KEYS.index(request.key)
    choices = PROGRESSIONS[has_major_third(scale)]
    verse, chorus = (choices[i] for i in rng.choice(len(choices), 2, replace=False))
    chords = [(verse if (bar // 4) % 3 != 2 else chorus)[bar % 4] for bar in range(bars)]
    chords[-1] = 0
    if bars > 1:
        chords[-2] = 4
    ring = max(1.0, beats - (bars - 1) * BEATS)
    notes: list[Note] = []
    for bar, chord in enumerate(chords):
        notes += (
            _ending(bar, scale, key, feeling, ring)
            if bar == bars - 1
            else _accompaniment(bar, chord, scale, key, feeling)
        )
    return notes + _melody(chords, request.scale, key, feeling, ring, rng)


def random_source(request: Request) -> np.random.Generator:
    words = f"{request.description.lower().split()}|{request.key}|{request.scale}|{request.instrument}|{request.seed}"
    return np.random.default_rng(int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big"))


def _accompaniment(bar: int, chord: int, scale: tuple[int, ...], key: int, feeling: Mood) -> list[Note]:
    start, loud = float(bar * BEATS), 0.28 + 0.22 * feeling.swell
    root, triad = _harmony(chord, scale, key)
    notes = [
        Note("bass", start, 2.0, root, 0.80),
        Note("bass", start + 2, 2.0, root + (0 if feeling.density < 0.4 else 7), 0.62),
    ]
    if feeling.density < 0.35:
        return notes + [Note("chord", start + beat, 2.0, note, loud) for beat in (0, 2) for note in triad]
    pattern = (0, 2, 1, 2) if feeling.density > 0.55 else (0, 1, 2, 1)
    step = 0.5 if feeling.density > 0.6 else 1.0
    count = int(BEATS / step)
    return notes + [
        Note("chord", start + i * step, step * 1.4, triad[pattern[i % 4]], loud * (1.15 if i * step % 2 == 0 else 0.9))
        for i in range(count)
    ]


def _ending(bar: int, scale: tuple[int, ...], key: int, feeling: Mood, ring: float) -> list[Note]:
    """The home chord, held until the piece is over."""
    root, triad = _harmony(0, scale, key)
    start, loud = float(bar * BEATS), 0.28 + 0.22 * feeling.swell
    return [Note("bass", start, ring, root, 0.75), *(Note("chord", start, ring, note, loud) for note in triad)]


def _harmony(chord: int, scale: tuple[int, ...], key: int) -> tuple[int, list[int]]:
    """Bass note and triad, inverted so that the chord stays around one place instead of jumping with its root."""
    triad = [pitch(chord + step, scale, key, 3) for step in (0, 2, 4)]
    root = pitch(chord, scale, key, 2)
    return root - 12 if root > 48 else root, sorted(note - 12 if note > 48 + key % 12 + 7 else note for note in triad)


def _rhythm(feeling: Mood, rng: np.random.Generator) -> list[float]:
    """Lengths in beats that fill one bar."""
    calm = [[2.0, 2.0], [2.0, 1.0, 1.0], [3.0, 1.0], [1.0, 1.0, 2.0]]
    even = [[1.0, 1.0, 1.0, 1.0], [1.5, 0.5, 1.0, 1.0], [1.0, 0.5, 0.5, 2.0], [0.5, 0.5, 1.0, 2.0]]
    busy = [[0.5, 0.5, 0.5, 0.5, 1.0, 1.0], [1.0, 0.5, 0.5, 0.5, 0.5, 1.0], [0.5, 0.5, 1.0, 0.5, 0.5, 1.0]]
    options = calm if feeling.density < 0.35 else even if feeling.density < 0.7 else busy
    return options[int(rng.integers(len(options)))]


def _melody(
    chords: list[int], scale_name: str, key: int, feeling: Mood, ring: float, rng: np.random.Generator
) -> list[Note]:
    """Bars follow the form motif, answer, motif moved, ending; strong beats take notes of the chord."""
    scale = SCALES[scale_name]
    rhythms = [_rhythm(feeling, rng) for _ in range(2)]
    contours = [_contour(len(rhythm), feeling, rng) for rhythm in rhythms]
    octave, notes = 5 if feeling.lift > 0.55 else 4, []
    for bar, chord in enumerate(chords):
        which = (0, 1, 0, 1)[bar % 4]
        rhythm, contour = rhythms[which], list(contours[which])
        if bar % 8 >= 4:
            contour = [step + int(rng.integers(-1, 2)) * (i % 2) for i, step in enumerate(contour)]
        if bar == len(chords) - 1:
            rhythm, contour = [ring], [0]
        beat = 0.0
        for length, step in zip(rhythm, contour, strict=True):
            degree = _fitting(step, chord, scale, scale_name, beat)
            accent = 0.95 if beat == 0 else 0.82 if beat == 2 else 0.70
            notes.append(Note("melody", bar * BEATS + beat, length * 0.96, pitch(degree, scale, key, octave), accent))
            beat += length
    return notes


def _contour(count: int, feeling: Mood, rng: np.random.Generator) -> list[int]:
    """Steps of the scale above the chord: a walk that rarely leaps and does not wander off."""
    place, steps = int(rng.choice([0, 2, 4])), []
    for _ in range(count):
        steps.append(place)
        jump = int(rng.choice([2, 3, 4])) if rng.random() < feeling.leap else 1
        place += jump * (1 if rng.random() < 0.5 - place * 0.07 else -1)
        place = max(-3, min(7, place))
    return steps


def _fitting(step: int, chord: int, scale: tuple[int, ...], scale_name: str, beat: float) -> int:
    """The degree to sing: on strong beats the nearest note of the chord."""
    if scale_name == "pentatonic":
        return step if chord == 0 else step + (1 if chord in (3, 4) else 0)
    if beat % 2 == 0:
        step = min((0, 2, 4, 7, -3), key=lambda tone: abs(tone - step))
    moved = chord + step
    return moved - 7 if moved > 8 else moved
