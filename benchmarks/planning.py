"""How well the planner without a model does on TaskBench (microsoft/JARVIS): requests with the tools they should use.

    python benchmarks/planning.py FOLDER [--rows 27:54] [--show]

FOLDER holds `tool_desc.json` (tools with id, description, input and output types) and `gold.jsonl` (requests with their
tools and links). Each tool becomes one Space with one endpoint, by its types alone. Refusals count as 0.
"""

import argparse
import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import GoalRefused
from core.nouns import Artifact, Endpoint, Goal, Kind, Origin, Output, Parameter, Plan, Space
from core.run import Run
from planners.catalogue.goal_reading import read_goal
from planners.catalogue.planner import CataloguePlanner
from planners.catalogue.words import Rarity, content, strength

PUBLISHED = "GPT-4 node-F1 81.5, edge-F1 54.7 on the whole set (JARVIS README); TF-IDF retrieval 48.3 / 5.9"


@dataclass(frozen=True)
class Graph:
    nodes: frozenset[str]
    links: frozenset[tuple[str, str]]


class ToolShelf:
    """The tools of a benchmark as a catalogue of Spaces; found by the rarity of shared words."""

    def __init__(self, tools: Iterable[dict[str, Any]]) -> None:
        self._spaces = {space.id: space for space in map(_space, tools)}
        self._words = {id: dict.fromkeys(content(f"{s.title} {s.description}"), 1.0) for id, s in self._spaces.items()}
        self._rarity = Rarity(self._words.values())

    async def search(self, text: str, limit: int = 20) -> tuple[Space, ...]:
        found = [
            s.model_copy(update={"endpoints": (), "relevance": self._relevance(text, id)})
            for id, s in self._spaces.items()
        ]
        return tuple(sorted(found, key=lambda space: (-space.relevance, space.id))[:limit])

    async def read(self, space_id: str) -> Space:
        return self._spaces[space_id]

    def task(self, space_id: str) -> str:
        return self._spaces[space_id].title

    def _relevance(self, text: str, id: str) -> float:
        weights = {word: self._rarity(word) for word in content(text)}
        met = sum(weight * strength(word, self._words[id]) for word, weight in weights.items())
        return met / max(sum(weights.values()), 1e-9)


def _space(tool: dict[str, Any]) -> Space:
    name = re.sub(r"[^a-z0-9]+", "-", tool["id"].lower()).strip("-")
    kinds: list[Kind] = tool["input-type"]
    names = [f"{kind}_{number}" if kinds.count(kind) > 1 else kind for number, kind in enumerate(kinds, 1)]
    parameters = tuple(
        Parameter(name=n, label=n.replace("_", " ").title(), kind=k) for n, k in zip(names, kinds, strict=True)
    )
    outputs = tuple(Output(label=kind.title(), kind=kind) for kind in tool["output-type"] or ["number"])
    endpoint = Endpoint(
        name=f"/{name.replace('-', '_')}", description=tool["desc"], parameters=parameters, outputs=outputs
    )
    return Space(
        id=f"tools/{name}",
        revision="0" * 40,
        host="http://localhost",
        stage="RUNNING",
        title=tool["id"],
        description=tool["desc"],
        endpoints=(endpoint,),
    )


async def graph_of(request: str, shelf: ToolShelf) -> Graph | None:
    """What the planner makes of the request; None when it refuses it."""
    run = Run(id="r", goal=_goal(request), planner="catalogue", endpoint="http://localhost")
    try:
        plan = await CataloguePlanner(shelf)(run)
    except GoalRefused:
        return None
    return _graph(plan, shelf) if plan else None


def _goal(request: str) -> Goal:
    """The request, with an attachment for each file that it says is there."""
    kinds = [kind for kind in read_goal(request).sources if kind in ("image", "audio", "video")]
    attachments = tuple(
        Artifact(kind=kind, sha256=f"{number:064x}", size=1, name=kind, file=kind, origin=Origin(tool="attached"))
        for number, kind in enumerate(kinds)
    )
    return Goal(text=request, attachments=attachments)


def _graph(plan: Plan, shelf: ToolShelf) -> Graph:
    tasks = {
        step.id: shelf.task(str(step.call.arguments["space"])) for step in plan.steps if "space" in step.call.arguments
    }
    links = {(tasks[p.step], tasks[s.id]) for s in plan.steps if s.id in tasks for p in s.reads() if p.step in tasks}
    return Graph(frozenset(tasks.values()), frozenset(links))


def _gold(row: dict[str, Any]) -> Graph:
    nodes = frozenset(node["task"] for node in row["task_nodes"])
    return Graph(nodes, frozenset((link["source"], link["target"]) for link in row["task_links"]))


def f1(found: frozenset[Any], gold: frozenset[Any]) -> float:
    """Of sets; 1 when both are empty."""
    if not found and not gold:
        return 1.0
    return 2 * len(found & gold) / (len(found) + len(gold))


def report(rows: list[dict[str, Any]], graphs: list[Graph | None]) -> str:
    golds = [_gold(row) for row in rows]
    pairs = list(zip(golds, graphs, strict=True))
    planned = [(gold, graph) for gold, graph in pairs if graph]
    linked = [(gold, graph) for gold, graph in pairs if gold.links]
    lines = [
        f"requests                 {len(rows)}",
        f"coverage                 {len(planned) / len(rows):.3f}  (not refused)",
        f"node-F1                  {_mean(f1(graph.nodes, gold.nodes) if graph else 0 for gold, graph in pairs):.3f}",
        f"link-F1, several tools   {_mean(f1(graph.links, gold.links) if graph else 0 for gold, graph in linked):.3f}",
        f"exact match              {_mean(float(graph == gold) for gold, graph in pairs):.3f}",
        f"node-F1 where planned    {_mean(f1(graph.nodes, gold.nodes) for gold, graph in planned):.3f}",
        f"published                {PUBLISHED}",
    ]
    return "\n".join(lines)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


async def _run(folder: Path, rows: slice, show: bool) -> None:
    shelf = ToolShelf(json.loads((folder / "tool_desc.json").read_text("utf-8"))["nodes"])
    lines = (folder / "gold.jsonl").read_text("utf-8").splitlines()
    chosen = [json.loads(line) for line in lines if line.strip()][rows]
    graphs = [await graph_of(row["user_request"], shelf) for row in chosen]
    for row, graph in zip(chosen, graphs, strict=True) if show else ():
        gold = _gold(row)
        print(row["user_request"], f"\n  gold  {sorted(gold.nodes)} {sorted(gold.links)}")
        print(f"  found {sorted(graph.nodes)} {sorted(graph.links)}\n" if graph else "  refused\n")
    print(report(chosen, graphs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", default=":", help="a slice, for example 27:54")
    parser.add_argument("--show", action="store_true", help="print each request with both graphs")
    options = parser.parse_args()
    first, _, last = options.rows.partition(":")
    rows = slice(int(first) if first else None, int(last) if last else None)
    asyncio.run(_run(options.folder, rows, options.show))


if __name__ == "__main__":
    main()
