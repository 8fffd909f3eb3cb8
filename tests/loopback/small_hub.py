"""As much of the Hub as calling and finding Spaces needs, on loopback and in the test's own event loop."""

import base64
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.loopback.hostile_space import served

OWNER = "me"


@dataclass
class SmallHub:
    """The Spaces it knows, by id, as its API shows them."""

    endpoint: str = ""
    spaces: dict[str, dict[str, Any]] = field(default_factory=dict)
    stages: dict[str, list[str]] = field(default_factory=dict)
    """Stages still to come: each look at the Space moves on by one."""

    asked: list[str] = field(default_factory=list)
    licenses: dict[str, str] = field(default_factory=lambda: {"someone/model": "mit"})
    """Of the models it knows, by id."""
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """What was published, by Space."""

    semantic: bool = True

    def add(self, id: str, host: str, *, revision: str = "a" * 40, stages: tuple[str, ...] = ("RUNNING",)) -> str:
        runtime = {"stage": stages[0], "hardware": {"current": "cpu-basic", "requested": "cpu-basic"}}
        self.stages[id] = list(stages)
        self.spaces[id] = {
            "id": id,
            "sha": revision,
            "host": host,
            "runtime": runtime,
            "sdk": "gradio",
            "tags": ["gradio"],
            "models": ["someone/model"],
            "cardData": {"title": id.partition("/")[2].title(), "license": "mit", "short_description": "Does it"},
        }
        return id

    async def info(self, request: web.Request) -> web.Response:
        space = self.spaces.get("{owner}/{name}".format(**request.match_info))
        if space is None:
            return self._refusal(404, "RepoNotFound", "Repository not found")
        coming = self.stages[space["id"]]
        space["runtime"]["stage"] = coming.pop(0) if len(coming) > 1 else coming[0]
        return web.json_response(space)

    async def model(self, request: web.Request) -> web.Response:
        id = "{owner}/{name}".format(**request.match_info)
        if id not in self.licenses:
            return self._refusal(404, "RepoNotFound", "Repository not found")
        return web.json_response({"id": id, "cardData": {"license": self.licenses[id]}})

    async def search(self, request: web.Request) -> web.Response:
        if not self.semantic:
            return self._refusal(404, "", "Not found")
        found = [
            {"id": id, "title": space["cardData"]["title"], "runtime": space["runtime"], "tags": space["tags"]}
            | {"ai_short_description": "Does it", "semanticRelevancyScore": 0.9 - number / 10, "sdk": "gradio"}
            for number, (id, space) in enumerate(self.spaces.items())
        ]
        return web.json_response(found)

    async def list(self, request: web.Request) -> web.Response:
        return web.json_response(list(self.spaces.values()))

    async def whoami(self, request: web.Request) -> web.Response:
        return web.json_response({"type": "user", "name": OWNER, "orgs": []})

    async def create(self, request: web.Request) -> web.Response:
        body = await request.json()
        id = f"{body.get('organization') or OWNER}/{body['name']}"
        if id in self.spaces:
            address = f"{self.endpoint}/spaces/{id}"
            return web.json_response({"error": "You already created this space repo", "url": address}, status=409)
        self.add(id, f"http://{body['name']}.127.0.0.1")
        self.spaces[id]["private"] = body.get("visibility") == "private" or body.get("private")
        return web.json_response({"url": f"{self.endpoint}/spaces/{id}"})

    async def preupload(self, request: web.Request) -> web.Response:
        files = (await request.json())["files"]
        answer = [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False, "oid": None} for f in files]
        return web.json_response({"files": answer})

    async def commit(self, request: web.Request) -> web.Response:
        id = "{owner}/{name}".format(**request.match_info)
        for line in (await request.read()).splitlines():
            entry = json.loads(line)
            if entry["key"] == "file":
                kept = self.files.setdefault(id, {})
                kept[entry["value"]["path"]] = base64.b64decode(entry["value"]["content"])
        address = f"{self.endpoint}/spaces/{id}/commit/{'b' * 40}"
        return web.json_response({"commitUrl": address, "commitOid": "b" * 40, "hookOutput": ""})

    @web.middleware
    async def note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(request.path)
        answer: web.StreamResponse = await handler(request)
        return answer

    def _refusal(self, status: int, code: str, message: str) -> web.Response:
        headers = {"x-error-code": code, "x-error-message": message}
        return web.json_response({"error": message}, status=status, headers=headers)


async def _ok(request: web.Request) -> web.Response:
    return web.json_response({"standardEnvVars": [], "harnesses": {}, "valid": True, "errors": [], "warnings": []})


@contextlib.asynccontextmanager
async def small_hub() -> AsyncIterator[SmallHub]:
    """The Hub on a free port of this machine, until the block ends."""
    hub = SmallHub()
    app = web.Application(middlewares=[hub.note], client_max_size=2**26)
    app.router.add_get("/api/agent-harnesses", _ok)
    app.router.add_post("/api/validate-yaml", _ok)
    app.router.add_get("/api/whoami-v2", hub.whoami)
    app.router.add_get("/api/models/{owner}/{name}", hub.model)
    app.router.add_get("/api/spaces", hub.list)
    app.router.add_get("/api/spaces/semantic-search", hub.search)
    app.router.add_post("/api/repos/create", hub.create)
    app.router.add_get("/api/spaces/{owner}/{name}", hub.info)
    app.router.add_get("/api/spaces/{owner}/{name}/revision/main", hub.info)
    app.router.add_post("/api/spaces/{owner}/{name}/preupload/{revision}", hub.preupload)
    app.router.add_post("/api/spaces/{owner}/{name}/commit/{revision}", hub.commit)
    async with served(app) as endpoint:
        hub.endpoint = endpoint
        yield hub
