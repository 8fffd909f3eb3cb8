"""All Spaces of this Hub: their apps by id, and what the API says of them."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from localhub.repositories.repository import Repositories, Repository
from localhub.spaces.launcher import Launcher
from localhub.spaces.proxy import Proxy
from localhub.spaces.space_app import SpaceApp


class Spaces:
    def __init__(self, work: Path, repositories: Repositories, launcher: Launcher, proxy: Proxy) -> None:
        self.work = work
        self.repositories = repositories
        self.launcher = launcher
        self.proxy = proxy
        self.apps: dict[str, SpaceApp] = {}

    def app(self, repository: Repository) -> SpaceApp:
        id = repository.id
        if id not in self.apps:
            work = self.work / f"{repository.namespace}--{repository.name}"
            self.apps[id] = SpaceApp(id, work, self.repositories, self.launcher)
        return self.apps[id]

    async def host(self, repository: Repository) -> str:
        """Where the Space is reached. Its port is opened by the first question for it."""
        return f"http://127.0.0.1:{await self.proxy.listen(self.app(repository))}"

    def let_go(self) -> None:
        """The launcher is about to end them all: no end is a failure from now on."""
        for app in self.apps.values():
            app.key = ""

    async def forget(self, repository: Repository) -> None:
        app = self.app(repository)
        await app.stop()
        await self.proxy.forget(repository.id)
        del self.apps[repository.id]
        await asyncio.to_thread(shutil.rmtree, app.work, ignore_errors=True)

    async def runtime(self, repository: Repository) -> dict[str, Any]:
        """As GET /api/spaces/{id}/runtime answers."""
        app = self.app(repository)
        stage, reason = app.stage()
        settings = app.settings()
        static = app.runs_static(app.head())
        host = await self.host(repository)
        running = stage == "RUNNING"
        hardware = None if static else settings.hardware
        runtime = {
            "stage": stage,
            "hardware": {"current": hardware if running else None, "requested": hardware},
            "storage": None,
            "gcTimeout": settings.sleep_seconds or 172800,
            "replicas": {"current": int(running), "requested": 1},
            "devMode": False,
            "domains": [{"domain": host.removeprefix("http://"), "stage": "READY"}],
        }
        if running or stage in ("APP_STARTING", "RUNTIME_ERROR"):
            runtime["sha"] = repository.head if static else app.sha
        return runtime | ({"errorMessage": reason} if reason else {})
