"""The nouns: frozen values that refuse unknown fields. To change one, make a new one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Union

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool, StrictFloat, StrictInt, StrictStr
from typing_extensions import TypeAliasType

from core.checks import Check, Facts, Verdict

Kind = Literal["text", "number", "boolean", "json", "table", "html", "image", "audio", "video", "model3d", "file"]
"""What an artifact is, or what a parameter takes."""

FILE_KINDS: frozenset[str] = frozenset({"image", "audio", "video", "model3d", "file"})
"""Kinds whose value is bytes, not JSON."""

EACH = "each"
"""`From(step="each")` is the item that a step with `each` is at."""

ATTACHED = "goal"
"""`From(step="goal", output=1)` is the goal's second attachment."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class From(Frozen):
    """The place of a value that an earlier step makes; written `{"from": "scene"}` in JSON.

    A step with `each` that reads another step with `each` over the same list reads the item beside its own; every
    other reader of a step with `each` gets the whole list in order.
    """

    step: str = Field(alias="from")
    output: int = 0
    """Which of the endpoint's outputs, counted from 0."""


if TYPE_CHECKING:
    Argument: TypeAlias = "From | bool | int | float | str | list[Argument] | dict[str, Argument] | None"
else:
    # The same for pydantic, which is to try `From` first and to turn nothing into something else.
    Argument = TypeAliasType(
        "Argument",
        Annotated[
            # The names in quotes rule out `|` on Python 3.11.
            Union[From, StrictBool, StrictInt, StrictFloat, StrictStr, list["Argument"], dict[str, "Argument"], None],  # noqa: UP007
            Field(union_mode="left_to_right"),
        ],
    )
"""A JSON value in which a `From` may stand at any depth."""


def references(argument: Argument) -> Iterator[From]:
    """Every `From` in the argument, outermost first."""
    match argument:
        case From():
            yield argument
        case list():
            for item in argument:
                yield from references(item)
        case dict():
            for item in argument.values():
                yield from references(item)
        case _:
            return


class Call(Frozen):
    """One tool with its arguments."""

    tool: str
    arguments: dict[str, Argument]


class Step(Frozen):
    """One call of one tool, with what is expected of its result and where to turn when it fails."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    call: Call
    each: From | tuple[Argument, ...] | None = None
    """Spread the step over this list, or over another step's items; the item itself is `From(step="each")`."""

    checks: tuple[Check, ...] = ()
    fallbacks: tuple[Call, ...] = ()
    attempts: int = Field(default=2, ge=1, le=10)
    """Tries of one call before the next fallback."""

    seconds: float = Field(default=300, gt=0)
    """Deadline of one attempt, waiting in the Space's queue included."""

    optional: bool = False
    """The goal is reached without it: that it failed, or was not consented to, is told and stops nothing."""

    def reads(self) -> tuple[From, ...]:
        """Every place this step reads, `each` and the fallbacks included."""
        calls = (self.call, *self.fallbacks)
        places = [place for call in calls for place in references(call.arguments)]
        match self.each:
            case From():
                places.append(self.each)
            case tuple():
                places.extend(references(list(self.each)))
        return tuple(dict.fromkeys(place for place in places if place.step not in (EACH, ATTACHED)))


class Plan(Frozen):
    """The steps that pursue a goal; what runs side by side follows from what they read."""

    steps: tuple[Step, ...]
    results: tuple[From, ...]
    """What the user asked for, in the order it is shown."""

    planner: str
    reasons: tuple[str, ...] = ()
    """Why it is this plan, in plain words."""

    def step(self, id: str) -> Step:
        return next(step for step in self.steps if step.id == id)


class Budget(Frozen):
    """The most that a run may spend of each; None is not limited."""

    job_minutes: float | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=0)
    gpu_seconds: float | None = Field(default=None, ge=0)
    dollars: float | None = Field(default=None, ge=0)


