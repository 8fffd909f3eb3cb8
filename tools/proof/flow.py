"""Where the values of a foreign program come from, read off its text: nothing of it is ever run or imported.

Every expression has marks: `name:` a repository's id in the text, `path:` a file of it, `model:` what was loaded from
it, `input` what the caller gave. A function's return value carries the marks of all it was made from and decided by.
Coarse on purpose: order does not count, and a value that is computed and then thrown away inside one expression
still counts. It can be deceived by who sets out to; the comparison of outputs is the other half of the proof.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tools.proof.syntax import Function, Marks, last_name, owner_name, parameters, union

NONE: Marks = frozenset()
INPUT: Marks = frozenset({"input"})

REPOSITORY = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
FILE = re.compile(r"\.(png|jpe?g|webp|gif|wav|mp3|mp4|txt|json|csv|md|py|html|ya?ml|glb)$", re.I)
FETCHES = frozenset({"snapshot_download", "hf_hub_download", "cached_download", "hf_hub_url"})
LOADS = re.compile(
    r"^(from_pretrained|from_single_file|from_checkpoint|pipeline|load|load_file|load_model|load_weights|load_lora_weights"
    r"|load_state_dict|load_checkpoint|safe_open|InferenceSession|InferenceClient|SentenceTransformer|CrossEncoder|Llama"
    r"|YOLO|WhisperModel|create_model|build_model|load_learner|load_pipeline|from_hf|from_hub|from_pipeline)$"
)
BESIDE = re.compile(r"(Tokenizer|Processor|FeatureExtractor|Scheduler|Config)(Fast)?$|^(json|yaml|toml|tomllib|Image)$")
"""What is loaded with a model and is none: words to numbers, settings, pictures."""

STREAMS = re.compile(r"(Streamer|Queue|StringIO|BytesIO)$")
"""What another thread or a call writes into, to be read by whoever made it."""
WRITES = re.compile(
    r"^(save|write|export|dump|imsave|imwrite|mimsave|mimwrite|write_videofile)$|^(save|export|write)_\w+$"
)
"""Calls that put one argument where another says."""

FUEL = 20_000
"""Calls that are followed in one program, after which it counts as not understood."""

DEEPEST = 12
"""Calls within calls that are followed."""


@dataclass
class Program:
    """All modules of a program as one set of names; a name that two modules define has the marks of both."""

    functions: dict[str, list[Function]] = field(default_factory=dict)
    names: dict[str, Marks] = field(default_factory=dict)
    """At the top of a module, and attributes of `self`, as `self.name`."""
    methods: frozenset[str] = frozenset()
    inside: list[int] = field(default_factory=list)
    """Functions whose marks are being found, so that recursion ends."""
    known: dict[tuple[int, Marks], Marks] = field(default_factory=dict)
    """What was found since a name last got a new mark."""
    fuel: int = FUEL

    def returned(self, function: Function, given: Marks = INPUT) -> Marks:
        """The marks of what the function returns or yields when its arguments have these."""
        if id(function) in self.inside or len(self.inside) >= DEEPEST:
            return NONE
        if (found := self.known.get((id(function), given))) is not None:
            return found
        self.fuel -= 1
        if self.fuel < 0:
            raise RecursionError("the program is too tangled to be followed")
        found = self._returned(function, given)
        self.known[id(function), given] = found
        return found

    def _returned(self, function: Function, given: Marks) -> Marks:
        self.inside.append(id(function))
        try:
            reading = Reading(self, {argument.arg: given for argument in parameters(function)})
            if isinstance(function, ast.Lambda):
                return reading.marks(function.body)
            for _ in range(2):
                reading.read(function.body)
            return union(marks for _, marks in reading.ways_out)
        finally:
            self.inside.pop()

    def ways_out(self, function: Function) -> list[tuple[ast.expr, Marks]]:
        """Every value the function returns or yields, with its marks."""
        if isinstance(function, ast.Lambda):
            return [(function.body, self.returned(function))]
        reading = Reading(self, {argument.arg: INPUT for argument in parameters(function)})
        self.inside.append(id(function))
        for _ in range(2):
            reading.ways_out.clear()
            reading.read(function.body)
        self.inside.pop()
        return reading.ways_out

    def reached(self, function: Function) -> Iterator[ast.AST]:
        """Every node of the function and of the program's own functions that it calls."""
        seen: set[int] = set()
        waiting: list[Function] = [function]
        while waiting:
            one = waiting.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            for node in ast.walk(one):
                yield node
                if isinstance(node, ast.Call):
                    waiting += self.functions.get(last_name(node.func), [])


