"""What a run says about itself: facts, past tense, one union. The journal holds nothing else."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from core.checks import Verdict
from core.ledger import Spending
from core.nouns import Artifact, Call, Cost, Fault, Frozen, Goal, Limits, Plan


class RunStarted(Frozen):
    type: Literal["run_started"] = "run_started"
    run: str
    goal: Goal
    planner: str
    endpoint: str
    """The Hub this run talks to."""


class RunResumed(Frozen):
    """Another process took the run over; attempts that were in flight are abandoned or picked up."""

    type: Literal["run_resumed"] = "run_resumed"
    pid: int
    machine: str
    endpoint: str
    limits: Limits | None = None
    """Others than before, when the user has given some."""


class RunRepaired(Frozen):
    """The record was damaged; what could not be trusted was moved to `quarantine/`."""

    type: Literal["run_repaired"] = "run_repaired"
    lines: int
    bytes: int
    reason: str


class PlanMade(Frozen):
    type: Literal["plan_made"] = "plan_made"
    plan: Plan
    costs: tuple[Cost, ...] = ()


class PlanDeclined(Frozen):
    """A plan that does not fit the live schemas: it was never run."""

    type: Literal["plan_declined"] = "plan_declined"
    plan: Plan
    reasons: tuple[str, ...]


class ConsentAsked(Frozen):
    type: Literal["consent_asked"] = "consent_asked"
    step: str
    effect: str
    question: str
    space: str = ""
    """The Space it is about, when another one in its place would have to be asked for anew."""


class ConsentGiven(Frozen):
    type: Literal["consent_given"] = "consent_given"
    step: str
    space: str = ""
    by: Literal["person", "option", "local"]
    """`local`: nothing leaves this machine, so nobody had to be asked."""


class ConsentRefused(Frozen):
    type: Literal["consent_refused"] = "consent_refused"
    step: str
    space: str = ""


class SpendingReserved(Frozen):
    """Something is about to cost money or quota, and the budget had room for it."""

    type: Literal["spending_reserved"] = "spending_reserved"
    key: str
    """Reserved again under the same key, it is the same thing."""
    what: str
    amount: Spending


class SpendingSettled(Frozen):
    """What it came to."""

    type: Literal["spending_settled"] = "spending_settled"
    key: str
    amount: Spending


class StepStarted(Frozen):
    """The intent, on disk before the call is made."""

    type: Literal["step_started"] = "step_started"
    step: str
    item: int | None = None
    attempt: int
    call: Call
    """With every `From` replaced: a value, or `artifact:<sha256>`."""
    rung: int = 0
    """0 is the step's own call, then its fallbacks."""
    key: str
    """Same inputs, Space at revision and endpoint: same key."""


class CallAccepted(Frozen):
    """A Space took the call; written before its result is asked for, so that it can be asked for again."""

    type: Literal["call_accepted"] = "call_accepted"
    step: str
    item: int | None = None
    attempt: int
    host: str
    endpoint: str
    event_id: str
    session: str


class CallProgressed(Frozen):
    type: Literal["call_progressed"] = "call_progressed"
    step: str
    item: int | None = None
    attempt: int
    stage: Literal["waking", "queued", "running", "downloading"]
    position: int | None = None
    """Place in the Space's queue, 0 is next."""
    fraction: float | None = None
    text: str = ""


class SchemaDrifted(Frozen):
    """The Space's API is not the one the plan was made for."""

    type: Literal["schema_drifted"] = "schema_drifted"
    step: str
    space: str
    endpoint: str
    change: str


class AttemptFailed(Frozen):
    type: Literal["attempt_failed"] = "attempt_failed"
    step: str
    item: int | None = None
    attempt: int
    fault: Fault
    artifacts: tuple[Artifact, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    seconds: float
    next: str = ""
    """What the repair ladder does now, in plain words."""


class StepFinished(Frozen):
    """The result is on disk and passed its checks. It is never made again."""

    type: Literal["step_finished"] = "step_finished"
    step: str
    item: int | None = None
    attempt: int
    key: str
    call: Call
    """The call as it was made, references in place: tells which fallback it was."""
    artifacts: tuple[Artifact, ...]
    verdicts: tuple[Verdict, ...] = ()
    seconds: float
    details: dict[str, JsonValue] = {}


class StepSkipped(Frozen):
    """The result was known already."""

    type: Literal["step_skipped"] = "step_skipped"
    step: str
    item: int | None = None
    key: str
    artifacts: tuple[Artifact, ...]
    verdicts: tuple[Verdict, ...] = ()
    source: str
    """The run that made it."""


class StepFailed(Frozen):
    """Every rung of the ladder was tried."""

    type: Literal["step_failed"] = "step_failed"
    step: str
    item: int | None = None
    reason: str


class RunFinished(Frozen):
    type: Literal["run_finished"] = "run_finished"
    status: Literal["passed", "failed", "cancelled", "crashed", "blocked"]
    """`blocked`: cannot go on just now (disk full, consent, signed out); resume when that is mended."""
    reason: str = ""
    results: tuple[Artifact, ...] = ()
    address: str | None = None
    """Where the result can be looked at, when it was published."""


Event = Annotated[
    RunStarted
    | RunResumed
    | RunRepaired
    | PlanMade
    | PlanDeclined
    | ConsentAsked
    | ConsentGiven
    | ConsentRefused
    | SpendingReserved
    | SpendingSettled
    | StepStarted
    | CallAccepted
    | CallProgressed
    | SchemaDrifted
    | AttemptFailed
    | StepFinished
    | StepSkipped
    | StepFailed
    | RunFinished,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
