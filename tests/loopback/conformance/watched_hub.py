"""Runs the local Hub as its command line does, and writes down every request it hears.

The Hub itself is not touched: uvicorn is handed an application that notes a request and then passes it on.
"""

import os
import sys
from typing import Any

import uvicorn


class Listening:
    """An ASGI application around another one."""

    def __init__(self, application: Any, path: str) -> None:
        self.application = application
        self.heard = open(path, "a", buffering=1)  # noqa: SIM115 it lasts as long as the process

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.heard.write(f"{scope['method']} {scope['path']}\n")
        await self.application(scope, receive, send)


class Config(uvicorn.Config):
    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(Listening(app, os.environ["HEARD_REQUESTS"]), **options)


if __name__ == "__main__":
    uvicorn.Config = Config  # type: ignore[misc]
    from localhub.command import main

    sys.exit(main(sys.argv[1:]))
