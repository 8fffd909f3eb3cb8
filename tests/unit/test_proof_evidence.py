"""What outputs side by side say against a model being at work."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.nouns import Kind
from tools.proof.evidence import Seen, findings
from tools.proof.sight import SMALL, Sight, canonical, grain, label

TEXTS = (
    "Anna loved the soup at the harbour.",
    "Peter hated the slow train to Prague.",
    "A planet shines in the telescope tonight.",
    "The broken server is down again today.",
)


def said(value: Any, kind: Kind = "text") -> Sight:
    return Sight(kind, canonical(value), value)


def picture(seed: int, smooth: bool = True) -> Sight:
    random = np.random.default_rng(seed)
    rough = random.integers(0, 256, (4, 4, 3) if smooth else (96, 96, 3)).astype(np.uint8)
    full = Image.fromarray(rough).resize((96, 96), Image.Resampling.BICUBIC)
    small = np.asarray(full.resize((SMALL, SMALL)), np.float32)
    return Sight("image", f"{smooth}{seed}", small=small, grain=grain(full), facts={"width": 96})


def trials(answers: list[Sight], again: Sight | None = None, near: list[Sight] | None = None) -> list[Seen]:
    rows = [Seen("far", number, (TEXTS[number],), (), (answer,)) for number, answer in enumerate(answers)]
    rows += [Seen("again", 0, (TEXTS[0],), (), (again or answers[0],))]
    return rows + [Seen("near", number, (), (), (answer,)) for number, answer in enumerate(near or [])]


def against(rows: list[Seen], seeded: bool = False) -> str:
    return "; ".join(findings(rows, seeded))


def test_different_pictures_that_stay_the_same_for_the_same_input_are_sound():
    assert against(trials([picture(number) for number in range(4)]), seeded=True) == ""


def test_one_picture_for_every_input_is_refused():
    assert "same answer to 4 different inputs" in against(trials([picture(1)] * 4))


def test_one_picture_of_a_few_is_refused():
    assert "a few that are stored" in against(trials([picture(1), picture(2), picture(1), picture(3)]))


def test_a_caption_that_differs_does_not_hide_a_picture_that_does_not():
    rows = [Seen("far", n, (TEXTS[n],), (), (picture(1), said(TEXTS[n]))) for n in range(4)]
    assert "same answer" in against(rows)


def test_noise_is_refused():
    assert "noise" in against(trials([picture(number, smooth=False) for number in range(4)]))


@pytest.mark.parametrize("change", ["same", "mirrored", "turned", "negative"])
def test_the_picture_that_was_given_is_no_answer(change):
    rows = []
    for number in range(3):
        given = picture(number)
        assert given.small is not None
        small = {
            "same": given.small,
            "mirrored": given.small[:, ::-1],
            "turned": np.rot90(given.small),
            "negative": 255 - given.small,
        }[change]
        answer = Sight("image", f"out{number}", small=small, grain=1.0, facts={"width": 96})
        rows.append(Seen("far", number, (), (given,), (answer,)))
    assert "gives back what it was given" in against(rows)


def test_a_picture_that_was_enlarged_is_an_answer():
    rows = []
    for number in range(3):
        given = picture(number)
        answer = Sight("image", f"out{number}", small=given.small, grain=1.0, facts={"width": 384})
        rows.append(Seen("far", number, (), (given,), (answer,)))
    assert "given" not in against([*rows, Seen("again", 0, (), rows[0].given, rows[0].outputs)])


def test_a_seed_that_changes_nothing_for_the_same_input_is_wanted():
    pictures = [picture(number) for number in range(4)]
    assert "with the same seed" in against(trials(pictures, again=picture(9)), seeded=True)


@pytest.mark.parametrize("frame", ["A tale about {}: they lived happily.", "{}", "Hello! {} Bye!"])
def test_the_input_in_a_frame_is_no_answer(frame):
    assert against(trials([said(frame.format(text)) for text in TEXTS]))


def test_a_text_that_goes_on_from_the_input_is_an_answer():
    ends = ("and then it rained on us", "because nobody came along", "while she was asleep", "so they sang a song")
    assert against(trials([said(f"{text} {end}") for text, end in zip(TEXTS, ends, strict=True)])) == ""


def shares(name: str, share: float = 0.8) -> Sight:
    return said({name: share, "other": 1 - share}, "json")


def test_classes_that_survive_a_change_without_meaning_are_sound():
    names = ["positive", "negative", "neutral", "negative"]
    answers = [shares(name, 0.7 + number / 50) for number, name in enumerate(names)]
    near = [shares(name, 0.71 + number / 50) for number, name in enumerate(names[:3])]
    assert against(trials(answers, near=near)) == ""


def test_classes_that_change_with_a_comma_are_refused():
    answers = [shares(name) for name in ("positive", "negative", "neutral", "angry")]
    assert "as a hash would" in against(trials(answers, near=[shares("x"), shares("y"), shares("z")]))


def test_a_class_that_is_drawn_by_lot_is_refused():
    answers = [shares(name) for name in ("positive", "negative", "neutral", "angry")]
    assert "drawn by lot" in against(trials(answers, again=shares("happy")))


def test_numbers_that_jump_with_a_comma_are_refused():
    random = np.random.default_rng(3)
    rows = [said([float(x) for x in random.normal(size=12)], "json") for _ in range(7)]
    assert "changes its numbers" in against(trials(rows[:4], near=rows[4:]))


def test_one_answer_is_no_proof():
    assert "fewer than two" in against(trials([said("yes")]))


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("Positive", "positive"),
        ({"label": "star", "confidences": []}, "star"),
        ([{"label": "a", "score": 0.1}, {"label": "b", "score": 0.9}], "b"),
        ({"cat": 0.2, "dog": 0.8}, "dog"),
        ([0.1, 0.9], None),
        ("a whole sentence of many words", None),
        ({"width": 3, "height": 4}, None),
    ],
)
def test_the_class_is_read_in_the_shapes_that_classifiers_answer_in(value, named):
    assert label(value) == named
