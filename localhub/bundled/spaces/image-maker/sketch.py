"""What a drawing is made of: shapes of a material, in painting order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from outlines import Outline, Point, rectangle

Colour = tuple[float, float, float]
Pattern = Literal["plain", "blocks", "bricks", "glass", "tiles", "wood", "leaf", "flutes", "scales", "carved", "petal"]
Surface = Literal["flat", "round", "soft", "hole"]


def whitened(colour: Colour) -> Colour:
    """The colour of the same stone freshly cut: most of the way to white."""
    red, green, blue = (channel * 0.35 + 0.62 for channel in colour)
    return red, green, blue


@dataclass(frozen=True)
class Material:
    colour: Colour
    """Red, green, blue in 0 to 1."""
    pattern: Pattern = "plain"
    grain: float = 0.06
    """Size of a block, pane, tile or plank in object units."""
    gloss: float = 0.1

    def toned(self, factor: float) -> "Material":
        """The same stuff, lighter (above 1) or darker."""
        red, green, blue = (min(1.0, channel * factor) for channel in self.colour)
        return replace(self, colour=(red, green, blue))

    def patterned(self, pattern: Pattern, grain: float | None = None) -> "Material":
        return replace(self, pattern=pattern, grain=self.grain if grain is None else grain)


@dataclass(frozen=True)
class Shape:
    """`flat` faces the viewer, `round` is turned about its own vertical axis, `soft` swells like a cushion,
    `hole` cuts through everything painted before."""

    outlines: tuple[tuple[Point, ...], ...]
    material: Material
    surface: Surface = "flat"
    depth: float = 0.0
    """Distance towards the viewer, in object units; decides what throws a shadow on what."""
    tilt: Point = (0.0, 0.0)
    """How far a flat face leans right and up; 0 faces the viewer."""


@dataclass
class Sketch:
    """Collects shapes; the last one added lies on top."""

    shapes: list[Shape] = field(default_factory=list)

    def add(
        self,
        outlines: Outline | Sequence[Outline],
        material: Material,
        depth: float = 0.0,
        surface: Surface = "flat",
        tilt: Point = (0.0, 0.0),
    ) -> None:
        rings = [outlines] if outlines and isinstance(outlines[0], tuple) else outlines
        self.shapes.append(Shape(tuple(tuple(ring) for ring in rings), material, surface, depth, tilt))  # type: ignore[arg-type]

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        material: Material,
        depth: float = 0.0,
        surface: Surface = "flat",
    ) -> None:
        self.add(rectangle(min(x0, x1), y0, max(x0, x1), y1), material, depth, surface)

    def band(self, centre: float, y: float, width: float, height: float, material: Material, depth: float) -> None:
        """A cornice: a horizontal moulding that stands out and throws a shadow."""
        self.box(centre - width / 2, y, centre + width / 2, y + height, material.toned(1.06), depth)
        self.box(
            centre - width / 2 * 0.985,
            y - height * 0.5,
            centre + width / 2 * 0.985,
            y,
            material.toned(0.92),
            depth * 0.7,
        )

    def cut(self, outline: Outline) -> None:
        self.shapes.append(Shape((tuple(outline),), Material((0, 0, 0)), "hole"))

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of everything that is not a hole."""
        points = [p for shape in self.shapes if shape.surface != "hole" for ring in shape.outlines for p in ring]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        return min(xs), min(ys), max(xs), max(ys)
