"""Our own chain of two Spaces for one case: the real runner, a plan that says as little as a user would."""

from pathlib import Path

from benchmarks.broken_outputs import Case
from benchmarks.composition import runner_of
from benchmarks.faulty_spaces import WITNESS
from benchmarks.near_zero_space import REVISION
from core.checks import Verdict
from core.journal import Journal
from core.nouns import Argument, Call, From, Goal, Plan, Step
from core.record import Runs
from core.run import Run
from planners.bounds import bounded
from planners.crew import Crew
from tools.call_space import CallSpace


def plan(case: Case, space: str) -> Plan:
    """The case's endpoint, and the witness that takes what it gives; the user wants to have both."""
    given: Argument = From(step="paint") if case.takes_picture else "A lighthouse on a rock"
    steps = [
        _step("made", space, case.name, given).model_copy(update={"checks": case.checks}),
        _step("shown", WITNESS, case.name, From(step="made")),
    ]
    if case.takes_picture:
        steps.insert(0, _step("paint", space, "paint", "A lighthouse on a rock"))
    return Plan(steps=tuple(steps), results=(From(step="made"), From(step="shown")), planner="fixed")


async def pursue(case: Case, space: str, crew: Crew, hub: str, root: Path) -> Run:
    """The run as it ended; the plan has the bounds that follow from its wiring and from the goal, as always."""
    goal = Goal(text=case.goal)
    caller = crew.tools["call_space"]
    assert isinstance(caller, CallSpace)
    spaces = [await caller.catalogue.read(id) for id in (space, WITNESS)]
    endpoints = {(one.id, endpoint.name): endpoint for one in spaces for endpoint in one.endpoints}
    folder = Runs(root).begin(case.name)
    journal = Journal(folder.path)
    try:
        return await runner_of(crew, bounded(plan(case, space), goal, endpoints), hub).pursue(folder, journal, goal)
    finally:
        journal.close()


def warnings(run: Run) -> list[Verdict]:
    """What was noticed of the case's output and let pass."""
    unit = run.units.get("made")
    return [verdict for verdict in unit.verdicts if verdict.status == "warn"] if unit else []


def _step(id: str, space: str, endpoint: str, subject: Argument) -> Step:
    arguments: dict[str, Argument] = {
        "space": space,
        "revision": REVISION,
        "endpoint": f"/{endpoint}",
        "inputs": {"subject": subject},
    }
    return Step(id=id, title=id, call=Call(tool="call_space", arguments=arguments), attempts=1)
