"""What can be seen on a thumbnail, whatever the kind."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.unit.checks_samples import glb, picture, tone, wav
from tools.checks.finding import Unsound
from tools.checks.thumbnails.thumbnail import BACKGROUND, STILLS, thumbnail

av = pytest.importorskip("av")


def seen(data: bytes, kind: str, pixels: int = 192) -> np.ndarray[Any, Any]:
    with Image.open(BytesIO(thumbnail(data, kind, pixels))) as shown:
        return np.asarray(shown.convert("RGB")).astype(int)


def inked(shown: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    found: np.ndarray[Any, Any] = np.abs(shown - BACKGROUND).max(axis=2) > 30
    return found


def film(colours: list[str], size: tuple[int, int] = (64, 48)) -> bytes:
    target = BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=4)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for colour in colours:
            container.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", size, colour))))
        container.mux(stream.encode())
    return target.getvalue()


def splats(*rows: tuple[float, ...]) -> bytes:
    """Rows of place and colour, as a `.splat`."""
    layout = np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("colour", "u1", 4), ("turn", "u1", 4)])
    table = np.zeros(len(rows), layout)
    for number, row in enumerate(rows):
        table[number] = (row[:3], (0.1, 0.1, 0.1), (*row[3:], 255), (128, 128, 128, 255))
    return table.tobytes()


def test_a_model_stands_in_the_middle_of_its_picture() -> None:
    rows, columns = np.nonzero(inked(seen(glb(), "model3d")))
    assert (abs(rows.mean() - 96) < 12, abs(columns.mean() - 96) < 12, len(rows) > 8000) == (True, True, True)


def test_splats_are_drawn_in_their_colours() -> None:
    shown = seen(splats((0, 0, 0, 250, 10, 10), (4, 0, 0, 10, 10, 250), (2, 3, 0, 10, 250, 10)), "model3d")
    strongest = [shown[..., i] - shown[..., [j for j in range(3) if j != i]].max(axis=2) for i in range(3)]
    assert all(int(channel.max()) > 100 for channel in strongest)


def test_a_near_splat_hides_the_one_behind_it() -> None:
    grid = [(x / 8, y / 8) for x in range(-8, 9) for y in range(-8, 9)]
    # Stored with z ahead: what is at -0.5 is nearer to somebody who looks from the front.
    near, far = [(x, y, -0.5, 250, 10, 10) for x, y in grid], [(x, y, 0.5, 10, 10, 250) for x, y in grid]
    shown = seen(splats(*far, *near), "model3d")
    red, blue = shown[..., 0] - shown[..., 2] > 100, shown[..., 2] - shown[..., 0] > 100
    assert red.sum() > blue.sum() > 0


def test_a_loud_beginning_is_high_on_the_left() -> None:
    fading = tone(2.0) * np.linspace(1, 0.05, len(tone(2.0)))
    heights = inked(seen(wav(fading), "audio")).sum(axis=0)
    assert heights[:40].max() > 3 * heights[-40:].max()


def test_compressed_sound_has_a_waveform_too() -> None:
    target = BytesIO()
    with av.open(target, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=8000, layout="mono")
        samples = (tone(1.0) * 30000).astype("<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, "s16", "mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    assert inked(seen(target.getvalue(), "audio")).sum() > 1000


def test_a_film_is_shown_from_its_beginning_to_its_end() -> None:
    colours = ["red"] * 4 + ["lime"] * 4 + ["blue"] * 4
    shown = seen(film(colours), "video")
    first, last = shown[12, 12], shown[-12, -12]
    assert (int(first.argmax()), int(last.argmax())) == (0, 2)


def test_a_film_of_two_frames_has_two_pictures() -> None:
    two, many = seen(film(["red", "blue"]), "video"), seen(film(["red"] * 12), "video")
    assert (two.shape[1], many.shape[1], STILLS) == (192, 192, 6)
    assert two.shape[0] < many.shape[0] + 20


def test_a_text_is_a_card_with_its_first_words() -> None:
    short, long = seen(b"one line", "text"), seen(b"many words " * 400, "text")
    assert short.shape[0] < long.shape[0] <= 192
    assert (long < 100).any()


def test_a_table_has_a_line_under_each_row() -> None:
    shown = seen(b"id,name\n1,ann\n2,bob\n", "table")
    lines = (shown.max(axis=2) < 240).mean(axis=1) > 0.9
    assert int(np.count_nonzero(np.diff(lines.astype(int)) == 1)) >= 3


def test_a_page_is_shown_as_its_words_and_its_scripts_are_not() -> None:
    script = b"<html><script>" + b"evil " * 500 + b"</script><p>hi</p></html>"
    assert seen(script, "html").shape == seen(b"<html><p>hi</p></html>", "html").shape


def test_a_picture_keeps_its_proportions() -> None:
    assert seen(picture(400, 200), "image").shape == (96, 192, 3)


@pytest.mark.parametrize(("data", "kind"), [(b"", "text"), (b"  \n", "text"), (b"%PDF-1.7\n", "file")])
def test_what_nobody_can_draw_has_no_thumbnail(data: bytes, kind: str) -> None:
    with pytest.raises(Unsound):
        thumbnail(data, kind, 192)


def test_an_upright_film_stands_beside_itself() -> None:
    frames = ["red"] * 12
    tall = seen(film(frames, (48, 96)), "video")
    assert tall.shape[0] < tall.shape[1] / 2 + 20
