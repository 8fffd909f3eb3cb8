"""What a card's own snippet says about loading and calling the model. Foreign code: it is read and never run here."""

import ast
import re
from collections.abc import Iterator

from core.factory import CardFacts
from core.nouns import Frozen

HARMLESS = frozenset({"json", "math", "numpy", "pathlib", "huggingface_hub", "safetensors", "typing", "PIL", "re"})
"""Packages that a snippet may import if its text is to become part of an app."""
UNWELCOME = frozenset(
    {"exec", "eval", "compile", "__import__", "globals", "getattr", "setattr", "delattr", "breakpoint"}
)


class OwnModule(Frozen):
    """A class that the repository ships, with how the card calls it."""

    module: str
    name: str
    options: tuple[str, ...] = ()
    """Keywords that the card's call gives."""
    methods: tuple[str, ...] = ()
    """Methods that the card calls besides."""


class OwnFunction(Frozen):
    """A function that the card spells out, with what has to stand before it."""

    name: str
    parameter: str
    loading: str
    source: str


def own_module(facts: CardFacts) -> OwnModule | None:
    """The class whose `from_pretrained` the card calls, out of a module that is a file of the repository."""
    tree = _parsed(facts)
    if tree is None:
        return None
    shipped = {file.removesuffix(".py") for file in facts.files if file.endswith(".py") and "/" not in file}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in shipped and node.level == 0:
            for alias in node.names:
                variable = _loaded_as(tree, alias.name)
                if variable and alias.asname is None:
                    return OwnModule(
                        module=str(node.module),
                        name=alias.name,
                        options=tuple(dict.fromkeys(_options(tree, variable))),
                        methods=tuple(dict.fromkeys(_methods(tree, variable))),
                    )
    return None


def own_function(facts: CardFacts) -> OwnFunction | None:
    """The one function of the snippet, when everything in it is harmless to take over."""
    tree, usage = _parsed(facts), facts.usage or ""
    if tree is None or not _harmless(tree):
        return None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1 or len(functions[0].args.args) != 1 or functions[0].decorator_list:
        return None
    loading = [node for node in tree.body if isinstance(node, ast.With | ast.Assign)]
    lines = "\n".join(_segment(usage, node) for node in loading if node.lineno < functions[0].lineno)
    return OwnFunction(
        name=functions[0].name,
        parameter=functions[0].args.args[0].arg,
        loading=_pinned(lines, facts),
        source=_segment(usage, functions[0]),
    )


def imports(facts: CardFacts) -> list[str]:
    """The snippet's import lines."""
    tree = _parsed(facts)
    found = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)] if tree else []
    return [ast.unparse(node) for node in found]


def _parsed(facts: CardFacts) -> ast.Module | None:
    try:
        return ast.parse(facts.usage or "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _segment(text: str, node: ast.AST) -> str:
    return ast.get_source_segment(text, node) or ""


def _pinned(text: str, facts: CardFacts) -> str:
    """The same lines with the model and its revision as the constants of the app."""
    if facts.model is None:
        return text
    quoted = re.escape(facts.model)
    text = re.sub(rf"""(hf_hub_download\(\s*)["']{quoted}["']([^()]*)\)""", r"\1MODEL\2, revision=REVISION)", text)
    return re.sub(rf"""(snapshot_download\(\s*)["']{quoted}["']\s*\)""", r"\1MODEL, revision=REVISION)", text)


def _loaded_as(tree: ast.Module, name: str) -> str | None:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=variable)], value=ast.Call(func=called)):
                if ast.unparse(called) == f"{name}.from_pretrained":
                    return variable
    return None


def _options(tree: ast.Module, variable: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == variable:
            yield from (one.arg for one in node.keywords if one.arg)


def _methods(tree: ast.Module, variable: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == variable:
            yield node.attr


def _harmless(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(alias.name.split(".")[0] not in HARMLESS for alias in node.names):
            return False
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] not in HARMLESS:
            return False
        if isinstance(node, ast.Name | ast.Attribute) and _name(node) in UNWELCOME:
            return False
        if isinstance(node, ast.Attribute) and node.attr.startswith("__"):
            return False
    return True


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr
