"""Compares a glTF document with the shapes its objects should have, before anything else believes it.

What one object says of another (an index that leads nowhere) is in `gltf_links` and its neighbours.
"""

from typing import Any

from tools.checks.finding import Unsound
from tools.checks.gltf.rules import Many, One
from tools.checks.gltf.shapes import CASES, EXTENSIONS, SHAPES


def check_schema(document: dict[str, Any]) -> None:
    """Raises Unsound for the first property that is missing, of the wrong type or out of its range.

    Whole numbers that are written 3.0 are 3 afterwards.
    """
    used = document.get("extensionsUsed", [])
    _Walk(used if isinstance(used, list) else []).into(document, "glTF", "")


class _Walk:
    def __init__(self, used: list[Any]) -> None:
        self.used = used

    def into(self, entry: dict[str, Any], shape: str, path: str) -> None:
        for name, rule in SHAPES[shape].items():
            if name not in entry:
                if rule.needed:
                    raise Unsound("corrupt", f"{path or 'the file'} has no {name}")
                continue
            value = entry[name]
            if fault := rule.fault(value):
                raise Unsound("corrupt", f"{path}/{name} {fault}")
            entry[name] = rule.settled(value)
            if isinstance(rule, One):
                self.into(value, rule.shape, f"{path}/{name}")
            elif isinstance(rule, Many):
                for number, item in enumerate(value):
                    self.into(item, rule.shape, f"{path}/{name}/{number}")
        if shape in CASES:
            self._case(entry, shape, path)
        if "extensions" in entry:
            self._extensions(entry["extensions"], shape, path)

    def _case(self, entry: dict[str, Any], shape: str, path: str) -> None:
        kind = entry["type"]
        if kind not in CASES[shape]:
            return
        if not isinstance(entry.get(kind), dict):
            raise Unsound("corrupt", f"{path} is of type {kind} and does not say more about it")
        self.into(entry[kind], kind, f"{path}/{kind}")

    def _extensions(self, extensions: Any, shape: str, path: str) -> None:
        if not isinstance(extensions, dict):
            raise Unsound("corrupt", f"{path}/extensions is not an object")
        for name, value in extensions.items():
            if not isinstance(value, dict):
                raise Unsound("corrupt", f"{path}/extensions/{name[:60]} is not an object")
            if name not in self.used:
                raise Unsound("spec_error", f"{path} uses {name[:60]!r}, which is not listed as used")
            if name in EXTENSIONS:
                self._extension(value, name, shape, f"{path}/extensions/{name}")

    def _extension(self, value: dict[str, Any], name: str, shape: str, path: str) -> None:
        if shape not in EXTENSIONS[name]:
            raise Unsound("spec_error", f"{path}: {name} has no place in a {shape}")
        self.into(value, EXTENSIONS[name][shape], path)
