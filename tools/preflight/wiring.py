"""Who calls whom in a Space: from the events of its page to the functions that hold the GPU and to the model."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tools.preflight.loading import Loading
from tools.preflight.program import Function, FunctionNode, Module, Program, is_true, keyword, last

EVENTS = frozenset({
    "apply", "blur", "change", "clear", "click", "close", "copy", "delete", "download", "edit", "end",
    "example_select", "expand", "collapse", "focus", "input", "key_up", "like", "load", "option_select",
    "pause", "pause_recording", "play", "preview_close", "preview_open", "release", "retry", "select",
    "start", "start_recording", "stop", "stop_recording", "stream", "submit", "success", "failure", "then",
    "tick", "timeout", "undo", "unload", "upload", "custom",
})  # fmt: skip
"""Gradio's event methods; only a call that hands a function of the Space over counts."""
MAKERS = frozenset({"gradio.Interface", "gradio.ChatInterface", "gradio.api", "gradio.on", "gradio.render"})


@dataclass(frozen=True, eq=False)
class Binding:
    """A function that Gradio calls."""

    function: Function
    call: ast.Call
    named: str | None
    """The endpoint's name, without a slash; None when it is not offered."""


@dataclass(frozen=True, eq=False)
class Wiring:
    program: Program
    loading: Loading

    @cached_property
    def bindings(self) -> list[Binding]:
        found = []
        for module in self.program.modules:
            for call in module.calls:
                if last(call.func) in EVENTS or module.dotted(call.func) in MAKERS:
                    found += [Binding(one, call, _api_name(module, call, one)) for one in self._handed(module, call)]
        return found

    @cached_property
    def gpu(self) -> dict[Function, ast.expr]:
        """Functions under @spaces.GPU, each with the decorator."""
        found: dict[Function, ast.expr] = {}
        for function in self.program.functions:
            for decorator in function.node.decorator_list:
                if is_gpu(function.module, decorator):
                    found[function] = decorator
        for module in self.program.modules:
            for call in module.calls:
                if is_gpu(module, call.func) or module.dotted(call.func) == "spaces.GPU":
                    wrapped = [self.program.find(module, argument) for argument in call.args]
                    found |= {one: call.func for one in wrapped if one is not None}
        return found

    @cached_property
    def generation(self) -> list[Binding]:
        """What answers the endpoint that does the model's work, or else every binding."""
        wanted = self.program.workspace.endpoint.strip("/")
        return [one for one in self.bindings if one.named == wanted] or [
            one for one in self.bindings if one.named != "health"
        ]

    def reached(self, functions: Iterable[Function]) -> set[Function]:
        """These and what they call, directly or not."""
        found: set[Function] = set()
        waiting = list(functions)
        while waiting:
            function = waiting.pop()
            if function not in found:
                found.add(function)
                waiting += self.named_in(function)
        return found

    def named_in(self, function: Function) -> list[Function]:
        """The functions of the Space that a function speaks of."""
        spoken = (
            self.program.find(function.module, node)
            for node in ast.walk(function.node)
            if isinstance(node, ast.Name | ast.Attribute)
        )
        built = [one for node in function.calls for one in self.loading.built_by(function.module, node)]
        inner = [one for one in self.program.functions if one.module.parents.get(one.node) is function.node]
        return [one for one in spoken if one is not None and one is not function] + built + inner

    @cached_property
    def events(self) -> set[Function]:
        """Everything that runs because of an event."""
        return self.reached(one.function for one in self.bindings)

    def _handed(self, module: Module, call: ast.Call) -> Iterator[Function]:
        """The functions a call hands to Gradio: as fn, first or second argument, or as its decorator."""
        place = 1 if module.dotted(call.func) == "gradio.on" else 0
        given = keyword(call, "fn") or (call.args[place] if len(call.args) > place else None)
        for node in _behind(module, given):
            found = self.program.find(module, node)
            if found is not None:
                yield found
        parent = module.parents.get(call)
        if isinstance(parent, FunctionNode) and call in parent.decorator_list:
            yield from (one for one in self.program.functions if one.node is parent)


def _behind(module: Module, node: ast.expr | None) -> Iterator[ast.expr]:
    """The functions an expression stands for: a name, what a lambda calls, what partial or a wrapper takes."""
    match node:
        case ast.Lambda():
            yield from (call.func for call in ast.walk(node.body) if isinstance(call, ast.Call))
        case ast.Call():
            for argument in node.args:
                yield from _behind(module, argument)
        case ast.Name() | ast.Attribute():
            yield node
            for statement in module.top_level():
                if isinstance(statement, ast.Assign) and _names(statement, last(node)):
                    yield from _behind(module, statement.value)


def _names(statement: ast.Assign, name: str) -> bool:
    """Whether it gives the name to what a call or a lambda makes."""
    made = isinstance(statement.value, ast.Call | ast.Lambda)
    return made and any(isinstance(one, ast.Name) and one.id == name for one in statement.targets)


def _api_name(module: Module, call: ast.Call, function: Function) -> str | None:
    given = keyword(call, "api_name")
    visibility = module.text_of(keyword(call, "api_visibility"))
    if visibility in ("private", "undocumented") or (isinstance(given, ast.Constant) and given.value is False):
        return None
    if module.dotted(call.func) == "gradio.render":
        return None
    shown = keyword(call, "show_api")
    if isinstance(shown, ast.Constant) and not is_true(shown):
        return None
    default = {"Interface": "predict", "ChatInterface": "chat"}.get(last(call.func), function.name)
    return (module.text_of(given) or default).strip("/")


def is_gpu(module: Module, node: ast.expr) -> bool:
    """Whether a decorator is spaces.GPU, with or without arguments."""
    return module.dotted(node.func if isinstance(node, ast.Call) else node) == "spaces.GPU"


def gpu_option(decorator: ast.expr, name: str) -> ast.expr | None:
    return keyword(decorator, name) if isinstance(decorator, ast.Call) else None
