"""Parameters from the words of a goal."""

import pytest
from catalogue_of_spaces import choice, file, number, switch, text

from core.nouns import Argument, Endpoint, Output, Parameter
from planners.catalogue.filling import Wording, fill
from planners.catalogue.quantities import read_quantities
from planners.catalogue.sources import ATTACHED, Source, at

PROMPT = Source(kind="text")


def filled(goal: str, *parameters: Parameter, denied: tuple[str, ...] = ()) -> dict[str, Argument]:
    endpoint = Endpoint(name="/x", parameters=parameters, outputs=(Output(label="Out", kind="image"),))
    wording = Wording(text=goal, prompt=goal, seed=77, quantities=read_quantities(goal), denied=denied)
    entrance = next((parameter for parameter in parameters if parameter.name == "prompt"), None)
    return fill(endpoint, wording, entrance, goal, PROMPT).inputs


@pytest.mark.parametrize(
    ("goal", "parameter", "value"),
    [
        ("a hall with arched windows", choice("windows", "Window shape", ["none", "arched", "round"]), "arched"),
        ("a tune in D minor", choice("key", "Key", ["C", "D", "D#"]), "D"),
        ("a tune in D sharp minor", choice("key", "Key", ["C", "D", "D#"]), "D#"),
        ("A tune", choice("key", "Key", ["C", "A"]), None),
        ("a tune in A minor", choice("key", "Key", ["C", "A"]), "A"),
        ("a harmonic minor tune", choice("scale", "Scale", ["minor", "harmonic minor"]), "harmonic minor"),
        ("a portrait, 1024x1024", choice("size", "Size", ["512x512", "1024x1024"]), "1024x1024"),
        ("a castle with 2048 px textures", choice("texture_size", "Texture size", [1024, 2048]), 2048),
        ("a high tower", choice("resolution", "Resolution", ["low", "high"], "low"), None),
        ("a tower in high resolution", choice("resolution", "Resolution", ["low", "high"], "low"), "high"),
        ("an impressionist garden", choice("style", "Style", ["cubist", "Impressionism"]), "Impressionism"),
        ("90 bpm", number("tempo", "Tempo (bpm)", 100, 40, 200), 90),
        ("half a day", number("tempo", "Tempo (bpm)", 100, 40, 200), None),
        ("2 minutes long", number("seconds", "Duration (seconds)", 8, 1, 300), 120),
        ("2 minutes long", number("length", "Length in minutes", 1, 1, 5), 2),
        ("between 10 and 20 seconds", number("seconds", "Seconds", 8, 1, 60), 15),
        ("100 seconds", number("seconds", "Seconds", 8, 1, 60), 60),
        ("a hall with seven windows", number("count", "Number of windows", 4, 1, 20), 7),
        ("a tune", number("seed", "Seed", 0, 0, 10), 0),
        ("a tune", number("seed", "Seed", 0), 77),
        ("impressionist paintings", switch("add_paintings", "Add paintings"), True),
        ("a hall", switch("add_paintings", "Add paintings"), None),
        ("a hall", switch("randomize_seed", "Randomize seed", True), False),
        ("a photo", switch("remove_background", "Remove background"), None),
    ],
)  # fmt: skip
def test_a_parameter_takes_what_the_goal_says_of_it(goal: str, parameter: Parameter, value: Argument) -> None:
    assert filled(goal, parameter).get(parameter.name) == value


def test_a_word_goes_to_the_parameter_it_stands_next_to() -> None:
    floor = choice("floor", "Floor material", ["wood", "marble"])
    walls = choice("walls", "Wall material", ["plaster", "marble"])
    assert filled("a hall with marble floors", floor, walls) == {"floor": "marble"}


def test_width_and_height_get_the_sides_of_a_size() -> None:
    assert filled("a poster, 800x600", number("width", "Width", 512), number("height", "Height", 512)) == {
        "width": 800,
        "height": 600,
    }


def test_what_is_denied_goes_into_the_negative_prompt_and_switches_off() -> None:
    negative = text("negative_prompt", "Negative prompt", required=False)
    given = filled("a hall", text(), negative, switch("people", "Add people", True), denied=("people",))
    assert given == {"prompt": "a hall", "negative_prompt": "people", "people": False}


def test_no_secret_is_ever_filled_in() -> None:
    assert "api_key" not in filled("use my api key sesame", text(), text("api_key", "API key token", required=False))


def test_an_example_file_of_the_space_is_not_left_standing() -> None:
    picture = file("style_image", "image", required=False, default={"path": "/demo.png"})
    assert filled("a hall", text(), picture)["style_image"] is None


def test_a_file_parameter_takes_an_attachment_of_its_kind() -> None:
    parameters = (text(), file("image", "image"))
    endpoint = Endpoint(name="/x", parameters=parameters, outputs=(Output(label="Out", kind="text"),))
    wording = Wording(text="who is this?", prompt="who is this?", seed=1)
    pool = [Source(kind="audio", place=at(ATTACHED, 0)), Source(kind="image", place=at(ATTACHED, 1))]
    assert fill(endpoint, wording, parameters[0], "who is this?", PROMPT, pool).inputs["image"] == at(ATTACHED, 1)
