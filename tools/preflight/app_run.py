"""Runs in a process of its own: imports a generated app once, with nothing real behind it, and writes down its API.

Usage: the folder with the app's files; `order.json` in it says what is to be done, `report.json` is what came of it.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

CONFIG = {
    "class": "stand_in.StandIn",
    "features": ["first", "second"],
    "columns": ["first", "second"],
    "labels": ["first", "second"],
    "ranges": {"first": [0, 1], "second": [0, 1]},
    "unit": "",
}
"""What stands in every JSON file of a repository that is not downloaded."""


def main(folder: str) -> None:
    """Never returns, whatever threads the app has started."""
    import gradio

    from tools.preflight.confinement import confine
    from tools.preflight.stand_ins import install

    order = json.loads(Path(folder, "order.json").read_text("utf-8"))
    os.chdir(folder)
    confine(folder)
    finders = install(order["always"], order["missing"])
    report = Report(gradio, folder)
    report.stand_in()
    _forget_ourselves()
    sys.path.insert(0, os.path.join(folder, "app"))
    os.chdir(os.path.join(folder, "app"))
    report.run(order["app_file"])
    told = report.told() | {"stand_ins": sorted(finders[0].used | finders[1].used)}
    Path(folder, "report.json").write_text(json.dumps(told, default=str), "utf-8")
    os._exit(0)


def _forget_ourselves() -> None:
    """An app may have modules that are called as ours are."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("tools", "core")]:
        del sys.modules[name]
    sys.path[:] = [path for path in sys.path if path not in ("", str(Path(__file__).parents[2]))]


class Report:
    def __init__(self, gradio: Any, folder: str) -> None:
        self.gradio = gradio
        self.weights = Path(folder, "weights")
        self.blocks: list[Any] = []
        self.gpu: list[dict[str, Any]] = []
        self.programs: list[str] = []
        self.error: list[str] = []

    def stand_in(self) -> None:
        """Put stand-ins where the app would launch, download, install, or ask for a GPU."""
        import importlib
        import subprocess

        import huggingface_hub

        from tools.preflight.stand_ins import StandIn

        self.answer = StandIn
        setattr(importlib.import_module("spaces"), "GPU", self.decorate)  # noqa: B010
        self.gradio.Blocks.launch = lambda blocks, *arguments, **options: self.launch(blocks)
        self.gradio.mount_gradio_app = self.mount
        for name in ("run", "call", "check_call", "check_output", "Popen"):
            setattr(subprocess, name, self.start)
        setattr(os, "system", self.start)  # noqa: B010
        for name, stand_in in (
            ("snapshot_download", self.folder),
            ("hf_hub_download", self.file),
            ("login", self.start),
        ):
            setattr(huggingface_hub, name, stand_in)
        self._lenient_json()
        _locks_of_threads()

    def run(self, app_file: str) -> None:
        """As a Space does: the file itself is the program."""
        import runpy

        try:
            runpy.run_path(app_file, run_name="__main__")
        except SystemExit as leaving:
            if leaving.code not in (None, 0):
                self.error = [f"SystemExit: {leaving.code}"]
        except BaseException as error:  # foreign code may raise anything, and what it raised is the answer
            self.error = self._lines(error)

    def told(self) -> dict[str, Any]:
        endpoints: list[dict[str, Any]] = []
        if self.blocks and not self.error:
            try:
                endpoints = self._endpoints(self.blocks[-1])
            except Exception as error:  # what Gradio makes of a foreign page
                self.error = self._lines(error)
        return {
            "error": self.error,
            "launched": bool(self.blocks),
            "endpoints": endpoints,
            "gpu": self.gpu,
            "programs": self.programs,
        }

    def decorate(self, function: Any = None, **options: Any) -> Any:
        """The stand-in for spaces.GPU: writes the function down and leaves it as it is."""
        if function is None or not callable(function):
            return lambda later: self.decorate(later, **options)
        duration = options.get("duration", 60)
        self.gpu.append({"function": getattr(function, "__name__", ""), "duration": duration})
        return function

    def launch(self, blocks: Any) -> tuple[Any, str, str]:
        self.blocks.append(blocks)
        return self.answer(), "", ""

    def mount(self, app: Any, blocks: Any, *arguments: Any, **options: Any) -> Any:
        self.blocks.append(blocks)
        return app

    def start(self, *arguments: Any, **options: Any) -> Any:
        self.programs.append(str(arguments[0] if arguments else "")[:200])
        return self.answer()

    def folder(self, *arguments: Any, **options: Any) -> str:
        self.file("", "config.json")
        return str(self.weights)

    def file(self, repository: str, filename: str = "config.json", *arguments: Any, **options: Any) -> str:
        path = (self.weights / filename.replace("..", "")).resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(CONFIG) if path.suffix == ".json" else "", "utf-8")
        return str(path)

    def _lenient_json(self) -> None:
        """A config that was not downloaded has every key."""
        read, stand_in, known = json.loads, self.answer, json.dumps(CONFIG)

        class Lenient(dict[str, Any]):
            def __missing__(self, key: str) -> Any:
                return Lenient(CONFIG) if key == "sklearn" else stand_in()

        def loads(text: Any, *arguments: Any, **options: Any) -> Any:
            found = read(text, *arguments, **options)
            return Lenient(found) if text == known else found

        setattr(json, "loads", loads)  # noqa: B010

    def _endpoints(self, blocks: Any) -> list[dict[str, Any]]:
        shown = blocks.get_api_info()["named_endpoints"]
        functions = {f"/{one.api_name}": one.fn for one in blocks.fns.values() if isinstance(one.api_name, str)}
        return [_endpoint(name, told, functions.get(name)) for name, told in shown.items()]

    def _lines(self, error: BaseException) -> list[str]:
        lines = "".join(traceback.format_exception(error)).splitlines()
        return [line.replace(str(self.weights.parent), "")[:300] for line in lines[-6:]]


def _locks_of_threads() -> None:
    """Gradio's cache of examples asks for a lock between processes, which needs a folder that all share."""
    import multiprocessing.synchronize
    import threading

    setattr(multiprocessing.synchronize, "Lock", lambda **options: threading.Lock())  # noqa: B010
    setattr(multiprocessing.synchronize, "RLock", lambda **options: threading.RLock())  # noqa: B010


def _endpoint(name: str, told: dict[str, Any], function: Callable[..., Any] | None) -> dict[str, Any]:
    hints = {one: hint for one, hint in getattr(function, "__annotations__", {}).items() if one != "return"}
    return {
        "name": name,
        "documented": bool(getattr(function, "__doc__", None)),
        "hinted": bool(hints) or not told["parameters"],
        "parameters": [
            {"name": one.get("parameter_name"), "label": one.get("label"), "component": one.get("component")}
            for one in told["parameters"]
        ],
        "returns": [{"label": one.get("label"), "component": one.get("component")} for one in told["returns"]],
    }
