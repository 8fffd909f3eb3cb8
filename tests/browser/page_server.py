"""The chat page without Gradio around it, in this process, for runs whose journals a test writes itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from core.artifacts import ArtifactStore
from core.checks import Verdict
from core.events import PlanMade, RunFinished, RunStarted, StepFinished, StepStarted
from core.journal import Entry, Journal
from core.nouns import Argument, Artifact, Call, Cost, From, Goal, Kind, Origin, Plan, Step
from core.record import RunFolder, Runs
from core.settings import Settings
from tests.loopback.localhub_fixtures import eventually
from window.page.recorded.player import Player
from window.page.routes import routes
from window.page.visitors import Doorkeeper
from window.page.works import Works

HUB = "http://127.0.0.1:9"
"""Nobody is there: what is read from a journal needs no Hub."""


@contextmanager
def served(runs: Path, *, public: bool = False) -> Iterator[str]:
    """The page's address. `public`: as on a Space, where nobody is signed in."""
    settings = Settings(endpoint=HUB, runs=runs, home=runs / ".home")
    with Works() as works, Player() as player:
        door = Doorkeeper(settings, public=public, recorded=player.folder)
        app = Starlette(routes=routes(door, settings, works, player))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run)
        thread.start()
        assert eventually(lambda: server.started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        works.closing.set()
        player.close()
        server.should_exit = True
        thread.join()


def call(space: str, **inputs: Argument) -> Call:
    return Call(tool="call_space", arguments={"space": space, "endpoint": "/make", "inputs": dict(inputs)})


def reads(step: str) -> From:
    return From.model_validate({"from": step})


THINGS = ("Tower", "Louvre", "Arch")
PAGE = {"title": "Three things", "exhibits": reads("model")}
PLAN = Plan(
    steps=(
        Step(
            id="draw",
            title="Draw each thing",
            call=call("they/painter", prompt=reads("each")),
            each=THINGS,
            fallbacks=(call("they/spare"),),
        ),
        Step(id="model", title="Make it solid", call=call("they/solid", picture=reads("each")), each=reads("draw")),
        Step(id="words", title="Describe them", call=call("they/writer", pictures=reads("draw"))),
        Step(id="publish", title="Publish a page", call=Call(tool="publish_viewer", arguments=PAGE)),
    ),
    results=(reads("model"), reads("words"), reads("publish")),
    planner="catalogue",
    reasons=("The goal asks for three things.",),
)


@dataclass
class Chronicle:
    """Writes a run's journal as the runner would, an event at a time."""

    runs: Path
    text: str = "Make three things"
    folder: RunFolder = field(init=False)
    journal: Journal = field(init=False)
    left: bool = False

    def __post_init__(self) -> None:
        self.folder = Runs(self.runs).begin(self.text)
        self.journal = Journal(self.folder.path)
        self.tell(RunStarted(run=self.folder.id, goal=Goal(text=self.text), planner="catalogue", endpoint=HUB))

    @property
    def id(self) -> str:
        return self.folder.id

    def tell(self, event: object) -> Entry:
        return self.journal.append(event)  # type: ignore[arg-type]  # any event

    def plan(self, plan: Plan = PLAN) -> None:
        rows = [Cost(step=step.id, space="", calls=1, hardware="cpu-basic") for step in plan.steps]
        self.tell(PlanMade(plan=plan, costs=tuple(rows)))

    def start(self, step: str, item: int | None = None, attempt: int = 1, space: str = "they/painter") -> Entry:
        return self.tell(StepStarted(step=step, item=item, attempt=attempt, call=call(space), key="k"))

    def finish(self, step: str, *made: Artifact, item: int | None = None, space: str = "they/painter") -> Entry:
        verdicts = (Verdict(check="image", status="pass", reason="64 × 64 px, nothing blank"),)
        done = StepFinished(
            step=step, item=item, attempt=1, key="k", call=call(space), artifacts=made, verdicts=verdicts, seconds=0.5
        )
        return self.tell(done)

    def keep(self, data: bytes, kind: Kind, name: str, suffix: str, step: str = "draw", item: int | None = None):
        """Bytes as a step's file."""
        path = self.store.incoming()
        path.write_bytes(data)
        return self.store.keep_file(path, kind, name, suffix, self.origin(step, item))

    def origin(self, step: str, item: int | None = None) -> Origin:
        space, revision = "they/painter", "c" * 40
        return Origin(tool="call_space", step=step, item=item, space=space, revision=revision, endpoint="/make")

    @property
    def store(self) -> ArtifactStore:
        return self.folder.artifacts

    def end(self, status: str = "passed", *results: Artifact, reason: str = "") -> None:
        self.tell(RunFinished.model_validate({"status": status, "results": results, "reason": reason}))
        self.leave()

    def leave(self) -> None:
        """As a program does that ends without a word."""
        if not self.left:
            self.left = True
            self.journal.close()
