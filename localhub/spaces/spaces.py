"""All Spaces of this Hub: their apps by id, and what the API says of them."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any, Protocol

from localhub import hardware
from localhub.mounting.volumes import Volumes
from localhub.people.users import object_id
from localhub.processes.keeper import Keeper
from localhub.repositories.repository import Repositories, Repository
from localhub.spaces import settings
from localhub.spaces.bringing_up import Machine
from localhub.spaces.environments import Environments
from localhub.spaces.launcher import Launcher
from localhub.spaces.proxy import Proxy
from localhub.spaces.space_app import SpaceApp

STARTS = 6
"""Apps that start at the same time; the others wait for their turn."""


class SignIn(Protocol):
    """Who lets visitors of a Space sign in."""

    def environment(self, repository: Repository, card: dict[str, Any]) -> dict[str, str]:
        """What an app is told for it; empty when its card does not ask for it."""
        ...


class Spaces:
    def __init__(
        self,
        data: Path,
        repositories: Repositories,
        launcher: Launcher,
        proxy: Proxy,
        sign_in: SignIn,
        volumes: Volumes,
        keeper: Keeper,
    ) -> None:
        self.work = data / "work"
        self.repositories = repositories
        self.proxy = proxy
        self.sign_in = sign_in
        self.apps: dict[str, SpaceApp] = {}
        self.volumes = volumes
        self.machine = Machine(
            repositories,
            launcher,
            keeper,
            self.volumes,
            Environments(data / "environments"),
            self.environment,
            asyncio.Semaphore(STARTS),
            float(os.environ.get("LOCALHUB_BUILD_SECONDS") or 0),
        )

    def app(self, repository: Repository) -> SpaceApp:
        id = repository.id
        if id not in self.apps:
            work = self.work / f"{repository.namespace}--{repository.name}"
            self.apps[id] = SpaceApp(id, work, self.machine)
        return self.apps[id]

    def known(self, repository: Repository) -> bool:
        """Whether it is still there."""
        return self.repositories.find("space", repository.namespace, repository.name) is not None

    async def host(self, repository: Repository) -> str:
        """Where the Space is reached. Its port is opened by the first question for it."""
        return f"http://127.0.0.1:{await self.proxy.listen(self.app(repository))}"

    def committed(self, repository: Repository) -> None:
        """To be told of every commit that a client makes, so that the Space is built and started at once."""
        self.app(repository).committed()

    def let_go(self) -> None:
        """The launcher is about to end them all: no end is a failure from now on."""
        for app in self.apps.values():
            app.let_go()

    async def close(self) -> None:
        """End what the launcher does not keep."""
        self.let_go()
        await self.machine.keeper.close()

    async def forget(self, repository: Repository) -> None:
        app = self.app(repository)
        await app.stop()
        await self.proxy.forget(repository.id)
        del self.apps[repository.id]
        await asyncio.to_thread(shutil.rmtree, app.work, ignore_errors=True)

    def environment(self, repository: Repository, card: dict[str, Any]) -> dict[str, str]:
        """What the app is told of itself. Never SPACE_HOST, from which Gradio would make an https address."""
        kept = settings.read(self.repositories.folder_of(repository))
        return {
            "SPACE_ID": repository.id,
            "SPACE_AUTHOR_NAME": repository.namespace,
            "SPACE_REPO_NAME": repository.name,
            "SPACE_TITLE": str(card.get("title") or repository.name),
            "SPACE_CREATOR_USER_ID": object_id("user", repository.namespace),
            **hardware.FLAVORS.get(kept.hardware, hardware.FLAVORS[hardware.FREE]).environment(),
            **self.sign_in.environment(repository, card),
        }

    async def runtime(self, repository: Repository) -> dict[str, Any]:
        """As GET /api/spaces/{id}/runtime answers."""
        app = self.app(repository)
        stage, reason = app.stage()
        kept, head = app.settings(), app.head()
        static = app.is_static(head)
        host = await self.host(repository)
        running = stage.startswith("RUNNING")
        runtime = {
            "stage": stage,
            "hardware": {
                "current": app.process.hardware if app.process and not static else None,
                "requested": None if static else kept.hardware,
            },
            "storage": None,
            "gcTimeout": None if static else kept.timeout,
            "replicas": {"current": int(running), "requested": 1},
            "devMode": kept.dev_mode,
            "domains": [{"domain": host.removeprefix("http://"), "stage": "READY"}],
        }
        if kept.volumes:
            runtime["volumes"] = [volume.told() for volume in kept.volumes]
        if static and running:
            runtime["sha"] = head.sha
        elif app.process or (app.failure and app.failure.sha == head.sha):
            runtime["sha"] = app.process.sha if app.process else head.sha
        return runtime | ({"errorMessage": reason} if reason else {})
