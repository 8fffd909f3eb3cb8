"""What other programs can ask of the page: tools over MCP and Gradio's API, with the same runs behind them.

Nothing is published or spent by a program's word: a run that asks waits for its person on the page.
"""

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gradio
from starlette.requests import Request

from core.errors import AccessRefused, Failure, InputsRefused
from core.hub import Hub
from core.journal import Tail
from core.nouns import Goal
from core.record import RunFolder
from window.checking import meant, worst_of
from window.page.picture.run import Picture
from window.page.visitors import NAME, Doorkeeper, Visitor
from window.page.works import Works

PATIENCE = 600.0
"""Seconds that a caller waits for a run; it goes on without them."""

PAUSE = 0.2

LARGEST = 20_000_000
"""Characters of base64 that are checked."""

Answer = str
"""JSON, for a program: a dictionary would reach an MCP client as Python writes it (gradio 6.31)."""


class ProgramTools:
    def __init__(self, door: Doorkeeper, works: Works) -> None:
        self._door = door
        self._works = works

    def functions(self) -> dict[str, Callable[..., Any]]:
        """By the name that a program calls them by; a docstring is what it is told of one."""
        return {name: getattr(self, name) for name in ("ask", "plan", "build", "validate", "check", "look")}

    async def ask(self, goal: str, request: gradio.Request) -> Answer:
        """
        Pursue a goal in plain words: plans it, chains the Hugging Face Spaces it takes and checks every hand-over.
        Waits for up to ten minutes and tells the run's id, how it stands, and its results with their addresses.
        A run that is `asking` waits for a person on the page, because it would publish or spend.

        Args:
            goal: What is wanted, in plain words, for example "Draw a lighthouse in ink".
        """
        visitor = await self._visitor(request)
        id = await self._told(self._works.begin(visitor, Goal(text=goal.strip()[:4000])))
        return await self._waited(visitor.folder(id), base(request))

    async def plan(self, goal: str, request: gradio.Request) -> Answer:
        """
        The plan for a goal, with the Space behind each step and what it would cost. Calls nothing.

        Args:
            goal: What is wanted, in plain words.
        """
        visitor = await self._visitor(request)
        made, reasons, costs = await self._told(self._works.plan(visitor, Goal(text=goal.strip()[:4000])))
        if made is None:
            return spoken({"steps": [], "against": ["no plan was found for this goal"], "costs": []})
        steps = [json.loads(step.model_dump_json(by_alias=True, exclude={"checks"})) for step in made.steps]
        rows = [cost.model_dump(mode="json") for cost in costs]
        return spoken({"steps": steps, "against": list(reasons), "costs": rows})

    async def build(self, model: str, request: gradio.Request) -> Answer:
        """
        Build a private Space for a model from its card, and prove that the model is at work in it. A person is asked on
        the page before anything is published.

        Args:
            model: The model's id on the Hub, owner/name.
        """
        return await self.ask(f"Build a Space for {model.strip()}", request)

    async def validate(self, space: str, request: gradio.Request) -> Answer:
        """
        Test an existing Space: calls it with inputs of its kind and says how far it is proved to work, and why not
        further.

        Args:
            space: The Space's id on the Hub, owner/name.
        """
        return await self.ask(f"Validate {space.strip()}", request)

    async def check(self, content: str, name: str, request: gradio.Request, kind: str = "") -> Answer:
        """
        The output checks on one file: is it what it claims to be, whole, and not blank, silent or degenerate?

        Args:
            content: The file's bytes in base64.
            name: Its file name, for example "tower.glb".
            kind: What it is meant to be, such as image, mesh, audio, video, text, json or csv; empty takes it as it is.
        """
        await self._visitor(request)
        if len(content) > LARGEST:
            raise gradio.Error(f"at most {LARGEST:,} characters of base64 are checked")
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"file{Path(name).suffix[:12]}"
            try:
                path.write_bytes(base64.b64decode(content, validate=True))
                wanted, _ = meant(kind or None)
            except (binascii.Error, InputsRefused) as error:
                raise gradio.Error(str(error), print_exception=False) from error
            report = await self._told(self._works.check(path, wanted))
        worst = worst_of(report.verdicts)
        verdicts = [verdict.model_dump(mode="json") for verdict in report.verdicts]
        return spoken({"status": worst.status, "kind": report.kind, "facts": report.facts, "verdicts": verdicts})

    async def look(self, run: str, request: gradio.Request) -> Answer:
        """
        How a run stands: its steps, its results with their addresses, and what it asks a person.

        Args:
            run: The run's id, as `ask` told it.
        """
        visitor = await self._visitor(request)
        try:
            folder = visitor.folder(run)
        except Failure as failure:
            raise gradio.Error(str(failure), print_exception=False) from failure
        return self._said(folder, self._read(folder), base(request))

    async def _visitor(self, request: gradio.Request) -> Visitor:
        """Whose session it is, or whose token comes with the request."""
        asked: Request = request.request
        try:
            return self._door.visitor(asked)
        except AccessRefused as refused:
            scheme, _, token = asked.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token:
                raise gradio.Error(str(refused), print_exception=False) from refused
        name = await self._told(Hub(self._door.hub, token).namespace())
        if not NAME.fullmatch(name):
            raise gradio.Error("the Hub gave no name for this token", print_exception=False)
        return self._door.of(name, token)

    async def _waited(self, folder: RunFolder, page: str) -> Answer:
        deadline = time.monotonic() + PATIENCE
        tail, picture = Tail(folder.path), Picture(folder.artifacts)
        while True:
            over = not self._works.busy(folder) or time.monotonic() > deadline
            picture.read(tail.news())
            if over or (picture.begun and picture.parts("here")["asks"]):
                return self._said(folder, picture, page)
            await asyncio.sleep(PAUSE)

    def _read(self, folder: RunFolder) -> Picture:
        picture = Picture(folder.artifacts)
        picture.read(Tail(folder.path).news())
        return picture

    def _said(self, folder: RunFolder, picture: Picture, page: str) -> Answer:
        if not picture.begun:
            return spoken({"run": folder.id, "status": "failed", "reason": "nothing was written down for this run"})
        told: Any = picture.parts("here" if self._works.busy(folder) else "")
        files = f"{page}/page/runs/{folder.id}/files"
        return spoken(
            {
                "run": folder.id,
                "status": told["head"]["status"],
                "reason": told["head"]["reason"],
                "page": f"{page}/runs/{folder.id}",
                "asks": [ask["question"] for ask in told["asks"]],
                "outcome": told["outcome"],
                "published": told["head"]["page"],
                "results": [
                    {"name": made["name"], "kind": made["kind"], "text": made["text"], "space": made["origin"]["space"]}
                    | ({"address": f"{files}/{made['sha256']}"} if made["file"] else {})
                    for made in (slot["made"] for slot in told["results"] if slot["made"])
                ],
            }
        )

    async def _told(self, work: Any) -> Any:
        """A failure of the world reaches the caller as its one line."""
        try:
            return await work
        except Failure as failure:
            raise gradio.Error(str(failure), print_exception=False) from failure


def spoken(told: dict[str, Any]) -> Answer:
    return json.dumps(told, ensure_ascii=False)


def base(request: gradio.Request) -> str:
    """The page's address as the caller knows it."""
    url = request.request.url
    return f"{url.scheme}://{url.netloc}"
