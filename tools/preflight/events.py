"""Rules about Gradio: examples, progress, and what the API page shows."""

import ast
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.program import Function, Module, is_true, keyword, last
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

INJECTED = ("gradio.Request", "gradio.OAuthProfile", "gradio.OAuthToken", "gradio.EventData", "gradio.SelectData")


def examples_are_cached_late(wiring: Wiring) -> Iterator[Finding]:
    if not wiring.program.zero_gpu:
        return
    for module in wiring.program.modules:
        for call in module.calls:
            has_examples = module.dotted(call.func) in ("gradio.Examples", "gradio.Interface", "gradio.ChatInterface")
            late = module.text_of(keyword(call, "cache_mode")) == "lazy"
            if has_examples and is_true(keyword(call, "cache_examples")) and not late:
                yield broken("ZG017", module.where(call), "examples are computed at the start, without a GPU")


def examples_fill_every_argument(wiring: Wiring) -> Iterator[Finding]:
    for module in wiring.program.modules:
        for call in module.calls:
            if module.dotted(call.func) != "gradio.Examples":
                continue
            given = keyword(call, "fn") or (call.args[3] if len(call.args) > 3 else None)
            function = wiring.program.find(module, given) if given is not None else None
            inputs = _count(keyword(call, "inputs") or (call.args[1] if len(call.args) > 1 else None))
            if function is not None and inputs is not None and (needed := len(_required(function))) > inputs:
                words = f"{function.name} needs {needed} arguments and the examples give {inputs}"
                yield broken("ZG018", module.where(call), words)


def progress_and_yield_are_not_mixed(wiring: Wiring) -> Iterator[Finding]:
    for function in wiring.program.functions:
        tracked = any(
            isinstance(default, ast.Call)
            and last(default.func) == "Progress"
            and is_true(keyword(default, "track_tqdm"))
            for default in function.optional.values()
        )
        if tracked and any(isinstance(node, ast.Yield | ast.YieldFrom) for node in function.own):
            yield broken("ZG020", function.where, f"{function.name} both yields and tracks tqdm")


def endpoints_explain_themselves(wiring: Wiring) -> Iterator[Finding]:
    offered = {binding.function: binding for binding in wiring.bindings if binding.named is not None}
    for function in offered:
        missing = [] if ast.get_docstring(function.node) else ["docstring"]
        missing += [f"type of {argument.arg}" for argument in _unhinted(function)]
        missing += [] if function.node.returns is not None else ["type of what it returns"]
        if missing:
            yield broken("ZG022", function.where, f"{function.name} has no {', no '.join(missing[:4])}")


def _unhinted(function: Function) -> Iterator[ast.arg]:
    own = function.node.args
    more = [one for one in (own.vararg, *own.kwonlyargs) if one is not None]
    for argument in [*function.arguments, *more]:
        default = function.optional.get(argument.arg)
        progress = isinstance(default, ast.Call) and last(default.func) == "Progress"
        if argument.annotation is None and not progress:
            yield argument


def _required(function: Function) -> list[ast.arg]:
    return [
        argument
        for argument in function.arguments
        if argument.arg not in function.optional and not _injected(function.module, argument.annotation)
    ]


def _injected(module: Module, annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    return any(module.dotted(node) in INJECTED for node in ast.walk(annotation))


def _count(node: ast.expr | None) -> int | None:
    if isinstance(node, ast.List | ast.Tuple):
        return None if any(isinstance(one, ast.Starred) for one in node.elts) else len(node.elts)
    return None


RULES = (
    examples_are_cached_late,
    examples_fill_every_argument,
    progress_and_yield_are_not_mixed,
    endpoints_explain_themselves,
)
