"""Which of a Space's files are its program: the app, and what that imports from the Space itself.

A file that lies there and is never run says nothing of where an answer comes from.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from tools.preflight.program import HEAVY, HEAVY_TOO
from tools.preflight.requirements import WITH_GRADIO
from tools.proof.syntax import last_name

PACKAGES = HEAVY | HEAVY_TOO | WITH_GRADIO
"""What loads models and serves them."""
IMPORTERS = frozenset({"import_module", "__import__", "run_module", "run_path"})


def reached(files: Mapping[str, str], app: str) -> dict[str, str]:
    """Python by path, from the app on. All there is where no file is known to be the first, as with Docker.

    Raises SyntaxError or ValueError for text that is no Python.
    """
    texts = {path: text for path, text in sorted(files.items()) if path.endswith(".py")}
    if not app:
        return texts
    found: dict[str, str] = {}
    waiting = [app] if app in texts else []
    while waiting:
        path = waiting.pop()
        found[path] = texts[path]
        named = set(_imported(ast.parse(texts[path])))
        waiting += [other for other in texts if other not in found and other not in waiting and _module(other) in named]
    return found


def stand_in(files: Mapping[str, str], app: str) -> str | None:
    """A module of the Space's own that is found in the place of a package, by whoever imports that."""
    folder = PurePosixPath(app).parent
    paths = [PurePosixPath(path) for path in sorted(files) if path.endswith(".py")]
    own = [path.relative_to(folder) for path in paths if path.is_relative_to(folder)]
    return next((name for path in own if (name := path.parts[0].removesuffix(".py")) in PACKAGES), None)


def _module(path: str) -> str:
    """The last part of the name under which it is imported: where it is looked for is for the program to say."""
    return path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]


def _imported(tree: ast.Module) -> Iterator[str]:
    """Every part of every name."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (part for alias in names for part in alias.name.split("."))
            case ast.ImportFrom(module=module, names=names):
                yield from (module or "").split(".")
                yield from (alias.name for alias in names)
            case ast.Call(func=function, args=[ast.Constant(value=str() as name), *_]) if (
                last_name(function) in IMPORTERS
            ):
                yield from name.removesuffix(".py").replace("/", ".").split(".")
