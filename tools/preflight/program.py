"""A Space's Python as far as the rules need it: names with where they come from, functions, what is read from where.

Only reads syntax. Flow is not followed: a name that means two things in one module means its last one here.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from core.factory import CardFacts, Finding, Workspace

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
HEAVY = frozenset({"torch", "diffusers", "transformers", "accelerate", "peft", "sentence_transformers", "timm"})
"""Packages whose import touches CUDA."""
HEAVY_TOO = frozenset({"torchvision", "torchaudio", "xformers", "bitsandbytes", "kornia", "open_clip", "ultralytics"})


@dataclass(frozen=True, eq=False)
class Module:
    path: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def names(self) -> dict[str, str]:
        """The dotted origin of every imported name, wherever in the module it is imported."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else _head(alias.name)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}".strip(".")
        return found

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def constants(self) -> dict[str, str]:
        """Names at module scope that stand for one string."""
        return {
            target.id: node.value.value
            for node in self.top_level()
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    def where(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def dotted(self, node: ast.AST) -> str:
        """`gradio.Blocks` for `gr.Blocks`; a part that is no name is written `()`."""
        match node:
            case ast.Name():
                return self.names.get(node.id, node.id)
            case ast.Attribute():
                return f"{self.dotted(node.value)}.{node.attr}"
        return "()"

    def top_level(self) -> Iterator[ast.stmt]:
        """Statements that run when the module is imported, those inside with, if, try and for included."""
        yield from _running(self.tree.body)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, the nearest first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def text_of(self, node: ast.AST | None) -> str | None:
        """The string that an expression stands for, when that is plain."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self.constants.get(node.id) if isinstance(node, ast.Name) else None


@dataclass(frozen=True, eq=False)
class Function:
    module: Module
    node: FunctionNode
    owner: str | None = None
    """The class it is a method of."""

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def where(self) -> str:
        return self.module.where(self.node)

    @property
    def arguments(self) -> list[ast.arg]:
        own = self.node.args
        found = [*own.posonlyargs, *own.args]
        return found[1:] if self.owner and found else found

    @cached_property
    def optional(self) -> dict[str, ast.expr]:
        """Defaults by parameter."""
        own = self.node.args
        positional = [*own.posonlyargs, *own.args]
        given = dict(zip([one.arg for one in positional[::-1]], own.defaults[::-1], strict=False))
        named = zip(own.kwonlyargs, own.kw_defaults, strict=True)
        return given | {one.arg: default for one, default in named if default is not None}

    @cached_property
    def own(self) -> list[ast.AST]:
        """Its nodes without those of functions inside it."""
        return list(_own(self.node))

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.node) if isinstance(node, ast.Call)]


@dataclass(frozen=True, eq=False)
class Program:
    workspace: Workspace
    facts: CardFacts
    modules: tuple[Module, ...]
    main: Module
    unparsed: tuple[Finding, ...] = ()
    """What is wrong with files that are no Python."""
    functions: tuple[Function, ...] = field(default=())

    @cached_property
    def by_name(self) -> dict[tuple[str, str], Function]:
        """Plain functions by module and name."""
        return {(one.module.path, one.name): one for one in self.functions if one.owner is None}

    @cached_property
    def methods(self) -> dict[str, list[Function]]:
        found: dict[str, list[Function]] = {}
        for one in self.functions:
            if one.owner is not None:
                found.setdefault(one.name, []).append(one)
        return found

    @cached_property
    def local(self) -> dict[str, Module]:
        return {module.name: module for module in self.modules}

    @cached_property
    def imported(self) -> frozenset[str]:
        """Every top package that is imported."""
        return frozenset(_head(origin) for module in self.modules for origin in module.names.values())

    @cached_property
    def zero_gpu(self) -> bool:
        """Whether the Space is meant for ZeroGPU."""
        if "spaces" in self.imported:
            return True
        return self.facts.hardware != "cpu" and bool(self.imported & (HEAVY | HEAVY_TOO))

    def find(self, module: Module, node: ast.AST) -> Function | None:
        """The function of the Space that an expression names."""
        dotted = module.dotted(node)
        if "." not in dotted:
            return self.by_name.get((module.path, dotted))
        owner, _, name = dotted.rpartition(".")
        if owner in self.local:
            return self.by_name.get((self.local[owner].path, name))
        found = self.methods.get(name, []) if isinstance(node, ast.Attribute) else []
        return found[0] if len(found) == 1 else None


def read_program(workspace: Workspace, facts: CardFacts, app_file: str = "app.py") -> Program:
    """The Space's Python, without the files that do not parse."""
    modules, unparsed = [], []
    for path, text in sorted(workspace.files.items()):
        if path.endswith(".py"):
            try:
                modules.append(Module(path, text, ast.parse(text)))
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                unparsed.append(_complaint(error, path))
    main = next((module for module in modules if module.path == app_file), Module(app_file, "", ast.parse("")))
    functions = tuple(function for module in modules for function in _functions(module))
    return Program(workspace, facts, tuple(modules), main, tuple(unparsed), functions)


def _complaint(error: Exception, path: str) -> Finding:
    line, words = (error.lineno, error.msg) if isinstance(error, SyntaxError) else (1, str(error))
    where = f"{path}:{line or 1}"
    return Finding(
        rule="import", severity="error", where=where, message=f"it does not parse: {words}", fix="correct it"
    )


def _functions(module: Module) -> Iterator[Function]:
    for node in ast.walk(module.tree):
        if isinstance(node, FunctionNode):
            parent = module.parents.get(node)
            yield Function(module, node, parent.name if isinstance(parent, ast.ClassDef) else None)


def _running(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, FunctionNode | ast.ClassDef):
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from _running(getattr(node, name, []))
        for handler in getattr(node, "handlers", []):
            yield from _running(handler.body)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, FunctionNode):
            yield child
            yield from _own(child)


def _head(name: str) -> str:
    return name.split(".")[0]


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def is_true(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def last(node: ast.AST) -> str:
    """The last name of a dotted expression."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def parts(node: ast.expr) -> Iterator[ast.expr]:
    """What is given back, inside tuples, lists and dictionaries too."""
    match node:
        case ast.Tuple() | ast.List():
            for element in node.elts:
                yield from parts(element)
        case ast.Dict():
            for value in node.values:
                yield from parts(value)
        case _:
            yield node
