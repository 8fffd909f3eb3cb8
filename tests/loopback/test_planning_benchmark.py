"""The benchmark of planning: tools as offers, plans as graphs, and the figures over them."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.planning import Planned, figures, folded, without
from benchmarks.planning_tools import Graph, Tools, requests

ROOT = Path(__file__).parents[2]
TOOLS = [
    {"id": "Translation", "desc": "Puts text into another language", "input-type": ["text"], "output-type": ["text"]},
    {"id": "Text-to-Speech", "desc": "Says a text", "input-type": ["text"], "output-type": ["audio"]},
    {"id": "parcel_tracking", "desc": "Track a parcel"},
]
ROWS = [
    ("Translate the letter into Dutch and read it aloud", ["Translation", "Text-to-Speech"]),
    ("Track my parcel", ["parcel_tracking"]),
    ("Translate the menu into Greek", ["Translation"]),
]


def row(request: str, tasks: list[str]) -> dict[str, object]:
    links = [{"source": a, "target": b} for a, b in itertools.pairwise(tasks)]
    return {"id": request, "user_request": request, "task_nodes": [{"task": t} for t in tasks], "task_links": links}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    links = [{"source": "Translation", "target": "Text-to-Speech"}, {"source": "Translation", "target": "gone"}]
    (tmp_path / "tool_desc.json").write_text(json.dumps({"nodes": TOOLS}))
    (tmp_path / "graph_desc.json").write_text(json.dumps({"nodes": TOOLS, "links": links}))
    (tmp_path / "gold.jsonl").write_text("\n".join(json.dumps(row(*one)) for one in ROWS) + "\n\n")
    return tmp_path


def graph(*tasks: str, links: bool = True) -> Graph:
    return Graph(frozenset(tasks), frozenset(itertools.pairwise(tasks)) if links else frozenset())


def test_figures_are_means_over_requests_and_those_of_links_over_requests_with_links(folder: Path) -> None:
    rows = requests(folder / "gold.jsonl")
    graphs = [graph("Translation", "Text-to-Speech", links=False), graph("parcel_tracking"), graph("Text-to-Speech")]
    found = figures(Tools.read(folder), [Planned(r, g, 0.5) for r, g in zip(rows, graphs, strict=True)])
    assert found == {
        "requests": 3,
        "node_f1": 66.7,
        "link_f1": 0.0,
        "exact": 33.3,
        "coverage": 100,
        "type_valid": 100,
        "seconds_per_request": 0.5,
        "node_f1_micro": 75.0,
        "link_f1_micro": 0.0,
        "link_f1_all": 66.7,
    }


def test_a_link_that_the_tools_do_not_allow_is_told(folder: Path) -> None:
    tools = Tools.read(folder)
    assert tools.allows(graph("Translation", "Text-to-Speech"))
    assert not tools.allows(graph("Text-to-Speech", "Translation"))


def test_a_row_is_never_planned_by_what_it_teaches(folder: Path) -> None:
    rows = requests(folder / "gold.jsonl")
    spaced = {**rows[0], "user_request": f"  {rows[0]['user_request']}\n"}
    assert without([spaced, rows[1]], rows[:1]) == [rows[1]]


def test_every_row_is_planned_once_when_they_are_split(folder: Path) -> None:
    rows = requests(folder / "gold.jsonl")
    found = folded(Tools.read(folder), rows, 2)
    assert sorted(one.row["id"] for one in found) == sorted(str(one["id"]) for one in rows)


def test_the_command_prints_its_figures_as_json(folder: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.planning", "--data", str(folder), "--json"]
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=True)
    printed = json.loads(done.stdout)
    assert (printed["node_f1"], printed["link_f1"], printed["exact"], printed["coverage"]) == (100, 100, 100, 100)
