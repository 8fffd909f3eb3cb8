"""`python -m localhub`: the command line of the local Hub. What `--running` does not need is imported late."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from localhub import address, start

if TYPE_CHECKING:
    import asyncio

    from localhub.seed import Seed


def main(argv: list[str] | None = None) -> int:
    """Serve until a signal, or with --with-parent until stdin ends. Prints one JSON line when it answers."""
    arguments = parser().parse_args(argv)
    data: Path = arguments.data.resolve()
    if arguments.running:
        return tell_running(data)
    import asyncio
    import logging

    try:
        start.check_packages()
        if arguments.seed:
            arguments.seed = load_seed(arguments.seed)
        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        listener = start.listen(arguments.port)
        start.take(data)
        asyncio.run(serve(data, listener, arguments))
    except start.CannotStart as error:
        print(error, file=sys.stderr)
        return error.code
    return 0


def load_seed(path: Path) -> Seed:
    from localhub import seed

    try:
        return seed.load(path)
    except seed.SeedError as error:
        raise start.CannotStart(str(error), code=2) from error


def parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(prog="python -m localhub", description="A Hugging Face Hub on this machine.")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="where it keeps everything")
    command.add_argument("--port", type=int, help=f"0 for any free one; default {start.DEFAULT_PORT} or the next free")
    command.add_argument(
        "--seed", type=Path, metavar="FILE", help="people and repositories to begin with (YAML or JSON)"
    )
    command.add_argument("--spaces", type=Path, metavar="DIR", help="bundled Spaces instead of its own")
    command.add_argument("--with-parent", action="store_true", help="end when stdin ends")
    command.add_argument("--running", action="store_true", help="only tell where one already runs on DIR, as JSON")
    command.add_argument("--no-fork", action="store_true", help="start every Space in a fresh interpreter (slower)")
    command.add_argument(
        "--no-namespaces", action="store_true", help="keep Jobs without Linux namespaces: no mounts, paths rewritten"
    )
    return command


def tell_running(data: Path) -> int:
    """Print the endpoint of the hub on this data folder and its first user's token; 1 and nothing when none runs."""
    endpoint = address.running(data)
    if endpoint is None:
        return 1
    print(json.dumps({"endpoint": endpoint, "token": address.first_token(data)}))
    return 0


async def serve(data: Path, listener: socket.socket, arguments: argparse.Namespace) -> None:
    import asyncio

    import uvicorn

    from localhub import bundled, durable, hub, routes

    endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
    bundle = arguments.spaces or bundled.FOLDER
    with start.explained(data):
        local = await hub.build(data, endpoint, bundle, not arguments.no_fork, not arguments.no_namespaces)
        if arguments.seed:
            from localhub import seed

            seed.apply(arguments.seed, local)
        await local.open()
    application = routes.application(local)
    config = uvicorn.Config(application, log_level="warning", access_log=False, lifespan="off", date_header=False)
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.005)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    # After uvicorn has installed its own, which would end the process before the Spaces are.
    for deadly in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(deadly, ended.set)
    if arguments.with_parent:
        threading.Thread(target=wait_for_end_of_stdin, args=(data, loop, ended), daemon=True).start()
    durable.write_json(data / "hub.json", {"endpoint": endpoint, "pid": os.getpid()})
    print(json.dumps({"endpoint": endpoint, "token": local.users.default.token, "data": str(data)}), flush=True)
    if sys.stderr.isatty() and not arguments.with_parent:
        signing_in = f"sign in in a browser: {endpoint}/?token={local.users.default.token}"
        print(f"The local Hub is at {endpoint} · {signing_in}", file=sys.stderr, flush=True)
    await ended.wait()
    server.should_exit = True
    await local.close()
    await serving
    (data / "hub.json").unlink(missing_ok=True)


def wait_for_end_of_stdin(data: Path, loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    """Until the parent is gone, and then until nobody else holds a shared lock on `guests`."""
    while os.read(0, 4096):
        continue
    with (data / "guests").open("a") as guests:
        fcntl.flock(guests, fcntl.LOCK_EX)
    loop.call_soon_threadsafe(ended.set)
