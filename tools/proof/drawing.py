"""Files that endpoints are asked with: plain shapes, plain sounds, plain bodies. Each is the same at every making."""

import io
import math
import wave
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from core.nouns import Kind

SIDE = 256
RATE = 16_000
SUBJECTS = 4
"""How many there are of each kind that lie far apart."""

_GROUNDS = ((236, 232, 220), (205, 222, 236), (228, 214, 232), (214, 232, 212))
_INKS = ((178, 34, 52), (24, 92, 150), (22, 120, 70), (110, 50, 140))


def drawn(kind: Kind, subject: int, near: bool) -> tuple[bytes, str] | None:
    """A file of the kind and its ending; None when there is no making one. `near` shows the same thing otherwise."""
    makers: dict[str, Callable[[int, bool], tuple[bytes, str]]] = {
        "image": _picture,
        "audio": _sound,
        "model3d": _body,
        "file": _page,
    }
    return makers[kind](subject % SUBJECTS, near) if kind in makers else None


def _picture(subject: int, near: bool) -> tuple[bytes, str]:
    """A filled shape on a plain ground; its twin stands a little aside and is turned a little."""
    big = Image.new("RGB", (2 * SIDE, 2 * SIDE), _GROUNDS[subject])
    pen, ink = ImageDraw.Draw(big), _INKS[subject]
    aside, turn = (6, 0.10) if near else (0, 0.0)
    middle = SIDE + aside
    match subject:
        case 0:
            pen.polygon(_corners(middle, [170 if n % 2 == 0 else 70 for n in range(10)], turn), fill=ink)
        case 1:
            pen.ellipse((middle - 160, middle - 160, middle + 160, middle + 160), fill=ink)
        case 2:
            pen.polygon(_corners(middle, [190] * 3, turn), fill=ink)
        case _:
            for wide, high in ((180, 55), (55, 180)):
                pen.polygon(_turned(middle, wide, high, turn), fill=ink)
    target = io.BytesIO()
    big.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(target, "PNG")
    return target.getvalue(), ".png"


def _corners(middle: int, reaches: list[int], turn: float) -> list[tuple[float, float]]:
    step = 2 * math.pi / len(reaches)
    angles = [turn - math.pi / 2 + number * step for number in range(len(reaches))]
    return [
        (middle + reach * math.cos(angle), middle + reach * math.sin(angle))
        for reach, angle in zip(reaches, angles, strict=True)
    ]


def _turned(middle: int, wide: int, high: int, turn: float) -> list[tuple[float, float]]:
    corners = ((-wide, -high), (wide, -high), (wide, high), (-wide, high))
    cosine, sine = math.cos(turn), math.sin(turn)
    return [(middle + x * cosine - y * sine, middle + x * sine + y * cosine) for x, y in corners]


def _sound(subject: int, near: bool) -> tuple[bytes, str]:
    """Two seconds: a chord, a sweep, a row of beats, a trill. The twin is a little softer."""
    time = np.arange(2 * RATE) / RATE
    chances = np.random.default_rng(subject)
    values = (
        sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 277.2, 329.6)),
        np.sin(2 * np.pi * (300 * time + 400 * time**2)),
        chances.normal(size=len(time)) * np.exp(-12 * (time * 4 % 1)),
        np.sin(2 * np.pi * (880 * time + 3 * np.sin(2 * np.pi * 7 * time))),
    )[subject]
    loud = values / np.abs(values).max() * (0.55 if near else 0.6)
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((loud * 32767).astype("<i2").tobytes())
    return target.getvalue(), ".wav"


def _body(subject: int, near: bool) -> tuple[bytes, str]:
    import trimesh

    body = (
        lambda: trimesh.creation.icosphere(subdivisions=3),
        lambda: trimesh.creation.box((1, 2, 0.5)),
        lambda: trimesh.creation.torus(1.0, 0.3),
        lambda: trimesh.creation.cone(0.8, 2.0),
    )[subject]()
    body.apply_scale(1.02 if near else 1.0)
    return bytes(body.export(file_type="glb")), ".glb"


def _page(subject: int, near: bool) -> tuple[bytes, str]:
    from tools.proof.words import SENTENCES

    sample = SENTENCES[subject]
    return f"{sample.near if near else sample.plain}\n".encode(), ".txt"
