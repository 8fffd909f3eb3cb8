"""Another plan after a failure."""

from catalogue_of_spaces import Shelf, file, number, space

from core.nouns import Artifact, Attempt, Fault, From, Goal, Origin, Plan, Step
from core.run import Run, Unit, unit_key
from planners.catalogue.planner import CataloguePlanner

MODELS = "Make 3D models of the Eiffel Tower, the Louvre and Notre-Dame"
RIVAL = space(
    "shape/second-sculptor", "Sculptor", "A 3D model from a picture", file("picture", "image"),
    number("seed", "Seed", 0), makes="model3d", endpoint="/sculpt",
)  # fmt: skip


def begun(text: str) -> Run:
    return Run(id="r", goal=Goal(text=text), planner="catalogue", endpoint="http://hub")


def units_of(step: Step, standing: str) -> dict[str, Unit]:
    items = range(3) if step.each is not None else [None]
    fault = Fault(kind="AppFailed", message="it broke")
    made = Artifact(kind="image", sha256="0" * 64, size=1, name="made", file="made", origin=Origin(tool="call_space"))
    return {
        unit_key(step.id, item): Unit(
            step=step.id,
            item=item,
            standing=standing,
            attempts=(Attempt(number=1, call=step.call, fault=fault),) if standing == "failed" else (),
            artifacts=(made,) if standing == "passed" else (),
        )
        for item in items
    }


def after(run: Run, plan: Plan, passed: int) -> Run:
    """The run in which the first steps passed and the next one failed."""
    units: dict[str, Unit] = {}
    for step in plan.steps[:passed]:
        units |= units_of(step, "passed")
    units |= units_of(plan.steps[passed], "failed")
    return run.model_copy(update={"plan": plan, "units": units})


def spaces(plan: Plan | None) -> list[object]:
    return [step.call.arguments.get("space", step.call.tool) for step in plan.steps] if plan else []


async def planned(shelf: Shelf, text: str) -> tuple[CataloguePlanner, Run, Plan]:
    planner, run = CataloguePlanner(shelf), begun(text)
    plan = await planner(run)
    assert plan is not None
    return planner, run, plan


async def test_a_new_plan_keeps_what_has_passed_and_replaces_the_space_that_failed() -> None:
    planner, run, plan = await planned(Shelf((*Shelf().spaces, RIVAL)), MODELS)
    assert spaces(plan) == ["maker/image-maker", "shape/image-to-3d", "publish_viewer"]
    new = await planner(after(run, plan, passed=1))
    assert new is not None
    assert spaces(new) == ["maker/image-maker", "shape/second-sculptor", "publish_viewer"]
    assert new.steps[0] == plan.steps[0]
    assert new.steps[1].each == From.model_validate({"from": plan.steps[0].id})
    assert [place.step for place in new.results] == [new.steps[1].id, new.steps[2].id]


async def test_a_space_that_failed_in_an_earlier_plan_is_not_asked_again() -> None:
    shelf = Shelf((*Shelf().without("relief/carver").spaces, RIVAL))
    planner, run, plan = await planned(shelf, MODELS)
    second = await planner(after(run, plan, passed=1))
    assert second is not None
    assert await planner(after(run, second, passed=1)) is None


async def test_there_is_no_plan_that_only_leaves_the_failed_step_out() -> None:
    planner, run, plan = await planned(
        Shelf(), "Create a 3D art gallery with marble floors and impressionist paintings"
    )
    assert spaces(plan)[1] == "studio/texture-artist"
    assert await planner(after(run, plan, passed=1)) is None


async def test_a_first_step_that_failed_is_replaced_and_the_rest_follows() -> None:
    planner, run, plan = await planned(
        Shelf(), "Create a 3D art gallery with marble floors and impressionist paintings"
    )
    new = await planner(after(run, plan, passed=0))
    assert "studio/scene-builder" not in spaces(new)
    assert spaces(new)[-2:] == ["studio/texture-artist", "publish_viewer"]


async def test_a_page_that_cannot_be_published_is_given_up() -> None:
    planner, run, plan = await planned(Shelf(), MODELS)
    assert await planner(after(run, plan, passed=2)) is None


async def test_no_failure_needs_no_plan() -> None:
    planner, run, plan = await planned(Shelf(), "a tune")
    assert await planner(run.model_copy(update={"plan": plan})) is None


async def test_a_space_that_a_declined_plan_rested_on_is_passed_over() -> None:
    shelf = Shelf()
    _, run, plan = await planned(shelf, "Draw a lighthouse in ink")
    assert spaces(plan) == ["ink/illustrator"]
    declined = run.model_copy(update={"declined": ("step 'draw_ink': ink/illustrator is at another revision",)})
    assert spaces(await CataloguePlanner(shelf)(declined)) == ["maker/image-maker"]
