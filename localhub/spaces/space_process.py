"""Runs the app of a Space in a fresh interpreter, as `python app.py` would: one of its own, or one that sees volumes.

Run by path, never imported by the hub, and by any Python from 3.9 on. The launcher does the same for what it forks.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import runpy
import sys
import traceback
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

SPACE_PORT = 7860
EVERY_INTERFACE = ("0.0.0.0", "::")  # noqa: S104  compared with, not listened on

SERVERS = ("gradio.http_server", "gradio.networking")
"""Where Gradio 4 to 6 and Gradio 3 start their server."""


class ServerWatch(importlib.abc.MetaPathFinder):
    """Changes Gradio's way to start a server as soon as the module is imported, whatever version it is."""

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in SERVERS:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        sys.meta_path.insert(0, self)
        if spec and spec.loader:
            run = spec.loader.exec_module

            def run_and_change(module: ModuleType) -> None:
                run(module)
                keep_to_own_port(module)

            spec.loader.exec_module = run_and_change  # type: ignore[method-assign]  # of this one module
        return spec


def keep_to_own_port(module: ModuleType) -> None:
    """Let apps that ask for port 7860 of every interface, as many do for their container, have their own on loopback.

    A Gradio that knows nothing of GRADIO_SERVER_NAME has its way.
    """
    start = getattr(module, "start_server", None)
    if start is None:
        return

    def start_server(app: Any, server_name: str | None = None, server_port: int | None = None, **more: Any) -> Any:
        name = None if server_name in EVERY_INTERFACE else server_name
        return start(app, name, None if server_port == SPACE_PORT else server_port, **more)

    module.start_server = start_server  # type: ignore[attr-defined]  # a module is open for this at run time


def run(app_file: str) -> None:
    """With a traceback that begins in the app."""
    path = os.path.abspath(app_file)
    sys.argv = [app_file]
    sys.path[0] = os.path.dirname(path)  # in the place of this file's own folder
    sys.meta_path.insert(0, ServerWatch())
    try:
        runpy.run_path(path, run_name="__main__")
    except Exception as error:  # the outermost frame of a Space
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename != path:
            trace = trace.tb_next
        traceback.print_exception(type(error), error, trace)
        sys.exit(1)


if __name__ == "__main__":
    run(sys.argv[1])
