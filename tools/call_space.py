"""The tool that calls a Space: arguments in, artifacts out, every word of it on the record.

Keeps no state between calls. Waiting is done in the runner's event loop; a call costs no thread.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Literal, TypeVar

from pydantic import JsonValue

from core.errors import AnswerBroken, CallLost, EndpointMissing, LicenceRefused, SpaceBusy, Unreachable
from core.events import CallAccepted, SchemaDrifted
from core.nouns import Argument, Artifact, Endpoint, Licensed, Origin, Space
from core.scope import Scope
from core.sse import Finished
from core.transport import LARGEST_FILE, Visit
from tools.artifact_tool import SCOPE, ArtifactTool
from tools.call_progress import Progress, mention, waking
from tools.catalogue import Catalogue
from tools.gpu_account import accounted
from tools.licences.terms import terms
from tools.reference_client import call_by_reference, spoken
from tools.space_answer import Part, read_answer, suffix
from tools.space_arguments import Ready, arrange, encode, files, made_from, upload_name, written_out
from tools.space_schema import Wire, describe_change

RECOVERY_SECONDS = 10.0
"""For the first byte of a result that an earlier process left behind; Gradio may never answer at all."""

LARGEST_CALL = 400_000_000
"""Bytes of all files of one call together; each may have its share of them."""

_AT_ONCE = 8
"""Files of one call that go up or come down at the same time."""

Result = TypeVar("Result")


class CallSpace(ArtifactTool):
    """Calls one endpoint of one Space."""

    name = "call_space"
    description = (
        "Calls one endpoint of a Hugging Face Space and returns what it made, one artifact for each value. "
        "Give arguments by parameter name as the endpoint's schema lists them; a file is an artifact of an "
        "earlier step, never a path or an address."
    )
    inputs = {
        "space": {"type": "string", "description": "The Space's id, owner/name."},
        "endpoint": {"type": "string", "description": "The endpoint's name, with its slash."},
        "inputs": {"type": "object", "description": "The arguments by parameter name."},
        "revision": {
            "type": "string",
            "description": "The commit that the arguments were made for; a change since then is recorded.",
            "nullable": True,
        },
        "session": {
            "type": "string",
            "description": "Calls of one run that give the same word share the Space's memory of them.",
            "nullable": True,
        },
    }

    def __init__(self, catalogue: Catalogue, licences: Literal["report", "ask", "refuse"] = "report") -> None:
        super().__init__()
        self.catalogue = catalogue
        self.transport = catalogue.transport
        self._licences = licences

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        """Whether a Space may be used whose licences do not allow commercial use, where the user wants to be asked."""
        if self._licences != "ask":
            return None
        space = await self.catalogue.hub.space(str(arguments["space"]))
        found = terms(await self.catalogue.licensed(space))
        return None if found.commercial == "yes" else f"{space.id}: {found}. Use it?"

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        return await self.call(scope, **arguments)

    def forward(self, **arguments: Any) -> list[dict[str, Any]]:
        artifacts = self.transport.run_from_thread(self.work(SCOPE.get(), **arguments))
        return [artifact.model_dump(mode="json") for artifact in artifacts]

    async def call(
        self,
        scope: Scope,
        space: str,
        endpoint: str,
        inputs: dict[str, Any],
        revision: str | None = None,
        session: str | None = None,
    ) -> tuple[Artifact, ...]:
        """Call it and keep what comes back.

        Raises a `Failure` whose class says what may help; the Space is told when nobody waits any more.
        """
        target = await self.catalogue.ready(space, scope.seconds, lambda asleep: waking(scope, asleep))
        licensed = await self._licensed(target)
        shape = await self._endpoint(scope, target, endpoint, revision)
        wire = await self.catalogue.wire(target, endpoint)
        ready = arrange(shape, inputs, scope.artifacts)
        try:
            try:
                visit, data = await self._make(scope, target, shape, wire, ready, session)
            except CallLost:
                if scope.accepted is None:
                    raise
                # What a dead process left behind is gone; that is no fault of this attempt.
                scope = replace(scope, accepted=None)
                visit, data = await self._make(scope, target, shape, wire, ready, session)
            parts = read_answer(space, shape, wire, data)
            examples = _examples(shape)
            parts = tuple(replace(part, example=part.path in examples) for part in parts)
            return await self._keep(scope, visit, parts, _origin(scope, target, endpoint, inputs, licensed))
        except (AnswerBroken, EndpointMissing, SpaceBusy, Unreachable):
            self.catalogue.forget(space)
            raise

    async def _licensed(self, space: Space) -> tuple[Licensed, ...]:
        """Whose licences have a say in what the Space makes. Raises LicenceRefused where the user wants that."""
        licensed = await self.catalogue.licensed(space)
        found = terms(licensed)
        if self._licences == "refuse" and found.commercial != "yes":
            raise LicenceRefused(f"{space.id} is not used: {found}; use another Space, or allow it with --licences ask")
        return licensed

    async def _make(
        self, scope: Scope, space: Space, shape: Endpoint, wire: Wire, ready: Ready, session: str | None
    ) -> tuple[Visit, list[JsonValue]]:
        """One call and its raw answer, with the visit that its files are fetched on."""
        visit = await self._visit(scope, space, wire, session)
        async with self.transport.turn(visit), accounted(scope, space, session):
            return visit, await self._result(scope, visit, shape, wire, ready)

    async def _endpoint(self, scope: Scope, space: Space, name: str, revision: str | None) -> Endpoint:
        """The endpoint as it is now; how it differs from the one that was planned for is recorded first."""
        shape = space.endpoint(name)
        planned = self.catalogue.known(space.id, revision) if revision and revision != space.revision else None
        if planned is not None:
            before = next((endpoint for endpoint in planned.endpoints if endpoint.name == name), None)
            change = describe_change(before, shape) if before is not None else None
            if change is not None:
                drift = SchemaDrifted(step=scope.step, space=space.id, endpoint=name, change=change)
                await scope.announce(drift)
        if shape is None:
            self.catalogue.forget(space.id)
            offers = ", ".join(endpoint.name for endpoint in space.endpoints[:20]) or "nothing"
            raise EndpointMissing(f"{space.id} has no endpoint '{name}'; it offers {offers}")
        return shape

    async def _visit(self, scope: Scope, space: Space, wire: Wire, session: str | None) -> Visit:
        run = scope.artifacts.folder.parent.name
        place: tuple[object, ...] = ("session", session) if session else (scope.step, scope.item, scope.attempt)
        name = scope.accepted.session if scope.accepted else self.transport.session_name(run, space.id, *place)
        token = await self.catalogue.hub.token_for(space)
        return self.transport.visit(space.id, space.host, session=name, token=token, prefix=wire.prefix)

    async def _result(self, scope: Scope, visit: Visit, shape: Endpoint, wire: Wire, ready: Ready) -> list[JsonValue]:
        if not spoken(wire):
            return await call_by_reference(scope, visit, shape, wire, ready)
        if scope.accepted is not None:
            return await self._recover(scope, visit, wire, scope.accepted)
        paths = await _upload(scope, visit, files(ready))
        data = encode(ready, shape, wire, lambda artifact: paths[artifact.sha256])
        event = await visit.join(wire.function, data)
        try:
            await scope.announce(_accepted(scope, visit, shape.name, event))
        except BaseException:
            await visit.cancel(event, wire.function)
            raise
        return await self._follow(scope, visit, wire, event, None)

    async def _recover(self, scope: Scope, visit: Visit, wire: Wire, accepted: CallAccepted) -> list[JsonValue]:
        """The result of a call that an earlier process made and could not wait for."""
        if (accepted.host, accepted.endpoint) != (str(visit.host), wire.endpoint):
            raise CallLost(f"{visit.space} has moved since the call was made; call it again")
        # Said again for this attempt, so that a second death in the middle finds it too.
        await scope.announce(accepted.model_copy(update={"attempt": scope.attempt}))
        return await self._follow(scope, visit, wire, accepted.event_id, RECOVERY_SECONDS)

    async def _follow(
        self, scope: Scope, visit: Visit, wire: Wire, event: str, patience: float | None
    ) -> list[JsonValue]:
        progress = Progress(scope)
        try:
            async with aclosing(visit.follow(event, patience)) as messages:
                async for message in messages:
                    if isinstance(message, Finished):
                        data = message.data
                    else:
                        progress.tell(message)
            return data
        except (asyncio.CancelledError, AnswerBroken, CallLost):
            # The Space would go on working for nobody.
            await visit.cancel(event, wire.function)
            raise

    async def _keep(self, scope: Scope, visit: Visit, parts: tuple[Part, ...], origin: Origin) -> tuple[Artifact, ...]:
        if any(part.path is not None for part in parts):
            mention(scope, "downloading")
        return tuple(await _all(_keep(scope, visit, part, len(parts), origin) for part in parts))


def _examples(endpoint: Endpoint) -> frozenset[str]:
    """Where the Space keeps its example files. Gradio names a file's folder by its content, so a copy has the path."""
    return frozenset(path for parameter in endpoint.parameters for path in parameter.examples)


