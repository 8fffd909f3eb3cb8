"""A wish in the same conversation: what it changes of the run before, and what it leaves as it is."""

import pytest

from core.errors import GoalRefused
from core.events import PlanMade, RunStarted
from core.nouns import Call, From, Goal, Plan, Step
from core.run import Run, fold
from window.page.followup import anew, followup, settled


def call(space: str, **inputs: str) -> Call:
    return Call(tool="call_space", arguments={"space": space, "endpoint": "/run", "inputs": dict(inputs)})


ROOM = Step(id="build_scene", title="Make a room", call=call("a/builder"), fallbacks=(call("a/mason"),))
PAINT = Step(
    id="retexture",
    title="Refine a 3D model",
    call=call("a/painter", painting_style="impressionist", add="paintings"),
    fallbacks=(call("b/painter"), call("c/painter")),
)
SHOW = Step(id="publish", title="Publish a page", call=Call(tool="publish_viewer", arguments={}))
PLAN = Plan(steps=(ROOM, PAINT, SHOW), results=(From.model_validate({"from": "publish"}),), planner="catalogue")


@pytest.fixture
def before() -> Run:
    goal = Goal(text="Build a gallery with paintings.")
    started = RunStarted(run="r", goal=goal, planner="catalogue", endpoint="http://hub")
    return fold([(started, 1.0), (PlanMade(plan=PLAN), 2.0)])


def test_another_space_for_a_named_part_changes_that_step_and_no_other(before):
    wish = followup("use another Space for the paintings", before)
    assert wish.plan is not None
    room, paint, show = wish.plan.steps
    assert (room, show) == (ROOM, SHOW)
    assert (paint.call, paint.fallbacks) == (call("b/painter"), (PAINT.call, call("c/painter")))
    assert (wish.goal, wish.plan.reasons) == (
        before.goal,
        ("You asked for another Space: b/painter instead of a/painter.",),
    )


def test_again_and_nothing_else_is_the_same_plan_with_other_seeds(before):
    seeded = call("a/builder", prompt="x").model_copy(
        update={"arguments": {"space": "a/builder", "endpoint": "/run", "inputs": {"prompt": "x", "seed": 7}}}
    )
    plan = PLAN.model_copy(update={"steps": (ROOM.model_copy(update={"call": seeded}), PAINT)})
    wish = followup("Again!", before.model_copy(update={"plan": plan}))
    assert wish.plan is not None and wish.plan.steps[1] == PAINT
    assert wish.plan.steps[0].call != seeded and wish.plan.steps[0].fallbacks == ROOM.fallbacks


def test_another_space_for_nothing_that_is_there_is_refused(before):
    with pytest.raises(GoalRefused, match="speaks of 'the violin'"):
        followup("use another Space for the violin", before)


def test_a_run_without_a_plan_has_nothing_to_change(before):
    with pytest.raises(GoalRefused, match="say the whole goal anew"):
        followup("again, warmer", before.model_copy(update={"plan": None}))


async def test_what_would_change_by_its_seed_alone_stays_as_it_was(before):
    old = PLAN.model_copy(
        update={"steps": (ROOM.model_copy(update={"call": call("a/builder", prompt="x", seed="1")}),)}
    )
    new = PLAN.model_copy(
        update={"steps": (ROOM.model_copy(update={"call": call("a/builder", prompt="x", seed="2")}),)}
    )
    assert settled(new, old) == old


async def test_the_changed_plan_comes_first_and_the_usual_planner_after_a_failure(before):
    async def usual(run: Run) -> Plan | None:
        return None

    wish = followup("another Space for the paintings", before)
    planner = wish.planner(usual)
    assert await planner(before.model_copy(update={"plan": None})) == wish.plan
    assert await planner(before) is None


@pytest.mark.parametrize(
    ("goal", "wish", "now"),
    [
        ("Build a room.", "again, with warmer light", "Build a room, with warmer light"),
        ("Compose a tune, 12 seconds long", "again, but 20 seconds long", "Compose a tune, 20 seconds long"),
        ("Hum a tune, 12 seconds long", "the same, 20 seconds, and sadder", "Hum a tune, 20 seconds long, and sadder"),
        ("Draw a fox", "again", "Draw a fox"),
        ("Draw 3 foxes", "5 foxes", "Draw 5 foxes"),
        ("Build a room with windows", "again, but 2 windows", "Build a room with windows, 2 windows"),
    ],
)  # fmt: skip
def test_a_wish_is_said_with_the_goal(goal, wish, now):
    assert anew(goal, wish) == now
