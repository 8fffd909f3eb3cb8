"""Gradio's server without Gradio's page: its queue, its API for programs, its sign-in, on a FastAPI application."""

import io
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from typing import Any

import gradio
from fastapi import FastAPI

from core.errors import InputsRefused
from window.page.endpoints.door import OwnPageOnly
from window.page.hosting import place
from window.page.visitors import Doorkeeper


def gradio_server(door: Doorkeeper, tools: Mapping[str, Callable[..., Any]]) -> FastAPI:
    """With the tools that programs call, the routes of a sign-in on a Space, and none of the pages about an API."""
    server: FastAPI = gradio.Server(title="Spacewright", docs_url=None, redoc_url=None, openapi_url=None)
    if door.public:
        from gradio.oauth import attach_oauth

        attach_oauth(server)
    server.add_middleware(OwnPageOnly, door=door)
    for name, function in tools.items():
        server.api(function, name=name, concurrency_limit=None)  # type: ignore[attr-defined]  # gradio is untyped
    return server


@contextmanager
def launch(server: FastAPI, port: int | None) -> Iterator[str]:
    """On loopback, or where a Space's proxy looks for it."""
    name, wanted = place(os.environ, free_port() if port == 0 else port)
    try:
        # Gradio announces its MCP server on standard output, which is for our own words; 6.31 does so when `quiet` too.
        with redirect_stdout(io.StringIO()):
            _, address, _ = _launched(server, name, wanted)
    except OSError as error:
        raise InputsRefused(f"{name} has no free port to open the page at; choose another one with --port") from error
    try:
        yield address.rstrip("/")
    finally:
        server.blocks.close(verbose=False)  # type: ignore[attr-defined]  # gradio is untyped


def _launched(server: FastAPI, name: str, port: int | None) -> tuple[FastAPI, str, str | None]:
    launched: tuple[FastAPI, str, str | None] = server.launch(  # type: ignore[attr-defined]  # gradio is untyped
        server_name=name,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        inbrowser=False,
        footer_links=[],
        enable_monitoring=False,
        mcp_server=True,
    )
    return launched


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
