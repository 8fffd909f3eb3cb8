"""What the planner without a model makes of goals, over a catalogue in which most Spaces are beside the point."""

import pytest
from catalogue_of_spaces import SPACES, Shelf

from core.checks import AudioCheck, ImageCheck, MeshCheck
from core.errors import GoalRefused
from core.nouns import Artifact, From, Goal, Kind, Origin, Plan, Step
from core.run import Run
from planners.catalogue.planner import CataloguePlanner
from planners.validation import validate

TOOLS = {
    "call_space": {
        "space": {"type": "string"},
        "revision": {"type": "string", "nullable": True},
        "endpoint": {"type": "string"},
        "inputs": {"type": "object"},
    },
    "publish_viewer": {
        "title": {"type": "string"},
        "description": {"type": "string"},
        "exhibits": {"type": "array"},
        "names": {"type": "array", "nullable": True},
    },
}
GALLERY = "Create a 3D Paris art gallery with arched windows, marble floors, and impressionist paintings."
MONUMENTS = (
    "Make a web gallery of six Paris monuments as 3D models: "
    "Eiffel Tower, Louvre, Notre-Dame, Arc de Triomphe, Sacré-Cœur, Panthéon"
)
MELODY = "Compose a calm piano melody in D minor, 12 seconds long, and measure its loudness and tempo"


def attached(*kinds: Kind) -> tuple[Artifact, ...]:
    return tuple(
        Artifact(kind=kind, sha256=f"{n:064x}", size=1, name=kind, file=kind, origin=Origin(tool="attached"))
        for n, kind in enumerate(kinds)
    )


async def plan_for(text: str, *kinds: Kind, shelf: Shelf | None = None) -> Plan:
    """The plan, which also has to fit the very Spaces it was made for."""
    shelf = shelf or Shelf()
    goal = Goal(text=text, attachments=attached(*kinds))
    plan = await CataloguePlanner(shelf)(Run(id="r", goal=goal, planner="catalogue", endpoint="http://hub"))
    assert plan is not None
    assert await validate(plan, shelf.read, TOOLS, goal.attachments) == ()
    return plan


def spaces(plan: Plan) -> list[object]:
    return [step.call.arguments.get("space", step.call.tool) for step in plan.steps]


def inputs(step: Step) -> dict[str, object]:
    given = step.call.arguments["inputs"]
    assert isinstance(given, dict)
    return given


def place(step: str, output: int = 0) -> From:
    return From.model_validate({"from": step, "output": output})


async def test_a_scene_is_built_then_refined_for_what_the_first_space_cannot_do_and_then_shown() -> None:
    plan = await plan_for(GALLERY)
    assert spaces(plan) == ["studio/scene-builder", "studio/texture-artist", "publish_viewer"]
    build, texture, publish = plan.steps
    assert inputs(build)["prompt"] == GALLERY.removeprefix("Create ").removesuffix(".")
    assert (inputs(build)["room"], inputs(build)["windows"]) == ("gallery", "arched")
    assert inputs(texture)["scene"] == place(build.id)
    wanted = {"floor": "marble", "painting_style": "impressionist", "add_paintings": True}
    assert {name: inputs(texture)[name] for name in wanted} == wanted
    assert "walls" not in inputs(texture)
    assert publish.call.arguments["exhibits"] == place(texture.id)
    assert plan.results == (place(texture.id), place(publish.id))


async def test_each_step_is_held_to_what_its_own_space_promises() -> None:
    build, texture, _ = (await plan_for(GALLERY)).steps
    assert build.checks == (MeshCheck(min_faces=96_000, min_texture_px=512, textured=True),)
    assert texture.checks == (MeshCheck(min_faces=120_000, min_texture_px=2048, textured=True),)


async def test_the_same_goal_gives_the_same_plan_with_the_same_seeds() -> None:
    first, second = await plan_for(GALLERY), await plan_for(GALLERY)
    assert first == second
    assert isinstance(inputs(first.steps[0])["seed"], int)
    assert inputs(first.steps[0])["seed"] != inputs((await plan_for(MELODY)).steps[0])["seed"]


async def test_named_things_are_made_one_by_one_and_shown_together() -> None:
    plan = await plan_for(MONUMENTS)
    assert spaces(plan) == ["maker/image-maker", "shape/image-to-3d", "publish_viewer"]
    draw, model, publish = plan.steps
    assert isinstance(draw.each, tuple)
    assert len(draw.each) == 6
    assert all("Paris monument" in str(prompt) for prompt in draw.each)
    assert inputs(draw)["prompt"] == place("each")
    assert (model.each, inputs(model)["image"]) == (place(draw.id), place("each"))
    assert publish.call.arguments["exhibits"] == place(model.id)
    names = publish.call.arguments["names"]
    assert isinstance(names, list)
    assert names[0] == "Eiffel Tower"
    assert names[-1] == "Panthéon"