@dataclass
class Reading:
    """One body of statements and what its names carry."""

    program: Program
    local: dict[str, Marks]
    whole: bool = False
    """The names are the module's."""
    streams: set[str] = field(default_factory=set)
    deciding: list[Marks] = field(default_factory=list)
    ways_out: list[tuple[ast.expr, Marks]] = field(default_factory=list)

    def read(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if self.whole:
                return
            case ast.Return(value=value) if value is not None:
                self.ways_out.append((value, self.marks(value) | union(self.deciding)))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name) and _is_stream(value):
                        self.streams.add(target.id)
                    self.give(target, self.marks(value))
            case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value) if value:
                self.give(target, self.marks(value))
            case ast.Expr(value=ast.Yield(value=value) | ast.YieldFrom(value=value)) if value is not None:
                self.ways_out.append((value, self.marks(value) | union(self.deciding)))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner), args=args) as call):
                self.give(owner, self.marks(call) | union(map(self.marks, args)))
            case ast.Expr(value=value):
                self.marks(value)
            case ast.For(target=target, iter=over) | ast.AsyncFor(target=target, iter=over):
                self.give(target, self.marks(over))
                self.decided(self.marks(over), [*node.body, *node.orelse])
            case ast.If(test=test) | ast.While(test=test):
                self.decided(self.marks(test), [*node.body, *node.orelse])
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars is not None:
                        self.give(item.optional_vars, self.marks(item.context_expr))
                self.read(node.body)
            case ast.Try() | ast.TryStar():
                self.read([*node.body, *node.orelse, *node.finalbody])
                for handler in node.handlers:
                    self.read(handler.body)
            case ast.Match(subject=subject, cases=cases):
                for case in cases:
                    self.decided(self.marks(subject), case.body)

    def decided(self, by: Marks, body: list[ast.stmt]) -> None:
        self.deciding.append(by)
        self.read(body)
        self.deciding.pop()

    def give(self, target: ast.expr, marks: Marks) -> None:
        marks |= union(self.deciding)
        match target:
            case ast.Name(id=name):
                shared = self.whole or name in self.program.names
                self.keep(self.program.names if shared and name not in self.local else self.local, name, marks)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                self.keep(self.program.names, f"self.{name}", marks)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self.give(part, marks)
            case ast.Attribute(value=owner) | ast.Subscript(value=owner) | ast.Starred(value=owner):
                self.give(owner, marks)

    def keep(self, place: dict[str, Marks], name: str, marks: Marks) -> None:
        before = place.get(name)
        if before is None or not marks <= before:
            place[name] = (before or NONE) | marks
            if place is self.program.names:
                self.program.known.clear()

    def marks(self, node: ast.AST | None) -> Marks:
        match node:
            case None:
                return NONE
            case ast.Constant(value=str() as text) if REPOSITORY.match(text) and not FILE.search(text):
                return frozenset({f"name:{text}"})
            case ast.Name(id=name) if name in self.local or name in self.program.names:
                return self.local.get(name, NONE) | self.program.names.get(name, NONE)
            case ast.Name(id=name):
                return union(self.program.returned(each) for each in self.program.functions.get(name, ()))
            case ast.NamedExpr(target=target, value=value):
                self.give(target, self.marks(value))
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self.program.names.get(f"self.{name}", NONE)
            case ast.Call():
                return self.called(node)
            case ast.Lambda():
                return self.program.returned(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for loop in node.generators:
                    self.give(loop.target, self.marks(loop.iter))
        return union(self.marks(child) for child in ast.iter_child_nodes(node))

    def called(self, call: ast.Call) -> Marks:
        name = last_name(call.func)
        given = union(self.marks(argument) for argument in (*call.args, *(word.value for word in call.keywords)))
        owner = self.marks(call.func)
        self.passed_on(call, name, given | owner)
        if name in FETCHES:
            return frozenset(f"path:{mark[5:]}" for mark in given if mark.startswith("name:"))
        sources = {mark[5:] for mark in given | owner if mark.startswith(("name:", "path:"))}
        loader = owner_name(call.func)
        if LOADS.match(name) and not BESIDE.search(loader) and name not in self.program.functions:
            here = isinstance(call.func, ast.Attribute) and name != "load"
            unknown = {"model:?"} if here and not sources and name.startswith("from_") else set()
            client = {"client"} if name == "InferenceClient" else set()
            return (
                frozenset({f"model:{source.removeprefix('models/')}" for source in sources}) | unknown | owner | client
            )
        if "client" in owner:
            owner |= frozenset(f"model:{source}" for source in sources)
        known = self.program.functions.get(name, [])
        if known and (isinstance(call.func, ast.Name) or name in self.program.methods):
            made = union(self.program.returned(function, given or NONE) for function in known)
            return made | owner
        return given | owner

    def passed_on(self, call: ast.Call, name: str, marks: Marks) -> None:
        """What a call leaves in its arguments: in a file that it writes, in a stream that it fills."""
        writes = bool(WRITES.match(name))
        if not writes and not self.streams:
            return
        for argument in (*call.args, *(word.value for word in call.keywords)):
            for node in ast.walk(argument):
                if isinstance(node, ast.Name) and (writes or node.id in self.streams):
                    self.give(node, marks)


def _is_stream(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and bool(STREAMS.search(last_name(value.func)))


def program(sources: Iterable[str]) -> Program:
    """From the text of its modules. Raises SyntaxError for text that is no Python."""
    trees = [ast.parse(source) for source in sources]
    found = Program()
    methods: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.functions.setdefault(node.name, []).append(node)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                for target in node.targets:
                    found.functions.setdefault(last_name(target), []).append(node.value)
            if isinstance(node, ast.ClassDef):
                inner = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
                methods |= {part.name for part in inner}
                found.functions.setdefault(node.name, []).extend(part for part in inner if part.name == "__init__")
    found.methods = frozenset(methods)
    for _ in range(2):
        for tree in trees:
            Reading(found, found.names, whole=True).read(tree.body)
            for node in ast.walk(tree):
                if isinstance(node, ast.Global):
                    for name in node.names:
                        found.names.setdefault(name, NONE)
        for functions in list(found.functions.values()):
            for function in functions:
                found.returned(function, INPUT)
    return found
