"""What a Space's own program says about where an endpoint's answer comes from: read as text, never run."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from core.nouns import Frozen
from tools.proof.flow import FILE, Program, program
from tools.proof.flow import Reading as Reader
from tools.proof.reached import reached, stand_in
from tools.proof.syntax import Function, Marks, last_name, owner_name, parameters

LARGEST = 400_000
"""Characters of Python that are read."""

EVENTS = frozenset(
    {"click", "submit", "change", "input", "release", "upload", "then", "success", "load", "select", "api", "tap"}
)
FACES = frozenset({"Interface", "ChatInterface"})


class Reading(Frozen):
    """What was found in the text."""

    read: bool
    """False when there was nothing to read, or nothing that could be understood."""
    models: tuple[str, ...] = ()
    """Whose weights the endpoint's answer is made with."""
    traces: tuple[str, ...] = ()
    """What else it is made with, in words: drawing, chance, waiting, a table."""
    reason: str = ""
    """Why it could not be read, or what is wrong with the path to the model."""


def read_source(files: Mapping[str, str], endpoint: str, app: str = "app.py") -> Reading:
    """Look for the handler behind the endpoint and for what its answer is made of. `app` is the file that is run."""
    try:
        texts = reached(files, app)
        if not texts:
            return Reading(
                read=False, reason="its program cannot be read, so nothing shows what is behind the endpoint"
            )
        if sum(map(len, texts.values())) > LARGEST:
            return Reading(read=False, reason=f"its program has more than {LARGEST} characters, too many to be read")
        found = program(texts.values())
        trees = [ast.parse(text) for text in texts.values()]
    except (SyntaxError, ValueError, RecursionError):
        return Reading(read=False, reason="its program is no Python that this version understands")
    if name := stand_in(files, app):
        own = f"{name} of its program stands in for the package of that name, so what loads a model there is its own"
        return Reading(read=False, reason=own)
    handlers = list(_handlers(trees, found, endpoint))
    if not handlers:
        whole = [mark[6:] for mark in _loaded_whole(trees)]
        if whole:
            return Reading(read=True, models=tuple(whole))
        return Reading(read=False, reason=f"no function could be found in its program that serves {endpoint}")
    return _read(found, handlers, trees)


def _read(found: Program, handlers: Collection[Function], trees: Collection[ast.Module]) -> Reading:
    ways = [way for handler in handlers for way in found.ways_out(handler)]
    models = sorted({mark[6:] for _, marks in ways for mark in marks if mark.startswith("model:")})
    traces = list(dict.fromkeys(trace for handler in handlers for trace in _traces(found, handler)))
    reason = ""
    if not models:
        reason = "in its program no path leads from the endpoint's answer to the weights of a model"
    elif another := next(_stand_ins(found, trees), None):
        name, line = another
        reason = f"line {line} of its program can put something else in the place of the model '{name}'"
    elif fallback := next((line for handler in handlers for line in _fallbacks(found, handler)), None):
        reason = f"line {fallback} of its program answers with something else when the model fails, without saying so"
    elif past := [way for handler in handlers for way in found.ways_out(handler) if _passes_by(*way, handler)]:
        reason = f"line {past[0][0].lineno} of its program returns something that no model has made"
    return Reading(read=True, models=tuple(models), traces=tuple(traces), reason=reason)


def _passes_by(value: ast.expr, marks: Marks, handler: Function) -> bool:
    """Whether a way out gives something made of the input, of a file or of chance, and not of a model."""
    said = isinstance(value, ast.Call) and last_name(value.func) in {"update", "skip", "Error", "Warning", "Info"}
    known = any(mark.startswith("model:") for mark in marks)
    return not (known or said or _plain(value, {argument.arg for argument in parameters(handler)}))


def _plain(value: ast.expr, given: Collection[str]) -> bool:
    """A short word, a figure, nothing, or what was given, unchanged: how guards and messages answer."""
    match value:
        case ast.Constant(value=str() as text):
            return len(text) <= 80 and not FILE.search(text)
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in given
        case ast.UnaryOp(operand=operand):
            return _plain(operand, given)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(_plain(part, given) for part in parts)
        case ast.Dict(values=parts):
            return all(_plain(part, given) for part in parts)
    return False


def _fallbacks(found: Program, handler: Function) -> Iterator[int]:
    """Lines below an `except` that answer with something of their own and do not tell of the error."""
    makers = [each for every in found.functions.values() for each in every if _gives_a_model(found, each)]
    for node in (part for function in (handler, *makers) for part in found.reached(function)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        for inner in (part for statement in node.body for part in ast.walk(statement)):
            match inner:
                case ast.Return(value=value) if value is not None and not _plain(value, ()):
                    names = {name.id for name in ast.walk(value) if isinstance(name, ast.Name)}
                    if node.name is None or node.name not in names:
                        yield inner.lineno
                case ast.Assign(value=value) if any(map(_stored, ast.walk(value))):
                    yield inner.lineno


def _gives_a_model(found: Program, function: Function) -> bool:
    return any(mark.startswith("model:") for mark in found.returned(function))


def _stand_ins(found: Program, trees: Collection[ast.Module]) -> Iterator[tuple[str, int]]:
    """Names at the top of a module that hold a model by one assignment, and by another something that is none."""
    reading = Reader(found, found.names, whole=True)
    for tree in trees:
        given: dict[str, list[tuple[bool, int]]] = {}
        for node in _outside_functions(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                modelled = any(mark.startswith("model:") for mark in reading.marks(node.value))
                again = any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node.value))
                if not again and (modelled or not _plain(node.value, ())):
                    given.setdefault(name, []).append((modelled, node.lineno))
        for name, places in given.items():
            if any(modelled for modelled, _ in places):
                yield from ((name, line) for modelled, line in places if not modelled)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield child
            yield from _outside_functions(child)


