"""Scales, chords and moods: which notes belong together, and what words ask for."""

import re
from dataclasses import dataclass

KEYS = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "pentatonic": (0, 2, 4, 7, 9),
}
"""Semitones above the key note."""
PROGRESSIONS: dict[bool, list[tuple[int, ...]]] = {
    True: [(0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 4, 4), (0, 2, 3, 4), (0, 3, 1, 4)],
    False: [(0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 4), (0, 3, 6, 2), (0, 5, 3, 4)],
}
"""Scale degrees of the chords of four bars, for scales with a major third and for the others."""


@dataclass(frozen=True)
class Mood:
    """How a description bends the composing; each from 0 to 1."""

    density: float = 0.5
    """Few long notes or many short ones."""
    leap: float = 0.35
    """Stepwise or jumping."""
    lift: float = 0.5
    """Low or high register."""
    swell: float = 0.5
    """Soft or loud accompaniment."""


_WORDS: dict[str, tuple[float, float, float, float]] = {
    "calm quiet gentle soft slow peaceful lullaby sleep meditative ambient dreamy tender relaxing": (
        -0.3,
        -0.2,
        0.0,
        -0.3,
    ),
    "happy joyful bright cheerful playful dance lively fast energetic upbeat funny festive summer": (
        0.3,
        0.2,
        0.2,
        0.2,
    ),
    "sad melancholy melancholic dark lonely rain autumn mournful nostalgic night": (-0.15, -0.1, -0.25, -0.1),
    "epic heroic grand majestic triumphant march cathedral palace monument orchestral": (0.05, 0.25, 0.1, 0.4),
    "mysterious strange eerie tense suspense secret ghost": (-0.1, 0.35, -0.1, -0.1),
    "romantic love waltz impressionist paris gallery museum elegant": (0.0, 0.1, 0.05, -0.05),
}


def mood(description: str) -> Mood:
    """The sum of what the mood words in a description ask for."""
    words = set(re.findall(r"[a-z]+", description.lower()))
    parts = [0.5, 0.35, 0.5, 0.5]
    for group, bend in _WORDS.items():
        if words & set(group.split()):
            parts = [min(1.0, max(0.0, part + shift)) for part, shift in zip(parts, bend, strict=True)]
    return Mood(*parts)


def pitch(degree: int, scale: tuple[int, ...], key: int, octave: int) -> int:
    """The MIDI number of a scale degree; degrees beyond the scale go into the next octave."""
    turns, step = divmod(degree, len(scale))
    return 12 * (octave + 1 + turns) + key + scale[step]


def full_scale(name: str) -> tuple[int, ...]:
    """Seven notes to build chords from; the pentatonic borrows those of the major scale."""
    return SCALES["major"] if name == "pentatonic" else SCALES[name]


def has_major_third(scale: tuple[int, ...]) -> bool:
    return 4 in scale
