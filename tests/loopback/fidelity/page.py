"""The table of routes in docs/local-hub.md: what each answer was compared with.

`python -m tests.loopback.fidelity.page` writes it anew.
"""

import json
import re
from pathlib import Path
from typing import Any

from starlette.routing import Match, Route

from localhub.routes import ROUTES

PAGE = Path(__file__).parents[3] / "docs/local-hub.md"
BEGIN, END = "<!-- routes -->\n", "<!-- end of routes -->\n"

ANSWERS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "answers").glob("*.json"))
}

KINDS = ("recorded", "openapi", "client model")
WORDS = {
    "recorded": "a recorded answer",
    "openapi": "the Hub's OpenAPI document",
    "client model": "what the client reads",
}


def table() -> str:
    """Markdown: one row a route and its methods, in the order of the paths."""
    found: dict[tuple[str, str], set[str]] = {}
    for answer in ANSWERS.values():
        if route := answered_by(*asked(answer["route"])):
            found.setdefault(route, set()).add(answer["kind"])
    rows = sorted({(route.path, method) for route in ROUTES if isinstance(route, Route) for method in methods(route)})
    lines = [f"| `{method} {path}` | {told(found.get((method, path), set()))} |\n" for path, method in rows]
    return "| route | compared with |\n|---|---|\n" + "".join(lines)


def asked(route: str) -> tuple[str, str]:
    """A method and a path that the route of a recorded answer stands for."""
    method, path = re.sub(r"[?(].*", "", route).split()
    return method, re.sub(r"\{\w+\}", "x", path)


def told(kinds: set[str]) -> str:
    return WORDS[min(kinds, key=KINDS.index)] if kinds else ""


def methods(route: Route) -> set[str]:
    """HEAD comes with GET by itself."""
    return (route.methods or set()) - {"HEAD"}


def answered_by(method: str, path: str) -> tuple[str, str] | None:
    """The first route that fits, as the server finds it."""
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    for route in ROUTES:
        if isinstance(route, Route) and route.matches(scope)[0] is Match.FULL:
            return ("GET" if method == "HEAD" else method), route.path
    return None


def with_table(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
