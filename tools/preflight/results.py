"""Rules about what goes in and out of a function, and what visitors share."""

import ast
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.program import Function, Module, keyword, last, parts
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

AWKWARD = frozenset({"gradio.SelectData", "gradio.EventData", "gradio.LikeData", "gradio.Request", "gradio.KeyUpData"})
UNPICKLED = frozenset({"open", "threading.Lock", "threading.RLock", "transformers.TextIteratorStreamer"})
WRITERS = frozenset({
    "save", "savefig", "imwrite", "imsave", "write", "write_wav", "writefile", "export", "export_to_video",
    "export_to_gif", "export_to_ply", "write_video", "write_videofile", "write_image", "write_text",
    "write_bytes", "to_csv", "to_json", "to_file", "mimsave", "dump", "tts_to_file", "save_wav", "save_image",
    "save_audio", "audio_write", "open",
})  # fmt: skip
PLACES = frozenset({
    "path", "file", "filename", "fname", "file_path", "output_path", "out_path", "output_video_path", "fp",
    "uri", "to",
})  # fmt: skip
CHANGING = frozenset({
    "append", "extend", "update", "add", "pop", "clear", "insert", "remove", "setdefault", "popleft",
    "appendleft", "discard",
})  # fmt: skip
CONTAINERS = frozenset(
    {"dict", "list", "set", "collections.defaultdict", "collections.deque", "collections.OrderedDict"}
)


def arguments_and_results_can_be_pickled(wiring: Wiring) -> Iterator[Finding]:
    for function in wiring.gpu:
        module = function.module
        for argument in function.arguments:
            if argument.annotation is not None and module.dotted(argument.annotation) in AWKWARD:
                yield broken("ZG009", function.where, f"{function.name} takes {ast.unparse(argument.annotation)}")
        local = {
            target.id: node.value
            for node in function.own
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for value in _given_back(function):
            for part in parts(value):
                made = local.get(part.id, part) if isinstance(part, ast.Name) else part
                if _unpicklable(module, made):
                    yield broken("ZG009", module.where(part), f"{function.name} gives back {ast.unparse(made)[:60]}")
    yield from _awkward_arguments(wiring)


def output_paths_are_fresh(wiring: Wiring) -> Iterator[Finding]:
    for function in wiring.events:
        names = _fixed_names(function)
        for call in function.calls:
            if last(call.func) in WRITERS and not _reads(call):
                spots = [*call.args, *(one.value for one in call.keywords if one.arg in PLACES)]
                for spot in spots:
                    path = _fixed(function.module, spot, names)
                    if path and _is_file(path):
                        where = function.module.where(call)
                        yield broken("ZG013", where, f"{function.name} writes {path} for every visitor")


def visitors_share_nothing(wiring: Wiring) -> Iterator[Finding]:
    for function in wiring.events:
        shared = _containers(function.module) - _assigned(function)
        told = {name for node in function.own if isinstance(node, ast.Global) for name in node.names}
        for node in function.own:
            name = _written(node, shared, told)
            if name:
                yield broken("ZG014", function.module.where(node), f"{function.name} writes {name}, which all share")


def _awkward_arguments(wiring: Wiring) -> Iterator[Finding]:
    for module in wiring.program.modules:
        for call in module.calls:
            called = wiring.program.find(module, call.func)
            if called in wiring.gpu and any(isinstance(one, ast.Lambda) for one in call.args):
                yield broken("ZG009", module.where(call), f"{last(call.func)} is given a lambda")


def _given_back(function: Function) -> Iterator[ast.expr]:
    for node in function.own:
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
            yield node.value


def _unpicklable(module: Module, node: ast.expr) -> bool:
    if isinstance(node, ast.Lambda | ast.GeneratorExp):
        return True
    return isinstance(node, ast.Call) and module.dotted(node.func) in UNPICKLED


def _reads(call: ast.Call) -> bool:
    if last(call.func) != "open":
        return False
    given = call.args[1] if len(call.args) > 1 else keyword(call, "mode")
    return given is None or (isinstance(given, ast.Constant) and "r" in str(given.value))


def _fixed_names(function: Function) -> dict[str, ast.expr]:
    """Local names with the one expression they stand for."""
    found: dict[str, list[ast.expr]] = {}
    for node in function.own:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _fixed(module: Module, node: ast.AST, names: dict[str, ast.expr], depth: int = 0) -> str | None:
    """The path when it is the same at every call."""
    if depth > 6:
        return None
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name() if node.id in names:
            return _fixed(module, names[node.id], names, depth + 1)
        case ast.Name():
            return module.constants.get(node.id)
        case ast.BinOp(left=left, right=right):
            return _joined([_fixed(module, left, names, depth + 1), _fixed(module, right, names, depth + 1)], "/")
        case ast.JoinedStr():
            parts = [one.value if isinstance(one, ast.FormattedValue) else one for one in node.values]
            return _joined([_fixed(module, part, names, depth + 1) for part in parts], "")
        case ast.Call() if last(node.func) in ("join", "Path", "str", "abspath") and node.args:
            return _joined([_fixed(module, part, names, depth + 1) for part in node.args], "/")
    return None


def _joined(parts: list[str | None], sign: str) -> str | None:
    known = [part for part in parts if part is not None]
    return sign.join(known) if len(known) == len(parts) else None


def _is_file(path: str) -> bool:
    ending = path.rpartition(".")[2]
    return "." in path and 1 <= len(ending) <= 5 and ending.isalnum() and " " not in path and "\n" not in path


def _containers(module: Module) -> set[str]:
    made = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    found = set()
    for node in module.top_level():
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            is_call = isinstance(node.value, ast.Call) and module.dotted(node.value.func) in CONTAINERS
            if isinstance(node.value, made) or is_call:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _assigned(function: Function) -> set[str]:
    """Names that are the function's own: its parameters and what it assigns."""
    stored = {node.id for node in function.own if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {argument.arg for argument in function.arguments}


def _written(node: ast.AST, shared: set[str], told: set[str]) -> str | None:
    """The shared name that a node changes."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) if name in told:
            return name
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()) if name in shared | told:
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)):
            return name if name in shared | told and attribute in CHANGING else None
    return None


RULES = (arguments_and_results_can_be_pickled, output_paths_are_fresh, visitors_share_nothing)
