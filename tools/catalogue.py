"""What is known of Spaces: found by meaning, their endpoints read once for each revision and kept on disk.

A Space whose revision was read before is not asked again; only the Hub is, which revision it is at. The cache folder
may be deleted at any time. Safe for several processes: files are replaced whole.
"""

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from weakref import WeakValueDictionary

from pydantic import ValidationError

from core.artifacts import slug
from core.errors import DiskFull, EndpointMissing, Failure
from core.hub import USABLE, Hub
from core.nouns import Frozen, Licensed, Space
from core.transport import Transport
from tools.space_schema import Api, Wire, read_api

PATIENCE = 90.0
"""Seconds for a Space to wake when its endpoints have to be read and it sleeps."""

VERSION = 2
"""Of the cache files; others are read anew."""


class _Entry(Frozen):
    version: int
    space: str
    revision: str
    api: Api


class Catalogue:
    """The Spaces of one Hub as one user sees them."""

    def __init__(self, hub: Hub, transport: Transport, cache: Path, *, fresh_for: float = 60.0) -> None:
        self.hub = hub
        self.transport = transport
        self._cache = cache / "spaces"
        self._fresh_for = fresh_for
        """Seconds for which calls believe what the Hub said of a Space."""
        self._current: dict[str, tuple[float, Space]] = {}
        self._apis: dict[tuple[str, str], Api] = {}
        self._licenses: dict[str, str | None] = {}
        self._reading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def search(self, text: str, limit: int = 20) -> tuple[Space, ...]:
        """Spaces by meaning, best first, without their endpoints."""
        return await self.hub.search(text, limit)

    async def read(self, space_id: str, patience: float = 60.0) -> Space:
        """The Space as the Hub has it now, with its endpoints; one that sleeps is woken for `patience` seconds.

        Raises SpaceUnavailable, or whatever else keeps its API from being read.
        """
        space = await self.hub.space(space_id)
        if space.stage not in USABLE and self._known(space) is None:
            space = await self.hub.wake(space_id, patience, self._knock)
        return await self._with_endpoints(space)

    async def read_all(self, spaces: Iterable[Space]) -> tuple[Space, ...]:
        """Several side by side, in the same order; those that cannot be read stay as they are, without endpoints."""
        return tuple(await asyncio.gather(*(self._read_or_leave(space) for space in spaces)))

    async def ready(
        self, space_id: str, patience: float, waking: Callable[[Space], None] = lambda space: None
    ) -> Space:
        """The Space for a call: running, with its endpoints. What was read within the last minute is believed.

        `waking` is told when it has to be woken first, which takes at most `patience` seconds.
        """
        async with self._reading.setdefault(space_id, asyncio.Lock()):
            read, found = self._current.get(space_id, (0.0, None))
            if found is not None and time.monotonic() - read < self._fresh_for:
                return found
            space = await self.hub.space(space_id)
            if space.stage not in USABLE:
                waking(space)
                space = await self.hub.wake(space_id, patience, self._knock)
            return await self._with_endpoints(space)

    def forget(self, space_id: str) -> None:
        """Ask the Hub again before the next call: this Space did not behave as described."""
        self._current.pop(space_id, None)

    def known(self, space_id: str, revision: str) -> Api | None:
        """What an earlier reading at that revision found, without asking anybody."""
        if not revision:
            return None
        found = self._apis.get((space_id, revision)) or self._load(space_id, revision)
        if found is not None:
            self._apis[space_id, revision] = found
        return found

    async def wire(self, space: Space, endpoint: str) -> Wire:
        """How calls of the endpoint stand on the wire. Raises EndpointMissing."""
        api = self._apis.get((space.id, space.revision)) or await self._api(space)
        for wire in api.wires:
            if wire.endpoint == endpoint:
                return wire
        offers = ", ".join(wire.endpoint for wire in api.wires[:20]) or "nothing"
        raise EndpointMissing(f"{space.id} has no endpoint '{endpoint}'; it offers {offers}")

    async def licensed(self, space: Space) -> tuple[Licensed, ...]:
        """The Space and the models behind it, with what their cards say of their licence."""
        models = [
            Licensed(what=model, role="model", license=license)
            for model, license in zip(
                space.models, await asyncio.gather(*map(self._model_license, space.models)), strict=True
            )
        ]
        if not models and not space.without_models:
            models = [Licensed(what=f"what {space.id} runs on", role="model")]
        return (Licensed(what=space.id, role="space", license=space.license), *models)

    async def _model_license(self, model: str) -> str | None:
        if model not in self._licenses:
            try:
                self._licenses[model] = await self.hub.model_license(model)
            except Failure:
                return None
        return self._licenses[model]

    async def _knock(self, space: Space) -> None:
        token = await self.hub.token_for(space)
        await self.transport.visit(space.id, space.host, token=token).knock()

    async def _read_or_leave(self, space: Space) -> Space:
        try:
            found = await self.read(space.id)
        except Failure:
            return space
        return found.model_copy(update={"relevance": space.relevance})

    async def _with_endpoints(self, space: Space) -> Space:
        api = await self._api(space)
        full = space.model_copy(update={"endpoints": api.endpoints})
        if space.stage in USABLE:
            self._current[space.id] = (time.monotonic(), full)
        return full

    def _known(self, space: Space) -> Api | None:
        return self.known(space.id, space.revision)

    async def _api(self, space: Space) -> Api:
        if (found := self._known(space)) is not None:
            return found
        token = await self.hub.token_for(space)
        config, info = await self.transport.visit(space.id, space.host, token=token).schema()
        api = read_api(config, info)
        # A Space without a revision cannot be told from its next version: it is remembered by its host only.
        self._apis[space.id, space.revision] = api
        if space.revision:
            self._store(_Entry(version=VERSION, space=space.id, revision=space.revision, api=api))
        return api

    def _path(self, space_id: str, revision: str) -> Path:
        # The local Hub's port differs from one start to the next; its revisions do not.
        hub = "local" if self.hub.local else self.hub.endpoint
        digest = sha256(f"{hub}\0{space_id}\0{revision}".encode()).hexdigest()
        return self._cache / f"{slug(space_id)}-{digest[:16]}.json"

    def _load(self, space_id: str, revision: str) -> Api | None:
        try:
            entry = _Entry.model_validate_json(self._path(space_id, revision).read_bytes())
        except (OSError, ValidationError):
            return None
        same = (entry.version, entry.space, entry.revision) == (VERSION, space_id, revision)
        return entry.api if same else None

    def _store(self, entry: _Entry) -> None:
        path = self._path(entry.space, entry.revision)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            fresh.write_text(entry.model_dump_json())
            os.replace(fresh, path)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise DiskFull(f"the catalogue cannot be kept in {self._cache}: {error.strerror}") from error
