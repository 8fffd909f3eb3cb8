"""The llm planner over a catalogue in memory: every call of a model's script goes through it as it would in a run."""

from collections.abc import Mapping
from typing import Any, ClassVar

from catalogue_of_spaces import Shelf
from smolagents.models import Model

from core.errors import HubFailure
from core.nouns import Artifact, Cost, Goal, Kind, Output, Plan
from core.run import Run
from core.scope import Scope
from planners.catalogue.planner import CataloguePlanner
from planners.llm.planner import make_planner
from planners.llm.shortlist import shortlist_by
from planners.runner import Planner, Review
from planners.validation import validate
from tests.scripted_model import Call
from tools.artifact_tool import ArtifactTool, Effect

OWN = "me"
"""The name of the user who is signed in."""

CHEAP = {"type": "string", "description": "words"}


class Named(ArtifactTool):
    """A tool of which only the description is looked at."""

    inputs: ClassVar[dict[str, dict[str, Any]]] = {}

    def __init__(
        self,
        name: str,
        inputs: Mapping[str, Mapping[str, Any]],
        effect: Effect = "read",
        gives: tuple[Kind, ...] = ("json",),
    ) -> None:
        self.gives = tuple(Output(label="", kind=kind) for kind in gives)
        self.name, self.description, self.effect = name, f"Does {name}. Use it for that. Returns JSON.", effect
        self.inputs = {each: {"description": "", **schema} for each, schema in inputs.items()}
        super().__init__()

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        raise HubFailure("nothing runs here")


def optional(kind: str) -> dict[str, Any]:
    return {"type": kind, "nullable": True}


CALL = {
    "space": {"type": "string"},
    "revision": optional("string"),
    "endpoint": {"type": "string"},
    "inputs": {"type": "object"},
}
PAGE = {
    "title": {"type": "string"},
    "description": {"type": "string"},
    "exhibits": {"type": "array"},
    "names": optional("array"),
}
DEPLOYMENT = {
    "workspace": {"type": "object"},
    "facts": optional("object"),
    **{name: optional("string") for name in ("space", "namespace", "hardware", "fixed_gpu_allowed")},
}
TEST = {"space": {"type": "string"}, "endpoint": optional("string"), "inputs": optional("object")}

TOOLS: dict[str, ArtifactTool] = {
    tool.name: tool
    for tool in (
        Named("call_space", CALL),
        Named("publish_viewer", PAGE, "write"),
        Named("card_analyst", {"task": {"type": "string"}}),
        Named("pi_coder", {"facts": {"type": "object"}}),
        Named("space_deployer", DEPLOYMENT, "write", ("json", "text")),
        Named("validator", TEST),
    )
}


def reviewed(shelf: Shelf) -> Review:
    async def review(plan: Plan, run: Run) -> tuple[tuple[str, ...], tuple[Cost, ...]]:
        known = {name: tool.inputs for name, tool in TOOLS.items()}
        given = {name: tool.gives for name, tool in TOOLS.items()}
        return await validate(plan, shelf.read, known, run.goal.attachments, given=given), ()

    return review


def planner(model: Model, shelf: Shelf | None = None, **more: Any) -> Planner:
    shelf = shelf or Shelf()
    shortlist = shortlist_by(CataloguePlanner(shelf), shelf)
    return make_planner(lambda: model, shelf, shortlist, reviewed(shelf), TOOLS, namespace=myself, **more)


async def myself() -> str | None:
    return OWN


def begun(text: str, **more: Any) -> Run:
    return Run(id="r", goal=Goal(text=text, **more), planner="llm", endpoint="http://hub")


def submit(*steps: dict[str, Any], results: list[Any] | None = None) -> Call:
    """The model hands these steps in; the last one is the result when nothing else is said."""
    last = [steps[-1].get("id", steps[-1].get("keep"))] if steps else []
    return Call("submit_plan", steps=list(steps), results=results or last, why="because it fits")


def draw(id: str = "draw", space: str = "maker/image-maker", /, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "title": "Draw a fox",
        "space": space,
        "endpoint": "/make_image",
        "inputs": {"prompt": "a fox", **more},
    }


def sculpt(id: str = "model", source: str = "draw") -> dict[str, Any]:
    inputs = {"image": {"from": source}}
    return {"id": id, "space": "shape/image-to-3d", "endpoint": "/image_to_model", "inputs": inputs}
