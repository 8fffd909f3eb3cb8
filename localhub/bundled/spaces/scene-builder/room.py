"""Builds a room to a budget of triangles, bakes its light and writes it as GLB."""

from __future__ import annotations

from dataclasses import dataclass

import contents
import design as designs
import glb
import light
import numpy as np
import surfaces
from design import TRIANGLES, Design
from fields import fields
from mesh import Floats, Mesh, join
from shell import Lot, Shell, build

UNLIT = {"window_glass", "flame", "light_pool"}
TOLERANCE = 0.015


@dataclass(frozen=True)
class Room:
    """`colours` belong to the lots one by one; None for what glows by itself."""

    design: Design
    lots: list[Lot]
    colours: list[Floats | None]

    @property
    def triangles(self) -> int:
        return sum(mesh.triangles for _, _, mesh in self.lots)


def gathered(shell: Shell) -> list[Lot]:
    """One lot for each name, in the order in which names first appear; empty ones are left out."""
    found: dict[tuple[str, str], list[Mesh]] = {}
    for name, material, mesh in shell.lots:
        found.setdefault((name, material), []).append(mesh)
    merged = [(name, material, join(meshes)) for (name, material), meshes in found.items()]
    return [lot for lot in merged if lot[2].triangles]


def count(lots: list[Lot]) -> int:
    return sum(mesh.triangles for _, _, mesh in lots)


def fixed(design: Design, detail: int) -> Shell:
    """All but the wide surfaces."""
    shell = build(design, detail)
    contents.furnish(shell, design, detail)
    return shell


def within_budget(design: Design, triangles: int) -> Shell:
    """The finest ornament that leaves a seventh of the budget to the wide surfaces, which take the rest."""
    for detail in (3, 2, 1, 0):
        shell = fixed(design, detail)
        if count(shell.lots) < triangles * 0.86:
            break
    left = max(triangles - count(shell.lots), triangles // 20)
    cell, wide = 0.4, fields(design, detail, 0.4)
    for _ in range(8):
        if abs(count(wide) - left) < triangles * TOLERANCE:
            break
        cell = float(np.clip(cell * np.sqrt(count(wide) / left), 0.05, 3.0))
        wide = fields(design, detail, cell)
    shell.lots[:0] = wide
    return shell


def build_room(design: Design, triangles: int) -> Room:
    shell = within_budget(design, triangles)
    lots = gathered(shell)
    solid = [lot for lot in lots if lot[1] not in UNLIT]
    field = light.DistanceField(np.concatenate([light.samples(mesh, 0.2) for _, _, mesh in solid]))
    whole = join(mesh for _, _, mesh in solid)
    dim = 0.10 * design.light.strength + 0.02
    sky = design.light.sky
    raw = light.baked(whole, field, shell.emitters, (dim * sky[0], dim * sky[1], dim * sky[2]))
    white = float(np.percentile(raw.mean(axis=1), 90))
    lit = light.exposed(raw, white)
    cuts = np.cumsum([len(mesh.positions) for _, _, mesh in solid])
    pieces = iter(np.split(lit, cuts[:-1]))
    return Room(design, lots, [None if material in UNLIT else next(pieces) for _, material, _ in lots])


def to_glb(room: Room) -> bytes:
    materials, images = surfaces.palette(room.design)
    pieces = [
        glb.Piece(name, mesh, material, colours)
        for (name, material, mesh), colours in zip(room.lots, room.colours, strict=True)
    ]
    named = {material for _, material, _ in room.lots}
    used = {key: value for key, value in materials.items() if key in named}
    needed = {key: image for key, image in images.items() if f"'index': '{key}'" in repr(used)}
    visitor = glb.Viewpoint("visitor", (0.0, 1.6, room.design.length / 2 - 1.3), 1.05)
    facts = {"interior": True, "room": room.design.room, "style": room.design.style, "seed": room.design.seed}
    return glb.write(pieces, used, needed, visitor, facts)


def make(prompt: str, room: str, style: str, windows: str, resolution: str, seed: int) -> bytes:
    """From words to GLB bytes."""
    return to_glb(build_room(designs.design(prompt, room, style, windows, seed), TRIANGLES[resolution]))
