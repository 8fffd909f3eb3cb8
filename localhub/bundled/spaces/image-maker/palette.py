"""Colours and materials: what stone, iron and glass look like, and how words and styles change them."""

from dataclasses import dataclass, replace

import numpy as np
from sketch import Colour, Material

COLOUR_WORDS: dict[str, Colour] = {
    "red": (0.78, 0.16, 0.13),
    "crimson": (0.70, 0.08, 0.16),
    "orange": (0.90, 0.48, 0.13),
    "yellow": (0.93, 0.78, 0.22),
    "green": (0.24, 0.55, 0.25),
    "blue": (0.20, 0.38, 0.72),
    "turquoise": (0.16, 0.62, 0.62),
    "purple": (0.48, 0.25, 0.62),
    "pink": (0.92, 0.55, 0.66),
    "brown": (0.48, 0.31, 0.19),
    "black": (0.22, 0.22, 0.24),
    "white": (0.93, 0.92, 0.89),
    "grey": (0.55, 0.55, 0.56),
    "gray": (0.55, 0.55, 0.56),
    "golden": (0.86, 0.66, 0.26),
    "gold": (0.86, 0.66, 0.26),
    "silver": (0.74, 0.76, 0.79),
    "ivory": (0.92, 0.88, 0.78),
    "violet": (0.48, 0.25, 0.62),
}
"""Words that recolour the main material."""


@dataclass(frozen=True)
class Palette:
    """The materials an archetype may draw with."""

    stone: Material
    """The main material of buildings; also the body of things."""
    accent: Material
    roof: Material
    iron: Material
    glass: Material
    wood: Material
    leaf: Material
    dark: Material
    """Openings: windows, doors, passages in shadow."""
    gilt: Material


def palette(words: set[str], style: str, rng: np.random.Generator) -> Palette:
    """Materials with seeded small differences; a colour word or a style overrides the natural colour."""
    warm = float(rng.uniform(-0.03, 0.03))
    natural = Palette(
        stone=Material((0.83 + warm, 0.77, 0.66 - warm), "blocks", 0.030),
        accent=Material(list(COLOUR_WORDS.values())[int(rng.integers(9))], "plain", 0.05, 0.35),
        roof=Material((0.38, 0.42 + warm, 0.48), "tiles", 0.022, 0.15),
        iron=Material((0.56, 0.41 + warm, 0.30), "plain", 0.02, 0.2),
        glass=Material((0.50, 0.68, 0.78), "glass", 0.055, 0.5),
        wood=Material((0.55, 0.37 + warm, 0.22), "wood", 0.045),
        leaf=Material((0.32 + warm, 0.55, 0.22), "leaf", 0.03, 0.05),
        dark=Material((0.20, 0.15, 0.12), "plain", 0.02, 0.1),
        gilt=Material((0.86, 0.66, 0.26), "plain", 0.02, 0.6),
    )
    named = next((COLOUR_WORDS[word] for word in COLOUR_WORDS if word in words), None)
    if named is not None:
        natural = replace(
            natural,
            stone=replace(natural.stone, colour=named),
            accent=replace(natural.accent, colour=named),
            iron=replace(natural.iron, colour=named),
        )
    return _styled(natural, style)


def _styled(natural: Palette, style: str) -> Palette:
    match style:
        case "marble":
            return _cast(natural, (0.92, 0.91, 0.89), 0.45)
        case "bronze":
            return _cast(natural, (0.62, 0.43, 0.22), 0.75)
        case "clay":
            return _cast(natural, (0.80, 0.52, 0.38), 0.05)
        case "toy":
            return replace(
                natural,
                stone=Material((0.95, 0.78, 0.35), "plain", 0.05, 0.5),
                roof=Material((0.82, 0.26, 0.22), "plain", 0.05, 0.5),
                iron=Material((0.30, 0.50, 0.80), "plain", 0.05, 0.5),
                dark=Material((0.22, 0.26, 0.45)),
                wood=Material((0.80, 0.55, 0.32), "plain", 0.05, 0.4),
                leaf=Material((0.38, 0.72, 0.36), "plain", 0.05, 0.3),
            )
        case _:
            return natural


def _cast(natural: Palette, colour: Colour, gloss: float) -> Palette:
    """Everything made of one stuff; what was light stays lighter than what was dark."""

    def recast(material: Material) -> Material:
        brightness = sum(material.colour) / 3
        kept = Material(colour, material.pattern, material.grain, gloss).toned(0.45 + 0.75 * brightness)
        return kept if material.pattern not in ("leaf", "glass") else kept.patterned("carved")

    return Palette(**{name: recast(getattr(natural, name)) for name in Palette.__dataclass_fields__})
