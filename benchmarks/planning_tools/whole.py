"""The whole planner over a benchmark's tools: goals with attachments in, plans with filled parameters out."""

from benchmarks.planning_tools.graphs import Graph
from benchmarks.planning_tools.shelf import Tools
from core.errors import GoalRefused, SpaceUnavailable
from core.nouns import Artifact, Goal, Origin, Plan, Space
from core.run import Run
from planners.catalogue.goal_reading import read_goal
from planners.catalogue.planner import CataloguePlanner
from planners.validation import validate

_CALLS = {
    "call_space": {
        "space": {"type": "string"},
        "revision": {"type": "string", "nullable": True},
        "endpoint": {"type": "string"},
        "inputs": {"type": "object"},
    }
}


class Shelf:
    """A catalogue that finds every tool, whatever is asked."""

    def __init__(self, tools: Tools) -> None:
        self._spaces = {offer.space.id: offer.space for offer in tools.offers.values()}

    async def search(self, text: str, limit: int = 20) -> tuple[Space, ...]:
        return tuple(space.model_copy(update={"endpoints": ()}) for space in self._spaces.values())

    async def read(self, space_id: str) -> Space:
        if space_id not in self._spaces:
            raise SpaceUnavailable(f"there is no Space {space_id}")
        return self._spaces[space_id]


async def whole_graph(request: str, tools: Tools) -> Graph:
    """What the planner plans for it, as a graph; an empty one when it refuses, or its plan does not fit the tools."""
    shelf, goal = Shelf(tools), _goal(request)
    try:
        plan = await CataloguePlanner(shelf)(Run(id="r", goal=goal, planner="catalogue", endpoint="http://localhost"))
    except GoalRefused:
        plan = None
    if plan is None or await validate(plan, shelf.read, _CALLS, goal.attachments):
        return Graph(frozenset(), frozenset())
    return _graph(plan, tools)


def _goal(request: str) -> Goal:
    """The request, with an attachment for each file that it says is there."""
    kinds = [kind for kind in read_goal(request).sources if kind in ("image", "audio", "video")]
    attached = tuple(
        Artifact(kind=kind, sha256=f"{number:064x}", size=1, name=kind, file=kind, origin=Origin(tool="attached"))
        for number, kind in enumerate(kinds)
    )
    return Goal(text=request, attachments=attached)


def _graph(plan: Plan, tools: Tools) -> Graph:
    ids = {offer.space.id: id for id, offer in tools.offers.items()}
    tasks = {step.id: ids[str(step.call.arguments["space"])] for step in plan.steps if "space" in step.call.arguments}
    links = {(tasks[p.step], tasks[s.id]) for s in plan.steps if s.id in tasks for p in s.reads() if p.step in tasks}
    return Graph(frozenset(tasks.values()), frozenset(links))
