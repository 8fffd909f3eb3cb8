"""How well the catalogue's planner, with no language model, plans requests whose right plans are known.

DIR holds `tool_desc.json` (tools with id and desc, some with input-type and output-type), `graph_desc.json` (which tool
may give to which) and `gold.jsonl` (rows of id, user_request, task_nodes, task_links). FILE has rows like the last, to
learn from; a row whose request is asked too is left out of them. `--folds N` splits gold.jsonl instead: every row is
planned by what the other parts teach. Each tool becomes one Space with one endpoint; what comes back is read as plans.
Measured is the planner's sketch; with `--whole` the plan of a goal with its parameters filled, where a refusal is an
empty plan. The planner then takes the types for what may be given to what, so that `type_valid` is less telling.

A figure is the mean over the requests of the F1 of sets, 0 to 100; that of links over the requests that have any. The
`micro` ones count all requests together, and `link_f1_all` gives 100 where neither side has a link.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.planning_tools import Graph, Tools, gold, requests, whole_graph


@dataclass(frozen=True)
class Planned:
    row: dict[str, Any]
    graph: Graph
    seconds: float


def planned(tools: Tools, train: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> list[Planned]:
    """Every row planned by a sketcher that knows the training rows, but none with the same request."""
    sketcher = tools.sketcher(without(train, rows))
    found = []
    for row in rows:
        started = time.perf_counter()
        graph = tools.graph(sketcher.sketch(row["user_request"]))
        found.append(Planned(row, graph, time.perf_counter() - started))
    return found


def planned_whole(tools: Tools, rows: Sequence[dict[str, Any]]) -> list[Planned]:
    """Every row planned as a goal, parameters and all, by a planner that has no earlier plans."""
    found = []
    for row in rows:
        started = time.perf_counter()
        graph = asyncio.run(whole_graph(row["user_request"], tools))
        found.append(Planned(row, graph, time.perf_counter() - started))
    return found


def without(train: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = {" ".join(row["user_request"].split()) for row in rows}
    return [row for row in train if " ".join(row["user_request"].split()) not in asked]


def folded(tools: Tools, rows: Sequence[dict[str, Any]], folds: int) -> list[Planned]:
    parts = [rows[number::folds] for number in range(folds)]
    return [
        one
        for part in parts
        for one in planned(tools, [row for other in parts if other is not part for row in other], part)
    ]


def figures(tools: Tools, found: Sequence[Planned]) -> dict[str, float]:
    pairs = [(gold(one.row), one.graph) for one in found]
    linked = [(right, graph) for right, graph in pairs if right.links]
    figures = {
        "requests": len(found),
        "node_f1": 100 * mean(f1(graph.nodes, right.nodes) for right, graph in pairs),
        "link_f1": 100 * mean(f1(graph.links, right.links) for right, graph in linked),
        "exact": 100 * mean(float(graph == right) for right, graph in pairs),
        "coverage": 100 * mean(float(bool(graph.nodes)) for _, graph in pairs),
        "type_valid": 100 * mean(float(tools.allows(graph)) for _, graph in pairs),
        "seconds_per_request": mean(one.seconds for one in found),
        "node_f1_micro": 100 * micro((graph.nodes, right.nodes) for right, graph in pairs),
        "link_f1_micro": 100 * micro((graph.links, right.links) for right, graph in pairs),
        "link_f1_all": 100 * mean(f1(graph.links, right.links) for right, graph in pairs),
    }
    return {name: round(value, 4 if name.startswith("seconds") else 1) for name, value in figures.items()}


def f1(found: frozenset[Any], right: frozenset[Any]) -> float:
    """Of sets; 1 when both are empty."""
    if not found and not right:
        return 1.0
    return 2 * len(found & right) / (len(found) + len(right))


def micro(pairs: Iterable[tuple[frozenset[Any], frozenset[Any]]]) -> float:
    listed = list(pairs)
    both = sum(len(found) + len(right) for found, right in listed)
    return 2 * sum(len(found & right) for found, right in listed) / both if both else 1.0


def mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def show(found: Sequence[Planned]) -> None:
    for one in found:
        right = gold(one.row)
        print(one.row["user_request"].strip())
        print(f"  right {sorted(right.nodes)} {sorted(right.links)}")
        print(f"  found {sorted(one.graph.nodes)} {sorted(one.graph.links)}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--train", type=Path, metavar="FILE", help="rows to learn from")
    parser.add_argument("--folds", type=int, metavar="N", help="learn from the other parts of gold.jsonl")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--show", action="store_true", help="print each request with both graphs first")
    parser.add_argument("--whole", action="store_true", help="plan whole goals, which may be refused")
    options = parser.parse_args()
    if sum(map(bool, (options.train, options.folds, options.whole))) > 1:
        parser.error("--train, --folds and --whole exclude one another")
    tools = Tools.read(options.data)
    rows = requests(options.data / "gold.jsonl")
    if options.whole:
        found = planned_whole(tools, rows)
    elif options.folds:
        found = folded(tools, rows, options.folds)
    else:
        found = planned(tools, requests(options.train) if options.train else [], rows)
    if options.show:
        show(found)
    result = figures(tools, found)
    print(json.dumps(result) if options.json else "\n".join(f"{name:20} {value:g}" for name, value in result.items()))
    sys.exit(0 if options.whole or result["coverage"] == result["type_valid"] == 100 else 1)


if __name__ == "__main__":
    main()
