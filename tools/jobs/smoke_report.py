"""What a second witness says of a Space, and whether it says the same as the validator."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.factory import Trial, Validation
from core.nouns import FILE_KINDS, Artifact, Frozen, Job
from core.signals import flat
from tools.jobs.failures import JobFailed

LARGEST = 1_000_000
"""Bytes of a report."""

_TYPES = {
    "text": {"str"},
    "html": {"str"},
    "number": {"int", "float"},
    "boolean": {"bool"},
    "table": {"dict", "list"},
}
"""What gradio_client gives for a kind; for any other kind every type is right."""


class _Told(BaseModel):
    """What the script has written, in a Job that talks to foreign code. A newer script may say more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ToldFile(_Told):
    kind: str
    size: int
    sha256: str


class ToldValue(_Told):
    type: str
    files: tuple[ToldFile, ...] = Field(default=(), max_length=1000)


class ToldCall(_Told):
    seconds: float
    error: str | None
    values: tuple[ToldValue, ...] = ()


class Told(_Told):
    client: str
    error: str | None
    endpoints: dict[str, Any] = {}
    health: ToldCall | None = None
    calls: tuple[ToldCall, ...] = ()


class SmokeCall(Frozen):
    """One call as gradio_client made it."""

    seconds: float
    error: str = ""
    """The app's, the client's or the network's own words."""
    kinds: tuple[str, ...] = ()
    """Of every value: the kinds of its files, or its Python type."""
    sha256: tuple[str, ...] = ()
    """Of the files that came back."""


class SmokeReport(Frozen):
    """A Space called from inside the Hub, beside what the validator saw from outside."""

    space: str
    endpoint: str
    agrees: bool
    """Both saw it answer or fail, and give the same kinds."""
    reasons: tuple[str, ...] = ()
    """Where they differ."""
    client: str
    """The version of gradio_client."""
    endpoints: tuple[str, ...] = ()
    healthy: bool | None = None
    """Whether /health answered; None where there is none."""
    first_seconds: float | None = None
    warm_seconds: float | None = None
    calls: tuple[SmokeCall, ...] = ()
    job: Job


def read_report(job: Job, path: Path | None) -> Told:
    """Raises JobFailed when the Job left no report, or none that can be read."""
    if path is None:
        raise JobFailed(f"the smoke test left no report: its Job is {job.stage}; look at {job.url}")
    if path.stat().st_size > LARGEST:
        raise JobFailed(f"the report of the smoke test is larger than {LARGEST:,} bytes; look at {job.url}")
    try:
        return Told.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise JobFailed(f"the report of the smoke test cannot be read: {error.errors()[0]['msg']}") from error


def compared(validation: Validation, endpoint: str, told: Told, job: Job) -> SmokeReport:
    trials = validation.trials[: len(told.calls)]
    reasons = [f"gradio_client could not call {validation.space}: {flat(told.error, 300)}"] if told.error else []
    if endpoint not in told.endpoints and not told.error:
        reasons.append(f"{endpoint} is not among the endpoints that gradio_client sees")
    for number, (trial, call) in enumerate(zip(trials, told.calls, strict=True), 1):
        reasons += [f"call {number}: {reason}" for reason in differences(trial, call)]
    answered = [call.seconds for call in told.calls if call.error is None]
    return SmokeReport(
        space=validation.space,
        endpoint=endpoint,
        agrees=not reasons,
        reasons=tuple(reasons),
        client=flat(told.client, 40),
        endpoints=tuple(flat(name, 100) for name in list(told.endpoints)[:100]),
        healthy=None if told.health is None else told.health.error is None,
        first_seconds=answered[0] if answered else None,
        warm_seconds=answered[1] if len(answered) > 1 else None,
        calls=tuple(map(_call, told.calls)),
        job=job,
    )


def differences(trial: Trial, call: ToldCall) -> list[str]:
    if trial.failure and call.error is None:
        return ["it answered here, and failed for the validator"]
    if call.error is not None:
        return [] if trial.failure else [f"it answered the validator, and failed here: {flat(call.error, 300)}"]
    found = []
    for output in sorted({artifact.origin.output for artifact in trial.artifacts}):
        made = [artifact for artifact in trial.artifacts if artifact.origin.output == output]
        if output >= len(call.values):
            found.append(f"output {output + 1} is missing here")
        elif not all(_same(artifact, call.values[output]) for artifact in made):
            here, there = _kinds(call.values[output]), ", ".join(sorted({artifact.kind for artifact in made}))
            found.append(f"output {output + 1} is {here} here, and {there} for the validator")
    return found


def _same(artifact: Artifact, value: ToldValue) -> bool:
    if artifact.kind in FILE_KINDS:
        kinds = {file.kind for file in value.files}
        # By its first bytes alone not every file can be told.
        return bool(kinds) and (artifact.kind == "file" or bool(kinds & {artifact.kind, "file"}))
    return value.type in _TYPES.get(artifact.kind, {value.type})


def _kinds(value: ToldValue) -> str:
    return flat(", ".join(sorted({file.kind for file in value.files})) or value.type, 80)


def _call(call: ToldCall) -> SmokeCall:
    return SmokeCall(
        seconds=call.seconds,
        error=flat(call.error or "", 300),
        kinds=tuple(map(_kinds, call.values)),
        sha256=tuple(flat(file.sha256, 64) for value in call.values for file in value.files),
    )
