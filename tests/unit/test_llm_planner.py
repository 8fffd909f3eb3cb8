"""The planner that asks a language model: what is believed, what comes back to the model, and what it costs to ask."""

import json
from typing import Any

import pytest
from catalogue_of_spaces import SPACES, Shelf
from llm_bench import begun, draw, planner, sculpt, submit
from smolagents.models import get_tool_json_schema
from test_catalogue_plans import attached

from core.checks import RungCheck, Verdict
from core.errors import GoalRefused, ModelUnpaid, PlanRefused
from core.nouns import Artifact, Attempt, Fault, From, Goal, Origin, Plan
from core.run import Run, Unit
from planners.catalogue.planner import CataloguePlanner
from planners.llm.desk import Desk
from planners.llm.outline import outlined
from planners.llm.prompt import INSTRUCTIONS
from tests.scripted_model import Call, ScriptedModel

GOAL = "Draw a fox and make a 3D model of it"
MOST_BYTES = 1500


async def planned(*script: Any, goal: str = GOAL, run: Run | None = None, **more: Any) -> tuple[Plan | None, list[str]]:
    """The plan, and what the model was told last before each of its answers."""
    with ScriptedModel(script) as model:
        plan = await planner(model, **more)(run or begun(goal))
    return plan, [question.last for question in model.questions]


async def test_a_plan_that_fits_is_taken_with_the_revision_of_each_space() -> None:
    plan, _ = await planned(submit(draw(), sculpt()))
    assert plan is not None and plan.planner == "llm"
    assert [step.call.tool for step in plan.steps] == ["call_space", "call_space"]
    assert plan.steps[1].call.arguments == {
        "space": "shape/image-to-3d",
        "revision": "a" * 40,
        "endpoint": "/image_to_model",
        "inputs": {"image": From.model_validate({"from": "draw"})},
    }


