"""What an endpoint is asked, by the types of its parameters."""

import io

import pytest
from PIL import Image

from core.errors import EndpointMissing, InputsRefused
from core.nouns import Endpoint, Output, Parameter, Space
from tools.proof.choosing import chosen
from tools.proof.drawing import SUBJECTS, drawn
from tools.proof.inputs import Drawn, asks, seeded
from tools.proof.words import SCENES, SENTENCES

TEXT = Parameter(name="text", label="Text", kind="text")
SEED = Parameter(name="seed", label="Seed", kind="number", required=False, default=0)
STEPS = Parameter(name="steps", label="Steps", kind="number", required=False, default=30)
ANSWER = Output(label="Answer", kind="text")


def endpoint(*parameters: Parameter, output: Output = ANSWER, name: str = "/go") -> Endpoint:
    return Endpoint(name=name, parameters=parameters, outputs=(output,))


def test_inputs_lie_far_apart_then_the_same_then_beside():
    row = asks(endpoint(TEXT), {})
    assert [ask.role for ask in row] == ["far", "far", "again", "far", "far", "near", "near", "near"]
    assert len({ask.inputs["text"] for ask in row}) == 7 and row[2].inputs == row[0].inputs
    assert row[0].inputs["text"] == SENTENCES[0].plain and row[5].inputs["text"] == SENTENCES[0].near


def test_a_seed_is_held_and_what_has_a_default_is_left_alone():
    row = asks(endpoint(TEXT, SEED, STEPS), {})
    assert {ask.inputs["seed"] for ask in row} == {7} and "steps" not in row[0].inputs
    assert seeded(endpoint(SEED)) and not seeded(endpoint(STEPS))


def test_a_picture_is_asked_for_in_words_that_can_be_seen():
    assert asks(endpoint(TEXT, output=Output(label="Image", kind="image")), {})[0].inputs["text"] == SCENES[0].plain


def test_numbers_are_varied_within_their_bounds_where_there_is_nothing_else():
    age = Parameter(name="age", label="Age", kind="number", minimum=2, maximum=40)
    values = [ask.inputs["age"] for ask in asks(endpoint(age), {})]
    assert len(set(values[:2] + values[3:5])) == 4 and all(2 <= value <= 40 for value in values)


def test_what_was_given_stands_in_the_first_trial_and_options_in_all():
    row = asks(endpoint(TEXT, STEPS), {"text": "mine", "steps": 4})
    assert [ask.inputs["text"] == "mine" for ask in row] == [True, False, True, False, False, False, False]
    assert {ask.inputs["steps"] for ask in row} == {4}


def test_a_file_is_made_by_its_kind():
    picture = Parameter(name="picture", label="Picture", kind="image")
    row = asks(endpoint(picture), {})
    assert row[1].inputs["picture"] == Drawn(kind="image", subject=1)
    assert row[-1].inputs["picture"].near


def test_what_nothing_can_be_made_for_is_named():
    film = Parameter(name="film", label="Film", kind="video")
    with pytest.raises(InputsRefused, match="'film' of /go; give one with --input or --file"):
        asks(endpoint(film), {})


def test_an_argument_without_a_parameter_is_refused():
    with pytest.raises(InputsRefused, match="no parameter 'txt'; it takes text"):
        asks(endpoint(TEXT), {"txt": "x"})


@pytest.mark.parametrize("kind", ["image", "audio", "model3d", "file"])
def test_made_files_differ_and_are_the_same_at_every_making(kind):
    made = [drawn(kind, subject, near) for subject in range(SUBJECTS) for near in (False, True)]
    if kind != "file":
        assert len({data for data, _ in filter(None, made)}) == len(made)
    assert made[0] == drawn(kind, 0, False)


def test_a_made_picture_is_a_picture():
    found = drawn("image", 0, False)
    assert found and Image.open(io.BytesIO(found[0])).size == (256, 256)


def space(*endpoints: Endpoint) -> Space:
    return Space(id="me/space", revision="1", host="", stage="RUNNING", endpoints=endpoints)


def test_the_endpoint_that_works_is_chosen():
    able = [endpoint(TEXT, name=name) for name in ("/clear_text", "/generate", "/lambda")]
    health = Endpoint(name="/health", outputs=(ANSWER,))
    assert chosen(space(health, *able), None).name == "/generate"


def test_an_endpoint_may_be_named_without_its_slash():
    assert chosen(space(endpoint(TEXT)), "go").name == "/go"
    with pytest.raises(EndpointMissing, match="it offers /go"):
        chosen(space(endpoint(TEXT)), "/come")


def test_a_space_that_takes_nothing_has_no_endpoint_to_test():
    with pytest.raises(EndpointMissing):
        chosen(space(Endpoint(name="/health", outputs=(ANSWER,))), None)
