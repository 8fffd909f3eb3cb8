"""Libraries that take long to import and that most files do not need: 10 to 90 MB, 0.1 to 1 s.

A process that has them forks more slowly, so each gets a process of its own, and the light one never waits for it.
"""

import contextlib
import importlib
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import MetaPathFinder

HEAVY = ("av", "trimesh", "pikepdf", "jsonschema")


class Wanted(BaseException):
    """A fork came to the import of a heavy library; no parser may take this for its own failure."""


class Later(MetaPathFinder):
    """Stops imports of heavy libraries that are not here: a confined fork could not read what they link to."""

    def __init__(self, absent: Iterable[str]) -> None:
        self.absent = frozenset(absent)

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        if name in self.absent:
            raise Wanted(name)


def load(names: Iterable[str]) -> None:
    """Imports these, where no foreign bytes are. What is not installed stays missing in the forks too."""
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    sys.meta_path.insert(0, Later(set(HEAVY) - set(names)))
