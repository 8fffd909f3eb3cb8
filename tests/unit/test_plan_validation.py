"""Reasons against a plan, found before anything runs."""

from typing import Any, ClassVar

import pytest
from catalogue_of_spaces import Shelf
from test_catalogue_plans import TOOLS, attached

from core.nouns import Artifact, Plan
from core.scope import Scope
from planners.costs import costs
from planners.validation import validate
from tools.artifact_tool import ArtifactTool, Effect

SHELF = Shelf()
REVISION = "a" * 40


def call(space: str, endpoint: str, /, **inputs: Any) -> dict[str, Any]:
    arguments = {"space": space, "revision": REVISION, "endpoint": endpoint, "inputs": inputs}
    return {"tool": "call_space", "arguments": arguments}


def step(id: str, made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id, "title": id, "call": made, **more}


EACH = {"from": "each"}
DRAW = step("draw", call("maker/image-maker", "/make_image", prompt="a fox"))
MODEL = step("model", call("shape/image-to-3d", "/image_to_model", image={"from": "draw"}))
SPEAK = step("speak", call("voices/speaker", "/speak", text="hello"))


def plan(*steps: dict[str, Any], results: tuple[str, ...] = ("draw",)) -> Plan:
    return Plan.model_validate({"steps": steps, "results": [{"from": result} for result in results], "planner": "test"})


def draw(**inputs: Any) -> dict[str, Any]:
    return step("draw", call("maker/image-maker", "/make_image", **{"prompt": "a fox", **inputs}))


def model(**more: Any) -> dict[str, Any]:
    return {**MODEL, **more}


async def test_a_plan_that_fits_has_no_reasons_against_it() -> None:
    assert await validate(plan(DRAW, MODEL, results=("draw", "model")), SHELF.read, TOOLS) == ()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([draw(prompt=5)], ["'prompt' takes text, not 5"]),
        ([draw(styel="clay")], ["no parameter 'styel'", "did you mean 'style'?"]),
        ([draw(style="clai")], ["'style' cannot be 'clai'", "did you mean 'clay'?"]),
        ([draw(width=10)], ["'width' must be at least 64, and is 10"]),
        ([draw(width=9999)], ["'width' must be at most 1536"]),
        ([draw(width=True)], ["'width' takes a number, not true"]),
        ([step("draw", call("maker/image-maker", "/make_image"))], ["needs 'prompt' (text)"]),
        ([step("draw", call("maker/image-maker", "/make_imgae", prompt="x"))], ["did you mean '/make_image'?"]),
        ([step("draw", call("maker/image-makr", "/make_image", prompt="x"))], ["'maker/image-makr' cannot be used"]),
        ([step("draw", {"tool": "call_spaces", "arguments": {}})], ["no tool 'call_spaces'", "'call_space'?"]),
        ([step("draw", {"tool": "publish_viewer", "arguments": {"titel": "x"}})], ["'titel'", "'title'?", "needs"]),
        ([DRAW, step("model", call("shape/image-to-3d", "/image_to_model", image="fox.png"))], ["takes a file"]),
        ([DRAW, SPEAK, model(call=call("shape/image-to-3d", "/image_to_model", image={"from": "speak"}))],
         ["'image' takes image, and step 'speak' gives audio"]),
        ([model(id="draw")], ["it reads its own result"]),
        ([MODEL, DRAW], ["it reads step 'draw', which comes after it"]),
        ([DRAW, model(call=call("shape/image-to-3d", "/image_to_model", image={"from": "drew"}))],
         ["reads step 'drew', which is not in the plan", "did you mean 'draw'?"]),
        ([DRAW, model(call=call("shape/image-to-3d", "/image_to_model", image={"from": "draw", "output": 3}))],
         ["reads output 3 of step 'draw', which has 1"]),
        ([DRAW, model(call=call("shape/image-to-3d", "/image_to_model", image={"from": "goal", "output": 2}))],
         ["it reads attachment 2, and the goal has 0"]),
        ([DRAW, DRAW], ["two steps are called 'draw'"]),
        ([draw(prompt={"from": "each"})], ["is not spread over anything"]),
        ([{**DRAW, "each": ["a", "b"]}], ["never reads"]),
        ([{**draw(prompt={"from": "each"}), "each": []}], ["`each` is an empty list"]),
        ([{**draw(prompt={"from": "each"}), "each": ["a", 5]}], ["'prompt' takes text, not 5"]),
        ([DRAW, model(each={"from": "draw"}, call=call("shape/image-to-3d", "/image_to_model", image=EACH))],
         ["`each` is one value of step 'draw', not a list"]),
        ([{**draw(prompt={"from": "each"}), "each": ["a", "b"]}, MODEL], ["gives a list: spread the step over it"]),
        ([{**DRAW, "checks": [{"check": "audio"}]}], ["the check 'audio' does not fit what it makes (image)"]),
        ([{**DRAW, "fallbacks": [call("voices/speaker", "/speak", text="fox")]}],
         ["fallback 1: its output 0 is audio, and image is read"]),
        ([step("draw", call("film/video-maker", "/run", prompt="x"))], ["cannot answer: its stage is PAUSED"]),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_named_with_the_nearest_that_would(
    steps: list[dict[str, Any]], words: list[str]
) -> None:
    reasons = await validate(plan(*steps), SHELF.read, TOOLS, known_spaces=[space.id for space in SHELF.spaces])
    assert all(any(word in reason for reason in reasons) for word in words), reasons
    assert all("\n" not in reason for reason in reasons)


