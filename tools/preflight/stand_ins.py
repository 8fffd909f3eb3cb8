"""Stand-ins for packages that are not here and weights that nobody wants to download.

Whatever is read from one is another one; called, they give plausible values; used as a decorator, the function itself.
"""

import importlib.abc
import importlib.machinery
import inspect
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

VERSION = "2.11.0"
WORDS = ("first", "second")


class StandIn:
    """A value of which only the way to it is known."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.__dict__.setdefault("_way", type(self).__name__)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return value(f"{self.__dict__.get('_way', '')}.{name}")

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if len(arguments) == 1 and not options and (inspect.isfunction(arguments[0]) or inspect.isclass(arguments[0])):
            return arguments[0]
        return value(f"{self._way}()")

    def __getitem__(self, key: Any) -> Any:
        return value(f"{self._way}[]")

    def __setitem__(self, key: Any, item: Any) -> None:
        """Taken and forgotten."""

    def __iter__(self) -> Iterator[Any]:
        pairs = [(word, word) for word in WORDS]
        return iter(pairs if self._way.endswith((".items()", ".named_parameters()")) else WORDS)

    def __array__(self, *arguments: Any, **options: Any) -> Any:
        import numpy

        return numpy.zeros((2, 2))

    def __len__(self) -> int:
        return len(WORDS)

    def __contains__(self, item: Any) -> bool:
        return True

    def __str__(self) -> str:
        return "stand-in"

    def __repr__(self) -> str:
        return f"<stand-in {self._way}>"

    def __fspath__(self) -> str:
        return "stand-in"

    def __float__(self) -> float:
        return 1.0

    def __int__(self) -> int:
        return 1

    def __index__(self) -> int:
        return 1

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *failure: Any) -> None:
        """Nothing to put away."""

    def _itself(self, *others: Any) -> Any:
        return self

    def _no(self, other: Any) -> bool:
        return False

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _itself
    __floordiv__ = __rfloordiv__ = __mod__ = __pow__ = __matmul__ = __rmatmul__ = __neg__ = __abs__ = _itself
    __and__ = __or__ = __invert__ = __round__ = _itself
    __lt__ = __gt__ = __le__ = __ge__ = _no


class StandInType(type):
    """A class of a package that is not here: it can be called, inherited from and asked for anything."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return value(f"{cls.__name__}.{name}")


class StandInModule(ModuleType):
    __version__ = VERSION

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        way = f"{self.__name__}.{name}"
        made = StandInType(name, (StandIn,), {"__module__": self.__name__}) if name[0].isupper() else value(way)
        setattr(self, name, made)
        return made


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the packages it was given, and everything inside them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = frozenset(names)
        self.used: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        head = name.split(".")[0]
        if head not in self.names:
            return None
        self.used.add(head)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def value(way: str) -> StandIn:
    made = StandIn()
    made.__dict__["_way"] = way
    return made


def install(always: Sequence[str], missing: Sequence[str]) -> tuple[Finder, Finder]:
    """Stand-ins for some packages whether or not they are here, and for others only when they are not."""
    first, late = Finder(always), Finder(missing)
    sys.meta_path.insert(0, first)
    sys.meta_path.append(late)
    return first, late
