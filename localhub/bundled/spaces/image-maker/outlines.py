"""Closed outlines in object units: x to the right, y up, the ground at y = 0."""

import itertools
import math
from collections.abc import Sequence

Point = tuple[float, float]
Outline = list[Point]


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Outline:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def trapezoid(centre: float, y0: float, y1: float, bottom: float, top: float) -> Outline:
    """Widths are full widths."""
    return [(centre - bottom / 2, y0), (centre + bottom / 2, y0), (centre + top / 2, y1), (centre - top / 2, y1)]


def triangle(centre: float, y0: float, y1: float, width: float) -> Outline:
    return [(centre - width / 2, y0), (centre + width / 2, y0), (centre, y1)]


def disc(x: float, y: float, radius_x: float, radius_y: float | None = None, steps: int = 48) -> Outline:
    vertical = radius_x if radius_y is None else radius_y
    turn = 2 * math.pi / steps
    return [(x + radius_x * math.cos(i * turn), y + vertical * math.sin(i * turn)) for i in range(steps)]


def arch(centre: float, y0: float, y1: float, width: float, pointed: bool = False) -> Outline:
    """A doorway: straight sides and a half round (or gothic, two arcs meeting in a point) top."""
    half = width / 2
    rise = min(width * (0.87 if pointed else 0.5), (y1 - y0) * 0.9)
    spring = y1 - rise
    crown: Outline = []
    for i in range(13):
        t = i / 12
        if pointed:
            angle = t * math.pi / 3
            crown.append((centre + half - width * (1 - math.cos(angle)), spring + rise * math.sin(angle) / 0.866))
        else:
            crown.append((centre + half * math.cos(t * math.pi), spring + rise * math.sin(t * math.pi)))
    if pointed:
        crown += [(2 * centre - x, y) for x, y in reversed(crown[:-1])]
    return [(centre - half, y0), (centre + half, y0), *crown]


def strip(start: Point, end: Point, width: float) -> Outline:
    """A straight bar between two points."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    return [
        (start[0] + nx, start[1] + ny),
        (end[0] + nx, end[1] + ny),
        (end[0] - nx, end[1] - ny),
        (start[0] - nx, start[1] - ny),
    ]


def path(points: Sequence[Point], width: float) -> list[Outline]:
    """A bent bar: one strip for each pair of neighbours, with round joints."""
    bars = [strip(a, b, width) for a, b in itertools.pairwise(points)]
    return bars + [disc(x, y, width / 2, steps=12) for x, y in points]


def lathe(centre: float, profile: Sequence[Point]) -> Outline:
    """The silhouette of a turned thing; `profile` lists (height, half width) from the foot up."""
    return [(centre + half, y) for y, half in profile] + [(centre - half, y) for y, half in reversed(profile)]


def smooth(points: Sequence[Point], steps: int = 8) -> Outline:
    """An open Catmull-Rom curve through all points."""
    padded = [points[0], *points, points[-1]]
    curve: Outline = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for i in range(steps):
            t = i / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return [*curve, points[-1]]


def blob(points: Sequence[Point], steps: int = 8) -> Outline:
    """A closed smooth outline through all points."""
    ring = [points[-1], *points, points[0], points[1]]
    curve: Outline = []
    for a, b, c, d in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        for i in range(steps):
            t = i / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return curve


def dome(centre: float, y0: float, half: float, height: float, bulge: float = 0.0) -> Outline:
    """A half ellipse; `bulge` above 0 swells it into an onion with a tip."""
    profile = []
    for i in range(25):
        t = i / 24
        width = math.sqrt(max(0.0, 1 - t**2.2))
        onion = (1 + 0.55 * math.sin(math.pi * min(1.0, t * 1.5))) * (1 - t) ** 0.62
        profile.append((y0 + height * t, half * ((1 - bulge) * width + bulge * onion)))
    return lathe(centre, profile)


def star(x: float, y: float, outer: float, inner: float, points: int) -> Outline:
    corners = []
    for i in range(2 * points):
        radius = outer if i % 2 == 0 else inner
        angle = math.pi / 2 + i * math.pi / points
        corners.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return corners


def turned(outline: Sequence[Point], x: float, y: float, degrees: float) -> Outline:
    """The outline turned counter-clockwise about a point."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(x + (px - x) * c - (py - y) * s, y + (px - x) * s + (py - y) * c) for px, py in outline]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
