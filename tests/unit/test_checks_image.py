import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.unit.checks_samples import glb, looked_at, picture, png_header, saved
from tools.checks.measure import measure


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_a_good_picture_is_measured(format):
    report = measure(picture(96, 80, format), "image")
    facts = report["facts"]
    assert (report["status"], facts["width"], facts["height"], facts["frames"]) == ("pass", 96, 80, 1)
    assert facts["std"] > 20


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (picture()[:-60], "truncated"),
        (picture(format="JPEG")[:-200], "truncated"),
        (picture().replace(b"IDAT", b"IDAX"), "corrupt"),
        (png_header(60_000, 60_000), "bomb"),
        (picture(format="GIF").replace(b"GIF87a\x60\0\x50\0", b"GIF87a\xff\xff\xff\xff"), "bomb"),
        (picture() + b"PK\x03\x04\x14\0\0\0\0\0" + b"x" * 60, "polyglot"),
        (picture() + b"appended to the picture, longer than padding", "polyglot"),
        (b"<html><script>alert(1)</script></html>", "type_mismatch"),
        (glb(), "type_mismatch"),
        (b"", "empty"),
    ],
)
def test_a_broken_or_false_picture_is_refused(data, word):
    assert looked_at(data, "image") == ("fail", word)


def test_a_sixteen_bit_picture_is_not_taken_for_blank():
    grey = np.linspace(300, 65000, 64 * 64).reshape(64, 64).astype(np.uint16)
    assert measure(saved(Image.fromarray(grey)), "image")["facts"]["std"] > 50


def test_one_colour_has_no_spread():
    assert measure(saved(Image.new("RGB", (80, 80), (9, 9, 9))), "image")["facts"]["std"] == 0


def test_a_wholly_transparent_picture_has_no_spread():
    data = saved(
        Image.merge("RGBA", [*Image.effect_noise((80, 80), 90).convert("RGB").split(), Image.new("L", (80, 80))])
    )
    facts = measure(data, "image")["facts"]
    assert (facts["std"], facts["alpha"]) == (0, True)


def test_markup_in_the_metadata_is_a_warning():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "<script>alert(1)</script>")
    assert looked_at(picture(pnginfo=text), "image") == ("warn", "active_metadata")
