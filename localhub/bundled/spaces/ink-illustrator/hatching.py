"""Pen strokes: parallel hatching that follows roundness, cross-hatching, stippling and contour lines."""

import numpy as np
from patterns import Field, noise
from render import Canvas, blurred

ANGLES = (62.0, -28.0, 17.0)
"""Directions of the layers in degrees; each darker layer crosses the one before."""


def hatched(canvas: Canvas, light: Field, layers: int, spacing: float, rng: np.random.Generator) -> Field:
    """Ink from 0 to 1. The darker a place, the more layers cross there and the thicker each stroke; strokes bend
    around round things.
    """
    y, x = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32)
    wobble = noise(canvas.height, canvas.width, spacing * 9, rng) * 0.9
    pressure = 0.75 + 0.5 * noise(canvas.height, canvas.width, spacing * 3, rng)
    ink = np.zeros_like(light)
    for layer in range(layers):
        angle = np.radians(ANGLES[layer])
        along = (x * np.cos(angle) + y * np.sin(angle)) / spacing
        bend = canvas.normal[..., 0] * 2.2 * np.sin(angle) + canvas.normal[..., 1] * 2.2 * np.cos(angle)
        off = np.abs((along + bend + wobble) % 1.0 - 0.5)
        bound = 0.78 - 0.24 * layer
        width = np.clip((bound - light) / bound, 0, 1) * 0.40 * pressure
        stroke = np.clip((width - off) * spacing / 1.2 + 0.5, 0, 1) * (width > 0.03)
        ink = np.maximum(ink, stroke)
    return ink * canvas.covered


def stippled(canvas: Canvas, light: Field, spacing: float, rng: np.random.Generator) -> Field:
    """Dots, the larger the darker the place, on a jittered grid."""
    rows, columns = int(canvas.height / spacing) + 2, int(canvas.width / spacing) + 2
    jitter = rng.random((rows, columns, 2), dtype=np.float32) * 0.5 + 0.25
    y, x = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32) / spacing
    row, column = y.astype(int), x.astype(int)
    centre = jitter[row, column]
    off = np.hypot(x - column - centre[..., 0], y - row - centre[..., 1])
    radius = np.sqrt(np.clip(0.95 - light, 0, 1)) * 0.52
    return np.asarray(np.clip((radius - off) * spacing / 1.2 + 0.5, 0, 1) * canvas.covered, dtype=np.float32)


def contours(canvas: Canvas, thickness: float) -> Field:
    """Lines where depth or direction jumps, and a heavier one around the whole."""
    depth = np.where(canvas.covered, canvas.depth, canvas.depth[canvas.covered].min(initial=0.0) - 0.5)
    step = max(1, round(thickness / 2))
    jump = np.zeros_like(depth)
    for axis in (0, 1):
        jump += np.abs(np.roll(depth, step, axis=axis) - np.roll(depth, -step, axis=axis)) > 0.012
        turn = np.roll(canvas.normal, step, axis=axis) - np.roll(canvas.normal, -step, axis=axis)
        jump += (np.abs(turn).sum(axis=2) > 0.55) & canvas.covered
        tint = np.roll(canvas.colour, step, axis=axis) - np.roll(canvas.colour, -step, axis=axis)
        jump += (np.abs(tint).sum(axis=2) > 0.75) & canvas.covered
    soft = blurred(canvas.covered.astype(np.float32), thickness)
    outline = np.clip(6 * soft * (1 - soft) - 0.3, 0, 1)
    return np.asarray(np.clip((jump > 0) * 0.85 + outline, 0, 1), dtype=np.float32)
