"""Daylight baked into vertex colours: window by window, softened by what stands near.

Direct light from every window and skylight (point-to-patch form factors), warm light thrown back by
the sunlit floor, and occlusion from a distance field over small cells. No light passes twice through
anything; far shadows are not traced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mesh import Floats, Mesh, unit
from numpy.typing import NDArray

Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Emitter:
    """A small glowing patch: it shines along `normal`."""

    centre: Floats
    normal: Floats
    area: float
    colour: tuple[float, float, float]
    strength: float


def patches(
    corner: Floats,
    across: Floats,
    up: Floats,
    parts: tuple[int, int],
    normal: Floats,
    colour: tuple[float, float, float],
    strength: float,
) -> list[Emitter]:
    """A glowing rectangle cut into patches, so that light near it stays soft."""
    area = float(np.linalg.norm(np.cross(across, up))) / (parts[0] * parts[1])
    return [
        Emitter(corner + across * ((i + 0.5) / parts[0]) + up * ((j + 0.5) / parts[1]), normal, area, colour, strength)
        for i in range(parts[0])
        for j in range(parts[1])
    ]


class DistanceField:
    """How far the nearest surface is, up to a reach, on a grid over the whole room."""

    def __init__(self, points: Floats, cell: float = 0.16, reach: int = 8) -> None:
        self.cell, self.low = cell, points.min(axis=0) - cell * 2
        shape = np.ceil((points.max(axis=0) - self.low) / cell).astype(int) + 3
        squared = np.full(shape, float(reach * reach), dtype=np.float32)
        squared[tuple(((points - self.low) / cell).astype(int).T)] = 0.0
        for axis in range(3):
            squared = self._spread(squared, axis, reach)
        self.distance = np.sqrt(squared) * np.float32(cell)

    @staticmethod
    def _spread(squared: Singles, axis: int, reach: int) -> Singles:
        moved = np.moveaxis(squared, axis, 0)
        result = moved.copy()
        for shift in range(1, reach + 1):
            step = np.float32(shift * shift)
            np.minimum(result[shift:], moved[:-shift] + step, out=result[shift:])
            np.minimum(result[:-shift], moved[shift:] + step, out=result[:-shift])
        return np.moveaxis(result, 0, axis)

    def at(self, places: Floats) -> Singles:
        """Trilinear."""
        grid = np.clip((places - self.low) / self.cell - 0.5, 0, np.array(self.distance.shape) - 1.001)
        base = grid.astype(np.int32)
        f = (grid - base).astype(np.float32)
        strides = np.array([self.distance.shape[1] * self.distance.shape[2], self.distance.shape[2], 1])
        index, flat = base @ strides, self.distance.ravel()
        total = np.zeros(len(places), dtype=np.float32)
        for x in (0, 1):
            for y in (0, 1):
                wx = (f[:, 0] if x else 1 - f[:, 0]) * (f[:, 1] if y else 1 - f[:, 1])
                near = flat[index + x * strides[0] + y * strides[1]]
                far = flat[index + x * strides[0] + y * strides[1] + 1]
                total += wx * (near * (1 - f[:, 2]) + far * f[:, 2])
        return total


def openness(field: DistanceField, points: Floats, normals: Floats) -> Floats:
    """1 in the open, towards 0 in corners and under things."""
    helper = np.where(np.abs(normals[:, 1:2]) > 0.9, [[1.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]])
    side = unit(np.cross(normals, helper))
    other = np.cross(normals, side)
    blocked, weight = np.zeros(len(points)), 0.0
    for lean, share in ((None, 2.0), (side, 1.0), (-side, 1.0), (other, 1.0), (-other, 1.0)):
        direction = normals if lean is None else unit(normals + lean)
        for height, power in ((0.32, 1.0), (0.7, 0.8), (1.25, 0.6)):
            free = height if lean is None else height * 0.70
            near = np.clip(1.0 - field.at(points + direction * height) / (free * 0.96), 0, 1)
            blocked += near * share * power
            weight += share * power
    result: Floats = 1.0 - np.clip(blocked / weight * 1.25, 0, 1)
    return result


def irradiance(points: Floats, normals: Floats, emitters: list[Emitter]) -> Floats:
    """Light from every patch, without shadows."""
    place, facing = points.astype(np.float32), normals.astype(np.float32)
    total = np.zeros((len(points), 3), dtype=np.float32)
    for emitter in emitters:
        way = emitter.centre.astype(np.float32) - place
        squared = np.einsum("ij,ij->i", way, way)
        here = np.maximum(np.einsum("ij,ij->i", way, facing) + 0.12 * np.sqrt(squared), 0)
        there = np.maximum(-(way @ emitter.normal.astype(np.float32)), 0)
        factor = here * there / (squared * (np.pi * squared + emitter.area)) * np.float32(emitter.area)
        total += factor[:, None] * (np.array(emitter.colour, dtype=np.float32) * np.float32(emitter.strength))
    return total.astype(np.float64)


def samples(mesh: Mesh, spacing: float) -> Floats:
    """Points spread over a mesh no further apart than the spacing, roughly."""
    corners = mesh.positions[mesh.faces]
    size = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    found = [mesh.positions[np.unique(mesh.faces)]]
    for parts in (1, 2, 4, 8):
        chosen = corners[(size > spacing * parts * 0.7) & ((size <= spacing * parts * 1.4) | (parts == 8))]
        grid = [(i / parts, j / parts) for i in range(parts + 1) for j in range(parts + 1 - i)]
        weight = np.array([[a, b, 1 - a - b] for a, b in grid])
        found.append(np.einsum("kw,nwc->nkc", weight, chosen).reshape(-1, 3))
    return np.concatenate(found)


def baked(mesh: Mesh, field: DistanceField, emitters: list[Emitter], ambient: tuple[float, float, float]) -> Floats:
    """Linear light per vertex, not yet exposed."""
    open_sky = openness(field, mesh.positions, mesh.normals)[:, None]
    sky = np.array(ambient) * (0.75 + 0.25 * mesh.normals[:, 1:2])
    light: Floats = (irradiance(mesh.positions, mesh.normals, emitters) + sky) * (0.12 + 0.88 * open_sky)
    return light


def exposed(light: Floats, white: float) -> Floats:
    """Squeezed into 0..1; `white` comes out as nearly white."""
    value = 1.0 - np.exp(-1.1 * light / white)
    result: Floats = np.clip(0.03 + 0.95 * value, 0.0, 1.0)
    return result
