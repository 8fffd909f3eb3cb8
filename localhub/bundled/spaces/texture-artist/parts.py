"""What each piece of a model is: floor, wall, ceiling, frame, canvas and so on.

Names tell where they can; otherwise the shape does: large surfaces that look up are floor, large
upright ones wall. Figures are relative to the model's height, so that the unit does not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from model import Mesh, Model, Piece, face_crosses, picked, unit
from numpy.typing import NDArray

WORDS: dict[str, tuple[str, ...]] = {
    "canvas": ("canvas", "painting", "artwork", "poster"),
    "glass": ("glass", "pane", "light", "lamp", "flame", "bulb", "sky", "pool", "emissive"),
    "frame": ("frame",),
    "stone": (
        "column",
        "pilaster",
        "cornice",
        "moulding",
        "molding",
        "surround",
        "reveal",
        "plinth",
        "wainscot",
        "skirting",
        "rail",
        "baseboard",
        "rib",
        "dentils",
        "pillar",
        "altar",
        "arch",
        "trim",
    ),
    "floor": ("floor", "ground", "paving"),
    "wall": ("wall", "walls"),
    "ceiling": ("ceiling", "vault", "roof", "skylight"),
    "art": ("sculpture", "statue", "vase", "bust"),
}


@dataclass(frozen=True)
class Part:
    piece: Piece
    role: str


def role_of(name: str) -> str:
    """From a node's name; `other` if it says nothing."""
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()))
    if ("window" in words and "frame" in words) or ("skylight" in words and "frame" in words) or "door" in words:
        return "stone" if words & {"surround", "reveal"} else "other"
    if words & {"moulding", "molding", "panel"} and "wall" in words:
        return "stone"
    for role, known in WORDS.items():
        if words & set(known):
            return role
    return "other"


def recognised(model: Model) -> list[Part]:
    """Every piece with its role; pieces that nobody named are cut up by shape if the model is an interior."""
    parts = [Part(piece, role_of(piece.name)) for piece in model.pieces]
    if {"floor", "wall"} <= {part.role for part in parts}:
        return parts
    if not is_interior(model):
        return [Part(piece, "object") for piece in model.pieces]
    found: list[Part] = []
    for part in parts:
        found += [part] if part.role in ("glass", "canvas", "frame", "floor", "wall") else by_shape(model, part.piece)
    return found


def is_interior(model: Model) -> bool:
    """Told by its extras, by a camera inside, or by upright surfaces that mostly look inwards."""
    if model.extras.get("interior") is True:
        return True
    low, high = model.bounds()
    centre, size = (low + high) / 2, np.maximum(high - low, 1e-9)
    inwards = total = 0.0
    for piece in model.pieces:
        cross = face_crosses(piece.mesh)
        upright = np.abs(unit(cross)[:, 1]) < 0.3
        middle = piece.mesh.positions[piece.mesh.faces].mean(axis=1)
        far = np.abs((middle - centre) / size)[:, [0, 2]].max(axis=1) > 0.35
        facing = np.einsum("ij,ij->i", (cross * [1, 0, 1]), centre - middle)
        area = np.linalg.norm(cross, axis=1)[upright & far]
        inwards += float(area[facing[upright & far] > 0].sum())
        total += float(area.sum())
    return total > 0 and inwards / total > 0.55


def by_shape(model: Model, piece: Piece) -> list[Part]:
    """One piece cut into floor, wall, ceiling and the rest."""
    low, high = model.bounds()
    height = float(high[1] - low[1]) or 1.0
    mesh, cross = piece.mesh, face_crosses(piece.mesh)
    normal, area = unit(cross), np.linalg.norm(cross, axis=1) / 2
    middle = mesh.positions[mesh.faces].mean(axis=1)
    level = (middle[:, 1] - low[1]) / height
    wide = np.isin(planes_of(mesh, normal, height), large_planes(mesh, normal, area, height))
    masks = {
        "floor": wide & (normal[:, 1] > 0.85) & (level < 0.15),
        "wall": wide & (np.abs(normal[:, 1]) < 0.2),
        "ceiling": (normal[:, 1] < -0.6) & (level > 0.6),
    }
    rest = ~np.logical_or.reduce(list(masks.values()))
    found = []
    for role, mask in (*masks.items(), ("other", rest)):
        if mask.any():
            name = piece.name if role == "other" else f"{piece.name}_{role}"
            found.append(Part(Piece(name, piece.material, picked(mesh, mask)), role))
    return found


def planes_of(mesh: Mesh, normal: NDArray[np.float64], height: float) -> NDArray[np.int64]:
    """A number for the plane in which each triangle lies."""
    offset = np.einsum("ij,ij->i", mesh.positions[mesh.faces[:, 0]], normal)
    keys = np.column_stack([np.round(normal * 8), np.round(offset / height * 40)]).astype(np.int64)
    mixed: NDArray[np.int64] = keys @ np.array([1, 101, 10_201, 1_030_301])
    return mixed


def large_planes(
    mesh: Mesh, normal: NDArray[np.float64], area: NDArray[np.float64], height: float
) -> NDArray[np.int64]:
    plane, back = np.unique(planes_of(mesh, normal, height), return_inverse=True)
    sums = np.bincount(back.ravel(), weights=area)
    return plane[sums > max(0.04 * float(area.sum()), 0.15 * height * height)]
