"""The paintings of a room: which canvases there are, what is painted on them, their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import hang
import numpy as np
import surfaces
from model import Model, Piece
from painters import PAINTERS, order_of
from parts import Part
from PIL import Image, ImageDraw, ImageFont
from refine import Canvas, box, canvas_of, woven

if TYPE_CHECKING:
    from artist import Studio, Wish

LABEL = (0.20, 0.085)
"""Width and height of a label in metres."""


@dataclass(frozen=True)
class Slot:
    """Where on which sheet a painting lies, in pixels."""

    sheet: int
    left: int
    top: int
    width: int
    height: int


def canvases(
    model: Model, found: list[Part], metre: float, wanted: bool
) -> tuple[list[Canvas], list[Part], list[Part]]:
    """Canvases to paint, frames to gild, and the other parts; a room without pictures gets some."""
    frames = [part for part in found if part.role == "frame"]
    others = [part for part in found if part.role not in ("frame", "canvas")]
    empty = [(part, canvas_of(part.piece.name, part.piece.mesh)) for part in found if part.role == "canvas"]
    others += [part for part, canvas in empty if canvas is None or not wanted]
    if not wanted:
        return [], frames, others
    flat = [canvas for _, canvas in empty if canvas is not None]
    if flat:
        return flat, frames, others
    made = hang.places(model, found)
    material = found[0].piece.material
    new = [
        Part(Piece(f"picture_frame_{n:02d}", material, hang.frame_for(canvas, metre)), "frame")
        for n, canvas in enumerate(made, start=1)
    ]
    named = [
        Canvas(f"picture_canvas_{n:02d}", c.corner, c.across, c.up, c.normal, c.light)
        for n, c in enumerate(made, start=1)
    ]
    return named, frames + new, others


def packed(canvases: list[Canvas], size: int, sheets: int) -> list[Slot]:
    """Shelves on square sheets at one scale, as large as fits."""
    order = sorted(range(len(canvases)), key=lambda n: -canvases[n].height)
    total = sum(canvas.width * canvas.height for canvas in canvases)
    scale = (sheets * size * size / total) ** 0.5
    while True:
        slots = shelved(canvases, order, size, sheets, scale)
        if slots is not None:
            return [slots[n] for n in range(len(canvases))]
        scale *= 0.97


def shelved(canvases: list[Canvas], order: list[int], size: int, sheets: int, scale: float) -> dict[int, Slot] | None:
    slots: dict[int, Slot] = {}
    sheet, left, top, shelf, gap = 0, 0, 0, 0, 4
    for n in order:
        wide, high = max(8, int(canvases[n].width * scale)), max(8, int(canvases[n].height * scale))
        if left + wide > size:
            left, top, shelf = 0, top + shelf + gap, 0
        if top + high > size:
            sheet, left, top, shelf = sheet + 1, 0, 0, 0
        if sheet >= sheets or wide > size or high > size:
            return None
        slots[n] = Slot(sheet, left, top, wide, high)
        left, shelf = left + wide + gap, max(shelf, high)
    return slots


def paintings(studio: Studio, canvases: list[Canvas], wish: Wish, metre: float, room: int) -> list[Piece]:
    """A different painting on every canvas, each with a label, in so many triangles."""
    sheets = 1 if len(canvases) < 4 else 2
    slots = packed(canvases, wish.size, sheets)
    pages = [Image.new("RGB", (wish.size, wish.size), (60, 50, 40)) for _ in range(sheets)]
    paint, chance = PAINTERS[wish.painting], wish.chance(10)
    motifs = order_of(wish.words, len(canvases), chance)
    titles, reliefs = [], []
    for number, (slot, motif) in enumerate(zip(slots, motifs, strict=True)):
        picture = paint((slot.width, slot.height), wish.chance(100 + number), motif)
        pages[slot.sheet].paste(Image.fromarray(picture.pixels), (slot.left, slot.top))
        titles.append(picture.title)
        reliefs.append(picture.relief[::4, ::4])
    names = [
        studio.material(f"paintings_{n + 1}", surfaces.encoded(np.asarray(page), 86), 0.55)
        for n, page in enumerate(pages)
    ]
    labels = label_pieces(studio, canvases, titles, wish, metre)
    room -= sum(piece.mesh.triangles for piece in labels)
    grains = grains_for(canvases, max(room, 32 * len(canvases)))
    pieces = []
    for canvas, slot, relief, grain in zip(canvases, slots, reliefs, grains, strict=True):
        edge = 1.0 / wish.size
        window = (
            (slot.left + 1) * edge,
            (slot.top + 1) * edge,
            (slot.left + slot.width - 1) * edge,
            (slot.top + slot.height - 1) * edge,
        )
        mesh = woven(canvas, grain, window, relief, 0.006 * metre)
        pieces.append(Piece(canvas.name, names[slot.sheet], mesh))
    return pieces + labels


def grains_for(canvases: list[Canvas], room: int) -> list[tuple[int, int]]:
    """Columns and rows of each canvas's grid: square cells of one size, in all as many triangles as there is room."""
    total = sum(canvas.width * canvas.height for canvas in canvases)
    cell = (2 * total / room) ** 0.5

    def grain(canvas: Canvas) -> tuple[int, int]:
        limit = 160
        return (int(np.clip(round(canvas.width / cell), 2, limit)), int(np.clip(round(canvas.height / cell), 2, limit)))

    return [grain(canvas) for canvas in canvases]


def label_pieces(studio: Studio, canvases: list[Canvas], titles: list[str], wish: Wish, metre: float) -> list[Piece]:
    """A small brass plate under each frame with the picture's title."""
    rows, columns = -(-len(canvases) // 4), 4
    cell = (256, 108)
    page = Image.new("RGB", (columns * cell[0], rows * cell[1]), (188, 150, 84))
    draw = ImageDraw.Draw(page)
    fonts = [ImageFont.load_default(size) for size in (21, 16)]
    pieces = []
    for n, (canvas, title) in enumerate(zip(canvases, titles, strict=True)):
        x, y = n % columns * cell[0], n // columns * cell[1]
        draw.rectangle([x + 5, y + 5, x + cell[0] - 6, y + cell[1] - 6], outline=(96, 70, 34), width=2)
        middle = x + cell[0] / 2
        draw.text((middle, y + 40), short(title), fill=(48, 32, 14), font=fonts[0], anchor="mm")
        draw.text((middle, y + 72), f"{wish.painting}, no. {n + 1}", fill=(74, 52, 24), font=fonts[1], anchor="mm")
        window = (x / page.width, y / page.height, (x + cell[0]) / page.width, (y + cell[1]) / page.height)
        wide, high = LABEL[0] * metre, LABEL[1] * metre
        gap = min(0.26 * metre, 0.13 * min(canvas.width, canvas.height) + 0.1 * metre)
        low = (canvas.width / 2 - wide / 2, -high - gap)
        mesh = box(canvas, low, (low[0] + wide, low[1] + high), -0.03 * metre, -0.012 * metre, window)
        pieces.append(Piece(f"picture_label_{n + 1:02d}", "labels", mesh))
    studio.material("labels", surfaces.encoded(np.asarray(page), 88), 0.42, 0.55)
    return pieces


def short(title: str) -> str:
    return title if len(title) < 25 else title[:23] + "…"