class Limits(Frozen):
    seconds: float = 3600
    """Wall clock for the whole run."""
    calls: int = 1000
    """Calls of Spaces, retries included."""
    budget: Budget = Budget()


class Goal(Frozen):
    """What the user asked for, in their own words."""

    text: str
    attachments: tuple["Artifact", ...] = ()
    limits: Limits = Limits()


class Parameter(Frozen):
    """One argument of an endpoint."""

    name: str
    label: str
    kind: Kind
    component: str = ""
    required: bool = True
    default: JsonValue = None
    choices: tuple[str | int | float, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    many: bool = False
    """Takes a list of `kind`."""
    description: str = ""
    examples: tuple[str, ...] = ()
    """Where on the Space the files lie that it shows as an example of what to give it."""


class Output(Frozen):
    """One value an endpoint returns."""

    label: str
    kind: Kind
    component: str = ""
    many: bool = False


class Endpoint(Frozen):
    name: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[Output, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


class Space(Frozen):
    """A Space as we need it."""

    id: str
    revision: str
    host: str
    stage: str
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    license: str | None = None
    models: tuple[str, ...] = ()
    without_models: bool = False
    """Its card says that no model is at work, which is more than naming none."""
    hardware: str | None = None
    relevance: float = 0.0
    """The Hub's own score for the search that found it, 0 to 1."""
    endpoints: tuple[Endpoint, ...] = ()

    def endpoint(self, name: str) -> Endpoint | None:
        return next((endpoint for endpoint in self.endpoints if endpoint.name == name), None)


class Job(Frozen):
    """Remote work as we need it."""

    id: str
    stage: str
    """SCHEDULING, RUNNING, COMPLETED, CANCELED, ERROR or DELETED."""
    url: str = ""
    message: str = ""
    """What the Hub says of its end. Foreign text."""


class Licensed(Frozen):
    """Somebody's work that took part in making an artifact, and the licence it states."""

    what: str
    """Its id on the Hub, or words for it."""
    role: Literal["space", "model", "content"]
    """The code of an app, the weights of a model, or a file that went in."""
    license: str | None = None
    """As the card writes it; None when it states none."""


class Origin(Frozen):
    """Where an artifact came from: which Space at which revision made it from what."""

    tool: str
    step: str = ""
    item: int | None = None
    output: int = 0
    space: str | None = None
    revision: str | None = None
    endpoint: str | None = None
    license: str | None = None
    models: tuple[str, ...] = ()
    licensed: tuple[Licensed, ...] = ()
    """Whose licences have a say in it, those of its inputs not included."""
    example: bool = False
    """The Space gave its own example file back."""
    inputs: tuple[str, ...] = ()
    """sha256 of every artifact that went in."""


class Artifact(Frozen):
    """Something a step made: bytes by sha256 in the run's `artifacts/`, or a small value, and where it came from."""

    kind: Kind
    sha256: str
    size: int
    """Bytes, of the file or of the value's canonical JSON."""
    name: str
    """What to call it before people."""
    file: str | None = None
    """File name below `artifacts/`; None when `value` holds it."""
    value: JsonValue = None
    facts: Facts = {}
    origin: Origin


class Fault(Frozen):
    """Why an attempt ended without a result: a `Failure` as the record keeps it."""

    kind: str
    message: str
    remedy: str = "stop"
    retry_after: float | None = None


class Attempt(Frozen):
    """One try at one step."""

    number: int
    rung: int = 0
    call: Call
    artifacts: tuple[Artifact, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    fault: Fault | None = None
    seconds: float = 0.0


class Cost(Frozen):
    """What one step of a plan will ask of the world, as far as it can be known before it runs."""

    step: str
    space: str
    calls: int
    hardware: str
    gpu_seconds: float = 0
    """ZeroGPU reservation in seconds: 60 a call unless the Space says otherwise."""
    dollars: float = 0
    effect: str = "read"
