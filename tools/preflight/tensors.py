"""The rule that no function hands a tensor of the GPU back: the call would hang for ever."""

import ast
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.program import Function, Module, keyword, last, parts
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

SAME_PLACE = frozenset({
    "softmax", "sigmoid", "mean", "sum", "max", "min", "squeeze", "unsqueeze", "argmax", "float", "half",
    "detach", "permute", "transpose", "reshape", "view", "clone", "to", "bfloat16", "contiguous", "flatten",
    "clamp", "exp", "log", "norm", "sort", "topk", "cuda", "pooler_output", "last_hidden_state", "logits",
    "hidden_states", "image_embeds", "text_embeds", "waveform", "audio_values", "predicted_depth",
})  # fmt: skip
"""Methods and fields of a tensor, or of a model's output, that are tensors at the same place."""
NO_TENSOR = frozenset({
    "no_grad", "inference_mode", "autocast", "Generator", "device", "manual_seed", "set_grad_enabled", "save",
    "seed", "tensor", "from_numpy",
})  # fmt: skip


def no_tensor_of_the_gpu_is_returned(wiring: Wiring) -> Iterator[Finding]:
    for function in wiring.gpu:
        raw = {name for name, call in wiring.loading.plain[function.module].items() if _is_raw(function.module, call)}
        tensors: set[str] = set()
        for _ in range(4):  # as deep as assignments build upon one another
            tensors |= _bound(function, raw, tensors)
        for node in function.own:
            given = node.value if isinstance(node, ast.Return | ast.Yield) else None
            given_back = parts(given) if given is not None else iter(())
            if any(_is_tensor(function.module, part, raw, tensors) for part in given_back):
                where = function.module.where(node)
                yield broken("ZG008", where, f"{function.name} gives a tensor back without .cpu()")


def _is_raw(module: Module, call: ast.Call) -> bool:
    """Whether calling the model gives tensors, as transformers' and timm's do and pipelines do not."""
    name = module.dotted(call.func)
    return "Pipeline" not in name and (
        name.startswith(("transformers.", "timm.", "torch.")) and name != "transformers.pipeline"
    )


def _bound(function: Function, raw: set[str], tensors: set[str]) -> set[str]:
    return {
        one.id
        for node in function.own
        if isinstance(node, ast.Assign) and _is_tensor(function.module, node.value, raw, tensors)
        for target in node.targets
        for one in ast.walk(target)
        if isinstance(one, ast.Name)
    }


def _is_tensor(module: Module, node: ast.AST, raw: set[str], tensors: set[str]) -> bool:
    match node:
        case ast.Name():
            return node.id in tensors
        case ast.Subscript():
            return _is_tensor(module, node.value, raw, tensors)
        case ast.Attribute():
            return (node.attr in SAME_PLACE or node.attr == "images") and _is_tensor(module, node.value, raw, tensors)
        case ast.BinOp():
            return any(_is_tensor(module, side, raw, tensors) for side in (node.left, node.right))
        case ast.Call():
            return _makes_tensor(module, node, raw, tensors)
    return False


def _makes_tensor(module: Module, call: ast.Call, raw: set[str], tensors: set[str]) -> bool:
    if module.text_of(keyword(call, "output_type")) == "pt" or _is_on(call, "convert_to_tensor"):
        return True
    if isinstance(call.func, ast.Name):
        return call.func.id in raw
    if not isinstance(call.func, ast.Attribute):
        return False
    name = last(call.func)
    if isinstance(call.func.value, ast.Name) and call.func.value.id in raw:
        return name in ("generate", "forward", "encode", "get_text_features", "get_image_features", "decode")
    if module.dotted(call.func).startswith("torch."):
        given = [*call.args, *(one.value for one in call.keywords)]
        on_gpu = module.text_of(keyword(call, "device")) == "cuda"
        inner = [element for one in given for element in parts(one)]
        return name not in NO_TENSOR and (on_gpu or any(_is_tensor(module, one, raw, tensors) for one in inner))
    away = name == "to" and bool(call.args) and module.text_of(call.args[0]) == "cpu"
    return name in SAME_PLACE and not away and _is_tensor(module, call.func.value, raw, tensors)


def _is_on(call: ast.Call, name: str) -> bool:
    given = keyword(call, name)
    return isinstance(given, ast.Constant) and given.value is True


RULES = (no_tensor_of_the_gpu_is_returned,)
