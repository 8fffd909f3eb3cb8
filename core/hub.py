"""The door to the Hub: searching Spaces, looking one up, waking it, publishing a static one.

huggingface_hub is synchronous, so every request goes through a thread at this edge, under a time limit. Nothing of
that library leaves this module, its exceptions included.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from core.egress import on_this_machine
from core.errors import AccessRefused, Failure, HubFailure, SpaceUnavailable, Unreachable
from core.hub_answers import license_of, space_found, space_of
from core.nouns import Space
from core.signals import retry_after, say
from core.threads import in_thread

if TYPE_CHECKING:
    from huggingface_hub import HfApi

REQUEST_SECONDS = 30.0
"""Limit of one request; huggingface_hub itself has none."""

UPLOAD_SECONDS = 3600.0

USABLE = frozenset({"RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
"""Stages at which a Space answers; the last two still serve the version before."""

ON_ITS_WAY = frozenset({"SLEEPING", "BUILDING", "APP_STARTING"})

_HINDRANCES = {
    "PAUSED": "its owner paused it, and only they can start it again",
    "STOPPED": "its owner stopped it, and only they can start it again",
    "NO_APP_FILE": "it has no app",
    "CONFIG_ERROR": "its settings are broken",
    "BUILD_ERROR": "its build failed",
    "RUNTIME_ERROR": "its app crashed",
    "DELETING": "it is being deleted",
}

Knock = Callable[[Space], Awaitable[object]]
"""Asks a Space for something: that is what wakes it."""

Result = TypeVar("Result")


class NotThere(HubFailure):
    """The Hub knows nothing of the sort."""


class Taken(HubFailure):
    """There is a repository of that name already."""


class Hub:
    """One Hub, seen by one user or by nobody."""

    def __init__(self, endpoint: str, token: str | None, *, lent_to: frozenset[str] = frozenset()) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._token = token
        self._lent_to = lent_to
        """Spaces of others that the user lets have the token."""
        self._name: str | None = None
        self._naming = asyncio.Lock()

    def __repr__(self) -> str:
        return f"Hub({self.endpoint!r})"

    @property
    def local(self) -> bool:
        """Whether this Hub is on this machine."""
        return on_this_machine(urlsplit(self.endpoint).hostname or "")

    def page(self, space: str) -> str:
        """Where people look at the Space."""
        return f"{self.endpoint}/spaces/{space}"

    async def search(self, text: str, limit: int = 20) -> tuple[Space, ...]:
        """Spaces by meaning, best first, as far as a search tells of them: without endpoints or revision."""

        def by_meaning(api: "HfApi") -> tuple[Space, ...]:
            return tuple(space_found(item) for item in api.search_spaces(text[:250], sdk="gradio"))

        def by_name(api: "HfApi") -> tuple[Space, ...]:
            return tuple(space_of(item) for item in api.list_spaces(search=text, limit=limit, full=True))

        what = f"a search for {say(text, 60)}"
        try:
            return (await self.ask(by_meaning, what))[:limit]
        except NotThere:
            return await self.ask(by_name, what)

    async def space(self, id: str) -> Space:
        """The Space as it stands now, without endpoints.

        Raises HubFailure when there is none, or none that this user may see.
        """
        return await self.ask(lambda api: space_of(api.space_info(id, timeout=REQUEST_SECONDS)), id)

    async def model_license(self, id: str) -> str | None:
        """What the model's card states; None when it states nothing, or when there is no such model to be seen."""

        def stated(api: "HfApi") -> str | None:
            card = api.model_info(id, expand=["cardData"], timeout=REQUEST_SECONDS).card_data
            return license_of(card.license) if card is not None else None

        try:
            return await self.ask(stated, id)
        except (NotThere, AccessRefused):
            return None

    async def wake(self, id: str, patience: float, knock: Knock | None = None) -> Space:
        """The same Space once it runs. One that sleeps starts only when somebody knocks.

        Raises SpaceUnavailable at once when it cannot start by itself, else after `patience` seconds.
        """
        deadline = time.monotonic() + patience
        pause = 0.1 if self.local else 2.0
        space = await self.space(id)
        while space.stage not in USABLE:
            if space.stage not in ON_ITS_WAY:
                reason = _HINDRANCES.get(space.stage, f"it is {space.stage}")
                raise SpaceUnavailable(f"{id} cannot be called: {reason}; use another Space")
            if time.monotonic() + pause > deadline:
                late = f"{id} is still {space.stage} after {patience:.0f} s"
                raise SpaceUnavailable(f"{late}; try it later, or use another Space")
            if space.stage == "SLEEPING" and knock is not None:
                await knock(space)
            await asyncio.sleep(pause)
            space = await self.space(id)
        return space

    async def namespace(self) -> str:
        """The name under which this user's repositories live. Raises AccessRefused without a token."""
        if not self._token:
            raise AccessRefused("nobody is signed in; this needs a token")
        async with self._naming:
            if self._name is None:
                self._name = await self.ask(lambda api: str(api.whoami()["name"]), "who is signed in")
        return self._name

    async def token_for(self, space: Space) -> str | None:
        """The token where the Space is the user's own or they said it may have it; None everywhere else.

        Even then only for hosts at which the Hub's proxy takes the token off before the app sees it.
        """
        if not self._token or not self._keeps_tokens(space.host):
            return None
        if space.id in self._lent_to:
            return self._token
        try:
            return self._token if space.id.partition("/")[0] == await self.namespace() else None
        except Unreachable:
            # Whose token it is cannot be asked just now, so nobody gets it.
            return None

    async def create_static_space(
        self, repo_id: str, private: bool, files: Mapping[str, bytes | Path], title: str
    ) -> Space:
        """Publish files as a Space without a server.

        Never changes an existing one: the name gets a number, unless the Space of that name holds nothing but these
        very files, as it does when a publication is tried again.
        """
        owner, _, name = repo_id.rpartition("/")
        files = {"README.md": _card(title), **files}
        id = await self._create_free(f"{owner or await self.namespace()}/{name}", private, files)
        # How long an upload may take is for the step to say, whose deadline is above this one.
        await self.ask(partial(_commit, id=id, files=files), id, seconds=UPLOAD_SECONDS)
        return await self.space(id)

    async def link(self, space: Space) -> str:
        """An address that opens the Space in a browser now.

        On the local Hub it lets whoever has it look at a private Space for a day: it is shown, never recorded.
        """
        if not self.local:
            return self.page(space.id)
        token = await self.ask(partial(_pass_for, id=space.id), space.id)
        return f"{space.host}/?__sign={token}" if token else space.host

    async def _create_free(self, wanted: str, private: bool, files: Mapping[str, bytes | Path]) -> str:
        for number in range(1, 100):
            id = wanted if number == 1 else f"{wanted}-{number}"
            try:
                await self.ask(partial(_create, id=id, private=private), id)
                return id
            except Taken:
                if await self.ask(partial(_holds_only, id=id, files=files), id):
                    return id
        raise HubFailure(f"{wanted} and 98 names like it are taken; choose another name")

    def _keeps_tokens(self, host: str) -> bool:
        place = urlsplit(host)
        name = place.hostname or ""
        if self.local:
            return on_this_machine(name)
        return place.scheme == "https" and name.endswith(".hf.space")

    async def ask(
        self, request: Callable[["HfApi"], Result], what: str, seconds: float = 4 * REQUEST_SECONDS
    ) -> Result:
        try:
            async with asyncio.timeout(seconds):
                return await in_thread(partial(self._ask_in_thread, request, what))
        except TimeoutError:
            raise Unreachable(f"the Hub at {self.endpoint} does not answer about {what}") from None

    def _ask_in_thread(self, request: Callable[["HfApi"], Result], what: str) -> Result:
        import httpx2
        from huggingface_hub import HfApi, get_session
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError

        # The session of huggingface_hub 2.4 is shared by the process and has no time limit.
        get_session().timeout = httpx2.Timeout(REQUEST_SECONDS)
        try:
            return request(HfApi(endpoint=self.endpoint, token=self._token or False))
        except HfHubHTTPError as error:
            raise _refusal(error, self.endpoint, what) from error
        except HFValidationError as error:
            raise HubFailure(f"{say(what, 100)} is not a name that a repository can have") from error
        except (httpx2.HTTPError, OSError) as error:
            raise Unreachable(f"the Hub at {self.endpoint} cannot be reached: {type(error).__name__}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise HubFailure(f"the Hub at {self.endpoint} answers about {what} in an unknown shape") from error


def _refusal(error: Any, endpoint: str, what: str) -> Failure:
    """What an HfHubHTTPError means. Its own text has several lines and a request id."""
    response = error.response
    status = response.status_code if response is not None else 0
    said = f": {say(error.server_message)}" if getattr(error, "server_message", None) else ""
    match status:
        case 401 | 403:
            return AccessRefused(f"the Hub refuses {what} ({status}){said}; sign in, or use another token")
        case 402:
            return HubFailure(f"the Hub wants payment for {what}{said}")
        case 404:
            return NotThere(f"the Hub at {endpoint} has no {what}, or does not show it to you; check the name")
        case 409:
            return Taken(f"{what} exists already")
        case 408 | 429 | 500 | 502 | 503 | 504:
            wait = retry_after(response.headers)
            return Unreachable(f"the Hub does not answer about {what} just now ({status}){said}", wait)
    return HubFailure(f"the Hub answers {status} about {what}{said}")


def _create(api: "HfApi", *, id: str, private: bool) -> None:
    api.create_repo(id, repo_type="space", space_sdk="static", private=private, exist_ok=False)


def _holds_only(api: "HfApi", *, id: str, files: Mapping[str, bytes | Path]) -> bool:
    """Whether everything in the Space is one of these files, byte for byte."""
    siblings = api.space_info(id, files_metadata=True).siblings
    if siblings is None:
        return False
    there = {sibling.rfilename: sibling for sibling in siblings if sibling.rfilename != ".gitattributes"}
    return all(name in files and _same(sibling, files[name]) for name, sibling in there.items())


def _same(sibling: Any, content: bytes | Path) -> bool:
    data = content if isinstance(content, bytes) else content.read_bytes()
    if sibling.lfs is not None:
        return bool(sibling.lfs.sha256 == hashlib.sha256(data).hexdigest())
    # A git blob's name is the SHA-1 of its header and bytes; it protects nothing here.
    return bool(sibling.blob_id == hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest())


def _pass_for(api: "HfApi", *, id: str) -> str:
    """A short-lived pass for one private Space; empty where the Hub gives none."""
    from huggingface_hub import get_session

    address = f"{api.endpoint}/api/spaces/{id}/jwt"
    answer = get_session().get(address, headers={"authorization": f"Bearer {api.token}"})
    return str(answer.json().get("token", "")) if answer.status_code == 200 else ""


def _commit(api: "HfApi", *, id: str, files: Mapping[str, bytes | Path]) -> None:
    from huggingface_hub import CommitOperationAdd

    operations = [
        CommitOperationAdd(path, content if isinstance(content, bytes) else str(content))
        for path, content in files.items()
    ]
    api.create_commit(id, operations, commit_message="Publish", repo_type="space")


def _card(title: str) -> bytes:
    # A JSON string is a YAML string.
    return f"---\ntitle: {json.dumps(title)}\nsdk: static\npinned: false\n---\n".encode()
