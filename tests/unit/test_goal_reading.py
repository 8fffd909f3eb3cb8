"""What is understood of a goal before any Space is looked at."""

import pytest

from planners.catalogue.goal_reading import read_goal
from planners.catalogue.quantities import read_quantities
from planners.catalogue.words import stem


@pytest.mark.parametrize(
    ("text", "makes"),
    [
        ("Create a 3D art gallery with impressionist paintings", [("model3d",)]),
        ("a poster and a tune for a jazz night", [("image",), ("audio",)]),
        ("Draw a lighthouse in ink", [("image",)]),
        ("Draw a cat and a dog", [("image",)]),
        ("Compose a waltz, and then measure its tempo", [("audio",), ()]),
        ("Make a 3D picture of a fox", [("image",)]),
        ("Turn this photo into a 3D model", [("model3d",)]),
        ("I would like to have a summary of this text: It rains.", [("text",)]),
        ("", []),
        ("!?", []),
    ],
)
def test_a_goal_is_read_as_the_media_it_asks_for(text: str, makes: list[tuple[str, ...]]) -> None:
    assert [action.makes for action in read_goal(text).actions] == makes


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Make pictures of six animals: cat, dog, cow, hen, fox and owl", ("cat", "dog", "cow", "hen", "fox", "owl")),
        ("Draw pictures of a cat, a dog and a horse", ("cat", "dog", "horse")),
        ("Make three posters: Romeo and Juliet, Hamlet, Macbeth", ("Romeo and Juliet", "Hamlet", "Macbeth")),
        ("Draw a picture of a cat, a dog and a horse", ()),
        ("Summarise this text: cats, dogs and mice", ()),
    ],
)
def test_names_are_a_list_when_several_things_are_asked_for(text: str, items: tuple[str, ...]) -> None:
    assert read_goal(text).items == items


def test_a_web_gallery_is_a_page_and_an_art_gallery_is_a_thing() -> None:
    page, thing = read_goal("Make a web gallery of three castles"), read_goal("Build a 3D art gallery")
    assert (page.page, "galleri" in page.actions[0].words) == (True, False)
    assert (thing.page, "galleri" in thing.actions[0].words) == (False, True)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("A castle without towers or flags, at night", ("towers", "flags")),
        ("A castle with no towers", ("towers",)),
        ("Draw a castle but do not add any flags", ("flags",)),
        ("A castle with no more than ten towers", ()),
    ],
)
def test_what_must_not_be_there_is_set_aside(text: str, denied: tuple[str, ...]) -> None:
    reading = read_goal(text)
    assert reading.denied == denied
    assert not {stem(word) for word in denied} & {word for action in reading.actions for word in action.words}


def test_a_quotation_and_a_text_after_a_colon_stand_for_themselves() -> None:
    assert read_goal('A poster that says "Big, red and cheap"').quotations == ("Big, red and cheap",)
    assert read_goal("Summarise this text: It rained. Then, it stopped.").quotations == (
        "It rained. Then, it stopped.",
    )


def test_what_is_only_said_to_be_there_is_not_asked_for() -> None:
    reading = read_goal("I have a photo 'house.jpg'. Please describe it.")
    assert reading.sources == ("image",)
    assert [action.verb for action in reading.actions] == ["describe"]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("12 seconds long", 12, 12, "second"),
        ("between 10 and 20 seconds", 10, 20, "second"),
        ("1.5 minutes", 90, 90, "second"),
        ("at least 100,000 triangles", 100_000, None, "face"),
        ("up to 30 s", None, 30, "second"),
        ("2k textures", 2048, 2048, "pixel"),
        ("at 90 bpm", 90, 90, "bpm"),
        ("six monuments", 6, 6, ""),
    ],
)
def test_numbers_are_read_with_their_units(text: str, low: float | None, high: float | None, unit: str) -> None:
    (quantity,) = read_quantities(text)
    assert (quantity.low, quantity.high, quantity.unit) == (low, high, unit)


def test_a_size_is_a_width_and_a_height_and_3d_is_no_number() -> None:
    assert [(q.value, q.side) for q in read_quantities("a 3D poster, 800x600")] == [(800, "width"), (600, "height")]