async def test_a_count_that_does_not_match_the_names_is_said() -> None:
    plan = await plan_for(MONUMENTS.replace("six", "seven"))
    assert any("announces 7 and names 6" in reason for reason in plan.reasons)


async def test_a_melody_is_composed_and_measured_and_nothing_is_published() -> None:
    plan = await plan_for(MELODY)
    assert spaces(plan) == ["tones/melody-composer", "tones/sound-meter"]
    compose, measure = plan.steps
    wanted = {"key": "D", "scale": "minor", "instrument": "piano", "seconds": 12}
    assert {name: inputs(compose)[name] for name in wanted} == wanted
    assert compose.checks == (AudioCheck(min_seconds=10.8, max_seconds=13.2),)
    assert inputs(measure)["audio"] == place(compose.id)
    assert plan.results == (place(compose.id), place(measure.id))


@pytest.mark.parametrize(
    ("goal", "kinds", "chain"),
    [
        ("Draw a lighthouse in ink", (), ["ink/illustrator"]),
        ("Summarise this text: It rained. Then it stopped.", (), ["words/text-analyst"]),
        ("turn this picture into a 3D model", ("image",), ["shape/image-to-3d", "publish_viewer"]),
        ("Describe this image and read it aloud", ("image",), ["eyes/captioner", "voices/speaker"]),
        ("Say 'Hello there'", (), ["voices/speaker"]),
        ("How loud is this recording?", ("audio",), ["tones/sound-meter"]),
        ("I'd like a 3D model of a chair", (), ["maker/image-maker", "shape/image-to-3d", "publish_viewer"]),
        ("Remove the background of this photo", ("image",), ["cut/background-remover"]),
        ("Could you please draw me a cat and a dog?", (), ["maker/image-maker"]),
    ],
)
async def test_the_chain_follows_from_words_and_types(goal: str, kinds: tuple[Kind, ...], chain: list[str]) -> None:
    assert spaces(await plan_for(goal, *kinds)) == chain


async def test_two_things_that_do_not_need_each_other_stand_side_by_side() -> None:
    plan = await plan_for("a poster and a tune for a jazz night")
    assert spaces(plan) == ["maker/image-maker", "tones/melody-composer"]
    assert [step.reads() for step in plan.steps] == [(), ()]
    assert [inputs(plan.steps[0])["prompt"], inputs(plan.steps[1])["mood"]] == [
        "a poster for a jazz night",
        "a tune for a jazz night",
    ]
    assert len(plan.results) == 2


async def test_an_attachment_is_read_where_the_goal_speaks_of_it() -> None:
    plan = await plan_for("turn this picture into a 3D model", "image")
    assert inputs(plan.steps[0])["image"] == place("goal")


async def test_several_attachments_are_worked_on_one_by_one() -> None:
    plan = await plan_for("turn these pictures into 3D models", "image", "image")
    assert plan.steps[0].each == (place("goal", 0), place("goal", 1))


async def test_an_edited_attachment_goes_on_and_only_the_end_is_a_result() -> None:
    plan = await plan_for("Remove the background of this photo and make it a 3D model", "image")
    remove, model, publish = plan.steps
    assert inputs(model)["image"] == place(remove.id)
    assert plan.results == (place(model.id), place(publish.id))


async def test_what_must_not_be_there_is_switched_off() -> None:
    plan = await plan_for("Create a 3D art gallery without paintings and with marble floors")
    texture = plan.steps[1]
    assert (inputs(texture)["add_paintings"], inputs(texture)["floor"]) == (False, "marble")
    assert "painting" not in str(inputs(texture)["prompt"])


async def test_later_sentences_add_to_the_thing_asked_for() -> None:
    plan = await plan_for("Create a gothic library in 3D. It should have marble floors. Add paintings.")
    assert spaces(plan) == ["studio/scene-builder", "studio/texture-artist", "publish_viewer"]
    assert (inputs(plan.steps[0])["room"], inputs(plan.steps[0])["style"]) == ("library", "gothic")
    assert inputs(plan.steps[1])["add_paintings"] is True


async def test_a_pronoun_in_a_prompt_is_spelled_out() -> None:
    plan = await plan_for("Draw a lighthouse and compose a tune about it")
    assert inputs(plan.steps[1])["mood"] == "a tune about a lighthouse"


