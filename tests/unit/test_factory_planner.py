"""What the factory plans next, from nothing but the run."""

from typing import Any

import pytest

from core.checks import Verdict
from core.errors import HandsNeeded
from core.nouns import Artifact, Attempt, Call, Fault, Goal, Origin
from core.run import Run, Unit
from planners.factory.outcome import outcome_of
from planners.factory.planner import factory

GOAL = Goal(text="Build a Space for owner/model on the hardware cpu")


def run(*units: Unit, plan: Any = None, goal: Goal = GOAL) -> Run:
    return Run(id="r", goal=goal, planner="p", endpoint="", plan=plan, units={unit.step: unit for unit in units})


def verdict(rung: str, *reasons: str, status: Any = "fail") -> Verdict:
    return Verdict(check="rung", status=status, reason="", facts={"rung": rung, "reasons": list(reasons)})


def failed(step: str, rung: str, *reasons: str) -> Unit:
    made = Artifact(
        kind="json", sha256="", size=2, name="", value={}, origin=Origin(tool="space_deployer", space="me/model")
    )
    attempt = Attempt(
        number=1, call=Call(tool="", arguments={}), artifacts=(made,), verdicts=(verdict(rung, *reasons),)
    )
    return Unit(step=step, standing="failed", attempts=(attempt,), reason="not good enough")


def done(step: str, *verdicts: Verdict) -> Unit:
    return Unit(step=step, standing="passed", verdicts=verdicts)


async def first_plan() -> Any:
    return await factory(coder=True)(run())


async def test_the_whole_way_is_planned_at_once():
    plan = await first_plan()
    assert [step.call.tool for step in plan.steps] == [
        *("card_analyst", "pi_coder", "space_deployer", "validator", "smoke_test")
    ]
    assert plan.step("deploy").call.arguments["hardware"] == "cpu"
    assert "namespace" not in plan.step("deploy").call.arguments


async def test_a_build_that_failed_goes_back_to_the_coder_with_its_evidence():
    plan = await first_plan()
    before = run(done("facts"), done("code"), failed("deploy", "generated", "No module named 'torhc'"), plan=plan)
    repair = await factory(coder=True)(before)
    assert [step.id for step in repair.steps] == ["facts", "code", "code_2", "deploy_2", "validate_2", "witness"]
    arguments = repair.step("code_2").call.arguments
    assert arguments["workspace"].step == "code" and "torhc" in arguments["evidence"][0]
    assert repair.step("deploy_2").call.arguments["space"] == "me/model"


async def test_without_a_coder_nothing_is_repaired():
    plan = await first_plan()
    assert await factory(coder=False)(run(failed("deploy", "generated"), plan=plan)) is None


async def test_repairs_come_to_an_end():
    plan, planner = await first_plan(), factory(coder=True)
    for suffix in ("", "_2"):
        plan = await planner(run(failed(f"validate{suffix}", "api_alive", "it answers nothing"), plan=plan))
    assert await planner(run(failed("validate_3", "api_alive"), plan=plan)) is None


async def test_hardware_that_only_a_person_can_give_is_asked_of_them():
    plan = await first_plan()
    with pytest.raises(HandsNeeded, match="open the settings"):
        await factory(coder=True)(run(failed("deploy", "manual_hardware_required", "open the settings"), plan=plan))


def facts(gated: bool | None) -> Unit:
    value = {"model": "owner/model", "gated": gated}
    made = Artifact(kind="json", sha256="", size=2, name="", value=value, origin=Origin(tool="card_analyst"))
    return Unit(step="facts", standing="passed", artifacts=(made,))


async def test_a_gated_model_asks_for_access_and_a_token():
    plan = await first_plan()
    crashed = failed("validate", "built", "GatedRepoError: Access to model owner/model is restricted")
    with pytest.raises(HandsNeeded, match="secret HF_TOKEN"):
        await factory(coder=True)(run(facts(True), crashed, plan=plan))


@pytest.mark.parametrize("gated", [False, None])
async def test_an_app_that_only_says_so_is_given_no_token(gated):
    plan = await first_plan()
    lying = failed("validate", "api_alive", "its run log ends with 'GatedRepoError: the model is gated, and so on'")
    assert await factory(coder=False)(run(facts(gated), lying, plan=plan)) is None


async def test_the_second_witness_may_be_missing():
    plan = await first_plan()
    assert [step.id for step in plan.steps if step.optional] == ["witness"]
    absent = Unit(step="witness", standing="failed", reason="there are no credits for Jobs")
    assert run(done("validate"), absent, plan=plan).failures == ()


async def test_a_space_that_is_only_tested_is_not_repaired():
    goal = Goal(text="Validate owner/space")
    plan = await factory(coder=True)(run(goal=goal))
    assert await factory(coder=True)(run(failed("validate", "api_alive"), plan=plan, goal=goal)) is None


async def test_the_outcome_is_the_newest_thing_that_was_shown():
    plan = await first_plan()
    deployed = done("deploy", verdict("built", status="pass"))
    assert outcome_of(run(deployed, plan=plan), True).rung == "built"
    proved = done("validate", verdict("full_inference_success", "4 answers agree", status="pass"))
    assert outcome_of(run(deployed, proved, plan=plan), True).rung == "full_inference_success"
    doubted = failed("validate", "output_type_ok", "every answer is the same")
    assert outcome_of(run(deployed, doubted, plan=plan), True).reasons == ("every answer is the same",)


@pytest.mark.parametrize(
    ("kind", "written", "rung"),
    [
        ("TechnicalBlocker", False, "technical_blocker"),
        ("InformationMissing", False, "insufficient_information"),
        ("CodingFailed", True, "generated"),
        ("CodingFailed", False, "technical_blocker"),
    ],
)
async def test_what_was_never_deployed_says_why(kind, written, rung):
    attempt = Attempt(number=1, call=Call(tool="pi_coder", arguments={}), fault=Fault(kind=kind, message="so it is"))
    coded = Unit(step="code", standing="failed", attempts=(attempt,))
    ended = outcome_of(run(coded, plan=await first_plan()), written)
    assert (ended.rung, ended.reasons) == (rung, ("so it is",))


async def test_a_model_that_is_not_there_is_no_information():
    unknown = Unit(step="facts", standing="failed", attempts=(), reason="no such model")
    ended = outcome_of(run(unknown, plan=await first_plan()).model_copy(update={"reason": "no such model"}), False)
    assert (ended.rung, ended.reasons) == ("insufficient_information", ("no such model",))
