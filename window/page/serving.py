"""Puts the page on the air: Gradio's server with our own page on it, and the runs beside it."""

import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from core.settings import Settings
from planners.workshop import hub_address
from window.commands import settings_from
from window.page.hosting import hosted, on_a_space


def page(options: Namespace) -> int:
    """The command behind no command. On a Space everybody acts with their own account."""
    settings, public = settings_from(options), on_a_space(os.environ)
    if public:
        chosen = bool(options.runs or os.environ.get("SPACEWRIGHT_RUNS"))
        settings = hosted(settings, os.environ, chosen=chosen)
    return serve(settings, options.port, public=public)


def serve(settings: Settings, port: int | None, *, public: bool = False) -> int:
    """Open the page and stay until Ctrl-C."""
    with hub_address(settings) as at, opened(at, port, public=public) as address:
        print(f"Spacewright is at {address}", flush=True)
        print(f"other programs ask it over MCP at {address}/gradio_api/mcp/", file=sys.stderr)
        print("Ctrl-C ends it; runs at work are stopped in order and can be resumed", file=sys.stderr, flush=True)
        _until_told()
    return 0


@contextmanager
def opened(settings: Settings, port: int | None, *, public: bool = False) -> Iterator[str]:
    """The page's address, as long as the block lasts. `port` None looks for a free one from 7860 on; 0 takes any."""
    # Gradio and what it brings take seconds to import, and huggingface_hub wants to know its Hub by then.
    from window.page.gradio_server import gradio_server, launch
    from window.page.program_tools import ProgramTools
    from window.page.recorded.player import Player
    from window.page.routes import routes
    from window.page.visitors import Doorkeeper
    from window.page.works import Works

    with Works() as works, Player() as player:
        door = Doorkeeper(settings, public=public, recorded=player.folder)
        server = gradio_server(door, ProgramTools(door, works).functions())
        server.router.routes.extend(routes(door, settings, works, player))
        with launch(server, port) as address:
            if not public:
                # Only now: what it starts would compete with the page for its first second.
                works.expect(settings)
            try:
                yield address
            finally:
                works.closing.set()
                player.close()


def _until_told() -> None:
    """Until Ctrl-C or SIGTERM."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    told.wait()
