"""From words to the proportions, the order and the colours of a room.

No language model: a closed vocabulary, and a seed that the whole prompt hashes into.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

import numpy as np

Colour = tuple[float, float, float]

ROOMS = ("gallery", "library", "chapel", "hall", "salon")
STYLES = ("beaux-arts", "gothic", "renaissance", "modern")
WINDOWS = ("arched", "rectangular", "round", "none")
TRIANGLES = {"low": 65_000, "medium": 90_000, "high": 120_000}
TEXTURE_PIXELS = 512

WALL_COLOURS: dict[str, Colour] = {
    "red": (0.42, 0.11, 0.10),
    "crimson": (0.40, 0.07, 0.09),
    "green": (0.20, 0.30, 0.22),
    "blue": (0.18, 0.27, 0.40),
    "grey": (0.52, 0.53, 0.54),
    "gray": (0.52, 0.53, 0.54),
    "white": (0.90, 0.89, 0.86),
    "pink": (0.72, 0.50, 0.48),
    "yellow": (0.80, 0.66, 0.38),
    "golden": (0.76, 0.60, 0.34),
    "purple": (0.33, 0.22, 0.36),
    "black": (0.12, 0.12, 0.13),
}
QUIET_WALLS: dict[str, tuple[Colour, ...]] = {
    "beaux-arts": ((0.74, 0.67, 0.54), (0.58, 0.64, 0.58), (0.62, 0.30, 0.25), (0.50, 0.58, 0.62)),
    "gothic": ((0.70, 0.66, 0.58), (0.62, 0.60, 0.56)),
    "renaissance": ((0.78, 0.62, 0.44), (0.70, 0.45, 0.34), (0.76, 0.70, 0.58)),
    "modern": ((0.90, 0.89, 0.87), (0.84, 0.84, 0.83), (0.80, 0.78, 0.74)),
}
STONES: dict[str, Colour] = {
    "beaux-arts": (0.90, 0.83, 0.70),
    "gothic": (0.78, 0.74, 0.66),
    "renaissance": (0.84, 0.80, 0.72),
    "modern": (0.86, 0.86, 0.85),
}
CEILINGS = {"beaux-arts": "coffered vault", "gothic": "rib vault", "renaissance": "coffered", "modern": "skylit"}


@dataclass(frozen=True)
class Light:
    """`elevation` and `turn` of the sun in degrees; colours are linear."""

    sun: Colour
    sky: Colour
    elevation: float
    turn: float
    strength: float


@dataclass(frozen=True)
class Design:
    """A room before it has any triangles. Lengths in metres."""

    room: str
    style: str
    windows: str
    seed: int
    width: float
    bay: float
    bays: int
    height: float
    """From the floor to the foot of the vault or the flat ceiling."""
    alternating: bool
    """Windows and pictures take turns on both sides; otherwise all windows are on the left."""
    columns: bool
    skylight: bool
    chandeliers: bool
    benches: bool
    sculptures: bool
    wall: Colour
    stone: Colour
    floor: Colour
    light: Light

    @property
    def length(self) -> float:
        return self.bay * self.bays

    @property
    def ceiling(self) -> str:
        return CEILINGS[self.style]

    @property
    def rise(self) -> float:
        """Height of the ceiling over its foot."""
        return {"coffered vault": self.width * 0.36, "rib vault": self.width * 0.52, "coffered": 0.0, "skylit": 0.0}[
            self.ceiling
        ]


def words_of(prompt: str) -> set[str]:
    return set(re.findall(r"[a-zà-ÿ]+", prompt.lower()))


def seed_of(prompt: str, seed: int) -> int:
    """The given seed, or one made of the whole prompt when it is 0."""
    if seed:
        return seed
    return int.from_bytes(hashlib.sha256(" ".join(prompt.lower().split()).encode()).digest()[:4], "big")


def light_of(words: set[str], chance: np.random.Generator) -> Light:
    turn = float(chance.uniform(-28, 28))
    if words & {"night", "moonlight", "moonlit", "midnight", "dark"}:
        return Light((0.45, 0.55, 0.85), (0.16, 0.22, 0.38), 40, turn, 0.45)
    if words & {"sunset", "evening", "dusk", "golden", "warm", "autumn"}:
        return Light((1.0, 0.68, 0.36), (0.95, 0.75, 0.58), 27, turn, 0.95)
    if words & {"misty", "rainy", "cloudy", "winter", "cold", "gloomy"}:
        return Light((0.62, 0.68, 0.76), (0.78, 0.84, 0.92), 45, turn, 0.8)
    return Light((1.0, 0.87, 0.64), (0.95, 0.97, 1.0), float(chance.uniform(36, 46)), turn, 1.0)


def proportions(design: Design, words: set[str]) -> Design:
    """The words for size, applied one by one."""
    if words & {"grand", "huge", "monumental", "vast", "palace", "cathedral", "large"}:
        design = replace(design, width=design.width * 1.18, height=design.height * 1.15, bays=design.bays + 1)
    if words & {"small", "intimate", "cosy", "cozy", "tiny", "little"}:
        design = replace(design, width=design.width * 0.78, height=design.height * 0.85, bays=max(3, design.bays - 2))
    if words & {"long", "corridor", "endless"}:
        design = replace(design, bays=design.bays + 2)
    if words & {"tall", "high", "soaring", "lofty"}:
        design = replace(design, height=design.height * 1.2)
    if words & {"wide", "broad"}:
        design = replace(design, width=design.width * 1.2)
    return replace(design, bays=min(design.bays, 10))


def design(prompt: str, room: str, style: str, windows: str, seed: int = 0) -> Design:
    """The same words, choices and seed always give the same design."""
    words, number = words_of(prompt), seed_of(prompt, seed)
    chance = np.random.default_rng(number)
    wall = QUIET_WALLS[style][int(chance.integers(len(QUIET_WALLS[style])))]
    for word in sorted(words & WALL_COLOURS.keys()):
        wall = WALL_COLOURS[word]
    stone = tuple(np.clip(np.array(STONES[style]) * chance.uniform(0.96, 1.03, 3), 0, 0.95))
    width, height, bays = {
        "gallery": (10.4, 6.6, 7),
        "library": (10.0, 6.4, 6),
        "chapel": (9.0, 6.8, 6),
        "hall": (12.5, 7.2, 6),
        "salon": (9.2, 5.6, 4),
    }[room]
    plan = Design(
        room=room,
        style=style,
        windows=windows,
        seed=number,
        width=width * float(chance.uniform(0.95, 1.07)),
        bay=float(chance.uniform(4.0, 4.6)),
        bays=bays,
        height=height * float(chance.uniform(0.96, 1.05)),
        alternating=bool(chance.random() < 0.5),
        columns=bool(words & {"column", "columns", "pillar", "pillars"}) or (style != "modern" and room != "salon"),
        skylight=(style in ("beaux-arts", "modern") and not words & {"night", "cave"}) or "skylight" in words,
        chandeliers=bool(words & {"chandelier", "chandeliers"}) or room in ("salon", "hall"),
        benches=not words & {"empty", "bare"},
        sculptures=room in ("gallery", "hall", "salon")
        or bool(words & {"sculpture", "sculptures", "statue", "statues", "vases"}),
        wall=wall,
        stone=(float(stone[0]), float(stone[1]), float(stone[2])),
        floor=(0.72, 0.69, 0.63) if style != "gothic" else (0.60, 0.56, 0.50),
        light=light_of(words, chance),
    )
    return proportions(plan, words)
