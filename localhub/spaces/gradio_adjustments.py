"""What has to be other in gradio 6.31 when it was imported before its Space was known, and what starts it sooner.

Reaches only a gradio that was imported before, so not a Space that was started without a fork.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

SPACE_PORT = 7860
EVERY_INTERFACE = ("0.0.0.0", "::")  # noqa: S104  compared with, not listened on

READ_AT_IMPORT = {
    ("gradio.http_server", "INITIAL_PORT_VALUE"): "GRADIO_SERVER_PORT",
    ("gradio.node_server", "INITIAL_PORT_VALUE"): "GRADIO_SERVER_PORT",
    ("gradio.oauth", "OAUTH_CLIENT_ID"): "OAUTH_CLIENT_ID",
    ("gradio.oauth", "OAUTH_CLIENT_SECRET"): "OAUTH_CLIENT_SECRET",
    ("gradio.oauth", "OAUTH_SCOPES"): "OAUTH_SCOPES",
    ("gradio.oauth", "OPENID_PROVIDER_URL"): "OPENID_PROVIDER_URL",
    ("huggingface_hub.constants", "OAUTH_CLIENT_ID"): "OAUTH_CLIENT_ID",
    ("huggingface_hub.constants", "OAUTH_CLIENT_SECRET"): "OAUTH_CLIENT_SECRET",
    ("huggingface_hub.constants", "OAUTH_SCOPES"): "OAUTH_SCOPES",
    ("huggingface_hub.constants", "OPENID_PROVIDER_URL"): "OPENID_PROVIDER_URL",
}
"""Constants that gradio 6.31 and huggingface_hub 2.4 take from the environment while they are imported."""


def adjust() -> None:
    """To be called in the Space's own process, with its environment."""
    read_environment()
    keep_to_own_port()
    build_server_once()
    idle_quietly()


def read_environment() -> None:
    for (module, constant), variable in READ_AT_IMPORT.items():
        if module in sys.modules:
            value: Any = os.environ.get(variable)
            setattr(sys.modules[module], constant, int(value) if variable == "GRADIO_SERVER_PORT" else value)


def keep_to_own_port() -> None:
    """Let apps that ask for port 7860 of every interface, as many do for their container, have their own on loopback.

    Reaches only a gradio that was imported before, so not a Space that was started without a fork.
    """
    server = sys.modules.get("gradio.http_server")
    if server is None:
        return
    start = server.start_server

    def start_server(app: Any, server_name: str | None = None, server_port: int | None = None, **more: Any) -> Any:
        name = None if server_name in EVERY_INTERFACE else server_name
        return start(app, server_name=name, server_port=None if server_port == SPACE_PORT else server_port, **more)

    server.start_server = start_server  # type: ignore[attr-defined]  # a module is open for this at run time


class LateServer:
    """Stands in `Blocks.app` for the server that gradio would have built there, until somebody looks at it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


class ServerSeat:
    """The attribute `Blocks.app`: what is put there, or its server when that is still to be built."""

    def __get__(self, blocks: Any, owner: object) -> Any:
        try:
            seated = vars(blocks)["app"]
        except KeyError:
            raise AttributeError("app") from None
        if isinstance(seated, LateServer):
            seated = vars(blocks)["app"] = seated.make()
        return seated

    def __set__(self, blocks: Any, server: Any) -> None:
        vars(blocks)["app"] = server


def build_server_once() -> None:
    """Spare a start two thirds of its work.

    Gradio 6.31 builds all its routes in Blocks(), at the end of `with`, in queue() and in launch(), and serves only
    the last. The others are built here when an app looks at them.
    """
    module = sys.modules.get("gradio.blocks")
    if module is None:
        return
    server = module.App

    class App(server):  # type: ignore[misc, valid-type]  # it is known at run time only
        @staticmethod
        def create_app(blocks: Any, *values: Any, **named: Any) -> Any:
            if values or named != {"mcp_server": False}:
                return server.create_app(blocks, *values, **named)
            return LateServer(lambda: server.create_app(blocks, **named))

    module.App = App  # type: ignore[attr-defined]  # a module is open for this at run time
    module.Blocks.app = ServerSeat()


QUEUE_PAUSE = 0.01
"""Seconds between two looks that an idle gradio takes at its queue."""


def idle_quietly() -> None:
    """Let an idle queue look for work every 10 ms.

    Gradio 6.31 looks every millisecond, which costs a tenth of a core for each Space that nobody uses.
    """
    module = sys.modules.get("gradio.queueing")
    if module is None:
        return
    begin = module.Queue.__init__

    def begin_quietly(queue: Any, *values: Any, **named: Any) -> None:
        begin(queue, *values, **named)
        queue.sleep_when_free = max(queue.sleep_when_free, QUEUE_PAUSE)

    module.Queue.__init__ = begin_quietly
