"""Profiles of classical mouldings, in metres, walked with the solid on the left.

The first coordinate is the projection from the wall (or the radius), the second the height.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from mesh import Floats

Point = tuple[float, float]


def curve(kind: str, start: Point, end: Point, steps: int) -> list[Point]:
    """The points after `start` of one classical curve: ovolo, cavetto, cyma, torus or scotia."""
    (a, b), (c, d) = start, end
    t = np.linspace(0.0, 1.0, steps + 1)[1:]
    if kind == "ovolo":
        x, y = a + (c - a) * np.sin(t * np.pi / 2), b + (d - b) * (1 - np.cos(t * np.pi / 2))
    elif kind == "cavetto":
        x, y = a + (c - a) * (1 - np.cos(t * np.pi / 2)), b + (d - b) * np.sin(t * np.pi / 2)
    elif kind == "cyma":
        x, y = a + (c - a) * (t + np.sin(2 * np.pi * t) / (2.6 * np.pi)), b + (d - b) * t
    elif kind in ("torus", "scotia"):
        sign = 1.0 if kind == "torus" else -0.7
        bulge = sign * np.hypot(c - a, d - b) / 2 * np.sin(t * np.pi)
        x, y = a + (c - a) * t + bulge, b + (d - b) * (1 - np.cos(t * np.pi)) / 2
    else:
        raise ValueError(f"no such curve: {kind}")
    return [(float(p), float(q)) for p, q in zip(x, y, strict=True)]


def profile(start: Point, *moves: tuple[str, float, float], steps: int = 4) -> Floats:
    """A chain of moves (kind, to, to); kind is `line` or a curve's name."""
    points = [start]
    for kind, a, b in moves:
        points += [(a, b)] if kind == "line" else curve(kind, points[-1], (a, b), steps)
    return np.array(points)


def scaled(outline: Floats, projection: float, height: float) -> Floats:
    """The profile stretched to this projection and height."""
    low = outline[:, 1].min()
    span = outline[:, 1].max() - low
    return np.stack([outline[:, 0] * projection / outline[:, 0].max(), (outline[:, 1] - low) * height / span], 1)


def skirting(steps: int) -> Floats:
    return profile(
        (0.0, 0.0),
        ("line", 0.07, 0.0),
        ("line", 0.07, 0.2),
        ("cyma", 0.03, 0.28),
        ("line", 0.03, 0.3),
        ("line", 0.0, 0.3),
        steps=steps,
    )


def dado_rail(steps: int) -> Floats:
    return profile(
        (0.0, 0.0),
        ("line", 0.015, 0.0),
        ("ovolo", 0.05, 0.05),
        ("line", 0.06, 0.05),
        ("line", 0.06, 0.08),
        ("cyma", 0.03, 0.12),
        ("line", 0.0, 0.13),
        steps=steps,
    )


def entablature(steps: int) -> Floats:
    """Architrave of two fasciae, plain frieze, cornice with corona and cyma; 1.0 high, 0.42 deep."""
    return profile(
        (0.0, 0.0),
        ("line", 0.05, 0.0),
        ("line", 0.05, 0.1),
        ("line", 0.065, 0.1),
        ("line", 0.065, 0.24),
        ("ovolo", 0.1, 0.29),
        ("line", 0.1, 0.31),
        ("line", 0.05, 0.31),
        ("line", 0.05, 0.6),
        ("cavetto", 0.1, 0.65),
        ("line", 0.1, 0.76),
        ("ovolo", 0.15, 0.8),
        ("line", 0.28, 0.8),
        ("line", 0.28, 0.88),
        ("cyma", 0.4, 0.97),
        ("line", 0.42, 0.97),
        ("line", 0.42, 1.0),
        ("line", 0.0, 1.0),
        steps=steps,
    )


def plain_cornice(steps: int) -> Floats:
    """A shadow gap and one fillet, for rooms without ornament."""
    return profile(
        (0.0, 0.0),
        ("line", 0.04, 0.0),
        ("line", 0.04, 0.12),
        ("line", 0.1, 0.12),
        ("line", 0.1, 0.2),
        ("line", 0.0, 0.2),
        steps=steps,
    )


def string_course(steps: int) -> Floats:
    """A gothic string: a roll under a weathered slope."""
    return profile(
        (0.0, 0.0), ("cavetto", 0.08, 0.08), ("torus", 0.08, 0.2), ("line", 0.02, 0.3), ("line", 0.0, 0.3), steps=steps
    )


def archivolt(steps: int) -> Floats:
    """Around an opening: the first coordinate leads away from it, the second into the room."""
    return profile(
        (0.28, 0.0),
        ("line", 0.28, 0.06),
        ("line", 0.25, 0.075),
        ("cyma", 0.18, 0.045),
        ("line", 0.17, 0.055),
        ("line", 0.08, 0.055),
        ("line", 0.075, 0.035),
        ("ovolo", 0.02, 0.03),
        ("line", 0.0, 0.015),
        ("line", 0.0, 0.0),
        steps=steps,
    )


def panel_moulding(steps: int) -> Floats:
    return profile((0.06, 0.0), ("cyma", 0.035, 0.03), ("torus", 0.012, 0.03), ("line", 0.0, 0.0), steps=steps)


def picture_frame(width: float, steps: int) -> Floats:
    """From the outer edge, over a hollow and a crest, down to the sight edge; 0.09 deep."""
    points = profile(
        (1.0, 0.0),
        ("line", 1.0, 0.035),
        ("ovolo", 0.86, 0.07),
        ("torus", 0.74, 0.085),
        ("cavetto", 0.4, 0.05),
        ("line", 0.36, 0.055),
        ("torus", 0.24, 0.055),
        ("line", 0.2, 0.045),
        ("cyma", 0.03, 0.028),
        ("line", 0.0, 0.024),
        ("line", 0.0, 0.01),
        steps=steps,
    )
    return np.asarray(points * np.array([width, 1.0]))


def attic_base(radius: float, height: float, steps: int) -> Floats:
    points = profile(
        (1.36, 0.0),
        ("torus", 1.36, 0.36),
        ("line", 1.24, 0.38),
        ("line", 1.24, 0.42),
        ("scotia", 1.16, 0.62),
        ("line", 1.16, 0.66),
        ("torus", 1.12, 0.88),
        ("line", 1.06, 0.92),
        ("cavetto", 1.0, 1.0),
        steps=steps,
    )
    return np.asarray(points * np.array([radius, height]))


def turned(outline: Sequence[Point], steps: int) -> Floats:
    """A smooth profile through control points (Catmull-Rom), for balusters, vases and lamps."""
    control = np.array(outline, dtype=float)
    padded = np.vstack([2 * control[0] - control[1], control, 2 * control[-1] - control[-2]])
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    pieces = []
    for p, q, r, s in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True):
        pieces.append(q + (r - p) * t / 2 + (p - 2.5 * q + 2 * r - s / 2) * t**2 + (1.5 * (q - r) + (s - p) / 2) * t**3)
    line = np.vstack([*pieces, control[-1:]])
    return np.stack([np.maximum(line[:, 0], 0.0), line[:, 1]], axis=1)
