from core.events import (
    AttemptFailed,
    CallAccepted,
    ConsentGiven,
    PlanMade,
    RunFinished,
    RunResumed,
    RunStarted,
    StepFailed,
    StepFinished,
    StepStarted,
)
from core.nouns import Artifact, Call, Fault, From, Goal, Origin, Plan, Step
from core.run import Run, fold

CALL = Call(tool="call_space", arguments={"space": "me/painter"})
STARTED = RunStarted(run="r", goal=Goal(text="a fox"), planner="catalogue", endpoint="http://127.0.0.1:1")
FOX = Artifact(kind="text", sha256="ab", size=3, name="fox", value="fox", origin=Origin(tool="call_space", step="draw"))


def plan(*ids: str) -> PlanMade:
    steps = tuple(Step(id=id, title=id, call=CALL) for id in ids)
    return PlanMade(plan=Plan(steps=steps, results=(From(step=ids[-1]),), planner="test"))


def begun(step: str, attempt: int = 1) -> StepStarted:
    return StepStarted(step=step, attempt=attempt, call=CALL, key="k")


def ended(step: str) -> StepFinished:
    return StepFinished(step=step, attempt=1, key="k", call=CALL, artifacts=(FOX,), seconds=2.5)


def told(*events) -> Run:
    return fold((event, 100.0 + number) for number, event in enumerate(events))


def test_a_finished_step_gives_its_artifacts_to_who_asks():
    run = told(STARTED, plan("draw"), begun("draw"), ended("draw"))
    assert run.made(From(step="draw")) == (FOX,)
    assert (run.units["draw"].standing, run.units["draw"].seconds, run.seconds) == ("passed", 2.5, 3.0)


def test_a_new_plan_keeps_what_has_passed():
    run = told(
        STARTED,
        plan("draw", "frame"),
        begun("draw"),
        ended("draw"),
        StepFailed(step="frame", reason="no"),
        plan("draw", "hang"),
    )
    assert (set(run.units), run.plans) == ({"draw"}, 2)


def test_a_yes_to_one_step_is_no_yes_to_another_of_the_same_name():
    other = Step(id="post", title="post", call=Call(tool="publish_viewer", arguments={"title": "other"}))
    again = PlanMade(plan=Plan(steps=(other,), results=(From(step="post"),), planner="test"))
    agreed = (
        STARTED,
        plan("draw", "post"),
        ConsentGiven(step="post", by="person"),
        ConsentGiven(step="draw", by="person"),
    )
    assert told(*agreed, plan("draw", "post")).consents == {"post": "given", "draw": "given"}
    assert told(*agreed, again).consents == {}


def test_a_step_left_running_by_a_dead_process_waits_with_its_accepted_call():
    accepted = CallAccepted(step="draw", attempt=1, host="h", endpoint="/e", event_id="1", session="s")
    resumed = RunResumed(pid=1, machine="m", endpoint="http://127.0.0.1:2")
    unit = told(STARTED, plan("draw"), begun("draw"), accepted, resumed).units["draw"]
    assert (unit.standing, unit.accepted, unit.started) == ("waiting", accepted, 1)


def test_resuming_a_run_that_had_failed_gives_its_steps_a_fresh_ladder():
    fault = Fault(kind="AppFailed", message="no", remedy="again")
    failed = AttemptFailed(step="draw", attempt=1, fault=fault, seconds=1)
    story = (STARTED, plan("draw"), begun("draw"), failed, StepFailed(step="draw", reason="no"))
    assert len(told(*story).units["draw"].attempts) == 1
    resumed = told(*story, RunFinished(status="failed"), RunResumed(pid=1, machine="m", endpoint="e"))
    assert (resumed.units["draw"].attempts, resumed.status) == ((), "running")