WRONG: list[tuple[dict[str, Any], str]] = [
    (draw("draw", "maker/image-makr"), "did you mean 'maker/image-maker'?"),
    (draw("draw", "stranger/unheard-of"), "was not shown to you"),
    (draw() | {"endpoint": "/make_imgae"}, "did you mean '/make_image'?"),
    (draw(styel="clay"), "did you mean 'style'?"),
    (draw(style="clai"), "did you mean 'clay'?"),
    (draw(width="wide"), "'width' takes a number, not 'wide'"),
    (draw(prompt={"from": "drwa"}), "reads step 'drwa', which is not in the plan"),
    (draw() | {"checks": [{"check": "image", "min_widht": 3}]}, "did you mean 'min_width'?"),
    (draw() | {"checks": [{"check": "picture"}]}, "does not match any of the expected tags"),
    ({"id": "x", "tool": "publish_viewr", "inputs": {}}, "did you mean 'publish_viewer'?"),
    ({"id": "x", "inputs": {}}, "give `space` and `endpoint`, or `tool`"),
    (draw() | {"colour": "red"}, "Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("step", "words"), WRONG, ids=[words for _, words in WRONG])
async def test_a_plan_that_does_not_fit_comes_back_with_what_is_wrong(step: dict[str, Any], words: str) -> None:
    plan, told = await planned(submit(step), submit(draw()))
    assert words in told[1]
    assert plan is not None and len(plan.steps) == 1


async def test_a_plan_that_never_fits_is_refused_and_never_runs() -> None:
    wrong = [submit(draw(**{f"wrong_{number}": 1})) for number in range(12)]
    with pytest.raises(PlanRefused, match="within 12 steps"):
        await planned(*wrong)


async def test_words_instead_of_a_plan_are_no_plan() -> None:
    with pytest.raises(PlanRefused):
        await planned(*["I would draw the fox first."] * 12)


async def test_a_goal_that_the_model_sees_no_way_to_reach_is_refused_in_its_words() -> None:
    with pytest.raises(GoalRefused, match="sees no way to do this: no Space brews coffee"):
        await planned(Call("submit_plan", steps=[], results=[], why="no Space brews coffee"), goal="Brew a coffee")


async def test_the_model_sees_the_shortlist_and_never_the_whole_catalogue() -> None:
    _, told = await planned(submit(draw()))
    shown = [space.id for space in Shelf().spaces if space.id in told[0]]
    assert "maker/image-maker" in shown and "shape/image-to-3d" in shown
    assert len(shown) <= 8 < len(Shelf().spaces)


async def test_a_space_that_a_search_has_shown_may_be_used() -> None:
    step = {"id": "lighter", "space": "mesh/simplifier", "endpoint": "/simplify", "inputs": {"mesh": {"from": "model"}}}
    search = Call("find_spaces", text="simplify a mesh to fewer polygons")
    plan, told = await planned(search, submit(draw(), sculpt(), step))
    assert "mesh/simplifier" in told[1]
    assert plan is not None and plan.results[0].step == "lighter"


async def test_the_whole_of_a_space_may_be_looked_at_when_it_was_shown() -> None:
    look = [Call("inspect_space", space=id) for id in ("maker/image-maker", "stranger/unheard-of")]
    _, told = await planned(*look, submit(draw()))
    assert "/make_image(prompt: text" in told[1] and "was not shown to you" in told[2]


async def test_chains_and_tools_of_our_own_stand_in_one_plan() -> None:
    facts = {"id": "facts", "tool": "card_analyst", "inputs": {"task": "maker/fox-model"}}
    code = {"id": "code", "tool": "pi_coder", "inputs": {"facts": {"from": "facts"}}}
    page = {
        "id": "page",
        "tool": "publish_viewer",
        "inputs": {"title": "Fox", "description": "", "exhibits": [{"from": "draw"}]},
    }
    plan, told = await planned(submit(facts, code, draw(), page, results=["code", "page"]))
    assert "publish_viewer(title: string" in told[0] and "The user is asked first." in told[0]
    assert plan is not None and [step.id for step in plan.steps] == ["facts", "code", "draw", "page"]


async def test_what_is_spread_and_attached_is_written_as_in_any_plan() -> None:
    step = sculpt() | {"inputs": {"image": {"from": "each"}}, "each": [{"from": "goal"}, {"from": "goal", "output": 1}]}
    run = begun("Make 3D models of these pictures").model_copy(
        update={"goal": Goal(text="Make 3D models of these pictures", attachments=attached("image", "image"))}
    )
    plan, told = await planned(submit(step), run=run)
    assert "0: image" in told[0] and "1: image" in told[0]
    assert plan is not None and plan.steps[0].each == (
        From.model_validate({"from": "goal"}),
        From.model_validate({"from": "goal", "output": 1}),
    )


# After a failure ------------------------------------------------------------------------------------------------------


def failed(plan: Plan) -> Run:
    """The run in which the first step passed and the second did not pass its check."""
    made = Artifact(kind="image", sha256="0" * 64, size=1, name="made", file="made", origin=Origin(tool="call_space"))
    verdict = Verdict(check="mesh", status="fail", reason="the mesh has 12 faces, and 1000 were asked for")
    tried = Attempt(
        number=1, call=plan.steps[1].call, verdicts=(verdict,), fault=Fault(kind="CheckFailed", message="too few")
    )
    units = {
        "draw": Unit(step="draw", standing="passed", artifacts=(made.model_copy(update={"facts": {"width": 768}}),)),
        "model": Unit(step="model", standing="failed", attempts=(tried,), reason="nothing is left to try"),
    }
    return begun(GOAL).model_copy(update={"plan": plan, "plans": 1, "units": units})


async def first() -> Plan:
    plan, _ = await planned(submit(draw(), sculpt()))
    assert plan is not None
    return plan


async def test_after_a_failed_check_the_model_is_asked_again_with_the_verdicts_and_with_what_has_passed() -> None:
    plan = await first()
    _, told = await planned(submit({"keep": "draw"}, sculpt("again")), run=failed(plan))
    assert "PASSED: draw" in told[0] and "FAILED: model" in told[0]
    assert "the mesh has 12 faces, and 1000 were asked for" in told[0]


@pytest.mark.parametrize("kept", [({"keep": "draw"},), (draw(),), ()], ids=["kept", "said again", "left out"])
async def test_a_new_plan_keeps_the_step_that_has_passed_to_the_letter(kept: tuple[dict[str, Any], ...]) -> None:
    plan = await first()
    new, _ = await planned(submit(*kept, sculpt("again")), run=failed(plan))
    assert new is not None and [step.id for step in new.steps] == ["draw", "again"]
    assert new.steps[0].call == plan.steps[0].call


async def test_a_step_that_has_not_passed_cannot_be_kept() -> None:
    plan = await first()
    _, told = await planned(submit({"keep": "model"}), submit({"keep": "draw"}, sculpt()), run=failed(plan))
    assert "step 'model' has not passed and cannot be kept" in told[1]


async def test_the_model_may_look_at_the_figures_of_what_was_made_and_not_at_its_words() -> None:
    plan = await first()
    _, told = await planned(Call("look_at_artifact", step="draw"), submit(sculpt("again")), run=failed(plan))
    assert '"width": 768' in told[1] and "made" not in told[1].split('"made":')[1].replace('"made"', "")


async def test_a_run_in_which_nothing_failed_needs_no_new_plan() -> None:
    plan = await first()
    assert await planner(ScriptedModel([]))(begun(GOAL).model_copy(update={"plan": plan})) is None


async def test_the_model_may_give_up_after_a_failure() -> None:
    plan = await first()
    new, _ = await planned(Call("submit_plan", steps=[], results=[], why="nothing else sculpts"), run=failed(plan))
    assert new is None


# Around it ------------------------------------------------------------------------------------------------------------


async def test_the_catalogue_planner_in_its_place_says_so() -> None:
    plan, _ = await planned(ModelUnpaid("nobody pays for it"), fallback=CataloguePlanner(Shelf()))
    assert plan is not None and plan.planner == "catalogue"
    assert plan.reasons[0].startswith("The language model made no plan (nobody pays for it)")


async def test_without_a_fallback_the_failure_stands() -> None:
    with pytest.raises(ModelUnpaid):
        await planned(ModelUnpaid("nobody pays for it"))


@pytest.mark.parametrize("again", [False, True], ids=["first plan", "after a failure"])
def test_what_is_sent_with_every_step_before_the_goal_is_at_most_1500_bytes(again: bool) -> None:
    run = begun(GOAL).model_copy(update={"plan": Plan(steps=(), results=(), planner="llm") if again else None})
    desk = Desk(run, Shelf(), (), _never, {}, cards=_Cards())
    tools = [get_tool_json_schema(tool) for tool in desk.tools()]
    sent = {"messages": [{"role": "system", "content": INSTRUCTIONS}], "tools": tools}
    assert len(json.dumps(sent).encode()) <= MOST_BYTES


async def _never(plan: Plan, run: Run) -> Any:
    raise AssertionError("nothing is handed in")


class _Cards:
    async def read(self, model: str | None = None, card: str | None = None) -> Any:
        raise AssertionError("nothing is read")


async def test_what_builds_and_proves_spaces_has_its_time_and_has_to_succeed() -> None:
    facts = {"id": "facts", "tool": "card_analyst", "inputs": {"task": "maker/fox"}}
    code = {"id": "code", "tool": "pi_coder", "inputs": {"facts": {"from": "facts"}}}
    deploy = {"id": "deploy", "tool": "space_deployer", "inputs": {"workspace": {"from": "code"}}}
    plan, _ = await planned(submit(facts, code, deploy), goal="Build a Space for maker/fox")
    assert plan is not None
    steps = {step.id: step for step in plan.steps}
    assert (steps["deploy"].seconds, steps["deploy"].attempts, steps["code"].seconds) == (2400, 1, 3600)
    assert steps["deploy"].checks == (RungCheck(at_least="built"),)


async def test_the_users_own_spaces_are_offered_only_when_the_goal_names_them() -> None:
    own = tuple(one.model_copy(update={"id": "me/image-maker"}) for one in SPACES if one.id == "maker/image-maker")
    shelf = Shelf((*own, *SPACES))
    _, silent = await planned(submit(draw()), goal="Draw a fox", shelf=shelf)
    _, named = await planned(submit(draw()), goal="Draw a fox with me/image-maker", shelf=shelf)
    assert "me/image-maker" not in silent[0]
    assert "me/image-maker - " in named[0]


async def test_a_step_is_told_again_with_the_kind_of_each_of_its_checks() -> None:
    step = draw() | {"checks": [{"check": "image", "min_width": 64}]}
    step["fallbacks"] = [{name: step[name] for name in ("space", "endpoint", "inputs")}]
    plan, _ = await planned(submit(step, sculpt()))
    assert plan is not None
    assert outlined(plan.steps[0]) == step


async def test_a_plan_may_build_a_space_and_call_it() -> None:
    facts = {"id": "facts", "tool": "card_analyst", "inputs": {"task": "maker/fox"}}
    code = {"id": "code", "tool": "pi_coder", "inputs": {"facts": {"from": "facts"}}}
    deploy = {"id": "deploy", "tool": "space_deployer", "inputs": {"workspace": {"from": "code"}}}
    made = {"from": "deploy", "output": 1}
    ask = {"id": "ask", "space": made, "endpoint": "/generate", "inputs": {"text": "a fox"}}
    goal = "Build a Space for maker/fox and ask it about a fox"
    plan, told = await planned(submit(facts, code, deploy, ask), goal=goal)
    assert 'is called with "space":{"from":ID,"output":1}' in told[0]
    assert plan is not None
    assert plan.steps[-1].call.arguments == {
        "space": From.model_validate(made),
        "endpoint": "/generate",
        "inputs": {"text": "a fox"},
    }


async def test_a_space_that_this_run_has_made_may_be_looked_at_and_called_by_its_name() -> None:
    own = tuple(one.model_copy(update={"id": "me/fox"}) for one in SPACES if one.id == "maker/image-maker")
    plan = await first()
    run = failed(plan)
    origin = Origin(tool="space_deployer", space="me/fox")
    made = run.units["draw"].artifacts[0].model_copy(update={"origin": origin})
    units = {**run.units, "draw": run.units["draw"].model_copy(update={"artifacts": (made,)})}
    script = [Call("inspect_space", space="me/fox"), submit(draw("again", "me/fox"))]
    new, told = await planned(*script, run=run.model_copy(update={"units": units}), shelf=Shelf((*SPACES, *own)))
    assert "/make_image(prompt: text" in told[1]
    assert new is not None and new.steps[-1].call.arguments["space"] == "me/fox"
