"""The one loop, with tools that do their work in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from core import journal
from core.checks import Facts, JudgeCheck
from core.errors import AppFailed, Failure, SpaceUnavailable
from core.events import AttemptFailed, ConsentAsked, ConsentGiven, PlanMade, StepFinished, StepSkipped, StepStarted
from core.journal import Journal
from core.ledger import Spending
from core.nouns import Argument, Artifact, Budget, Call, Cost, From, Goal, Limits, Origin, Plan, Step
from core.record import RunFolder, Runs
from core.run import Fold, Run
from core.scope import Scope
from planners.cache import Cache
from planners.crew import Crew
from planners.report import report
from planners.runner import Planner, Runner
from tools.artifact_tool import ArtifactTool, Effect
from tools.checks.laboratory import Laboratory
from tools.checks.opinion import Judge, Opinion, Shown

Behaviour = Callable[[dict[str, Any]], Awaitable[str]]


class Desk(ArtifactTool):
    """Calls the function that stands for a Space."""

    name = "call_space"
    description = "for tests"
    inputs: ClassVar[dict[str, dict[str, Any]]] = {}

    def __init__(self, behaviours: dict[str, Behaviour]) -> None:
        super().__init__()
        self.behaviours = behaviours
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        space, inputs = arguments["space"], arguments["inputs"]
        self.calls.append((space, inputs))
        text = await self.behaviours[space](inputs)
        return (
            scope.artifacts.keep_value(text, "text", scope.title, Origin(tool=self.name, space=space, revision="1")),
        )


class Doubtful(Desk):
    """Wants a yes for every Space but `me/upper`."""

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        space = arguments["space"]
        return None if space == "me/upper" else f"may {space} be used?"


class Press(Desk):
    name = "press"
    effect: ClassVar[Effect] = "write"


class Spender(Desk):
    """Spends a minute of Jobs for each letter it is given, of which one is settled."""

    name = "spender"

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        minutes = float(len(arguments["inputs"]["text"]))
        await scope.reserve(f"{scope.step}.job", "a Job", Spending(job_minutes=minutes))
        made = await super().work(scope, **arguments)
        scope.settle(f"{scope.step}.job", Spending(job_minutes=1))
        return made


async def upper(inputs: dict[str, Any]) -> str:
    return str(inputs["text"]).upper()


async def join(inputs: dict[str, Any]) -> str:
    return "+".join(inputs["text"])


async def broken(inputs: dict[str, Any]) -> str:
    raise AppFailed("it broke")


def step(id: str, text: object, space: str = "me/upper", tool: str = "call_space", **more: Any) -> Step:
    arguments = {"space": space, "revision": "1", "inputs": {"text": text, "seed": 1}}
    more["fallbacks"] = tuple(
        Call(tool=tool, arguments={**arguments, "space": other}) for other in more.get("fallbacks", ())
    )
    return Step(id=id, title=id, call=Call(tool=tool, arguments=arguments), **more)


def plan(*steps: Step) -> Plan:
    return Plan(steps=steps, results=(From(step=steps[-1].id),), planner="test")


def always(made: Plan) -> Planner:
    async def planner(run: Run) -> Plan | None:
        return made if run.plan is None else None

    return planner


async def agree(made: Plan, run: Run) -> tuple[tuple[str, ...], tuple[Cost, ...]]:
    return (), ()


class Bench:
    def __init__(self, root: Path, behaviours: dict[str, Behaviour]) -> None:
        self.runs = Runs(root)
        self.desk = Desk({"me/upper": upper, "me/join": join, "me/broken": broken, **behaviours})
        self.press = Press(self.desk.behaviours)
        self.spender = Spender(self.desk.behaviours)
        self.consent = True
        self.folder: RunFolder | None = None

    async def run(
        self,
        planner: Planner,
        *,
        resume: bool = False,
        local: bool = True,
        limits: Limits | None = None,
        consented: bool = False,
        judge: Judge | None = None,
    ) -> Run:
        async def answer(asked: ConsentAsked) -> bool:
            return self.consent

        crew = Crew(
            {"call_space": self.desk, "press": self.press, "spender": self.spender},
            Laboratory(),
            Cache(self.runs),
            answer,
            consented=consented,
            local=local,
            judge=judge,
        )
        runner = Runner(planner, "test", agree, crew, "http://127.0.0.1:1")
        if not resume or self.folder is None:
            self.folder = self.runs.begin("a goal")
        writer = Journal(self.folder.path)
        try:
            goal = None if resume else Goal(text="a goal", limits=limits or Limits())
            return await runner.pursue(self.folder, writer, goal, limits if resume else None)
        finally:
            writer.close()

    def events(self, *kinds: type) -> list[Any]:
        assert self.folder
        return [entry.event for entry in journal.read(self.folder.path) if isinstance(entry.event, kinds)]


@pytest.fixture
def bench(tmp_path: Path) -> Callable[..., Bench]:
    return lambda **behaviours: Bench(tmp_path, {f"me/{name}": work for name, work in behaviours.items()})


async def test_a_chain_hands_each_result_to_the_next_step(bench):
    desk = bench()
    run = await desk.run(always(plan(step("one", "a fox"), step("two", [From(step="one"), "b"], "me/join"))))
    assert (run.status, run.results[0].value) == ("passed", "A FOX+b")


async def test_items_go_through_two_steps_without_waiting_for_each_other(bench):
    """Item 0's first step only ends after item 1's second step has begun: a barrier would hang."""
    second_began = asyncio.Event()

    async def slow_first(inputs: dict[str, Any]) -> str:
        if inputs["text"] == "a":
            await asyncio.wait_for(second_began.wait(), 10)
        return inputs["text"]

    async def second(inputs: dict[str, Any]) -> str:
        second_began.set()
        return inputs["text"] + "!"

    desk = bench(first=slow_first, second=second)
    made = plan(
        step("one", From(step="each"), "me/first", each=("a", "b")),
        step("two", From(step="each"), "me/second", each=From(step="one")),
        step("all", From(step="two"), "me/join"),
    )
    run = await desk.run(always(made))
    assert run.results[0].value == "a!+b!"


async def test_steps_that_read_nothing_of_each_other_run_side_by_side(bench):
    meeting = asyncio.Barrier(2)

    async def meet(inputs: dict[str, Any]) -> str:
        await asyncio.wait_for(meeting.wait(), 10)
        return "met"

    run = await bench(meet=meet).run(always(plan(step("one", "x", "me/meet"), step("two", "y", "me/meet"))))
    assert run.status == "passed"


async def test_a_failed_call_is_made_again_with_another_seed(bench):
    seeds = []

    async def second_time(inputs: dict[str, Any]) -> str:
        seeds.append(inputs["seed"])
        if len(seeds) == 1:
            raise AppFailed("not yet")
        return "done"

    desk = bench(moody=second_time)
    run = await desk.run(always(plan(step("one", "x", "me/moody"))))
    assert run.status == "passed" and seeds[0] != seeds[1]
    assert [event.fault.message for event in desk.events(AttemptFailed)] == ["not yet"]


async def test_a_step_falls_back_to_the_next_space_and_says_so(bench):
    desk = bench()
    run = await desk.run(always(plan(step("one", "x", "me/broken", fallbacks=("me/upper",)))))
    assert (run.status, run.units["one"].call.arguments["space"]) == ("passed", "me/upper")
    assert [space for space, _ in desk.desk.calls] == ["me/broken", "me/broken", "me/upper"]


async def test_a_result_that_fails_its_check_is_never_read_by_the_next_step(bench):
    async def empty(inputs: dict[str, Any]) -> str:
        return " "

    desk = bench(empty=empty)
    run = await desk.run(always(plan(step("one", "x", "me/empty"), step("two", From(step="one"), "me/upper"))))
    assert (run.status, "me/upper" in [space for space, _ in desk.desk.calls]) == ("failed", False)
    assert "empty" in run.reason


async def test_a_space_that_is_down_is_not_asked_again_in_this_run(bench):
    async def down(inputs: dict[str, Any]) -> str:
        raise SpaceUnavailable("me/down is paused")

    desk = bench(down=down)
    first = step("one", "x", "me/down", fallbacks=("me/upper",))
    second = step("two", From(step="one"), "me/down", fallbacks=("me/upper",))
    run = await desk.run(always(plan(first, second)))
    assert run.status == "passed"
    assert [space for space, _ in desk.desk.calls] == ["me/down", "me/upper", "me/upper"]


async def test_the_planner_is_asked_again_and_what_has_passed_is_kept(bench):
    desk = bench()
    good = step("one", "x")

    async def planner(run: Run) -> Plan | None:
        if run.plan is None:
            return plan(good, step("two", From(step="one"), "me/broken"))
        return plan(good, step("three", From(step="one"), "me/upper"))

    run = await desk.run(planner)
    assert (run.status, run.plans, len(desk.events(PlanMade))) == ("passed", 2, 2)
    assert [space for space, _ in desk.desk.calls].count("me/upper") == 2


async def test_a_run_whose_last_plan_failed_says_why_and_keeps_the_rest(bench):
    desk = bench()
    run = await desk.run(always(plan(step("one", "x"), step("two", From(step="one"), "me/broken"))))
    assert (run.status, run.reason) == ("failed", "two: it broke") and run.units["one"].done


async def test_the_same_goal_again_calls_nothing(bench):
    desk = bench()
    made = plan(step("one", "x"), step("two", From(step="one")))
    await desk.run(always(made))
    before = len(desk.desk.calls)
    run = await desk.run(always(made))
    assert (run.status, len(desk.desk.calls), len(desk.events(StepSkipped))) == ("passed", before, 2)


async def test_a_known_result_is_judged_by_todays_checks(bench):
    desk = bench()
    await desk.run(always(plan(step("one", "x"))))
    strict = step("one", "x", checks=({"check": "text", "min_words": 2},))
    run = await desk.run(always(plan(strict)))
    assert run.status == "failed" and desk.events(StepSkipped) == []


async def test_a_resumed_run_makes_nothing_twice(bench):
    fail = True

    async def later(inputs: dict[str, Any]) -> str:
        if fail:
            raise AppFailed("no")
        return "yes"

    desk = bench(later=later)
    made = plan(step("one", "x"), step("two", From(step="one"), "me/later"))
    assert (await desk.run(always(made))).status == "failed"
    fail = False
    assert (await desk.run(always(made), resume=True)).status == "passed"
    assert [event.step for event in desk.events(StepFinished)] == ["one", "two"]
    assert [event.step for event in desk.events(StepStarted)].count("one") == 1


async def test_publishing_is_asked_for_unless_everything_stays_on_this_machine(bench):
    desk = bench()
    made = plan(step("one", "x", tool="press"))
    desk.consent = False
    run = await desk.run(always(made), local=False)
    assert (run.status, desk.press.calls) == ("blocked", []) and "consent" in run.reason
    desk.consent = True
    assert (await desk.run(always(made), resume=True, local=False)).status == "passed"
    assert (await Bench(desk.runs.root / "local", desk.desk.behaviours).run(always(made))).status == "passed"


async def test_a_yes_given_beforehand_asks_nobody_and_says_so(bench):
    desk = bench()
    desk.consent = False
    run = await desk.run(always(plan(step("one", "x", tool="press"))), local=False, consented=True)
    assert (run.status, [event.by for event in desk.events(ConsentGiven)]) == ("passed", ["option"])
    assert desk.events(ConsentAsked) == []


async def test_a_yes_for_one_space_is_no_yes_for_the_next_in_its_place(bench):
    desk = bench()
    desk.desk = Doubtful(desk.desk.behaviours)
    made = plan(step("one", "x", "me/broken", attempts=1, fallbacks=["me/join", "me/upper"]))
    assert (await desk.run(always(made))).status == "passed"
    assert [event.question for event in desk.events(ConsentAsked)] == [
        "may me/broken be used?",
        "may me/join be used?",
    ]


async def test_a_question_that_gets_a_no_blocks_the_run_until_there_is_a_yes(bench):
    desk = bench()
    desk.desk = Doubtful(desk.desk.behaviours)
    desk.consent = False
    made = plan(step("one", ["x"], "me/join"))
    assert ((await desk.run(always(made))).status, desk.desk.calls) == ("blocked", [])
    desk.consent = True
    assert (await desk.run(always(made), resume=True)).status == "passed"


async def test_a_space_that_gives_back_what_it_was_given_has_done_nothing(bench):
    words = "a fox in the snow, painted slowly and with great care, at dusk, by the old mill"

    async def tell(inputs: dict[str, Any]) -> str:
        return words

    async def echo(inputs: dict[str, Any]) -> str:
        return str(inputs["text"])

    desk = bench(tell=tell, echo=echo)
    made = plan(step("one", "x", "me/tell"), step("two", From(step="one"), "me/echo", attempts=1))
    run = await desk.run(always(made))
    assert run.status == "failed" and "this is the very thing that the step was given" in run.reason


async def test_a_model_is_asked_what_no_parser_can_measure_and_its_no_is_repaired(bench):
    asked = []

    async def opinion(question: str, facts: Facts, shown: Shown) -> Opinion:
        asked.append((question, shown))
        return Opinion(1.0 if shown == "a+fox" else 0.1, "it says so")

    check = JudgeCheck(question="Is it joined by a plus sign?", severity="error")
    made = plan(step("one", ["a", "fox"], "me/first", attempts=1, fallbacks=["me/join"], checks=(check,)))

    async def first(inputs: dict[str, Any]) -> str:
        return "".join(inputs["text"])

    run = await bench(first=first).run(always(made), judge=opinion)
    assert (run.status, run.results[0].value) == ("passed", "a+fox")
    assert asked == [(check.question, "afox"), (check.question, "a+fox")]


async def test_the_time_a_goal_allows_ends_planning_too(bench):
    async def ponder(run: Run) -> Plan | None:
        await asyncio.Event().wait()
        return None

    run = await bench().run(ponder, limits=Limits(seconds=0.05))
    assert (run.status, "0.05 s that the goal allows are over" in run.reason) == ("failed", True)


async def test_a_step_that_takes_too_long_fails_with_its_deadline(bench):
    async def hang(inputs: dict[str, Any]) -> str:
        await asyncio.Event().wait()
        return "never"

    run = await bench(hang=hang).run(always(plan(step("one", "x", "me/hang", seconds=0.05, attempts=1))))
    assert (run.status, "gave no result in 0.05 s" in run.reason) == ("failed", True)


async def test_cancelling_in_the_middle_of_a_call_ends_the_record_and_can_be_resumed(bench):
    began, leave = asyncio.Event(), asyncio.Event()

    async def wait(inputs: dict[str, Any]) -> str:
        began.set()
        await leave.wait()
        return "done"

    desk = bench(wait=wait)
    made = always(plan(step("one", "x", "me/wait")))
    running = asyncio.create_task(desk.run(made))
    await began.wait()
    running.cancel()
    assert (await running).status == "cancelled"
    leave.set()
    assert (await desk.run(made, resume=True)).status == "passed"


async def test_the_calls_a_goal_allows_are_not_exceeded(bench):
    desk = bench()
    steps = (step("one", From(step="each"), each=("a", "b", "c")),)
    run = await desk.run(always(plan(*steps)), limits=Limits(calls=2))
    assert (run.status, len(desk.desk.calls)) == ("failed", 2) and "used up" in run.reason


async def test_a_bug_is_recorded_as_a_crash_and_raised(bench):
    async def bug(inputs: dict[str, Any]) -> str:
        raise ZeroDivisionError("ours")

    desk = bench(bug=bug)
    with pytest.raises((ZeroDivisionError, ExceptionGroup)):
        await desk.run(always(plan(step("one", "x", "me/bug"))))
    assert desk.folder.run().status == "crashed"


async def test_an_empty_goal_is_refused_in_one_line(bench, tmp_path):
    desk = bench()
    folder = desk.runs.begin("x")
    writer = Journal(folder.path)
    crew = Crew({}, Laboratory(), Cache(desk.runs), lambda asked: asyncio.sleep(0, False), consented=False, local=True)
    run = await Runner(always(plan(step("one", "x"))), "test", agree, crew, "e").pursue(folder, writer, Goal(text=" "))
    writer.close()
    assert run.status == "failed" and run.reason.startswith("the goal is empty")


def test_every_failure_is_one_line():
    assert str(Failure("two\nlines")) == "two lines"


async def test_what_a_tool_spends_stands_in_the_run_and_its_report(bench):
    desk = bench()
    run = await desk.run(always(plan(step("one", "abc", tool="spender"))))
    assert run.ledger.spent == Spending(job_minutes=1)
    assert "| a Job | 1.0 | 0 | 0 | 0.0000 |" in report(run, {})


async def test_a_step_that_the_budget_does_not_cover_is_not_begun(bench):
    desk = bench()
    steps = step("one", "abc", tool="spender"), step("two", "de", tool="spender")
    run = await desk.run(always(plan(*steps)), limits=Limits(budget=Budget(job_minutes=3)))
    assert (run.status, len(desk.spender.calls)) == ("failed", 1)
    assert "the budget does not allow a Job" in run.reason


async def test_an_optional_step_that_fails_stops_nothing(bench):
    desk = bench()
    steps = step("one", "a"), step("two", "b", "me/broken", optional=True)
    made = Plan(steps=steps, results=(From(step="one"),), planner="test")
    run = await desk.run(always(made))
    assert (run.status, run.of("two")[0].standing) == ("passed", "failed")


async def test_an_optional_step_that_nobody_consents_to_is_left_out(bench):
    desk = bench()
    desk.consent = False
    steps = step("one", "a"), step("two", "b", tool="press", optional=True)
    made = Plan(steps=steps, results=(From(step="one"),), planner="test")
    run = await desk.run(always(made), local=False)
    assert (run.status, len(desk.press.calls)) == ("passed", 0)
    assert "needs your consent" in run.of("two")[0].reason


async def test_what_nobody_was_asked_about_here_is_asked_when_the_run_goes_on_elsewhere(bench):
    desk = bench()
    made = plan(step("one", "a", tool="press"))
    assert (await desk.run(always(made))).status == "passed"
    folder = Fold()
    for entry in journal.read(desk.folder.path):
        folder.apply(entry.event, entry.time)
    assert desk.events(ConsentGiven)[0].by == "local" and folder.consents == {}


async def test_a_run_that_is_resumed_may_be_given_more(bench):
    desk = bench()
    made = plan(step("one", "abcdef", tool="spender"))
    first = await desk.run(always(made), limits=Limits(budget=Budget(job_minutes=5)))
    assert first.status == "failed"
    more = Limits(budget=Budget(job_minutes=10))
    again = await desk.run(always(made), resume=True, limits=more)
    assert (again.status, again.goal.limits) == ("passed", more)
