"""The painters by name. Each takes a size in pixels, a chance and the prompt's words, and paints."""

from __future__ import annotations

from collections.abc import Callable

import brush
import numpy as np
from brush import Painting, Sheet, Sketch
from motifs import Field, field
from motifs_more import MOTIFS
from noise import clouds
from PIL import Image, ImageDraw, ImageFilter
from still_life import dutch

Painter = Callable[[tuple[int, int], np.random.Generator, str], Painting]

HINTS = {
    "lilies": {"lily", "lilies", "pond", "water"},
    "poppies": {"poppy", "poppies", "flowers", "field"},
    "sunrise": {"sunrise", "sunset", "harbour", "harbor", "dawn"},
    "regatta": {"boat", "boats", "sea", "regatta"},
    "snow": {"snow", "winter"},
    "bridge": {"bridge", "garden"},
    "boulevard": {"street", "boulevard", "city"},
    "cathedral": {"cathedral", "church"},
    "haystacks": {"haystack", "haystacks", "harvest"},
    "poplars": {"trees", "river", "poplars"},
    "irises": {"iris", "irises", "spring"},
}


def order_of(words: set[str], count: int, chance: np.random.Generator) -> list[str]:
    """Motifs for so many pictures: those the words ask for first, every one before any comes again."""
    wanted = [name for name, hints in HINTS.items() if words & hints]
    rest = [name for name in MOTIFS if name not in wanted]
    found: list[str] = []
    while len(found) < count:
        chance.shuffle(rest)
        found += wanted + rest
    return found[:count]


def laid_out(size: tuple[int, int], chance: np.random.Generator, motif: str) -> tuple[Field, str]:
    drawn = field(size[0] / size[1], chance)
    return drawn, MOTIFS[motif](drawn)


def impressionist(size: tuple[int, int], chance: np.random.Generator, motif: str) -> Painting:
    drawn, title = laid_out(size, chance, motif)
    return brush.painted(Sketch(drawn.colour, drawn.angle, drawn.loose, title, drawn.dabs), size, chance)


def pointillist(size: tuple[int, int], chance: np.random.Generator, motif: str) -> Painting:
    """Dots of pure colour whose mixture is left to the eye."""
    drawn, title = laid_out(size, chance, motif)
    sheet = Sheet(np.clip(drawn.colour * 0.9 + 0.08, 0, 1), size)
    columns, rows = size
    dot = max(1.6, (columns * rows) ** 0.5 / 210)
    count = int(1.1 * columns * rows / dot**2 / 2.4)
    x, y = chance.random(count), chance.random(count)
    h, w = drawn.angle.shape
    seen = drawn.colour[(y * h).astype(int), (x * w).astype(int)]
    pure = np.clip(0.5 + (seen - 0.5) * 1.25 + chance.normal(0, 0.10, (count, 3)), 0, 1)
    paint = (pure * 255).astype(int).tolist()
    px, py, reach = x * columns, y * rows, dot * chance.uniform(0.5, 0.8, count)
    boxes = np.stack([px - reach, py - reach, px + reach, py + reach], axis=1).tolist()
    for box, (r, g, b) in zip(boxes, paint, strict=True):
        sheet.draw.ellipse(box, fill=(r, g, b))
    brush.dabs(sheet, drawn.dabs, chance)
    return sheet.finished(title, 0.2)


