"""The bundled ink illustrator: what it draws, without a server."""

import numpy as np
import pytest

from tests.unit.space_modules import SPACES, load

FOLDER = SPACES / "ink-illustrator"


(picture,) = load("ink-illustrator", "picture")
VOCABULARY = (
    "outlines sketch palette facade towers churches monuments strongholds things furniture ornaments lexicon "
    "patterns render"
)


def test_its_vocabulary_is_that_of_the_image_maker() -> None:
    for module in VOCABULARY.split():
        mine, theirs = (folder / f"{module}.py" for folder in (FOLDER, FOLDER.parent / "image-maker"))
        assert mine.read_bytes() == theirs.read_bytes(), f"{module}.py differs"


def test_the_same_words_and_seed_give_the_same_drawing() -> None:
    first, again = (picture.illustrate("castle", "cream", "black", "cross", 160, 5) for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_every_hatching_gives_its_own_drawing() -> None:
    drawings = {picture.illustrate("castle", "white", "sepia", name, 160, 0).tobytes() for name in picture.HATCHINGS}
    assert len(drawings) == len(picture.HATCHINGS)


@pytest.mark.parametrize("paper", ["cream", "white", "grey", "blue"])
def test_the_paper_stays_light_and_the_ink_is_dark(paper: str) -> None:
    pixels = np.asarray(picture.illustrate("lighthouse", paper, "black", "cross", 160, 0)).astype(int)
    assert pixels[:10].min() > 190
    assert pixels.min() < 90


def test_more_shade_means_more_ink() -> None:
    outline, cross = (
        np.asarray(picture.illustrate("vase", "white", "black", name, 160, 0)).mean() for name in ("outline", "cross")
    )
    assert cross < outline
