"""Where a Space loads its model, and which names hold it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tools.preflight.program import Function, Module, Program, last

LOADERS = frozenset({
    "from_pretrained", "from_single_file", "load_checkpoint", "load_from_checkpoint", "load_model",
    "create_model", "create_model_and_transforms", "SentenceTransformer", "CrossEncoder", "InferenceSession",
    "Llama", "WhisperModel", "YOLO", "from_hparams", "load_file", "hf_hub_download", "snapshot_download",
    "load_weights", "from_config_file",
})  # fmt: skip
EXACTLY = frozenset({
    "transformers.pipeline", "torch.load", "torch.hub.load", "torch.jit.load", "joblib.load", "pickle.load",
    "numpy.load", "skops.io.load", "whisper.load_model",
})  # fmt: skip
CHEAP = ("Tokenizer", "Processor", "Config", "FeatureExtractor", "Scheduler", "processor", "tokenizer", "scheduler")
FETCHING = frozenset({"hf_hub_download", "snapshot_download"})


@dataclass(frozen=True, eq=False)
class Loading:
    program: Program

    def is_load(self, module: Module, call: ast.Call) -> bool:
        """Whether a call brings a model's weights in: by its name, by the card's own code, by the id it is given."""
        name = module.dotted(call.func)
        if name in EXACTLY or last(call.func) in LOADERS:
            return True
        if name in self.card_names and name.split(".")[0] not in ("numpy", "PIL", "gradio"):
            return True
        model = self.program.facts.model
        # A call that is only asked to show the id, as print and gr.Markdown are, loads nothing.
        if model is None or name.startswith(("gradio", "()")) or name in ("print", "str", "dict", "logging.info"):
            return False
        given = [*call.args, *(one.value for one in call.keywords)]
        return "." in name and any(module.text_of(one) == model for one in given)

    def is_heavy(self, module: Module, call: ast.Call) -> bool:
        """Whether it loads more than a tokenizer, a processor or a scheduler."""
        name = module.dotted(call.func)
        return (
            self.is_load(module, call) and not any(part in name for part in CHEAP) and last(call.func) not in FETCHING
        )

    @cached_property
    def card_names(self) -> frozenset[str]:
        """Classes and functions that the card's own snippet imports and calls."""
        try:
            tree = ast.parse(self.program.facts.usage or "")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return frozenset()
        card = Module("card.py", "", tree)
        taken = {module.dotted(call.func) for module in [card] for call in module.calls}
        return frozenset(name for name in taken if name in card.names.values())

    @cached_property
    def loaders(self) -> frozenset[Function]:
        """Functions of the Space in which something is loaded, directly or by another of its functions."""
        found = {one for one in self.program.functions if any(self.is_load(one.module, call) for call in one.calls)}
        while True:
            more = {one for one in self.program.functions if one not in found and self._calls(one, found)}
            if not more:
                return frozenset(found)
            found |= more

    @cached_property
    def held(self) -> dict[Module, frozenset[str]]:
        """By module, the names at module scope (and in `self`) that hold a model or something made of one."""
        found: dict[Module, frozenset[str]] = {module: frozenset() for module in self.program.modules}
        for _ in range(8):  # as deep as assignments build upon one another
            before = dict(found)
            for module in self.program.modules:
                found[module] = self._held(module, found)
            if found == before:
                break
        return found

    @cached_property
    def plain(self) -> dict[Module, dict[str, ast.Call]]:
        """By module, names at module scope that are the loaded model itself, with the call that loads it."""
        return {
            module: {
                target.id: call
                for statement in module.top_level()
                if isinstance(statement, ast.Assign)
                for call in chain(statement.value)
                if self.is_heavy(module, call)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            for module in self.program.modules
        }

    def uses_model(self, function: Function) -> bool:
        """Whether a function itself touches the model."""
        return any(self.touches(function.module, node) for node in ast.walk(function.node))

    def touches(self, module: Module, node: ast.AST) -> bool:
        """Whether this very node is the model, or loads it."""
        if isinstance(node, ast.Call):
            return self.is_load(module, node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return f"self.{node.attr}" in self.held[module]
        if not isinstance(node, ast.Name | ast.Attribute):
            return False
        dotted = module.dotted(node)
        if "." not in dotted:
            return dotted in self.held[module]
        owner, _, name = dotted.rpartition(".")
        return owner in self.program.local and name in self.held[self.program.local[owner]]

    def built_by(self, module: Module, call: ast.Call) -> list[Function]:
        """The methods of the Space's class that a call makes an object of."""
        name = module.dotted(call.func).rpartition(".")[2]
        return [one for one in self.program.functions if one.owner == name]

    def _calls(self, function: Function, wanted: set[Function]) -> bool:
        return any(self.program.find(function.module, call.func) in wanted for call in function.calls)

    def _held(self, module: Module, known: dict[Module, frozenset[str]]) -> frozenset[str]:
        names = set(known[module])
        for node in ast.walk(module.tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    pairs: list[tuple[ast.expr, ast.expr]] = [(target, value) for target in targets]
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    pairs = [(target, value)]
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    pairs = [(target, value)]
                case _:
                    continue
            for target, value in pairs:
                if self._brings(module, value, names, known):
                    names |= set(self._kept(module, node, target))
        return frozenset(names)

    def _kept(self, module: Module, node: ast.AST, target: ast.expr) -> Iterator[str]:
        """The names a target leaves behind: at module scope, declared global, or in self."""
        inside = next((one for one in module.above(node) if isinstance(one, ast.FunctionDef)), None)
        shared = (
            {name for one in ast.walk(inside) if isinstance(one, ast.Global) for name in one.names} if inside else None
        )
        for one in ast.walk(target):
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "self":
                yield f"self.{one.attr}"
            elif isinstance(one, ast.Name) and one.id != "self" and (shared is None or one.id in shared):
                yield one.id

    def _brings(self, module: Module, value: ast.expr, names: set[str], known: dict[Module, frozenset[str]]) -> bool:
        for node in ast.walk(value):
            if isinstance(node, ast.Call):
                called = self.program.find(module, node.func)
                methods = self.built_by(module, node)
                if self.is_load(module, node) or called in self.loaders or any(one in self.loaders for one in methods):
                    return True
            if isinstance(node, ast.Name) and node.id in names:
                return True
            if isinstance(node, ast.Name | ast.Attribute):
                owner, _, name = module.dotted(node).rpartition(".")
                if owner in self.program.local and name in known[self.program.local[owner]]:
                    return True
        return False


def chain(node: ast.AST) -> Iterator[ast.Call]:
    """The calls of `a(…).b(…).c(…)`, the outermost first."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            yield node
        node = node.func if isinstance(node, ast.Call) else node.value