def cubist(size: tuple[int, int], chance: np.random.Generator, motif: str) -> Painting:
    """A still life broken into facets, each shaded from one edge; ochre, umber, slate."""
    del motif
    columns, rows = 260, max(60, round(260 * size[1] / size[0]))
    y, x = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    picture = np.full((rows, columns, 3), 0.5)
    tones = np.array(
        [
            (0.72, 0.58, 0.38),
            (0.46, 0.36, 0.26),
            (0.84, 0.76, 0.60),
            (0.34, 0.38, 0.40),
            (0.58, 0.56, 0.50),
            (0.24, 0.20, 0.18),
            (0.66, 0.42, 0.26),
            (0.52, 0.60, 0.58),
        ]
    )
    for _ in range(64):
        angle, place = chance.uniform(0, np.pi), chance.uniform(-0.2, 1.2, 2)
        far = (x - place[0]) * np.cos(angle) + (y - place[1]) * np.sin(angle)
        across = -(x - place[0]) * np.sin(angle) + (y - place[1]) * np.cos(angle)
        wide, long = chance.uniform(0.06, 0.26), chance.uniform(0.12, 0.45)
        inside = (far > 0) & (far < wide) & (np.abs(across + far * chance.normal(0, 0.5)) < long)
        tone = tones[int(chance.integers(len(tones)))]
        light = (0.72 + 0.5 * far / wide)[..., None]
        picture = np.where(inside[..., None], np.clip(tone * light, 0, 1) * 0.85 + picture * 0.15, picture)
        rim = inside & (np.minimum(far, wide - far) < 0.006)
        picture = np.where(rim[..., None], picture * 0.4, picture)
    cx, cy = 0.5 + chance.normal(0, 0.05), 0.55
    for dx, dy, r, tone in (
        (0, 0.1, 0.20, (0.70, 0.46, 0.24)),
        (0.02, -0.13, 0.15, (0.76, 0.54, 0.30)),
        (0.01, 0.0, 0.055, (0.16, 0.12, 0.10)),
    ):
        part = ((x - cx - dx) ** 2 * (columns / rows) ** 2 + (y - cy - dy) ** 2) < r * r
        cut = np.sign(np.sin((x * 1.3 + y) * 14 + dx)) * 0.14
        picture = np.where(part[..., None], np.clip(np.array(tone) * (1 + cut[..., None]), 0, 1), picture)
    for k in range(6):
        string = np.abs((x - cx - 0.03 + 0.011 * k) * columns / rows + (y - cy) * 0.08) < 0.0025
        picture = np.where((string & (y > 0.12) & (y < 0.72))[..., None], np.array([0.92, 0.88, 0.76]), picture)
    sketch = Sketch(
        picture,
        clouds((rows, columns), 1.5, chance).astype(float),
        np.full((rows, columns), 0.1),
        "Guitar and Glass",
        [],
    )
    sheet = Sheet(picture, size)
    scale = (size[0] * size[1]) ** 0.5 / 520
    brush.layer(sheet, sketch, 5200, 15 * scale, 5 * scale, 0.03, chance, 2)
    titles = ("Guitar and Glass", "Man with a Violin", "The Bottle", "Table at a Window")
    return sheet.finished(titles[int(chance.integers(4))])


