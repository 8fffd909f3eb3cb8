"""The few requests of a deployment, through core.hub's guarded one.

A refusal is an answer here, with the Hub's own words: the next machine is asked for, and people are told. No settings
are written but the hardware, at creation or by the one request for it.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from core.errors import AccessRefused, HubFailure
from core.hub import Hub, Taken
from core.nouns import Frozen
from core.signals import flat, say
from tools.deployment.ladder import CPU, FREE, ZERO

if TYPE_CHECKING:
    from huggingface_hub import HfApi

SLEEP_SECONDS = 1800
"""Idle seconds after which a Space on paid hardware sleeps; without them it would cost money for ever."""

TITLE = "Deploy with Spacewright"
ON_ITS_OWN = frozenset({".gitattributes", "README.md"})
"""What the Hub itself puts into a new Space."""

LOG_LINES = 12


class Refusal(Frozen):
    """What the Hub would not do."""

    flavor: str
    status: int
    words: str

    def __str__(self) -> str:
        return f"the Hub refuses {self.flavor} ({self.status}): {say(self.words)}"


class Machine(Frozen):
    """What a Space runs on, and how it is."""

    stage: str
    requested: str | None
    current: str | None
    revision: str | None
    """The revision that it is about, where the Hub tells."""
    error: str


async def create(hub: Hub, id: str, sdk: str, flavor: str) -> Refusal | None:
    """A new private Space. Raises Taken when there is one of that name."""

    def made(api: "HfApi") -> None:
        more: dict[str, Any] = {} if flavor == CPU else {"space_hardware": flavor}
        more |= {} if flavor in FREE else {"space_sleep_time": SLEEP_SECONDS}
        api.create_repo(id, repo_type="space", space_sdk=sdk, private=True, exist_ok=False, **more)

    return await hub.ask(partial(_refused, ask=made, flavor=flavor), id)


async def ask_for(hub: Hub, id: str, flavor: str) -> Refusal | None:
    """The same Space on other hardware."""

    def asked(api: "HfApi") -> None:
        api.request_space_hardware(id, flavor, sleep_time=None if flavor in FREE else SLEEP_SECONDS)  # type: ignore[arg-type]  # new flavors come before their names in the library

    return await hub.ask(partial(_refused, ask=asked, flavor=flavor), id)


def _refused(api: "HfApi", *, ask: Callable[["HfApi"], None], flavor: str) -> Refusal | None:
    from huggingface_hub.errors import HfHubHTTPError

    try:
        ask(api)
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        if status not in (400, 401, 402, 403):
            raise
        return Refusal(flavor=flavor, status=status, words=flat(error.server_message or "it does not say why", 300))
    return None


async def own_revision(hub: Hub, id: str, files: Mapping[str, str]) -> tuple[str, bool] | None:
    """The revision of a Space that an interrupted deployment left, and whether it has the files already.

    It is private, and holds just these files, or nothing yet but what the Hub itself puts into a new one. None for any
    other: one that somebody has made public is not handed out as private.
    """
    try:
        return await hub.ask(partial(_own_revision, id=id, files=files), id)
    except (HubFailure, AccessRefused):
        # A name can be taken by a Space that this token may not see.
        return None


def _own_revision(api: "HfApi", *, id: str, files: Mapping[str, str]) -> tuple[str, bool] | None:
    seen = api.space_info(id, files_metadata=True)
    there = {one.rfilename: one.blob_id for one in seen.siblings or ()}
    kept = {name: blob for name, blob in there.items() if name != ".gitattributes"}
    if seen.private and kept == {name: _blob(text) for name, text in files.items() if name != ".gitattributes"}:
        return seen.sha or "", True
    untouched = (
        bool(seen.private) and set(there) <= ON_ITS_OWN and len(api.list_repo_commits(id, repo_type="space")) < 2
    )
    return (seen.sha or "", False) if untouched else None


def _blob(text: str) -> str:
    """The name that Git gives to a file of this text; it protects nothing here."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


async def last_deployment(hub: Hub, id: str) -> tuple[str | None, frozenset[str]]:
    """The revision of a private Space if a deployment made it, and the paths of its files; else None."""

    def read(api: "HfApi") -> tuple[str | None, frozenset[str]]:
        seen = api.space_info(id)
        newest = api.list_repo_commits(id, repo_type="space")[0]
        ours = bool(seen.private) and newest.title == TITLE and newest.commit_id == seen.sha
        paths = frozenset(one.rfilename for one in seen.siblings or ()) - {".gitattributes"}
        return seen.sha if ours else None, paths

    return await hub.ask(read, id)


async def upload(
    hub: Hub, id: str, files: Mapping[str, str], parent: str | None, gone: frozenset[str] = frozenset()
) -> str:
    """One commit; the new revision. Raises Taken when somebody else wrote into the Space since `parent`."""

    def committed(api: "HfApi") -> str:
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete
        from huggingface_hub.errors import HfHubHTTPError

        operations: list[Any] = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
        operations += [CommitOperationDelete(path) for path in sorted(gone)]
        try:
            done = api.create_commit(id, operations, commit_message=TITLE, repo_type="space", parent_commit=parent)
        except HfHubHTTPError as error:
            if error.response is not None and error.response.status_code == 412:
                raise _Overtaken from error
            raise
        return done.oid

    try:
        return await hub.ask(committed, id)
    except _Overtaken:
        raise Taken(f"somebody else writes into {id}") from None


class _Overtaken(Exception):
    """Carries the news out of the thread."""


async def machine(hub: Hub, id: str) -> Machine:
    def read(api: "HfApi") -> Machine:
        runtime = api.get_space_runtime(id)
        return Machine(
            stage=str(runtime.stage),
            requested=runtime.requested_hardware,
            current=runtime.hardware,
            revision=str(runtime.raw.get("sha") or "") or None,
            error=str(runtime.raw.get("errorMessage") or ""),
        )

    return await hub.ask(read, id)


async def last_lines(hub: Hub, id: str, build: bool) -> str:
    """The end of the Space's log, on one line; empty where it may not be read. Foreign text."""
    try:
        lines = await hub.ask(lambda api: deque(api.fetch_space_logs(id, build=build), LOG_LINES), id)
    except (HubFailure, AccessRefused):
        return ""
    return flat(" | ".join(flat(line, 200) for line in lines if line.strip()), 1500)


async def on_zero(hub: Hub, namespace: str) -> tuple[str, ...]:
    """The Spaces of a namespace that take its places on ZeroGPU; none where that cannot be told."""

    def found(api: "HfApi") -> tuple[str, ...]:
        own = api.list_spaces(author=namespace, expand=["runtime"], limit=100)
        up = [one for one in own if one.runtime is not None and one.runtime.stage != "PAUSED"]
        return tuple(one.id for one in up if one.runtime and one.runtime.requested_hardware == ZERO)

    try:
        return await hub.ask(found, namespace)
    except (HubFailure, AccessRefused):
        return ()


async def hourly(hub: Hub, flavor: str) -> float | None:
    """US dollars for an hour; None when the Hub does not offer it."""

    def price(api: "HfApi") -> float | None:
        offered = {each.name: each.unit_cost_usd * 60 for each in api.list_spaces_hardware()}
        return offered.get(flavor)

    return await hub.ask(price, flavor)
