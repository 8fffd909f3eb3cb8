"""The quick proof that a PNG is whole: never another verdict than the decoder's, only an earlier one."""

import random
import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.unit.checks_samples import looked_at, picture, saved
from tools.checks.measure import measure
from tools.checks.pictures.png_rows import first_rows

WIDE, TALL = 640, 480


def unchanged(content: bytes) -> bytes:
    return content


def repacked(data: bytes, change=unchanged, damage=unchanged) -> bytes:
    """The same PNG with other pixels in it, or other bytes that they are packed into, and good checksums."""
    position, packed = 8, b""
    while position < len(data):
        length = struct.unpack_from(">I", data, position)[0]
        if data[position + 4 : position + 8] == b"IDAT":
            packed += data[position + 8 : position + 8 + length]
        position += 12 + length
    body = damage(zlib.compress(change(zlib.decompress(packed))))
    idat = struct.pack(">I", len(body)) + b"IDAT" + body + struct.pack(">I", zlib.crc32(b"IDAT" + body))
    return data[:33] + idat + data[-12:]


def test_the_first_rows_are_the_pictures_own():
    data = picture(WIDE, TALL)
    rows = first_rows(data, 6400)
    with Image.open(BytesIO(data)) as whole:
        assert rows is not None and (rows.tobytes(), rows.size) == (whole.crop((0, 0, WIDE, 10)).tobytes(), (WIDE, 10))


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "1", "I;16"])
def test_what_is_not_plain_is_left_to_the_decoder(mode):
    drawn = Image.new("L", (WIDE, TALL)) if mode == "I;16" else Image.effect_noise((WIDE, TALL), 60).convert("RGB")
    data = saved(Image.fromarray(np.zeros((TALL, WIDE), np.uint16)) if mode == "I;16" else drawn.convert(mode))
    assert first_rows(data, 6400) is None
    assert measure(data, "image")["status"] == "pass"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda rows: rows[:-1], "truncated"),
        (lambda rows: rows[: len(rows) // 2], "truncated"),
        (lambda rows: rows[: -3 * WIDE - 1] + b"\x07" + rows[-3 * WIDE :], "corrupt"),
    ],
    ids=["a byte short", "half of the rows", "an unknown filter"],
)
def test_a_picture_with_good_checksums_and_bad_rows_is_refused(change, word):
    assert looked_at(repacked(picture(WIDE, TALL), change), "image") == ("fail", word)


def test_a_picture_that_begins_with_nothing_is_looked_at_as_a_whole():
    drawn = Image.new("RGB", (WIDE, TALL), "white")
    drawn.paste((10, 20, 30), (0, 300, WIDE, TALL))
    assert measure(saved(drawn), "image")["facts"]["std"] > 50


def test_a_flat_picture_of_any_size_has_no_spread():
    assert measure(saved(Image.new("RGB", (WIDE, TALL), (9, 9, 9))), "image")["facts"]["std"] == 0


def test_markup_is_found_in_a_large_picture_too():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "<script>alert(1)</script>")
    assert looked_at(picture(WIDE, TALL, pnginfo=text), "image") == ("warn", "active_metadata")


def test_nothing_is_proved_whole_that_a_decoder_refuses():
    good, dice = picture(WIDE, TALL), random.Random(5)
    verdicts = set()
    for _ in range(80):
        place, sign = dice.randrange(TALL), dice.randrange(12)
        start = place * (1 + 3 * WIDE)
        data = repacked(good, lambda rows, at=start, to=sign: rows[:at] + bytes([to]) + rows[at + 1 :])
        verdicts.add((first_rows(data, 6400) is not None, decodes(data)))
    assert verdicts == {(True, True), (False, False)}


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:500] + bytes([packed[500] ^ 0x55]) + packed[501:],
        lambda packed: packed[:-4] + b"\0\0\0\0",
        lambda packed: packed[: len(packed) // 2],
        lambda packed: b"\0" + packed[1:],
        lambda packed: b"",
    ],
    ids=["a byte changed", "another sum at the end", "half of it", "no header", "nothing"],
)
def test_bytes_that_cannot_be_inflated_prove_nothing(damage):
    assert first_rows(repacked(picture(WIDE, TALL), damage=damage), 6400) is None


def decodes(data: bytes) -> bool:
    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as decoded:
            decoded.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
