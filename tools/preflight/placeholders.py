"""Rules against fakes: the endpoint has to reach the model that was asked for and give back what that made.

Read from the syntax alone, so a determined cheat gets through here; the calls of the running Space are for those.
"""

import ast
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.origins import comes_from_model, drawn, from_parameters
from tools.preflight.program import Function, Module, keyword
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

SAMPLES = ("png", "jpg", "jpeg", "webp", "gif", "wav", "mp3", "flac", "ogg", "mp4", "webm", "glb", "obj", "ply", "stl")


def the_endpoint_reaches_the_model(wiring: Wiring) -> Iterator[Finding]:
    main = wiring.program.main
    if not wiring.generation:
        yield broken("PH001", main.path, "no event calls a function that could use a model")
        return
    if not any(_reaches(wiring, one.function) for one in wiring.generation):
        function = wiring.generation[0].function
        yield broken("PH001", function.where, f"{function.name} never comes to a model that is loaded")


def results_come_from_the_model(wiring: Wiring) -> Iterator[Finding]:
    for function in dict.fromkeys(one.function for one in wiring.generation):
        for reached in wiring.reached([function]):
            yield from _samples(reached)
        given = [node for node in function.own if isinstance(node, ast.Return | ast.Yield) and node.value is not None]
        main = [node for node in given if not _aside(function, node)]
        if wiring.loading.uses_model(function) or _reaches(wiring, function):
            good = comes_from_model(wiring, function)
            fake = bool(main) and not any(good(node.value) for node in main if node.value is not None)
        else:
            fake = bool(main) and all(_is_fake(function, node.value) for node in main if node.value is not None)
        if fake:
            where = function.module.where(main[-1])
            yield broken("PH002", where, f"what {function.name} gives back does not come from the model")


def no_other_model_stands_in(wiring: Wiring) -> Iterator[Finding]:
    facts = wiring.program.facts
    if facts.model is None:
        return
    named = list(_loads(wiring))
    wanted = {facts.model, facts.base_model}
    for module, call, id in named:
        if id not in wanted and _in_place_of(module, call) and id not in (facts.usage or ""):
            yield broken("PH003", module.where(call), f"{id} is loaded in place of {facts.model}")
            return
    ids = {id for _, _, id in named}
    spoken = any(_speaks_of(module, facts.model) for module in wiring.program.modules)
    if ids and facts.model not in ids and not spoken:
        module, call, id = named[0]
        yield broken("PH003", module.where(call), f"{id} is loaded, and {facts.model} nowhere")
    yield from _alternatives(wiring)


def _speaks_of(module: Module, model: str) -> bool:
    """Whether a string is the model's id, alone or in an address; a sentence that mentions it is not enough."""
    texts = (node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and model in text and " " not in text for text in texts)


def _reaches(wiring: Wiring, function: Function) -> bool:
    return any(wiring.loading.uses_model(one) for one in wiring.reached([function]))


def _aside(function: Function, node: ast.AST) -> bool:
    """Whether a return stands in a guard or an except, beside the road of success."""
    above = list(function.module.above(node))
    inside = above[: above.index(function.node)] if function.node in above else above
    if any(isinstance(one, ast.ExceptHandler) for one in inside):
        return True
    return isinstance(node, ast.Return) and any(isinstance(one, ast.If) for one in inside) and _is_plain(node.value)


def _is_plain(node: ast.expr | None) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    return all(isinstance(one, ast.Constant | ast.JoinedStr) or one is None for one in parts)


def _samples(function: Function) -> Iterator[Finding]:
    """A file of the repository, or a drawing, given back by an except or as a constant."""
    for node in function.own:
        if isinstance(node, ast.Return) and node.value is not None:
            rescued = any(isinstance(one, ast.ExceptHandler) for one in function.module.above(node))
            text = function.module.text_of(node.value) or ""
            sample = text.rpartition(".")[2].lower() in SAMPLES and "." in text and " " not in text
            if sample or (rescued and drawn(function, node.value)):
                yield broken("PH002", function.module.where(node), f"{function.name} gives a sample back: {text[:60]}")


def _is_fake(function: Function, value: ast.expr) -> bool:
    return _is_plain(value) or from_parameters(function, value) or drawn(function, value)


def _loads(wiring: Wiring) -> Iterator[tuple[Module, ast.Call, str]]:
    """Every load that names a repository of the Hub."""
    for module in wiring.program.modules:
        for call in module.calls:
            if not wiring.loading.is_load(module, call):
                continue
            named = [keyword(call, name) for name in ("model", "repo_id", "pretrained_model_name_or_path")]
            given = [*call.args[:2], *named]
            filled = [part for one in given if isinstance(one, ast.JoinedStr) for part in one.values]
            given += [part.value for part in filled if isinstance(part, ast.FormattedValue)]
            for node in given:
                id = module.text_of(node)
                if id and id.count("/") == 1 and not id.startswith((".", "/")) and "." not in id.split("/")[0]:
                    yield module, call, id


def _in_place_of(module: Module, call: ast.Call) -> bool:
    """Whether a load happens only when something else failed."""
    return any(isinstance(one, ast.ExceptHandler) for one in module.above(call))


def _alternatives(wiring: Wiring) -> Iterator[Finding]:
    """Several models that are tried in a row."""
    for module in wiring.program.modules:
        for node in module.top_level():
            if isinstance(node, ast.For) and isinstance(node.iter, ast.List | ast.Tuple | ast.Name):
                tried = any(isinstance(one, ast.Try) for one in node.body)
                loads = any(wiring.loading.is_load(module, one) for one in ast.walk(node) if isinstance(one, ast.Call))
                if tried and loads:
                    yield broken("PH003", module.where(node), "models are tried in a row until one of them loads")


RULES = (the_endpoint_reaches_the_model, results_come_from_the_model, no_other_model_stands_in)
