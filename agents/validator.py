"""The sub-agent that says how far a Space is proved: a routine, without a language model.

Waits for the Space, asks its endpoint several things, looks at every answer, reads its program as text, and gives a
`Validation`. Its calls are call_space's: each is on the record before its result is asked for.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from core.checks import Verdict
from core.errors import (
    AccessRefused,
    AppFailed,
    DiskFull,
    EndpointMissing,
    Failure,
    HubFailure,
    InputsRefused,
    Unreachable,
)
from core.factory import Trial, Validation
from core.nouns import Artifact, Endpoint, Frozen, Origin, Space
from core.record import replace as write
from core.rungs import Rung
from core.scope import Scope
from core.signals import say
from tools.artifact_tool import ArtifactTool
from tools.call_progress import waking
from tools.call_space import CallSpace
from tools.checks.judge import passed
from tools.checks.laboratory import Laboratory
from tools.deployment.requests import last_lines, machine
from tools.proof.choosing import chosen
from tools.proof.evidence import Seen, findings
from tools.proof.inputs import Ask, asks, seeded
from tools.proof.material import files, made, told
from tools.proof.repository import Behind, Inside, behind, inside_or_nothing
from tools.proof.rungs import model_reasons, standing, wants_hardware
from tools.proof.sight import Sight, see
from tools.proof.source import read_source

PATIENCE = 600.0
"""Seconds for a Space to be built and to start."""

SHORTEST = 10
"""ZeroGPU seconds below which no duration is advised: a cold start may take that long."""

CALL_SECONDS = 300.0


class Asked(Frozen):
    """What is to be proved."""

    space: str
    endpoint: str | None = None
    inputs: dict[str, Any] = {}
    """By parameter, what the user gave: JSON, or an `Artifact` for a file."""
    model: str | None = None
    """The model that is expected behind it; None takes the word of the Space's card."""


@dataclass(frozen=True)
class Answered:
    """One trial as it went."""

    trial: Trial
    seen: Seen | None
    alive: bool
    """Somebody answered, be it with an error."""
    accepted: bool
    """It passed the gate, and has the kinds that the endpoint promises."""