async def test_a_quotation_stays_as_it_is() -> None:
    plan = await plan_for('Make a poster that says "SALE", 800x600')
    assert inputs(plan.steps[0])["prompt"] == 'a poster that says "SALE", 800x600'
    assert (inputs(plan.steps[0])["width"], inputs(plan.steps[0])["height"]) == (800, 600)
    assert plan.steps[0].checks == (ImageCheck(min_width=800, min_height=600),)


async def test_several_of_one_thing_get_seeds_of_their_own_and_a_page_when_asked() -> None:
    plan = await plan_for("Put three lullabies on a web page")
    compose, publish = plan.steps
    assert isinstance(compose.each, tuple)
    assert len(set(compose.each)) == 3
    assert inputs(compose)["seed"] == place("each")
    assert publish.call.arguments["names"] is None


async def test_a_fallback_has_the_same_ports_and_arguments_of_its_own_schema() -> None:
    plan = await plan_for(GALLERY)
    (sketch,) = plan.steps[0].fallbacks
    assert sketch.arguments["space"] == "studio/room-sketcher"
    given = sketch.arguments["inputs"]
    assert isinstance(given, dict)
    assert set(given) == {"prompt", "seed"}
    assert isinstance(given["seed"], int)
    assert 0 <= given["seed"] <= 10_000


async def test_a_step_that_only_refines_is_not_replaced_by_one_that_refines_something_else() -> None:
    plan = await plan_for(GALLERY)
    assert "mesh/simplifier" not in [call.arguments["space"] for call in plan.steps[1].fallbacks]


@pytest.mark.parametrize(
    ("goal", "part", "missing"),
    [
        ("", "empty", "say"),
        ("Fold the protein MKTAYIAKQR", "Fold the protein", "'fold'"),
        ("Bake a cake", "Bake a cake", "'bake'"),
        ("Translate this speech to French", "Translate this speech", "none attached"),
        ("turn this picture into a 3D model", "this picture", "none attached"),
        ("Write a poem about the sea", "Write a poem", "'write'"),
        ("Make a video of a cat", "Make a video", "film/video-maker"),
        ("Draw a cat and delete my account", "delete my account", "'account'"),
        ("asdf qwer", "asdf", "no Space"),
    ],
)
async def test_a_goal_beyond_the_catalogue_is_refused_and_the_missing_part_named(
    goal: str, part: str, missing: str
) -> None:
    with pytest.raises(GoalRefused) as refusal:
        await plan_for(goal)
    assert part in str(refusal.value)
    assert missing in str(refusal.value)


async def test_a_translation_is_refused_even_with_the_speech_attached() -> None:
    with pytest.raises(GoalRefused, match="'translate'"):
        await plan_for("Translate this speech to French", "audio")


async def test_music_is_not_read_aloud_instead() -> None:
    with pytest.raises(GoalRefused, match="makes music"):
        await plan_for("Compose a waltz", shelf=Shelf().without("tones/melody-composer"))


async def test_a_space_that_sleeps_is_chosen_and_one_that_is_paused_is_not() -> None:
    composer = next(space for space in SPACES if space.id == "tones/melody-composer")
    others = tuple(space for space in SPACES if space is not composer)
    asleep = Shelf((*others, composer.model_copy(update={"stage": "SLEEPING"})))
    assert spaces(await plan_for("a tune", shelf=asleep)) == ["tones/melody-composer"]
    with pytest.raises(GoalRefused, match="PAUSED"):
        await plan_for("a tune", shelf=Shelf((*others, composer.model_copy(update={"stage": "PAUSED"}))))


async def test_a_space_that_cannot_be_read_is_passed_over() -> None:
    shelf = Shelf(unreadable=("ink/illustrator",))
    assert spaces(await plan_for("Draw a lighthouse in ink", shelf=shelf)) == ["maker/image-maker"]


async def test_the_reasons_say_why_each_space_and_what_only_the_prompt_carries() -> None:
    reasons = "\n".join((await plan_for(GALLERY)).reasons)
    assert "studio/texture-artist makes a 3D model from a 3D model: it speaks of marble" in reasons
    assert "Only the prompt carries: paris." in reasons
    assert "publishes a page" in reasons


async def test_the_hub_is_asked_for_the_goal_its_clauses_and_the_conversions_between() -> None:
    shelf = Shelf()
    await plan_for(MELODY, shelf=shelf)
    assert MELODY in shelf.queries
    assert "measure its loudness and tempo" in shelf.queries
    assert "text to audio" in shelf.queries
    assert max(map(len, shelf.queries)) <= 250