def abstract(size: tuple[int, int], chance: np.random.Generator, motif: str) -> Painting:
    """Discs, arcs, wedges and lines in a few strong colours over a warm ground."""
    del motif
    columns, rows = size
    palettes = (
        ("#e9dcc3", "#c8352b", "#1d3f72", "#e8b13a", "#20201e", "#5f8f8b"),
        ("#dfe3e0", "#e06b3c", "#274046", "#f2c14e", "#7a2f3b", "#93b7be"),
        ("#f1ead6", "#30505c", "#b23a48", "#fcb97d", "#13293d", "#aaba9e"),
    )
    tones = palettes[int(chance.integers(len(palettes)))]
    image = Image.new("RGB", size, tones[0])
    draw = ImageDraw.Draw(image)
    unit_length = min(size)

    def tone() -> str:
        return tones[1 + int(chance.integers(len(tones) - 1))]

    for _ in range(5):
        points = [(float(chance.uniform(0, columns)), float(chance.uniform(0, rows))) for _ in range(3)]
        draw.polygon(points, fill=tone())
    for _ in range(9):
        x, y, r = chance.uniform(0, columns), chance.uniform(0, rows), chance.uniform(0.04, 0.24) * unit_length
        for part in (1.0, 0.72, 0.4):
            box = [float(x - r * part), float(y - r * part), float(x + r * part), float(y + r * part)]
            draw.ellipse(box, fill=tone())
    for _ in range(16):
        x, y, r = chance.uniform(0, columns), chance.uniform(0, rows), chance.uniform(0.1, 0.5) * unit_length
        start = float(chance.uniform(0, 360))
        wide = int(max(2, chance.uniform(0.004, 0.022) * unit_length))
        if chance.random() < 0.5:
            box = [float(x - r), float(y - r), float(x + r), float(y + r)]
            draw.arc(box, start, start + 110, fill=tone(), width=wide)
        else:
            angle = np.radians(start)
            path = [float(x), float(y), float(x + r * np.cos(angle)), float(y + r * np.sin(angle))]
            draw.line(path, fill=tone(), width=wide)
    small = np.asarray(image.resize((columns // 3, rows // 3), Image.Resampling.BILINEAR), dtype=float) / 255
    sheet = Sheet(small, size)
    sheet.image.paste(image)
    wave = clouds(small.shape[:2], 1.4, chance).astype(float)
    scale = (columns * rows) ** 0.5 / 520
    brush.layer(
        sheet, Sketch(small, wave, np.full(small.shape[:2], 0.2), "", []), 3000, 26 * scale, 5 * scale, 0.035, chance, 2
    )
    return sheet.finished(f"Composition {int(chance.integers(2, 99))}", 0.3)


def japanese(size: tuple[int, int], chance: np.random.Generator, motif: str) -> Painting:
    """A woodblock print: a mountain, mist, a wave or blossom; flat colour, dark keylines, a red seal."""
    columns, rows = size
    aspect = columns / rows
    y, x = np.meshgrid(
        np.linspace(0, 1, rows, dtype=np.float32), np.linspace(0, aspect, columns, dtype=np.float32), indexing="ij"
    )
    paper = 1 + 0.02 * clouds((rows, columns), 0.8, chance, (8, 1))[..., None]
    dusk = motif in ("sunrise", "haystacks", "poppies", "cathedral")
    top, low = ((0.16, 0.28, 0.50), (0.95, 0.72, 0.52)) if dusk else ((0.22, 0.42, 0.62), (0.94, 0.90, 0.78))
    fade = np.clip(y * 1.7, 0, 1)[..., None]
    picture = np.array(top, dtype=np.float32) * (1 - fade) + np.array(low, dtype=np.float32) * fade
    lines = np.zeros_like(y)

    def cut(mask: np.ndarray, tone: tuple[float, float, float]) -> None:
        nonlocal picture, lines
        picture = np.where(mask[..., None], np.array(tone, dtype=np.float32), picture)
        rim = mask ^ (np.roll(mask, 2, 0) & np.roll(mask, 2, 1) & mask)
        lines = np.where(mask, 0, lines)
        lines = np.maximum(lines, rim)

    peak, half = float(chance.uniform(0.3, 0.7)) * aspect, float(chance.uniform(0.55, 0.8))
    slope = 0.26 + 0.42 * (np.abs(x - peak) / half) ** 0.72
    cut(np.hypot(x - aspect * (1 - peak / aspect), y - 0.22) < 0.075, (0.86, 0.24, 0.16))
    cut((y > slope) & (y < 0.72), (0.30, 0.40, 0.52) if not dusk else (0.56, 0.26, 0.22))
    cut((y > slope) & (y < 0.37 + 0.03 * np.sin((x - peak) * 60) * np.abs(np.sin((x - peak) * 23))), (0.95, 0.94, 0.90))
    for level in (0.56, 0.63):
        mist = np.abs(y - level - 0.02 * np.sin(x * 5 + level * 40)) < 0.018 + 0.012 * np.sin(x * 3 + level * 9)
        cut(mist, (0.93, 0.89, 0.80))
    for k in range(7):
        level = 0.68 + 0.048 * k
        tall = 0.016 + 0.007 * k
        wave = level - tall * np.abs(np.sin(x * (16 - 1.4 * k) + k * 1.3)) ** 0.6
        cut(y > wave + 0.008, ((0.12, 0.26, 0.46), (0.20, 0.38, 0.58))[k % 2])
        cut((y > wave) & (y < wave + 0.010), (0.95, 0.95, 0.92))
    image = Image.fromarray((np.clip(picture * paper * (1 - 0.75 * lines[..., None]), 0, 1) * 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    side = 1 if chance.random() < 0.5 else -1
    at, size_unit = (columns if side > 0 else 0), min(size)
    for _ in range(6):
        x0, y0 = float(at), float(chance.uniform(0, 0.3)) * rows
        for _ in range(9):
            x1 = x0 - side * float(chance.uniform(0.03, 0.07)) * columns
            y1 = y0 + float(chance.normal(0.008, 0.03)) * rows
            draw.line([x0, y0, x1, y1], fill=(48, 36, 32), width=max(2, size_unit // 130))
            for _ in range(5):
                bx, by = x1 + float(chance.normal(0, 0.02)) * columns, y1 + float(chance.normal(0, 0.02)) * rows
                r = size_unit * 0.009
                draw.ellipse([bx - r, by - r, bx + r, by + r], fill=(238, 176, 186), outline=(150, 70, 80))
            x0, y0 = x1, y1
    seal = size_unit // 22
    sx, sy = (columns // 24, rows // 18)
    draw.rectangle([sx, sy, sx + seal, sy + 2 * seal], fill=(176, 36, 30))
    for k in range(3):
        level = sy + seal * (2 * k + 1) // 3
        draw.line(
            [sx + seal // 5, level, sx + seal * 4 // 5, level + seal // 4],
            fill=(240, 224, 200),
            width=max(1, seal // 9),
        )
    relief = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(1)), dtype=np.float32) * np.float32(
        0.2 / 255
    )
    title = ("Mountain in Clear Weather", "Waves under the Mountain", "Blossom at Dusk")[int(chance.integers(3))]
    return Painting(np.asarray(image), relief, title)


PAINTERS: dict[str, Painter] = {
    "impressionist": impressionist,
    "pointillist": pointillist,
    "cubist": cubist,
    "abstract": abstract,
    "japanese print": japanese,
    "dutch still life": dutch,
}
