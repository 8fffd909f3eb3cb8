"""A benchmark's tools as offers of the planner's own kind, by what they say and take and give alone."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.planning_tools.graphs import Graph
from core.nouns import Endpoint, Kind, Output, Parameter, Space
from planners.catalogue.offers import Offer, offers_of
from planners.catalogue.sketch.precedents import Precedent
from planners.catalogue.sketch.sketcher import Sketch, Sketcher


@dataclass(frozen=True)
class Tools:
    offers: dict[str, Offer]
    """By the tool's id."""

    joins: frozenset[tuple[str, str]]
    """Ids of which the first may give to the second."""

    @staticmethod
    def read(folder: Path) -> "Tools":
        tools = json.loads((folder / "tool_desc.json").read_text("utf-8"))["nodes"]
        links = json.loads((folder / "graph_desc.json").read_text("utf-8"))["links"]
        offers = {tool["id"]: offers_of(_space(tool))[0] for tool in tools}
        pairs = ((link["source"], link["target"]) for link in links)
        return Tools(offers, frozenset((a, b) for a, b in pairs if a in offers and b in offers))

    def sketcher(self, rows: Sequence[dict[str, Any]]) -> Sketcher:
        keys = {id: offer.key for id, offer in self.offers.items()}
        joins = frozenset((keys[a], keys[b]) for a, b in self.joins)
        return Sketcher(list(self.offers.values()), [_precedent(row, keys) for row in rows], joins)

    def graph(self, sketch: Sketch) -> Graph:
        ids = {offer.key: id for id, offer in self.offers.items()}
        links = frozenset((ids[a], ids[b]) for a, b in sketch.links)
        return Graph(frozenset(ids[key] for key in sketch.offers), links)

    def allows(self, graph: Graph) -> bool:
        """Whether the benchmark's own graph has every link, between tools of the plan."""
        ends = {tool for link in graph.links for tool in link}
        return graph.links <= self.joins and ends <= graph.nodes


def _precedent(row: dict[str, Any], keys: dict[str, str]) -> Precedent:
    pairs = [(link["source"], link["target"]) for link in row["task_links"]]
    tasks = [node["task"] for node in row["task_nodes"]]
    return Precedent(
        request=row["user_request"],
        offers=tuple(keys[task] for task in _in_order(tasks, pairs) if task in keys),
        links=tuple((keys[a], keys[b]) for a, b in pairs if a in keys and b in keys),
    )


def _in_order(tasks: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Givers first; of those that could come next, the one that the row names first."""
    left, order = list(dict.fromkeys(tasks)), list[str]()
    while left:
        free = [task for task in left if not any(a in left and a != task for a, b in pairs if b == task)]
        order.append((free or left)[0])
        left.remove(order[-1])
    return order


def _space(tool: dict[str, Any]) -> Space:
    """A tool that states no types takes and gives words."""
    name = re.sub(r"[^a-z0-9]+", "-", tool["id"].lower()).strip("-")
    kinds: list[Kind] = tool.get("input-type", ["text"])
    names = [f"{kind}_{number}" if kinds.count(kind) > 1 else kind for number, kind in enumerate(kinds, 1)]
    parameters = tuple(
        Parameter(name=n, label=n.replace("_", " ").title(), kind=k) for n, k in zip(names, kinds, strict=True)
    )
    gives: list[Kind] = tool.get("output-type", ["text"]) or ["number"]
    return Space(
        id=f"tools/{name}",
        revision="0" * 40,
        host="http://localhost",
        stage="RUNNING",
        title=tool["id"],
        description=tool["desc"],
        endpoints=(
            Endpoint(
                name=f"/{name.replace('-', '_')}",
                description=tool["desc"],
                parameters=parameters,
                outputs=tuple(Output(label=kind.title(), kind=kind) for kind in gives),
            ),
        ),
    )
