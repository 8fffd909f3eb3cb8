"""A 3D model as this Space sees it: flat pieces in world metres, with materials, images and viewpoints."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """Triangles with normals; texture coordinates as glTF counts them; colours linear RGBA or None."""

    positions: Floats
    normals: Floats
    uvs: Floats | None
    colours: Floats | None
    faces: Ints

    @property
    def triangles(self) -> int:
        return len(self.faces)


@dataclass(frozen=True)
class Piece:
    name: str
    material: str
    mesh: Mesh


@dataclass(frozen=True)
class Picture:
    """An encoded image: JPEG or PNG bytes."""

    payload: bytes
    mime: str


@dataclass(frozen=True)
class Viewpoint:
    name: str
    matrix: Floats
    camera: dict[str, Any]


@dataclass(frozen=True)
class Model:
    """`textures` are (image name, sampler); materials name textures by their key in place of a number."""

    pieces: list[Piece]
    materials: dict[str, dict[str, Any]]
    textures: dict[str, tuple[str, dict[str, Any]]]
    images: dict[str, Picture]
    viewpoints: list[Viewpoint] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def triangles(self) -> int:
        return sum(piece.mesh.triangles for piece in self.pieces)

    def bounds(self) -> tuple[Floats, Floats]:
        lows = np.array([piece.mesh.positions.min(axis=0) for piece in self.pieces])
        highs = np.array([piece.mesh.positions.max(axis=0) for piece in self.pieces])
        return lows.min(axis=0), highs.max(axis=0)

    def with_pieces(self, pieces: list[Piece]) -> Model:
        return replace(self, pieces=pieces)


def unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(lengths > 1e-12, lengths, 1.0)


def face_crosses(mesh: Mesh) -> Floats:
    """Normals of the triangles, as long as twice their areas."""
    corners = mesh.positions[mesh.faces]
    crosses: Floats = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return crosses


def picked(mesh: Mesh, chosen: NDArray[np.bool_]) -> Mesh:
    """Only the chosen triangles, without vertices that nobody uses."""
    faces = mesh.faces[chosen]
    used, flat = np.unique(faces, return_inverse=True)
    return Mesh(
        mesh.positions[used],
        mesh.normals[used],
        None if mesh.uvs is None else mesh.uvs[used],
        None if mesh.colours is None else mesh.colours[used],
        flat.reshape(-1, 3),
    )


def joined(meshes: list[Mesh]) -> Mesh:
    """One mesh of several; texture coordinates and colours are filled in where only some have them."""
    starts = np.cumsum([0] + [len(mesh.positions) for mesh in meshes[:-1]])
    coloured = any(mesh.colours is not None for mesh in meshes)
    uvs = [np.zeros((len(mesh.positions), 2)) if mesh.uvs is None else mesh.uvs for mesh in meshes]
    colours = [np.ones((len(mesh.positions), 4)) if mesh.colours is None else mesh.colours for mesh in meshes]
    return Mesh(
        np.concatenate([mesh.positions for mesh in meshes]),
        np.concatenate([mesh.normals for mesh in meshes]),
        np.concatenate(uvs),
        np.concatenate(colours) if coloured else None,
        np.concatenate([mesh.faces + start for mesh, start in zip(meshes, starts, strict=True)]),
    )
