"""Where a value comes from inside one function: the model, the caller, a constant, or a drawing.

Names that stand in one statement are taken to depend on one another, whichever way: an output file gets its content
by a call, a streamer by a thread. Parameters are kept out of it, or every answer would come from the model.
"""

import ast
from collections.abc import Callable, Iterator

from tools.preflight.program import Function
from tools.preflight.wiring import Wiring

DRAWING = frozenset({"PIL.Image.new", "numpy.zeros", "numpy.ones", "numpy.random.rand", "numpy.random.randint"})
COMMON = frozenset({"gr", "torch", "np", "numpy", "os", "Image", "tempfile", "spaces", "time", "random", "io", "json"})


def comes_from_model(wiring: Wiring, function: Function) -> Callable[[ast.expr], bool]:
    """Whether an expression of the function depends on the model."""
    good = _followed(function, lambda node: _is_source(wiring, function, node))

    def judge(value: ast.expr) -> bool:
        return any(
            _is_source(wiring, function, node) or (isinstance(node, ast.Name) and node.id in good)
            for node in ast.walk(value)
        )

    return judge


def from_parameters(function: Function, value: ast.expr) -> bool:
    """Whether it is made of parameters that the function does not even change."""
    names = {argument.arg for argument in function.arguments}
    stored = {node.id for node in function.own if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    changed = {
        node.func.value.id
        for node in function.calls
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
        if node.func.attr in ("append", "extend", "update", "insert")
    }
    parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
    return all(isinstance(one, ast.Name) and one.id in names - stored - changed for one in parts)


def drawn(function: Function, value: ast.expr) -> bool:
    """Whether it was drawn, or filled with numbers, on the spot."""
    made = _followed(function, lambda node: _draws(function, node))
    nodes = list(ast.walk(value))
    return any(_draws(function, node) or (isinstance(node, ast.Name) and node.id in made) for node in nodes)


def _draws(function: Function, node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and function.module.dotted(node.func) in DRAWING


def _is_source(wiring: Wiring, function: Function, node: ast.AST) -> bool:
    if wiring.loading.touches(function.module, node):
        return True
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    called = wiring.program.find(function.module, node)
    if called is None or called is function:
        return False
    return any(wiring.loading.uses_model(one) for one in wiring.reached([called]))


def _followed(function: Function, source: Callable[[ast.AST], bool]) -> set[str]:
    """The function's names that depend on a source."""
    parameters = {argument.arg for argument in function.arguments}
    groups = []
    for statement in _simple(function):
        nodes = [node for part in statement for node in ast.walk(part)]
        names = {node.id for node in nodes if isinstance(node, ast.Name)} - COMMON
        stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        groups.append((names - (parameters - stored), any(source(node) for node in nodes)))
    found: set[str] = set()
    for _ in range(len(groups) + 1):
        before = len(found)
        for names, begins in groups:
            if begins or names & found:
                found |= names
        if len(found) == before:
            break
    return found


def _simple(function: Function) -> Iterator[list[ast.AST]]:
    """Statements, compound ones by their head only."""
    for node in ast.walk(function.node):
        match node:
            case ast.For() | ast.AsyncFor():
                yield [node.target, node.iter]
            case ast.With() | ast.AsyncWith():
                yield list(node.items)
            case ast.If() | ast.While() | ast.Try() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.stmt():
                yield [node]
