"""The modules of a bundled Space, without its page. Two Spaces use the same names, so each is forgotten again."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

SPACES = Path(__file__).parents[2] / "localhub" / "bundled" / "spaces"


class Space:
    """A bundled Space whose modules are its attributes, for as long as the context is open."""

    def __init__(self, name: str) -> None:
        self.folder = SPACES / name
        self.names = {path.stem for path in self.folder.glob("*.py")}

    def __getattr__(self, name: str) -> ModuleType:
        return importlib.import_module(name)

    def __enter__(self) -> Space:
        self.forget()
        sys.path.insert(0, str(self.folder))
        return self

    def __exit__(self, *_: object) -> None:
        sys.path.remove(str(self.folder))
        self.forget()

    def forget(self) -> None:
        for name in self.names & sys.modules.keys():
            del sys.modules[name]


def load(space: str, *names: str) -> list[ModuleType]:
    """These modules of the Space."""
    with Space(space) as opened:
        return [getattr(opened, name) for name in names]
