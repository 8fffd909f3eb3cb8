"""The arrow between the folders, and the README's tree, as the code really is."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["app", "window", "planners", "agents", "tools", "core"]
APART = ["jobs", "localhub"]
CORE = {
    "artifacts", "chat_answers", "chat_endpoint", "checks", "egress", "errors", "events", "factory", "hub",
    "hub_answers", "journal", "language_model", "ledger", "local_hub", "meter", "model_spec", "nouns", "quoting",
    "record", "redact", "repetition", "run", "rungs", "scope", "settings", "signals", "sse", "threads",
    "tracing", "transport",
}  # fmt: skip


def modules(folder: str) -> list[Path]:
    single = ROOT / f"{folder}.py"
    return [single] if single.exists() else sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level packages of ours that a module imports, wherever in the module it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found & {*ORDER, *APART}


@pytest.mark.parametrize("folder", ORDER)
def test_a_folder_imports_only_what_stands_to_its_right(folder):
    allowed = set(ORDER[ORDER.index(folder) :])
    wrong = {path.name: imported(path) - allowed for path in modules(folder)}
    assert {name: names for name, names in wrong.items() if names} == {}


@pytest.mark.parametrize("folder", APART)
def test_what_stands_apart_imports_nothing_of_ours(folder):
    wrong = {path.name: imported(path) - {folder} for path in modules(folder)}
    assert {name: names for name, names in wrong.items() if names} == {}


def test_core_is_a_closed_list_of_modules():
    assert {path.stem for path in modules("core")} - {"__init__"} == CORE


def test_the_readme_tree_names_every_folder_and_nothing_else():
    readme = (ROOT / "README.md").read_text("utf-8")
    tree = re.search(r"<!-- tree -->\n```\n(.*?)```", readme, re.DOTALL)
    assert tree, "README.md has no annotated tree"
    named = {line.split()[0].rstrip("/") for line in tree.group(1).splitlines() if line and not line.startswith(" ")}
    ignored = {".git", ".venv", ".spacewright", "runs"}
    there = {
        path.name
        for path in ROOT.iterdir()
        if path.name not in ignored and not path.name.endswith("_cache") and path.name != "__pycache__"
    }
    assert named == there


def test_no_module_speaks_of_this_machine():
    pattern = re.compile(r"(?<![\w}])/(?:root|home/\w+)/[\w.]")
    files = [path for folder in [*ORDER, *APART, "tests", "benchmarks", "docs"] for path in _texts(folder)]
    assert [str(path.relative_to(ROOT)) for path in files if pattern.search(path.read_text("utf-8"))] == []


def _texts(folder: str) -> list[Path]:
    single = ROOT / f"{folder}.py"
    if single.exists():
        return [single]
    return [path for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".md") and path.is_file()]
