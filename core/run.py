"""A run as far as it has come: the fold of its journal."""

from collections.abc import Iterable
from typing import Literal

from core.checks import Verdict
from core.events import (
    AttemptFailed,
    CallAccepted,
    CallProgressed,
    ConsentAsked,
    ConsentGiven,
    ConsentRefused,
    Event,
    PlanDeclined,
    PlanMade,
    RunFinished,
    RunRepaired,
    RunResumed,
    RunStarted,
    SpendingReserved,
    SpendingSettled,
    StepFailed,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from core.ledger import Ledger
from core.nouns import Artifact, Attempt, Call, Cost, Fault, From, Frozen, Goal, Plan, Step

Standing = Literal["waiting", "running", "passed", "skipped", "failed"]


class Unit(Frozen):
    """One step, or one item of a step with `each`."""

    step: str
    item: int | None = None
    standing: Standing = "waiting"
    attempts: tuple[Attempt, ...] = ()
    """Those that ended, the failed ones too."""
    call: Call | None = None
    """The call of the attempt that runs, or that passed."""
    accepted: CallAccepted | None = None
    artifacts: tuple[Artifact, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    seconds: float = 0.0
    reason: str = ""
    progress: CallProgressed | None = None
    started: int = 0
    """Attempts started, those that died with their process too."""
    rung: int = 0
    """Which call the newest attempt made: 0 the step's own, then its fallbacks."""

    @property
    def done(self) -> bool:
        return self.standing in ("passed", "skipped")


def unit_key(step: str, item: int | None) -> str:
    """`draw` or `draw[3]`."""
    return step if item is None else f"{step}[{item}]"


def consent_key(step: str, space: str) -> str:
    """`draw`, or `draw owner/space` for a yes that holds for this Space only."""
    return f"{step} {space}".strip()


class Run(Frozen):
    """One pursuit of one goal as far as it has come."""

    id: str
    goal: Goal
    planner: str
    endpoint: str
    plan: Plan | None = None
    plans: int = 0
    """How many plans were made; more than one means that a failure led to another."""
    declined: tuple[str, ...] = ()
    """What is wrong with the newest plan, when it was refused."""
    costs: tuple[Cost, ...] = ()
    units: dict[str, Unit] = {}
    consents: dict[str, Literal["asked", "given", "refused"]] = {}
    """By `consent_key`."""
    repairs: tuple[str, ...] = ()
    status: Literal["running", "passed", "failed", "cancelled", "crashed", "blocked"] = "running"
    reason: str = ""
    results: tuple[Artifact, ...] = ()
    address: str | None = None
    ledger: Ledger = Ledger()
    calls: int = 0
    """Attempts started, retries included."""
    started: float = 0.0
    """Wall clock, seconds since 1970."""
    seconds: float = 0.0
    """From the first event to the newest, by the wall clock."""

    def of(self, step: str) -> tuple[Unit, ...]:
        """Every unit of a step that has been seen so far, in item order."""
        units = [unit for unit in self.units.values() if unit.step == step]
        return tuple(sorted(units, key=lambda unit: unit.item or 0))

    def made(self, place: From) -> tuple[Artifact, ...]:
        """What stands at a place: one artifact a finished unit, in item order, more where an output is a list."""
        units = [unit for unit in self.of(place.step) if unit.done]
        return tuple(a for unit in units for a in unit.artifacts if a.origin.output == place.output)

    @property
    def failures(self) -> tuple[Unit, ...]:
        """What failed and was needed."""
        optional = {step.id for step in self.plan.steps if step.optional} if self.plan else set()
        return tuple(unit for unit in self.units.values() if unit.standing == "failed" and unit.step not in optional)


class Fold:
    """Reads events one by one and gives the `Run` they add up to.

    Mutable, so that a long journal folds in linear time.
    """

    def __init__(self) -> None:
        self.run: dict[str, object] = {}
        self.units: dict[str, Unit] = {}
        self.consents: dict[str, Literal["asked", "given", "refused"]] = {}
        self.ledger = Ledger()
        self.calls = 0
        self.plan: Plan | None = None

    def apply(self, event: Event, time: float) -> None:
        """Take one event in. `time` is its wall clock."""
        self.run["seconds"] = max(0.0, time - float(str(self.run.get("started", time))))
        match event:
            case RunStarted():
                self.run |= {
                    "id": event.run,
                    "goal": event.goal,
                    "planner": event.planner,
                    "endpoint": event.endpoint,
                    "started": time,
                }
            case RunResumed():
                if self.run.get("status", "running") != "running":
                    self._start_afresh()
                self.run |= {"status": "running", "reason": "", "endpoint": event.endpoint}
                goal = self.run.get("goal")
                if event.limits and isinstance(goal, Goal):
                    self.run["goal"] = goal.model_copy(update={"limits": event.limits})
                self._stop_running()
            case RunRepaired():
                self.run["repairs"] = (*self._repairs(), event.reason)
            case PlanMade():
                self._take_plan(event)
            case PlanDeclined():
                self.run["declined"] = event.reasons
            case ConsentAsked():
                self.consents[consent_key(event.step, event.space)] = "asked"
            case ConsentGiven():
                # What nobody had to be asked about on this machine has to be asked when the run goes on elsewhere.
                if event.by != "local":
                    self.consents[consent_key(event.step, event.space)] = "given"
            case ConsentRefused():
                self.consents[consent_key(event.step, event.space)] = "refused"
            case SpendingReserved():
                self.ledger = self.ledger.reserved(event.key, event.what, event.amount)
            case SpendingSettled():
                self.ledger = self.ledger.settled(event.key, event.amount)
            case RunFinished():
                self.run |= {
                    "status": event.status,
                    "reason": event.reason,
                    "results": event.results,
                    "address": event.address,
                }
                self._stop_running()
                self._forget_calls()
            case _:
                self._take_step(event)

    def snapshot(self) -> Run:
        """The run as of the newest event. Raises ValueError before `RunStarted`."""
        if "id" not in self.run:
            raise ValueError("the journal has no beginning")
        values = {
            **_DEFAULTS,
            **self.run,
            "plan": self.plan,
            "units": dict(self.units),
            "consents": dict(self.consents),
            "ledger": self.ledger,
            "calls": self.calls,
        }
        return Run.model_construct(**values)

    def _repairs(self) -> tuple[str, ...]:
        repairs = self.run.get("repairs", ())
        return repairs if isinstance(repairs, tuple) else ()

    def _take_plan(self, event: PlanMade) -> None:
        """A new plan keeps what has passed and is still asked for in the same words."""
        before = {step.id: step for step in self.plan.steps} if self.plan else {}
        same = {step.id for step in event.plan.steps if _same_work(before.get(step.id), step)}
        self.units = {key: unit for key, unit in self.units.items() if unit.step in same and unit.done}
        # A yes was given to what the step was going to do, not to its name.
        self.consents = {key: answer for key, answer in self.consents.items() if key.split()[0] in same}
        self.plan = event.plan
        self.run |= {"costs": event.costs, "declined": (), "plans": int(str(self.run.get("plans", 0))) + 1}

    def _take_step(self, event: Event) -> None:
        match event:
            case StepStarted():
                self.calls += 1
                self._change(
                    event.step,
                    event.item,
                    standing="running",
                    call=event.call,
                    rung=event.rung,
                    started=event.attempt,
                    accepted=None,
                    progress=None,
                )
            case CallAccepted():
                self._change(event.step, event.item, accepted=event)
            case CallProgressed():
                self._change(event.step, event.item, progress=event)
            case AttemptFailed():
                unit = self._unit(event.step, event.item)
                attempt = Attempt(
                    number=event.attempt,
                    rung=unit.rung,
                    call=unit.call or Call(tool="", arguments={}),
                    artifacts=event.artifacts,
                    verdicts=event.verdicts,
                    fault=event.fault,
                    seconds=event.seconds,
                )
                attempts = (*unit.attempts, attempt)
                self._change(event.step, event.item, attempts=attempts, standing="waiting", accepted=None)
            case StepFinished():
                self._change(
                    event.step,
                    event.item,
                    standing="passed",
                    call=event.call,
                    artifacts=event.artifacts,
                    verdicts=event.verdicts,
                    seconds=event.seconds,
                    accepted=None,
                )
            case StepSkipped():
                self._change(
                    event.step, event.item, standing="skipped", artifacts=event.artifacts, verdicts=event.verdicts
                )
            case StepFailed():
                self._change(event.step, event.item, standing="failed", reason=event.reason)

    def _unit(self, step: str, item: int | None) -> Unit:
        return self.units.get(unit_key(step, item)) or Unit(step=step, item=item)

    def _change(self, step: str, item: int | None, **values: object) -> None:
        self.units[unit_key(step, item)] = self._unit(step, item).model_copy(update=values)

    def _start_afresh(self) -> None:
        """A run that had ended gets its whole ladder back for what has not passed."""
        for key, unit in self.units.items():
            if not unit.done:
                self.units[key] = Unit(step=unit.step, item=unit.item, started=unit.started)

    def _forget_calls(self) -> None:
        """After an orderly end no Space is still at work for us."""
        for key, unit in self.units.items():
            if unit.accepted:
                self.units[key] = unit.model_copy(update={"accepted": None})

    def _stop_running(self) -> None:
        for key, unit in self.units.items():
            if unit.standing == "running":
                self.units[key] = unit.model_copy(update={"standing": "waiting", "progress": None})


_DEFAULTS = {name: field.get_default() for name, field in Run.model_fields.items() if not field.is_required()}


def _same_work(old: Step | None, new: Step) -> bool:
    return old is not None and (old.call, old.each, old.fallbacks) == (new.call, new.each, new.fallbacks)


def fold(events: Iterable[tuple[Event, float]]) -> Run:
    """The run that these events, each with its wall clock, add up to."""
    folding = Fold()
    for event, time in events:
        folding.apply(event, time)
    return folding.snapshot()


def lost_call(reason: str) -> Fault:
    """The fault of an attempt that a dead process left behind."""
    return Fault(kind="CallLost", message=reason, remedy="again")
