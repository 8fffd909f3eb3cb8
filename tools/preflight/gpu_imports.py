"""Rules about what is imported, and set, before CUDA may wake."""

import ast
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.program import HEAVY, HEAVY_TOO, Module
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

VIDEO_TASKS = frozenset({"text-to-video", "image-to-video", "video-to-video", "image-text-to-video"})
ALLOCATOR = ("PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF")


def spaces_comes_first(wiring: Wiring) -> Iterator[Finding]:
    main = wiring.program.main
    order = list(_imports(wiring, main, set()))
    heavy = next((place for place, (name, _) in enumerate(order) if name in HEAVY | HEAVY_TOO), None)
    spaces = next((place for place, (name, _) in enumerate(order) if name == "spaces"), None)
    if heavy is None or spaces is None or spaces < heavy:
        return
    name, where = order[heavy]
    yield broken("ZG001", where, f"{name} is imported before spaces")


def spaces_is_not_faked(wiring: Wiring) -> Iterator[Finding]:
    for module in wiring.program.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Try) and any(_imports_spaces(one) for one in node.body) and node.handlers:
                yield broken(
                    "ZG016", module.where(node), "the import of spaces is guarded, with something in its place"
                )
            elif _named_spaces(node):
                yield broken("ZG016", module.where(node), "something that is not the package is called spaces")


def the_allocator_is_set_first(wiring: Wiring) -> Iterator[Finding]:
    program = wiring.program
    if not program.zero_gpu or program.facts.task not in VIDEO_TASKS:
        return
    heavy = next((line for name, line in _lines(program.main) if name in HEAVY | HEAVY_TOO), None)
    if heavy is None:
        return
    told = [
        node
        for node in program.main.top_level()
        if "expandable_segments" in ast.unparse(node) and any(name in ast.unparse(node) for name in ALLOCATOR)
    ]
    if not told or told[0].lineno > heavy:
        yield broken("ZG021", f"{program.main.path}:{heavy}", "a video model without expandable memory segments")


def _imports(wiring: Wiring, module: Module, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Top packages in the order in which they are really imported, through the Space's own modules."""
    seen.add(module.name)
    for node in module.top_level():
        where = module.where(node)
        for name in _names(node):
            own = wiring.program.local.get(name) or wiring.program.local.get(name.split(".")[0])
            if own is None:
                yield name.split(".")[0], where
            elif own.name not in seen:
                yield from _imports(wiring, own, seen)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def _lines(module: Module) -> list[tuple[str, int]]:
    return [(name.split(".")[0], node.lineno) for node in module.top_level() for name in _names(node)]


def _imports_spaces(node: ast.stmt) -> bool:
    return "spaces" in [name.split(".")[0] for name in _names(node)]


def _named_spaces(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "spaces" for target in node.targets)
    return isinstance(node, ast.ClassDef) and node.name == "spaces"


RULES = (spaces_comes_first, spaces_is_not_faked, the_allocator_is_set_first)