async def test_an_unknown_space_is_answered_with_the_nearest_known_one() -> None:
    wrong = step("draw", call("maker/image-makr", "/make_image", prompt="x"))
    (reason,) = await validate(plan(wrong), SHELF.read, TOOLS, known_spaces=["maker/image-maker"])
    assert "did you mean 'maker/image-maker'?" in reason


async def test_a_plan_without_results_or_with_results_from_nowhere_is_refused() -> None:
    assert await validate(plan(DRAW, results=()), SHELF.read, TOOLS) == ("the plan names no results",)
    (reason,) = await validate(plan(DRAW, results=("drew",)), SHELF.read, TOOLS)
    assert "did you mean 'draw'?" in reason


async def test_a_space_that_has_moved_on_is_noticed() -> None:
    moved = Shelf(tuple(space.model_copy(update={"revision": "b" * 40}) for space in SHELF.spaces))
    (reason,) = await validate(plan(DRAW), moved.read, TOOLS)
    assert "is at revision bbbbbbbbbbbb, and the plan was made for aaaaaaaaaaaa" in reason


async def test_steps_over_the_same_list_go_item_by_item_and_others_take_the_whole_list() -> None:
    spread = {**draw(prompt={"from": "each"}), "each": ["a", "b"]}
    beside = model(each={"from": "draw"}, call=call("shape/image-to-3d", "/image_to_model", image={"from": "draw"}))
    more = {**beside, "call": call("shape/image-to-3d", "/image_to_model", image={"from": "each"})}
    show = step("show", {"tool": "publish_viewer", "arguments": {
        "title": "t", "description": "d", "exhibits": {"from": "model"}, "names": ["a", "b"]}})  # fmt: skip
    assert await validate(plan(spread, more, show), SHELF.read, TOOLS) == ()
    assert [reason for reason in await validate(plan(spread, beside), SHELF.read, TOOLS) if "list" in reason] == []


async def test_an_attachment_of_another_kind_does_not_fit() -> None:
    reading = model(call=call("shape/image-to-3d", "/image_to_model", image={"from": "goal"}))
    assert await validate(plan(reading, results=("model",)), SHELF.read, TOOLS, attached("image")) == ()
    (reason,) = await validate(plan(reading, results=("model",)), SHELF.read, TOOLS, attached("audio"))
    assert "takes image, and step 'goal' gives audio" in reason


class Printer(ArtifactTool):
    name = "publish_viewer"
    description = "for tests"
    inputs: ClassVar[dict[str, dict[str, Any]]] = {}
    effect: ClassVar[Effect] = "write"
    dollars = 0.25

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        raise NotImplementedError


async def test_a_cost_sheet_counts_calls_and_the_seconds_that_zero_gpu_reserves() -> None:
    spread = {**draw(prompt={"from": "each"}), "each": ["a", "b"]}
    beside = model(each={"from": "draw"}, call=call("shape/image-to-3d", "/image_to_model", image={"from": "each"}))
    show = step("show", {"tool": "publish_viewer", "arguments": {}})
    spaces = {space.id: space for space in SHELF.spaces}
    sheet = costs(plan(spread, beside, show), spaces, {"publish_viewer": Printer()})
    assert [(cost.calls, cost.gpu_seconds, cost.dollars, cost.effect) for cost in sheet] == [
        (2, 0, 0, "read"),
        (2, 120, 0, "read"),
        (1, 0, 0.25, "write"),
    ]
