"""The bundled image maker: what it draws, without a server."""

import numpy as np
import pytest
from PIL import Image

from tests.unit.space_modules import load

picture, lexicon = load("image-maker", "picture", "lexicon")


def drawn(prompt: str, seed: int = 0, style: str = "natural", background: str = "dark") -> Image.Image:
    return picture.draw(prompt, style, background, 200, 200, seed)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("prompt", "archetype"),
    [
        ("the Eiffel Tower in Paris", "lattice_tower"),
        ("a picture of the Louvre museum", "glass_pyramid"),
        ("NOTRE-DAME de Paris", "gothic_cathedral"),
        ("Arc de Triomphe", "triumphal_arch"),
        ("Sacré-Cœur", "domed_basilica"),
        ("le Panthéon", "temple_front"),
        ("St Paul's", "temple_front"),
        ("a blue vase in a museum", "vase"),
        ("three trees", "tree"),
        ("a zorblax of quuv", "ornament"),
    ],
)
def test_words_choose_what_is_drawn(prompt: str, archetype: str) -> None:
    assert lexicon.subject(prompt).archetype.__name__ == archetype


def test_every_archetype_can_be_drawn() -> None:
    tables = (lexicon.FAMOUS, lexicon.THINGS, lexicon.KINDS)
    prompts = [phrases.split(", ")[0] for table in tables for phrases in table.values()]
    pictures = {picture.draw(prompt, "natural", "dark", 64, 64, 0).tobytes() for prompt in prompts}
    assert len(pictures) == len(prompts)


def test_the_same_words_and_seed_give_the_same_picture() -> None:
    assert drawn("a red house", 3).tobytes() == drawn("a  red HOUSE", 3).tobytes()


def test_another_seed_or_an_unknown_word_gives_another_picture() -> None:
    pictures = [drawn("quuv"), drawn("quuv", seed=1), drawn("vuuq"), drawn("quuv", style="bronze")]
    assert len({image.tobytes() for image in pictures}) == 4


def test_the_thing_is_centred_on_a_plain_background() -> None:
    pixels = np.asarray(drawn("arc de triomphe")).astype(int)
    different = np.abs(pixels - pixels[0, 0]).sum(axis=2) > 40
    rows, columns = np.nonzero(different)
    assert abs(columns.mean() - 99.5) < 4
    assert rows.min() > 8 and rows.max() < 192
    assert pixels[:8].std(axis=(0, 1)).max() < 4


def test_a_passage_shows_the_background() -> None:
    pixels = np.asarray(drawn("arc de triomphe", background="white"))
    assert pixels[150, 100].min() > 245
    assert pixels[60, 100].max() < 245


def test_a_colour_word_colours_the_thing_but_a_name_does_not() -> None:
    red = np.asarray(drawn("a red vase", background="white")).reshape(-1, 3)
    middle = red[red.min(axis=1) < 180].mean(axis=0)
    assert middle[0] > 1.6 * middle[2]
    bridge = np.asarray(drawn("Golden Gate", background="white")).reshape(-1, 3).astype(int)
    assert ((bridge[:, 0] - bridge[:, 2]) > 130).mean() < 0.005


def test_the_size_asked_for_is_the_size_given() -> None:
    assert picture.draw("boat", "painted", "sky", 160, 96, 0).size == (160, 96)
