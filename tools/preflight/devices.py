"""Rules about loading the model and where it is put."""

import ast
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.program import Module, is_true, keyword, last
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

INFERENCE = frozenset({
    "generate", "forward", "encode", "predict", "transcribe", "infer", "invoke", "sample", "synthesize",
    "tts", "run",
})  # fmt: skip
FLASH = ("flash_attention_2", "flash_attention_3", "flash_attention_4")
KERNELS = ("kernels-community/flash-attn", "kernels-community/vllm-flash-attn", "_flash_3", "_flash_3_hub")


def the_model_is_loaded_once(wiring: Wiring) -> Iterator[Finding]:
    for function in wiring.reached(wiring.gpu):
        for call in function.calls:
            if wiring.loading.is_heavy(function.module, call):
                where = function.module.where(call)
                yield broken("ZG003", where, f"{function.name} loads the model while it holds the GPU")


def devices_have_no_number(wiring: Wiring) -> Iterator[Finding]:
    if not wiring.program.zero_gpu:
        return
    for module in wiring.program.modules:
        for call in module.calls:
            if _numbered(module, call):
                yield broken("ZG004", module.where(call), f"a device by its number: {ast.unparse(call)[-60:]}")


def the_model_is_not_spread(wiring: Wiring) -> Iterator[Finding]:
    if not wiring.program.zero_gpu:
        return
    for module in wiring.program.modules:
        for call in module.calls:
            spread = module.text_of(keyword(call, "device_map"))
            quantized = any(keyword(call, name) for name in ("quantization_config", "load_in_4bit", "load_in_8bit"))
            if spread in ("cuda", "auto", "balanced") and not quantized:
                yield broken("ZG005", module.where(call), f'device_map="{spread}" goes round the emulated CUDA')


def nothing_is_compiled(wiring: Wiring) -> Iterator[Finding]:
    if not wiring.program.zero_gpu:
        return
    for module in wiring.program.modules:
        for node in ast.walk(module.tree):
            named = isinstance(node, ast.Attribute | ast.Name) and module.dotted(node) == "torch.compile"
            asked = isinstance(node, ast.Constant) and node.value == "--enable_compile"
            if named or asked or (isinstance(node, ast.Call) and is_true(keyword(node, "enable_compile"))):
                yield broken("ZG006", module.where(node), "torch.compile cannot work where the GPU comes and goes")


def nothing_is_inferred_at_the_start(wiring: Wiring) -> Iterator[Finding]:
    if not wiring.program.zero_gpu:
        return
    for module in wiring.program.modules:
        for call in _at_the_start(module):
            called = wiring.program.find(module, call.func)
            if _infers(wiring, module, call) or called in wiring.gpu:
                yield broken("ZG007", module.where(call), f"the model is run at the start: {ast.unparse(call)[:60]}")
            elif called is not None and called not in wiring.loading.loaders:
                inner = (one for one in called.calls if _infers(wiring, called.module, one))
                for one in list(inner)[:1]:
                    yield broken("ZG007", called.module.where(one), f"{called.name} runs the model at the start")


def flash_attention_is_not_forced(wiring: Wiring) -> Iterator[Finding]:
    for module in wiring.program.modules:
        for node in ast.walk(module.tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if text in FLASH or text.startswith(KERNELS):
                yield broken("ZG019", module.where(node), f"{text} does not run on ZeroGPU's device")
            elif isinstance(node, ast.Call) and is_true(keyword(node, "use_flash_attention_2")):
                yield broken("ZG019", module.where(node), "use_flash_attention_2 does not run on ZeroGPU's device")


def pickles_are_read_with_care(wiring: Wiring) -> Iterator[Finding]:
    for module in wiring.program.modules:
        for call in module.calls:
            if module.dotted(call.func) == "torch.load" and keyword(call, "weights_only") is None:
                yield broken("ZG023", module.where(call), "torch.load without a word on weights_only")


def _numbered(module: Module, call: ast.Call) -> bool:
    name, dotted = last(call.func), module.dotted(call.func)
    if dotted in ("torch.cuda.set_device", "torch.cuda.device"):
        return True
    places = [*call.args[:1]] if name in ("to", "cuda") or dotted == "torch.device" else []
    places += [one.value for one in call.keywords if one.arg in ("device", "device_id", "gpu_id")]
    spread = keyword(call, "device_map")
    places += spread.values if isinstance(spread, ast.Dict) else []
    return any(_number(module, place) for place in places)


def _number(module: Module, node: ast.expr | None) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return True  # -1, the processor, is no constant but an operation
    return (module.text_of(node) or "").startswith("cuda:")


def _at_the_start(module: Module) -> Iterator[ast.Call]:
    """Calls that run when the module is imported, without those that only hand a function over."""
    for statement in module.top_level():
        value = statement.value if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign) else None
        if value is not None:
            yield from (one for one in _evaluated(value) if isinstance(one, ast.Call))


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda):
            yield from _evaluated(child)


def _infers(wiring: Wiring, module: Module, call: ast.Call) -> bool:
    models = wiring.loading.plain[module]
    if isinstance(call.func, ast.Name):
        return call.func.id in models
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return call.func.value.id in models and call.func.attr in INFERENCE
    return False


RULES = (
    the_model_is_loaded_once,
    devices_have_no_number,
    the_model_is_not_spread,
    nothing_is_compiled,
    nothing_is_inferred_at_the_start,
    flash_attention_is_not_forced,
    pickles_are_read_with_care,
)