def _stored(node: ast.AST) -> bool:
    """Something that lay there: a file, or a place in a table."""
    match node:
        case ast.Call(func=function):
            return last_name(function) in ("open", "choice", "imread")
        case ast.Subscript(value=ast.Name(id=table)):
            return table.isupper()
        case ast.Constant(value=str() as text):
            return bool(FILE.search(text))
    return False


def _handlers(trees: Collection[ast.Module], found: Program, endpoint: str) -> Iterator[Function]:
    """The functions bound to the endpoint: by its `api_name`, else by their own name, else the only one there is."""
    wanted = endpoint.strip("/")
    bound: list[tuple[str, Function]] = []
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                bound += [(name, function) for function in _bound(node, found) for name in _names_of(node, function)]
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and last_name(mark.func) in EVENTS | {"on", "api"}:
                        bound.append((_word(mark, "api_name") or node.name, node))
    exact = [function for name, function in bound if name == wanted]
    stem = re.sub(r"_\d+$", "", wanted)
    again = [function for name, function in bound if name == stem] if stem != wanted else []
    different = {id(function): function for _, function in bound}
    yield from exact or again or (list(different.values()) if len(different) == 1 else [])


def _bound(call: ast.Call, found: Program) -> list[Function]:
    name = last_name(call.func)
    handed = next((word.value for word in call.keywords if word.arg == "fn"), None)
    if handed is None and (name in FACES or (name in EVENTS and isinstance(call.func, ast.Attribute))) and call.args:
        handed = call.args[0]
    if handed is None and name == "on" and len(call.args) > 1:
        handed = call.args[1]
    if isinstance(handed, ast.Call) and last_name(handed.func) == "partial" and handed.args:
        handed = handed.args[0]
    if isinstance(handed, ast.Lambda):
        return [handed]
    if handed is None or isinstance(handed, ast.Constant | ast.List | ast.Dict):
        return []
    # A model may be handed over itself: calling it is the handler.
    itself = ast.Lambda(args=ast.parse("lambda given: 0", mode="eval").body.args, body=handed)  # type: ignore[attr-defined]
    return found.functions.get(last_name(handed), []) or [ast.copy_location(itself, handed)]


def _names_of(call: ast.Call, function: Function) -> tuple[str, ...]:
    said = _word(call, "api_name")
    if said:
        return (said.strip("/"),)
    own = getattr(function, "name", "lambda")
    face = {"Interface": "predict", "ChatInterface": "chat"}.get(last_name(call.func))
    return (own, face) if face else (own,)


def _word(call: ast.Call, name: str) -> str:
    value = next((word.value for word in call.keywords if word.arg == name), None)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _loaded_whole(trees: Collection[ast.Module]) -> Iterator[str]:
    """`gr.load("models/owner/name")` makes a whole app of a model."""
    for tree in trees:
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and last_name(node.func) == "load"
                and owner_name(node.func) in ("gr", "gradio")
            ):
                first = node.args[0] if node.args else None
                if (
                    isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                    and first.value.startswith("models/")
                ):
                    yield f"model:{first.value.removeprefix('models/')}"


def _traces(found: Program, handler: Function) -> Iterator[str]:
    """What in the handler's reach speaks of a way around the model."""
    given = {argument.arg for argument in handler.args.args}
    for node in found.reached(handler):
        match node:
            case ast.Call(func=function):
                name, owner = last_name(function), owner_name(function)
                if name == "sleep":
                    yield f"it waits on purpose (sleep, line {node.lineno})"
                elif owner in ("random", "rng", "secrets") or name in (
                    "default_rng",
                    "RandomState",
                    "urandom",
                    "randint",
                ):
                    yield f"it draws lots (line {node.lineno})"
                elif owner == "ImageDraw" or name == "Draw" or owner == "ImageFont":
                    yield f"it draws with PIL (line {node.lineno})"
                elif owner == "hashlib" or name in ("hash", "md5", "sha1", "sha256", "crc32"):
                    yield f"it goes by a hash (line {node.lineno})"
                elif name == "format" or name == "replace":
                    yield f"it fills in a text (line {node.lineno})"
            case ast.JoinedStr():
                if any(isinstance(part, ast.Name) and part.id in given for part in ast.walk(node)):
                    yield f"it puts what it was given into a text (line {node.lineno})"
            case ast.Subscript(value=ast.Name(id=table)) if table.isupper():
                yield f"it looks up in a table ({table}, line {node.lineno})"
            case ast.Attribute(value=ast.Name(id=table), attr="get") if table.isupper():
                yield f"it looks up in a table ({table}, line {node.lineno})"