def _accepted(scope: Scope, visit: Visit, endpoint: str, event: str) -> CallAccepted:
    return CallAccepted(
        step=scope.step,
        item=scope.item,
        attempt=scope.attempt,
        host=str(visit.host),
        endpoint=endpoint,
        event_id=event,
        session=visit.session,
    )


def _origin(
    scope: Scope, space: Space, endpoint: str, inputs: dict[str, Any], licensed: tuple[Licensed, ...]
) -> Origin:
    return Origin(
        tool=CallSpace.name,
        step=scope.step,
        item=scope.item,
        space=space.id,
        revision=space.revision or None,
        endpoint=endpoint,
        license=space.license,
        models=space.models,
        licensed=licensed,
        inputs=made_from(inputs),
    )


async def _all(work: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Side by side, a few at a time; when one fails the others are stopped and gone when its failure is raised."""
    few = asyncio.Semaphore(_AT_ONCE)

    async def one(part: Coroutine[Any, Any, Result]) -> Result:
        async with few:
            return await part

    tasks = [asyncio.ensure_future(one(part)) for part in work]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def _upload(scope: Scope, visit: Visit, artifacts: list[Artifact]) -> dict[str, str]:
    """Where the Space keeps each artifact, by sha256; an artifact that is used twice goes up once."""
    different = {artifact.sha256: artifact for artifact in artifacts}
    sent = await _all(_send(scope, visit, artifact) for artifact in different.values())
    return dict(zip(different, sent, strict=True))


async def _send(scope: Scope, visit: Visit, artifact: Artifact) -> str:
    content = scope.artifacts.path(artifact) if artifact.file is not None else written_out(artifact)
    return await visit.upload(content, upload_name(artifact))


async def _keep(scope: Scope, visit: Visit, part: Part, count: int, origin: Origin) -> Artifact:
    name = scope.title if count == 1 else f"{scope.title}: {part.label}"
    origin = origin.model_copy(update={"output": part.output, "example": part.example})
    fresh = scope.artifacts.incoming()
    if part.path is not None:
        await visit.download(part.path, fresh, min(LARGEST_FILE, LARGEST_CALL // count))
    elif part.data is not None:
        await asyncio.to_thread(fresh.write_bytes, part.data)
    else:
        return scope.artifacts.keep_value(part.value, part.kind, name, origin)
    with fresh.open("rb") as file:
        ending = suffix(file.read(512), part.name or part.path or "")
    # Hashing and syncing a large file would hold every other call up.
    return await asyncio.to_thread(scope.artifacts.keep_file, fresh, part.kind, name, ending, origin)
