"""Draws the beginning of a text or a table as a small sheet of paper, with the font that comes with Pillow."""

import csv
import re
from io import StringIO

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

PAPER, INK, PALE, LINE = (252, 252, 250), (52, 56, 64), (120, 126, 136), (214, 216, 220)

_LINES, _COLUMNS = 14, 5


def text_card(text: str, pixels: int) -> Image.Image:
    """The first lines, those that are too long broken between words."""
    margin, step = pixels // 16, pixels // 18
    font = ImageFont.load_default(pixels / 26)
    paragraphs = re.sub(r"\n\s*\n", "\n\n", text[:4000]).splitlines()
    lines = [line for paragraph in paragraphs for line in _broken(paragraph, font, pixels - 2 * margin)]
    lines = lines[: (pixels * 3 // 4 - 2 * margin) // step]
    picture, draw = _sheet(pixels, 2 * margin + step * max(3, len(lines)))
    for number, line in enumerate(lines):
        draw.text((margin, margin + number * step), line, INK, font)
    return picture


def table_card(text: str, pixels: int) -> Image.Image:
    """The header and the first rows, in columns of equal width."""
    rows = list(csv.reader(StringIO(text[:20_000], newline="")))[:_LINES]
    wide = max(1, min(_COLUMNS, max((len(row) for row in rows), default=1)))
    step = pixels // 16
    high = min(pixels * 3 // 4, step * len(rows) + step)
    picture, draw = _sheet(pixels, high)
    font, margin = ImageFont.load_default(pixels / 26), pixels // 24
    column = (pixels - 2 * margin) / wide
    for number, row in enumerate(rows):
        top = margin + number * step
        for place, cell in enumerate(row[:wide]):
            shown = _cut(" ".join(cell.split()), font, column - margin / 2)
            draw.text((margin + place * column, top), shown, PALE if number == 0 else INK, font)
        draw.line((margin, top + step * 0.86, pixels - margin, top + step * 0.86), LINE, 2 if number == 0 else 1)
    return picture


def _sheet(wide: int, high: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (wide, high), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, wide - 1, high - 1), outline=LINE)
    return picture, draw


def _broken(paragraph: str, font: Font, width: float) -> list[str]:
    paragraph = _printable(paragraph)
    lines = [paragraph[: len(paragraph) - len(paragraph.lstrip())][:24]]
    for word in paragraph.split():
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if font.getlength(longer) <= width or not lines[-1].strip():
            lines[-1] = longer
        else:
            lines.append(word)
    return [_cut(line, font, width) for line in lines]


def _cut(text: str, font: Font, width: float) -> str:
    text = _printable(text[:200])
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text.replace("\t", "  "))
