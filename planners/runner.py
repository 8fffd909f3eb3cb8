"""The one loop: ask the planner, pursue the plan, ask again after a failure, and say how it ended on every path."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from core.artifacts import ArtifactStore, slug
from core.errors import (
    Cancelled,
    ConsentMissing,
    DeadlinePassed,
    DiskFull,
    Failure,
    GoalRefused,
    HandsNeeded,
    PlanRefused,
    RecordUnusable,
)
from core.events import PlanDeclined, PlanMade, RunFinished, RunResumed, RunStarted
from core.journal import Journal
from core.nouns import Artifact, Cost, Goal, Limits, Plan
from core.record import RunFolder
from core.run import Run
from core.tracing import Watch
from planners.account import ACCOUNT, Account
from planners.crew import Crew
from planners.diary import Diary
from planners.pursuit import Pursuit
from tools.publish_viewer import PublishViewer

Planner = Callable[[Run], Awaitable[Plan | None]]
"""Look at the run, say what next, or None when there is nothing to say."""


class Planned(NamedTuple):
    """A planner with the name that it has in the record."""

    name: str
    planner: Planner


Review = Callable[[Plan, Run], Awaitable[tuple[tuple[str, ...], tuple[Cost, ...]]]]
"""What is wrong with a plan as the live schemas stand, and what it will cost."""

PUBLISHERS = (PublishViewer.name, "space_deployer")
"""Tools whose result says at which address it can be looked at."""

ATTACHMENTS = ".attachments"
"""Folder beside the runs where the files that people attach wait to be borrowed."""

MOST_PLANS = 4
"""A goal that so many plans did not reach is given up."""


@dataclass(frozen=True)
class Runner:
    planner: Planner
    planner_name: str
    review: Review
    crew: Crew
    endpoint: str
    watch: Watch | None = None
    """Told of every exchange with a language model, besides the record."""

    async def pursue(
        self, folder: RunFolder, journal: Journal, goal: Goal | None = None, limits: Limits | None = None
    ) -> Run:
        """Take a run from where it stands to its end. `goal` begins a new one; without it the run is resumed,
        with other `limits` where some are given.

        Returns the run as it ended: passed, failed, cancelled or blocked. A bug in our own code is recorded as
        `crashed` and raised again.
        """
        diary = Diary(folder, journal)
        account: Account | None = None
        try:
            await self._open(diary, goal, limits)
            account = Account(diary, self.watch)
            ACCOUNT.set(account)
            limit = diary.run().goal.limits.seconds
            try:
                async with asyncio.timeout(limit):
                    ended = await self._loop(diary)
            except TimeoutError as error:
                raise DeadlinePassed(f"the {limit:g} s that the goal allows are over; resume to go on") from error
        except asyncio.CancelledError:
            ended = RunFinished(status="cancelled", reason="stopped by the user")
        except Cancelled as reason:
            ended = RunFinished(status="cancelled", reason=str(reason))
        except (ConsentMissing, HandsNeeded) as reason:
            ended = RunFinished(status="blocked", reason=str(reason))
        except DiskFull as reason:
            return self._blocked(diary, reason)
        except Failure as reason:
            ended = RunFinished(status="failed", reason=str(reason))
        except BaseException as bug:
            diary.mention(RunFinished(status="crashed", reason=f"{type(bug).__name__}: {bug}"))
            diary.save()
            raise
        finally:
            if account:
                # The next turn of the loop writes what was settled last.
                await asyncio.sleep(0)
                account.close()
        try:
            diary.mention(ended)
            await journal.durable()
            diary.save()
        except DiskFull as reason:
            return self._blocked(diary, reason)
        return diary.run()

    async def _open(self, diary: Diary, goal: Goal | None, limits: Limits | None) -> None:
        if goal is None:
            if "id" not in diary.fold.run:
                raise RecordUnusable(f"the record of run {diary.folder.id} has no readable beginning; ask again")
            resumed = RunResumed(pid=os.getpid(), machine=socket.gethostname(), endpoint=self.endpoint, limits=limits)
            await diary.announce(resumed)
            _borrow(diary)
            return
        await diary.announce(
            RunStarted(run=diary.folder.id, goal=goal, planner=self.planner_name, endpoint=self.endpoint)
        )
        _borrow(diary)
        if not goal.text.strip():
            raise GoalRefused('the goal is empty; say what you want, for example: ask "Draw a lighthouse in ink"')

    async def _loop(self, diary: Diary) -> RunFinished:
        run = diary.run()
        plan = run.plan or await self._next_plan(diary)
        while plan is not None:
            await Pursuit(self.crew, diary, plan, run.goal.limits.calls - diary.fold.calls).work()
            run = diary.run()
            if not run.failures:
                return _passed(run, plan)
            plan = await self._next_plan(diary)
        reasons = "; ".join(f"{_title(run, unit.step)}: {unit.reason}" for unit in run.failures)
        return RunFinished(status="failed", reason=reasons or "no plan was found", results=_results(run))

    async def _next_plan(self, diary: Diary) -> Plan | None:
        """A plan that fits the live schemas and is written down, or None when the planner has nothing to say."""
        declined: list[Plan] = []
        while (run := diary.run()).plans < MOST_PLANS:
            plan = await self.planner(run)
            if plan is None:
                return None
            if plan in declined or len(declined) == MOST_PLANS:
                break
            reasons, costs = await self.review(plan, run)
            if not reasons:
                await diary.announce(PlanMade(plan=plan, costs=costs))
                return plan
            await diary.announce(PlanDeclined(plan=plan, reasons=reasons))
            declined.append(plan)
        else:
            return None
        raise PlanRefused(f"the plan does not fit the live Spaces: {'; '.join(diary.run().declined)}")

    def _blocked(self, diary: Diary, reason: DiskFull) -> Run:
        """The end cannot be written; whoever resumes the run will see it as unfinished."""
        if "id" not in diary.fold.run:
            raise reason
        return diary.run().model_copy(update={"status": "blocked", "reason": str(reason)})


def _borrow(diary: Diary) -> None:
    """Have what the goal has attached in the run's own folder."""
    for attachment in diary.run().goal.attachments:
        try:
            diary.folder.artifacts.borrow(attachment, ArtifactStore(diary.folder.path.parent / ATTACHMENTS))
        except FileNotFoundError as error:
            raise RecordUnusable(f"the attached file {attachment.name} is gone; ask again with the file") from error


def _passed(run: Run, plan: Plan) -> RunFinished:
    results = _results(run)
    addresses = [
        artifact.value["address"]
        for step in plan.steps
        for unit in run.of(step.id)
        for artifact in unit.artifacts
        if artifact.origin.tool in PUBLISHERS and isinstance(artifact.value, dict) and artifact.value.get("address")
    ]
    address = str(addresses[-1]) if addresses else None
    return RunFinished(status="passed", results=results, address=address)


def _results(run: Run) -> tuple[Artifact, ...]:
    places = run.plan.results if run.plan else ()
    return tuple(artifact for place in places for artifact in run.made(place))


def _title(run: Run, step: str) -> str:
    return run.plan.step(step).title if run.plan else slug(step)
