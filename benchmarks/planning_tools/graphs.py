"""What a benchmark calls a plan: tools, and links between them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Graph:
    nodes: frozenset[str]
    links: frozenset[tuple[str, str]]


def requests(file: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def gold(row: dict[str, Any]) -> Graph:
    nodes = frozenset(node["task"] for node in row["task_nodes"])
    return Graph(nodes, frozenset((link["source"], link["target"]) for link in row["task_links"]))
