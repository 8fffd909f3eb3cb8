import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.unit.checks_media_samples import zipped
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
        (picture() + zipped({"a.txt": b"text"}), "polyglot"),
        (picture(format="JPEG") + b"\xff\xd9 and after a second end mark something else", "polyglot"),
        (picture(format="GIF") + b"\0; and after a second end mark something else", "polyglot"),
        (picture(format="WEBP") + b"%PDF-1.4 and so on, longer than padding", "polyglot"),
        (picture().replace(b"IDAT", b"IDAT%PDF-", 1), "polyglot"),
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


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_may_be_padded(format):
    assert looked_at(picture(format=format) + bytes(400), "image")[0] == "pass"


def test_a_thumbnail_inside_a_photograph_is_not_its_end():
    small = picture(16, 16, "JPEG")
    photograph = picture(format="JPEG")
    segment = b"\xff\xe1" + (len(small) + 2).to_bytes(2, "big") + small
    assert looked_at(photograph[:2] + segment + photograph[2:], "image")[0] == "pass"


def test_a_picture_that_is_seen_through_is_judged_on_white_and_on_black():
    white = Image.new("RGBA", (80, 80), (255, 255, 255, 0))
    white.paste((255, 255, 255, 255), (20, 20, 60, 60))
    facts = measure(saved(white), "image")["facts"]
    assert (facts["std"] > 100, facts["alpha"]) == (True, True)


def test_many_frames_of_a_large_picture_are_refused():
    still = Image.new("L", (4000, 3000))
    frames = [Image.new("L", (4000, 3000), shade) for shade in range(20)]
    assert looked_at(saved(still, "GIF", save_all=True, append_images=frames), "image") == ("fail", "bomb")
