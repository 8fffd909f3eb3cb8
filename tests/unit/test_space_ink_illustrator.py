"""The bundled ink illustrator: what it draws, without a server."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "localhub" / "spaces" / "ink-illustrator"


def load(*names: str) -> list[ModuleType]:
    """Modules of the Space, taken out of sys.modules again: other Spaces have some of the same names."""
    before = set(sys.modules)
    sys.path.insert(0, str(FOLDER))
    try:
        return [importlib.import_module(name) for name in names]
    finally:
        sys.path.remove(str(FOLDER))
        for new in set(sys.modules) - before:
            if str(getattr(sys.modules[new], "__file__", "")).startswith(str(FOLDER)):
                del sys.modules[new]


(picture,) = load("picture")
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
