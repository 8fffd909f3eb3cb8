"""Goals of several tasks, over Spaces that name the tasks of the Hub they do."""

import pytest
from catalogue_of_spaces import Shelf, file, space, text

from core.errors import GoalRefused
from core.nouns import Goal, Plan
from core.run import Run
from planners.catalogue.planner import CataloguePlanner
from planners.validation import validate

TOOLS = {
    "call_space": {
        "space": {"type": "string"},
        "revision": {"type": "string", "nullable": True},
        "endpoint": {"type": "string"},
        "inputs": {"type": "object"},
    }
}
SHELF = Shelf(
    (
        space("a/short", "Summarization", "Makes a text shorter", text("text"), makes="text"),
        space("a/tongues", "Translation", "Puts a text into another language", text("text"), makes="text"),
        space("a/voice", "Text to Speech", "Says a text with a voice", text("text"), makes="audio"),
        space("b/robot", "Text-to-Speech demo", "Robot voices for games", text("text"), makes="audio"),
        space("a/judge", "Image Classification", "Says what a picture is of", file("image", "image"), makes="text"),
    )
)


async def plan_for(goal: str, shelf: Shelf = SHELF) -> Plan:
    run = Run(id="r", goal=Goal(text=goal), planner="catalogue", endpoint="http://hub")
    plan = await CataloguePlanner(shelf)(run)
    assert plan is not None
    assert await validate(plan, shelf.read, TOOLS, ()) == ()
    return plan


def spaces(plan: Plan) -> list[object]:
    return [step.call.arguments["space"] for step in plan.steps]


async def test_each_task_is_done_once_in_the_order_it_is_asked_for() -> None:
    plan = await plan_for("Summarise 'The sea was calm that day.', translate the summary into French and say it aloud.")
    assert spaces(plan) == ["a/short", "a/tongues", "a/voice"]
    assert [[place.step for place in step.reads()] for step in plan.steps] == [
        [],
        [plan.steps[0].id],
        [plan.steps[1].id],
    ]
    assert [place.step for place in plan.results] == [plan.steps[2].id]


async def test_of_spaces_for_one_task_the_one_that_says_more_of_the_goal_is_taken() -> None:
    plan = await plan_for("Translate 'Game over' into German and read it aloud as robot voices for games do.")
    assert spaces(plan) == ["a/tongues", "b/robot"]


async def test_a_goal_is_refused_when_one_of_its_parts_is_no_task_of_any_space() -> None:
    with pytest.raises(GoalRefused, match="upholster"):
        await plan_for("Translate 'Game over' into German and upholster the armchair.")


async def test_a_task_without_the_picture_it_starts_from_is_refused() -> None:
    with pytest.raises(GoalRefused):
        await plan_for("Classify the picture and translate the label into German.")
