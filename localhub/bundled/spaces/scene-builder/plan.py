"""Where things are in a room: its walls, bays, windows and door, before any of them has triangles."""

from __future__ import annotations

import numpy as np
from ceilings import pointed
from design import Design
from mesh import Floats
from openings import Opening, Plane, rectangle

DADO = 0.95
"""Height of the lower wall in metres."""


def planes(design: Design) -> dict[str, Plane]:
    x, z = design.width / 2, design.length / 2
    return {
        "left": Plane((-x, 0, z), (0, 0, -1), (1, 0, 0), design.length),
        "right": Plane((x, 0, -z), (0, 0, 1), (-1, 0, 0), design.length),
        "far": Plane((-x, 0, -z), (1, 0, 0), (0, 0, 1), design.width),
        "near": Plane((x, 0, z), (-1, 0, 0), (0, 0, -1), design.width),
    }


def crown(design: Design) -> float:
    """Where the wall field ends and the entablature begins."""
    return design.height - {"beaux-arts": 1.0, "renaissance": 1.0, "gothic": 0.0, "modern": 0.2}[design.style]


def window(design: Design, centre: float) -> Opening:
    top = crown(design) - 0.45 + (design.rise * 0.45 if design.style == "gothic" else 0.0)
    width = design.bay * 0.53
    match design.windows:
        case "round":
            middle = (DADO + crown(design)) / 2 + 0.7
            return Opening("round", centre, width, middle - width / 2, middle + width / 2)
        case "rectangular":
            return Opening("rectangular", centre, width, DADO + 0.05, top - 0.1)
        case _ if design.style == "gothic":
            return Opening("pointed", centre, width, DADO + 0.25, top - width * 0.866)
        case _:
            return Opening("arched", centre, width, DADO + 0.05, top - width / 2)


def has_window(design: Design, side: str, bay: int) -> bool:
    if design.windows == "none":
        return False
    if design.style == "gothic":
        return True
    if not design.alternating:
        return side == "left"
    # The right wall is drawn from the far end, so its bays count the other way round.
    other = design.bays - 1 - bay if side == "right" else bay
    return (other % 2 == 0) == (side == "left")


def bay_border(design: Design, u: tuple[float, float]) -> Floats:
    """The wall of one bay; under a rib vault it ends in the vault's pointed arch."""
    if design.ceiling != "rib vault":
        return rectangle(u, (DADO, crown(design)))
    t = np.linspace(1.0, -1.0, 25)
    arch = np.stack([(u[0] + u[1]) / 2 + t * (u[1] - u[0]) / 2, design.height + design.rise * pointed(t)], axis=1)
    return np.vstack([[[u[0], DADO], [u[1], DADO]], arch])


def bays(design: Design, side: str) -> list[tuple[tuple[float, float], Opening | None]]:
    """The stretches of a side wall between supports, each with its window if it has one."""
    found = []
    for bay in range(design.bays):
        u = (bay * design.bay, (bay + 1) * design.bay)
        found.append((u, window(design, sum(u) / 2) if has_window(design, side, bay) else None))
    return found


def door(design: Design) -> Opening:
    return Opening("arched", design.width / 2, 2.2, 0.0, 2.75)


def door_bay(design: Design) -> tuple[float, float]:
    """The middle stretch of an end wall."""
    edge = min(1.75, design.width * 0.2)
    return design.width / 2 - edge, design.width / 2 + edge


def lunette(design: Design) -> tuple[Floats, Opening | None]:
    """What an end wall shows under the vault: its border, and a window in it."""
    half = middle = design.width / 2
    vault = design.ceiling == "coffered vault"
    t = np.linspace(1.0, -1.0, 41)
    angle = np.linspace(0.0, np.pi, 41)
    arch = (
        np.stack([middle + half * np.cos(angle), design.height + design.rise * np.sin(angle)], axis=1)
        if vault
        else np.stack([middle + half * t, design.height + design.rise * pointed(t)], axis=1)
    )
    if design.windows == "none":
        return arch, None
    size = design.width * 0.36
    if vault:
        lift = design.height + 0.35
        return arch, Opening("arched", middle, size, lift, lift + 0.3)
    lift = design.height + design.rise * 0.42 - size / 2
    return arch, Opening("round", middle, size, lift, lift + size)
