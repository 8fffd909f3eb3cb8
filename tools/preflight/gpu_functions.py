"""Rules about the functions that ask for a GPU."""

import ast
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.program import FunctionNode, Module
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring, gpu_option, is_gpu

LONGEST = 300
"""Seconds: what a free account has for a whole day."""
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def an_event_reaches_the_gpu(wiring: Wiring) -> Iterator[Finding]:
    if wiring.program.zero_gpu and not wiring.events & set(wiring.gpu):
        words = "none of them is called by an event" if wiring.gpu else "no function has the decorator"
        yield broken("ZG002", wiring.program.main.path, f"nothing asks for a GPU: {words}")


def a_duration_is_stated(wiring: Wiring) -> Iterator[Finding]:
    for function, decorator in wiring.gpu.items():
        duration = gpu_option(decorator, "duration")
        double = 2 if function.module.text_of(gpu_option(decorator, "size")) == "xlarge" else 1
        if duration is None:
            yield broken("ZG010", function.where, f"{function.name} states no duration and takes 60 seconds of quota")
        elif (seconds := _seconds(function.module, duration)) and seconds * double > LONGEST:
            yield broken("ZG010", function.where, f"{function.name} asks for {seconds * double:g} seconds of quota")


def a_large_gpu_is_needed(wiring: Wiring) -> Iterator[Finding]:
    facts = wiring.program.facts
    if facts.hardware == "zero-gpu-xlarge" or (facts.memory_gb or 0) > 48:
        return
    for function, decorator in wiring.gpu.items():
        if function.module.text_of(gpu_option(decorator, "size")) == "xlarge":
            yield broken("ZG011", function.where, f"{function.name} asks for 96 GB")


def a_computed_duration_takes_everything(wiring: Wiring) -> Iterator[Finding]:
    for function, decorator in wiring.gpu.items():
        duration = gpu_option(decorator, "duration")
        if duration is None:
            continue
        known = wiring.program.find(function.module, duration)
        signature = duration.args if isinstance(duration, ast.Lambda) else known.node.args if known else None
        if signature is not None and (signature.vararg is None or signature.kwarg is None):
            yield broken("ZG012", function.where, f"the duration of {function.name} does not take what Gradio adds")


def the_gpu_is_asked_for_once(wiring: Wiring) -> Iterator[Finding]:
    names = {function.name for function in wiring.gpu}
    for module in wiring.program.modules:
        for call in module.calls:
            called = wiring.program.find(module, call.func)
            if called is not None and called.name in names and called in wiring.gpu and _in_loop(module, call):
                yield broken("ZG015", module.where(call), f"{called.name} asks for a GPU once for every item")
    for function, decorator in wiring.gpu.items():
        if _in_loop(function.module, function.node):
            yield broken("ZG015", function.module.where(decorator), f"{function.name} is decorated in a loop")


def _in_loop(module: Module, node: ast.AST) -> bool:
    """Whether it is repeated by a loop of its own function, unless that function holds the GPU itself."""
    inside = node
    for above in module.above(node):
        if isinstance(above, FunctionNode | ast.Lambda):
            return False
        if isinstance(above, LOOPS) and not _evaluated_once(above, inside):
            held = (one for one in module.above(above) if isinstance(one, FunctionNode))
            return not any(is_gpu(module, decorator) for one in held for decorator in one.decorator_list)
        inside = above
    return False


def _evaluated_once(loop: ast.AST, part: ast.AST) -> bool:
    return isinstance(loop, ast.For | ast.AsyncFor) and part is loop.iter


def _seconds(module: Module, node: ast.expr) -> float:
    if isinstance(node, ast.Name):
        assigned = [one.value for one in module.top_level() if isinstance(one, ast.Assign) and _targets(one, node.id)]
        node = assigned[-1] if assigned else node
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    return 0.0


def _targets(statement: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)


RULES = (
    an_event_reaches_the_gpu,
    a_duration_is_stated,
    a_large_gpu_is_needed,
    a_computed_duration_takes_everything,
    the_gpu_is_asked_for_once,
)
