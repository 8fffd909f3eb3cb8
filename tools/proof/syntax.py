"""Small readings of Python's syntax that several readers of foreign programs share."""

import ast
from collections.abc import Iterable

Marks = frozenset[str]
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def parameters(function: Function) -> list[ast.arg]:
    every = function.args
    more = [argument for argument in (every.vararg, every.kwarg) if argument]
    return [*every.posonlyargs, *every.args, *every.kwonlyargs, *more]


def last_name(node: ast.AST) -> str:
    """`b` of `a.b`."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def owner_name(node: ast.AST) -> str:
    """`a` of `a.b`, `b` of `b`."""
    return last_name(node.value) if isinstance(node, ast.Attribute) else last_name(node)


def union(every: Iterable[Marks]) -> Marks:
    return frozenset().union(*every)