class Validator(ArtifactTool):
    """Proves a Space as far as it can be proved from outside."""

    name = "validator"
    description = (
        "Tests an existing Hugging Face Space and says which rung of proof it reaches and why not the next: calls its "
        "endpoint with several inputs, checks and compares the outputs, and reads its program for the path from the "
        "endpoint to the model. Returns JSON: rung, reasons, trials, seconds, advised ZeroGPU duration."
    )
    inputs = {
        "space": {"type": "string", "description": "The Space's id, owner/name."},
        "endpoint": {"type": "string", "description": "The endpoint to test; chosen when absent.", "nullable": True},
        "inputs": {"type": "object", "description": "Arguments to use, by parameter name.", "nullable": True},
        "model": {"type": "string", "description": "The model that must be behind it.", "nullable": True},
    }

    def __init__(self, caller: CallSpace, laboratory: Laboratory, patience: float = PATIENCE) -> None:
        super().__init__()
        self.caller = caller
        self.hub = caller.catalogue.hub
        self.laboratory = laboratory
        self.patience = patience

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """The validation as one JSON artifact, and beside it `tests/` in the run's folder."""
        asked = Asked.model_validate({name: value for name, value in arguments.items() if value is not None})
        validation = await self.validate(scope, asked)
        value: JsonValue = validation.model_dump(mode="json")
        _keep(scope, "test_result.json", validation)
        origin = Origin(
            tool=self.name, step=scope.step, item=scope.item, space=asked.space, revision=validation.revision
        )
        return (scope.artifacts.keep_value(value, "json", scope.title, origin),)

    def forward(self, **arguments: Any) -> list[dict[str, Any]]:
        from tools.artifact_tool import SCOPE

        artifacts = self.caller.transport.run_from_thread(self.work(SCOPE.get(), **arguments))
        return [artifact.model_dump(mode="json") for artifact in artifacts]

    async def validate(self, scope: Scope, asked: Asked) -> Validation:
        """How far the Space is proved. A Space that is broken has a low rung and is no failure of ours.

        Raises Unreachable when the Hub is silent, and DiskFull.
        """
        try:
            space = await self.hub.space(asked.space)
        except Unreachable:
            raise
        except (HubFailure, AccessRefused) as failure:
            return _ended(asked, "", "insufficient_information", str(failure))
        expected = (asked.model,) if asked.model else space.models
        models = [await behind(self.hub, model) for model in dict.fromkeys((*expected, *space.models))]
        try:
            space = await self.caller.catalogue.ready(space.id, self.patience, lambda asleep: waking(scope, asleep))
        except DiskFull:
            raise
        except Failure as failure:
            return await self._does_not_run(asked, space, models, failure)
        _keep(scope, "api_schema.json", Schema(space=space))
        try:
            endpoint = chosen(space, asked.endpoint)
            row = asks(endpoint, asked.inputs)
        except (EndpointMissing, InputsRefused) as failure:
            return _ended(asked, space.revision, "built", str(failure))
        inside = await inside_or_nothing(self.hub, space.id)
        before = await self._unread(space.id, inside)
        answers = await self._trials(scope, space, endpoint, row)
        unread = before or await self._unread(space.id, inside)
        reading = read_source(inside.files, endpoint.name, inside.app)
        allowed = tuple(dict.fromkeys((*expected, *space.models)))
        model = model_reasons(reading, allowed)
        absent = tuple(
            f"the Hub shows no model {each.id}, which it is said to use" for each in models if not each.there
        )
        concluded = self._concluded(space, endpoint, row, answers, (*unread, *model, *absent), inside)
        return await self._with_log(concluded, answers)

    async def _unread(self, space: str, inside: Inside) -> tuple[str, ...]:
        """Whether something else answers than the program that was read: what ran before goes on during a build."""
        running = (await machine(self.hub, space)).revision
        if not running or running == (inside.revision or running):
            return ()
        told = f"revision {running[:7]} of it runs and its files are at {inside.revision[:7]}"
        return (f"{told}, so what answers is not what was read; validate it again once it is built",)

    async def _with_log(self, validation: Validation, answers: Sequence[Answered]) -> Validation:
        """What its log ends with, when its app failed: Gradio tells a caller nothing of an error by default."""
        if all(answer.seen or not answer.alive for answer in answers):
            return validation
        lines = await last_lines(self.hub, validation.space, build=False)
        told = (*validation.reasons, f"its run log ends with {say(lines, 1500)}") if lines else validation.reasons
        return validation.model_copy(update={"reasons": told})

    async def _does_not_run(self, asked: Asked, space: Space, models: Sequence[Behind], failure: Failure) -> Validation:
        now = await self.hub.space(space.id)
        inside = await inside_or_nothing(self.hub, space.id)
        if now.stage.startswith("RUNNING"):
            return _ended(asked, now.revision, "built", f"it runs, but its API cannot be read: {failure}")
        found = standing(now.stage, inside, models, self.hub.page(space.id), str(failure))
        return Validation(space=space.id, revision=now.revision, rung=found.rung, reasons=found.reasons)

    async def _trials(self, scope: Scope, space: Space, endpoint: Endpoint, row: Sequence[Ask]) -> list[Answered]:
        """One after another, so that each is measured alone. The rest is spared when nothing answers at all."""
        answers: list[Answered] = []
        for number, ask in enumerate(row, 1):
            answers.append(await self._trial(scope, space, endpoint, ask, number))
            if not any(answer.seen for answer in answers) and number >= 3:
                break
        return answers

    async def _trial(self, scope: Scope, space: Space, endpoint: Endpoint, ask: Ask, number: int) -> Answered:
        inputs = {name: made(scope, value) for name, value in ask.inputs.items()}
        shown = {name: told(value) for name, value in inputs.items()}
        given_files = [part for value in inputs.values() for part in files(value)]
        # A session of its own, so that nothing said before is remembered; a dead process's call is not picked up.
        own = replace(scope, accepted=None, seconds=CALL_SECONDS)
        began = time.monotonic()
        try:
            outputs = await self.caller.call(own, space.id, endpoint.name, inputs, session=f"trial {number}")
        except DiskFull:
            raise
        except Failure as failure:
            seconds = round(time.monotonic() - began, 3)
            trial = Trial(inputs=shown, seconds=seconds, failure=f"{failure.kind}: {failure}")
            return Answered(trial, None, alive=isinstance(failure, AppFailed | InputsRefused), accepted=False)
        seconds = round(time.monotonic() - began, 3)
        looked = [await self._see(scope, artifact, [file.sha256 for file in given_files]) for artifact in outputs]
        given = [(await self._see(scope, file, []))[0] for file in given_files]
        verdicts = tuple(verdict for _, each in looked for verdict in each)
        kinds = {output.kind for output in endpoint.outputs}
        fitting = all(artifact.kind in kinds or "file" in kinds for artifact in outputs)
        sights = tuple(sight for sight, _ in looked)
        texts = tuple(text for value in shown.values() for text in ([value] if isinstance(value, str) else []))
        words = tuple(text for text in texts if not text.startswith("artifact:"))
        seen = Seen(ask.role, ask.subject, words, tuple(given), sights)
        trial = Trial(inputs=shown, artifacts=outputs, verdicts=verdicts, seconds=seconds)
        return Answered(trial, seen, alive=True, accepted=fitting and passed(verdicts))

    async def _see(self, scope: Scope, artifact: Artifact, inputs: Sequence[str]) -> tuple[Sight, tuple[Verdict, ...]]:
        return await see(artifact, self.laboratory, scope.artifacts, inputs)

    def _concluded(
        self,
        space: Space,
        endpoint: Endpoint,
        row: Sequence[Ask],
        answers: Sequence[Answered],
        model: tuple[str, ...],
        inside: Inside,
    ) -> Validation:
        rung, reasons = self._rung(space, endpoint, row, answers, model, inside)
        times = [answer.trial.seconds for answer in answers if answer.seen]
        return Validation(
            space=space.id,
            revision=space.revision,
            rung=rung,
            reasons=reasons,
            endpoint=endpoint.name,
            trials=tuple(answer.trial for answer in answers),
            first_seconds=times[0] if times else None,
            warm_seconds=sorted(times[1:])[len(times[1:]) // 2] if times[1:] else None,
            duration=max(SHORTEST, round(max(times) * 1.4)) if times else None,
        )

    def _rung(
        self,
        space: Space,
        endpoint: Endpoint,
        row: Sequence[Ask],
        answers: Sequence[Answered],
        model: tuple[str, ...],
        inside: Inside,
    ) -> tuple[Rung, tuple[str, ...]]:
        failures = tuple(dict.fromkeys(answer.trial.failure for answer in answers if answer.trial.failure))
        if not any(answer.seen for answer in answers):
            hardware = wants_hardware(" ".join(failures), inside)
            if hardware:
                link = f"{self.hub.page(space.id)}/settings"
                return "manual_hardware_required", (f"{hardware}; choose hardware at {link}",)
            alive = any(answer.alive for answer in answers)
            return ("api_alive" if alive else "built"), (f"{endpoint.name} gave no result: {failures[0]}",)
        good = [answer for answer in answers if answer.accepted]
        proof = [answer.seen for answer in good if answer.seen]
        refused = [v.reason for answer in answers for v in answer.trial.verdicts if not v.passed]
        bad = tuple(f"an output was refused: {reason}" for reason in dict.fromkeys(refused))
        if not good:
            seen = [answer.seen for answer in answers if answer.seen]
            return "api_alive", (*bad, *_plain(findings(seen, seeded(endpoint))), *model)
        if len(row) <= 2:
            fixed = ("every input that could be varied was given, so nothing shows that the answer depends on it",)
            return "output_type_ok", (*fixed, *model)
        few = 4 * sum(not answer.accepted for answer in answers if answer.seen) <= len(answers)
        doubts = (*(() if few else bad), *_plain(findings(proof, seeded(endpoint))), *model)
        if doubts:
            return "output_type_ok", doubts
        kept = len(proof)
        skipped = (*bad, *(f"an input was refused: {failure}" for failure in failures))
        return "full_inference_success", (f"{kept} answers agree with a model at work", *skipped)


class Schema(Frozen):
    """`tests/api_schema.json`."""

    space: Space


def _plain(found: Any) -> tuple[str, ...]:  # Any: an iterator of lines
    return tuple(dict.fromkeys(found))


def _ended(asked: Asked, revision: str, rung: Rung, reason: str) -> Validation:
    return Validation(space=asked.space, revision=revision, rung=rung, reasons=(reason,), endpoint=asked.endpoint)


def _keep(scope: Scope, name: str, value: Frozen) -> None:
    folder = scope.artifacts.folder.parent / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / name, value.model_dump_json(indent=2) + "\n")
