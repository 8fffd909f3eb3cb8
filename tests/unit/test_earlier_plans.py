"""What the planner without a model makes of runs that passed before."""

from itertools import pairwise

import pytest
from catalogue_of_spaces import SPACES, Shelf

from core.errors import GoalRefused
from core.events import PlanMade, RunFinished, RunStarted, StepFinished, StepStarted
from core.journal import Journal
from core.nouns import Call, From, Goal, Plan, Space, Step
from core.record import Runs
from core.run import Run, Unit
from planners.catalogue.earlier import Earlier, precedent_of
from planners.catalogue.planner import CataloguePlanner
from planners.catalogue.sketch.precedents import Precedent
from planners.validation import validate

KEYS = {space.id: f"{space.id}{space.endpoints[0].name}" for space in SPACES}
TOOLS = {
    "call_space": {
        "space": {"type": "string"},
        "revision": {"type": "string", "nullable": True},
        "endpoint": {"type": "string"},
        "inputs": {"type": "object"},
    }
}


def call(space: str, **inputs: object) -> Call:
    endpoint = next(found.endpoints[0].name for found in SPACES if found.id == space)
    return Call.model_validate(
        {"tool": "call_space", "arguments": {"space": space, "endpoint": endpoint, "inputs": inputs}}
    )


DRAW = Step(id="draw", title="Draw", call=call("maker/image-maker", prompt="a fox"))
MODEL = Step(id="model", title="Model", call=call("shape/image-to-3d", image={"from": "draw"}))
PLAN = Plan(steps=(DRAW, MODEL), results=(From.model_validate({"from": "model"}),), planner="catalogue")


def passed(plan: Plan = PLAN, **changes: object) -> Run:
    units = {step.id: Unit(step=step.id, standing="passed", call=step.call) for step in plan.steps}
    run = Run(id="r", goal=Goal(text="a fox in 3D"), planner="catalogue", endpoint="http://hub", plan=plan)
    return run.model_copy(update={"units": units, "status": "passed", **changes})


def precedent(request: str, *spaces: str) -> Precedent:
    keys = [KEYS[space] for space in spaces]
    return Precedent(request=request, offers=tuple(keys), links=tuple(pairwise(keys)))


class Unfound(Shelf):
    """A catalogue whose search finds nothing."""

    async def search(self, text: str, limit: int = 20) -> tuple[Space, ...]:
        return ()


async def plan_for(text: str, *earlier: Precedent, shelf: Shelf | None = None) -> Plan:
    shelf = shelf or Shelf()
    run = Run(id="r", goal=Goal(text=text), planner="catalogue", endpoint="http://hub")
    plan = await CataloguePlanner(shelf, lambda: earlier)(run)
    assert plan is not None
    assert await validate(plan, shelf.read, TOOLS, ()) == ()
    return plan


def spaces(plan: Plan) -> list[object]:
    return [step.call.arguments["space"] for step in plan.steps]


def test_a_run_that_passed_tells_its_endpoints_and_who_handed_to_whom() -> None:
    keys = (KEYS["maker/image-maker"], KEYS["shape/image-to-3d"])
    assert precedent_of(passed()) == Precedent(request="a fox in 3D", offers=keys, links=(keys,))


def test_what_stood_in_for_a_step_counts_and_not_what_failed() -> None:
    units = passed().units | {"draw": Unit(step="draw", standing="passed", call=call("ink/illustrator"))}
    found = precedent_of(passed(units=units))
    assert found is not None
    assert found.offers[0] == KEYS["ink/illustrator"]


@pytest.mark.parametrize("status", ["failed", "cancelled", "running"])
def test_a_run_that_has_not_passed_teaches_nothing(status: str) -> None:
    assert precedent_of(passed(status=status)) is None


def test_runs_are_read_from_their_folder_and_damaged_ones_left_out(tmp_path) -> None:
    runs = Runs(tmp_path)
    folder = runs.begin("a fox")
    journal = Journal(folder.path)
    journal.append(RunStarted(run=folder.id, goal=Goal(text="a fox"), planner="catalogue", endpoint="http://hub"))
    journal.append(PlanMade(plan=Plan(steps=(DRAW,), results=(), planner="catalogue")))
    journal.append(StepStarted(step="draw", key="k", call=DRAW.call, attempt=1))
    journal.append(StepFinished(step="draw", key="k", call=DRAW.call, attempt=1, artifacts=(), seconds=0.1))
    journal.append(RunFinished(status="passed", results=()))
    journal.close()
    damaged = tmp_path / "0-damaged"
    damaged.mkdir()
    (damaged / "events.jsonl").write_text("not a journal\n")
    assert Earlier(runs)() == (Precedent(request="a fox", offers=(KEYS["maker/image-maker"],)),)


async def test_of_two_spaces_that_would_do_the_one_that_has_done_it_before_is_chosen() -> None:
    goal = "A picture of a lighthouse in the fog"
    assert spaces(await plan_for(goal)) == ["maker/image-maker"]
    before = precedent("A picture of a lighthouse in the rain", "ink/illustrator")
    assert spaces(await plan_for(goal, before)) == ["ink/illustrator"]


async def test_a_run_for_another_goal_changes_no_choice() -> None:
    before = precedent("Read the recipe for pancakes out loud", "ink/illustrator")
    goal = "A picture of a lighthouse in the fog"
    assert await plan_for(goal, before) == await plan_for(goal)


async def test_where_the_words_lead_nowhere_the_way_of_a_goal_like_it_is_gone_with_the_new_words() -> None:
    goal = "Vectorise the skyline of Lyon at midnight"
    before = precedent("Vectorise the skyline of Nice at midnight", "maker/image-maker", "cut/background-remover")
    with pytest.raises(GoalRefused):
        await plan_for(goal)
    draw, cut = (await plan_for(goal, before)).steps
    inputs = draw.call.arguments["inputs"]
    assert isinstance(inputs, dict)
    assert "Lyon" in str(inputs["prompt"])
    assert [place.step for place in cut.reads()] == [draw.id]


async def test_a_space_that_no_search_finds_is_looked_at_for_a_goal_like_one_it_answered() -> None:
    shelf = Unfound()
    before = precedent("Vectorise the skyline of Nice at midnight", "maker/image-maker")
    assert spaces(await plan_for("Vectorise the skyline of Lyon at midnight", before, shelf=shelf)) == [
        "maker/image-maker"
    ]


@pytest.mark.parametrize(
    "before",
    [
        precedent("Bake a loaf of bread", "maker/image-maker"),
        Precedent(request="Vectorise the skyline of Nice at midnight", offers=("gone/space/run",)),
        precedent("Vectorise the skyline of Nice at midnight", "cut/background-remover"),
    ],
    ids=["of another goal", "by a Space that is gone", "from an attachment that is not there"],
)
async def test_a_goal_stays_refused_where_no_earlier_way_can_be_gone(before: Precedent) -> None:
    with pytest.raises(GoalRefused):
        await plan_for("Vectorise the skyline of Lyon at midnight", before)
