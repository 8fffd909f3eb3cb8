"""The tools of a planning benchmark as Spaces, and sketches of plans as its graphs."""

from benchmarks.planning_tools.graphs import Graph, gold, requests
from benchmarks.planning_tools.shelf import Tools
from benchmarks.planning_tools.whole import whole_graph

__all__ = ["Graph", "Tools", "gold", "requests", "whole_graph"]
