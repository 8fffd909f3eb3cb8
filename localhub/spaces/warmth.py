"""What most Spaces import first, imported once before they are forked; and the places that it remembers.

Runs in the launcher process, and in each Space that is forked from it.
"""

import contextlib
import gc
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

WARM = (
    *("numpy", "PIL.Image", "trimesh", "gradio", "gradio.http_server"),
    # What an app of gradio 6.31 imports only when it is built, launched and called.
    *("anyio._backends._asyncio", "encodings.idna", "logging.config", "pandas.io.formats.style", "pydantic.v1"),
    *("fastapi.telemetry._runtime", "uvicorn.loops.asyncio"),
    *("starlette.middleware.cors", "uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.protocols.http.auto"),
    "uvicorn.protocols.websockets.auto",
)
"""What most Spaces import first. What is missing here is simply not warm."""


@dataclass(frozen=True)
class Places:
    """Where imported code remembers a place below the launcher's home. In a Space it must be the Space's."""

    home: str
    constants: list[tuple[ModuleType, str]]
    defaults: list[FunctionType]

    def of(self, home: str) -> None:
        for module, name in self.constants:
            setattr(module, name, self.moved(getattr(module, name), home))
        for function in self.defaults:
            function.__defaults__ = tuple(self.moved(value, home) for value in function.__defaults__ or ())
            named = function.__kwdefaults__ or {}
            function.__kwdefaults__ = {name: self.moved(value, home) for name, value in named.items()}

    def moved(self, value: Any, home: str) -> Any:
        return type(value)(home + str(value)[len(self.home) :]) if self.hold(value) else value

    def hold(self, value: object) -> bool:
        return isinstance(value, str | Path) and str(value).startswith(self.home)


def defaults(function: FunctionType) -> list[object]:
    return [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]


def warm_up(home: str) -> Places:
    """Import what most Spaces need; the places that were derived from the launcher's home on the way."""
    for name in WARM:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    places = Places(home, [], [])
    for module in list(sys.modules.values()):
        names = [name for name, value in getattr(module, "__dict__", {}).items() if places.hold(value)]
        places.constants.extend((module, name) for name in names)
    functions = (found for found in gc.get_objects() if isinstance(found, FunctionType))
    places.defaults.extend(function for function in functions if any(map(places.hold, defaults(function))))
    gc.collect()
    gc.freeze()  # keeps the children from copying every page the collector would touch
    return places
