"""Puts it together: recognises the parts, gives them surfaces, hangs the paintings, refines."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, replace
from typing import Any

import gallery
import hang
import numpy as np
import parts as recognition
import surfaces
from model import Mesh, Model, Picture, Piece, face_crosses
from parts import Part
from PIL import Image
from reading import read
from refine import Canvas, box_mapped, carved, subdivided
from writing import REPEAT, write

GROWTH = 1.25
"""Triangles of the result against those of the input."""
MOST_TRIANGLES = 600_000


@dataclass(frozen=True)
class Wish:
    """`size` is the width in pixels of the main textures."""

    prompt: str
    painting: str
    floor: str
    walls: str
    paintings: bool
    size: int
    seed: int

    @property
    def words(self) -> set[str]:
        return set(re.findall(r"[a-z]+", self.prompt.lower()))

    def chance(self, purpose: int) -> np.random.Generator:
        number = self.seed or int.from_bytes(hashlib.sha256(self.prompt.encode()).digest()[:4], "big")
        return np.random.default_rng([number, purpose])


class Studio:
    """The model's materials and textures while new ones are added."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.materials, self.textures, self.images = dict(model.materials), dict(model.textures), dict(model.images)

    def texture(self, name: str, picture: Picture) -> dict[str, str]:
        self.images[name] = picture
        self.textures[name] = (name, REPEAT)
        return {"index": name}

    def material(self, name: str, picture: Picture, rough: float, metal: float = 0.0, **more: Any) -> str:
        surface = {"baseColorTexture": self.texture(name, picture), "roughnessFactor": rough, "metallicFactor": metal}
        self.materials[name] = {"pbrMetallicRoughness": surface, **more}
        return name

    def colour_of(self, material: str) -> tuple[float, float, float]:
        """The mean colour of a material, gamma encoded."""
        surface = self.model.materials[material].get("pbrMetallicRoughness", {})
        colour = np.array(surface.get("baseColorFactor", [1, 1, 1])[:3], dtype=float) ** (1 / 2.2)
        name = surface.get("baseColorTexture", {}).get("index")
        if name in self.model.textures:
            payload = self.model.images[self.model.textures[name][0]].payload
            small = Image.open(io.BytesIO(payload)).convert("RGB").resize((8, 8), Image.Resampling.BOX)
            colour = colour * np.asarray(small, dtype=float).mean(axis=(0, 1)) / 255
        return (float(colour[0]), float(colour[1]), float(colour[2]))


def retexture(payload: bytes, wish: Wish) -> bytes:
    """From GLB bytes to GLB bytes. Raises `Unreadable` for a file that cannot be used."""
    model = read(payload)
    found = recognition.recognised(model)
    studio, metre = Studio(model), hang.metre_of(model)
    interior = not any(part.role == "object" for part in found)
    pieces: list[Piece] = []
    canvases: list[Canvas] = []
    frames: list[Part] = []
    if interior:
        canvases, frames, rest = gallery.canvases(model, found, metre, wish.paintings)
        pieces += clad(studio, rest, wish, metre)
    else:
        pieces += by_material(studio, found, wish, model)
    goal = min(int(model.triangles * GROWTH), max(MOST_TRIANGLES, model.triangles))
    if canvases:
        pieces += gilded(studio, frames, wish, metre, goal - model.triangles)
        room = goal - sum(piece.mesh.triangles for piece in pieces)
        pieces += gallery.paintings(studio, canvases, wish, metre, room)
    else:
        pieces += [part.piece for part in frames]
    pieces = finer(pieces, goal)
    finished = replace(model, pieces=pieces, materials=studio.materials, textures=studio.textures, images=studio.images)
    return write(finished)


def clad(studio: Studio, found: list[Part], wish: Wish, metre: float) -> list[Piece]:
    """New surfaces for floor, walls and stone; everything else as it was."""
    made: dict[tuple[str, int, int, int], tuple[str, float]] = {}
    pieces = []
    for part in found:
        style = {"floor": wish.floor, "wall": wish.walls, "stone": "limestone"}.get(part.role, "keep")
        if style == "keep":
            pieces.append(part.piece)
            continue
        # Materials of nearly one colour share a surface.
        red, green, blue = (round(value * 10) for value in studio.colour_of(part.piece.material))
        key = (style, red, green, blue)
        if key not in made:
            made[key] = surfaced(studio, style, part.piece.material, wish, len(made))
        material, metres = made[key]
        pieces.append(Piece(part.piece.name, material, box_mapped(part.piece.mesh, metres, metre)))
    return pieces


def surfaced(studio: Studio, style: str, old: str, wish: Wish, number: int) -> tuple[str, float]:
    """A new material in the colour of an old one, and how many metres one repeat is."""
    make = {**surfaces.FLOORS, **surfaces.WALLS, "limestone": surfaces.limestone}[style]
    surface = make(wish.size, studio.colour_of(old), wish.chance(number))
    name = f"{style}_{number}" if style in studio.materials else style
    picture = surfaces.encoded(surface.colour)
    return studio.material(name, picture, surface.rough, surface.metal, doubleSided=True), surface.metres


def by_material(studio: Studio, found: list[Part], wish: Wish, model: Model) -> list[Piece]:
    """No interior: the largest material takes the floor's surface, the second the walls', the rest stone."""
    area: dict[str, float] = {}
    for part in found:
        size = float(np.linalg.norm(face_crosses(part.piece.mesh), axis=1).sum())
        area[part.piece.material] = area.get(part.piece.material, 0.0) + size
    styles = [style for style in (wish.floor, wish.walls) if style != "keep"] or ["limestone"]
    low, high = model.bounds()
    span = float(np.linalg.norm(high - low)) or 1.0
    chosen = {}
    for rank, name in enumerate(sorted(area, key=lambda key: -area[key])[:3]):
        chosen[name] = surfaced(studio, styles[rank] if rank < len(styles) else "limestone", name, wish, rank)
    pieces = []
    for part in found:
        if part.piece.material not in chosen:
            pieces.append(part.piece)
            continue
        material, metres = chosen[part.piece.material]
        pieces.append(Piece(part.piece.name, material, box_mapped(part.piece.mesh, metres, span / 3.0)))
    return pieces


def gilded(studio: Studio, frames: list[Part], wish: Wish, metre: float, room: int) -> list[Piece]:
    """Frames in gold leaf; carved finer as far as two fifths of the new triangles allow."""
    if not frames:
        return []
    surface = surfaces.gilding(min(wish.size, 1024), wish.chance(90))
    gold = studio.material("gilding", surfaces.encoded(surface.colour), surface.rough, surface.metal)
    pieces, left = [], room * 0.45
    for part in sorted(frames, key=lambda part: -extent(part.piece.mesh)):
        mesh = part.piece.mesh
        if mesh.triangles * 3 <= left:
            left -= mesh.triangles * 3
            mesh = carved(subdivided(mesh, 0.6), 0.0035 * metre, 0.055 * metre)
        pieces.append(Piece(part.piece.name, gold, box_mapped(mesh, surface.metres, metre)))
    return sorted(pieces, key=lambda piece: piece.name)


def extent(mesh: Mesh) -> float:
    return float(np.ptp(mesh.positions, axis=0).max())


def finer(pieces: list[Piece], goal: int) -> list[Piece]:
    """The roundest pieces in finer triangles until the goal is nearly reached."""
    left = goal - sum(piece.mesh.triangles for piece in pieces)
    ranked = sorted(range(len(pieces)), key=lambda n: (-roundness(pieces[n].mesh), n))
    result = list(pieces)
    for n in ranked:
        mesh = result[n].mesh
        if 0 < mesh.triangles * 3 <= left:
            result[n] = replace(result[n], mesh=subdivided(mesh))
            left -= mesh.triangles * 3
    return result


def roundness(mesh: Mesh) -> float:
    """How far normals turn within triangles, on average; 0 for flat things."""
    normals = mesh.normals[mesh.faces]
    turn = 1 - np.einsum("ij,ij->i", normals[:, 0], normals[:, 1])
    return float(np.clip(turn, 0, 0.3).mean())
