"""What has to be there before the local Hub can begin, and the one line that says what is not."""

import errno
import importlib.util
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localhub import address

DEFAULT_PORT = 7861

PACKAGES = {
    **{name: name for name in ("aiohttp", "cronsim", "gradio", "joserfc", "lz4", "pydantic", "starlette", "uvicorn")},
    "markdown_it": "markdown-it-py",
    "yaml": "pyyaml",
}
"""What it cannot do without, by the name it is imported by."""


class CannotStart(Exception):
    """Its text is all that has to be said."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def check_packages() -> None:
    missing = [package for name, package in PACKAGES.items() if importlib.util.find_spec(name) is None]
    if missing:
        told = ", ".join(missing)
        raise CannotStart(
            f"The local Hub needs packages that are not installed here: {told}. To install: pip install ."
        )


def listen(port: int | None) -> socket.socket:
    """A listening socket on loopback; without a port the default one or the next that is free."""
    if port is not None and not 0 <= port <= 65535:
        raise CannotStart(f"The local Hub cannot listen on port {port}: a port is a number from 0 to 65535")
    for candidate in [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + 200):
        # With the protocol's own number asyncio sends small answers at once; with 0 each waits 40 ms for company.
        listener = socket.socket(proto=socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", candidate))
            listener.listen(1024)
            return listener
        except OSError as error:
            listener.close()
            if port is not None:
                raise CannotStart(f"The local Hub cannot listen on port {port}: {error.strerror}") from error
    raise CannotStart(f"The local Hub finds no free port between {DEFAULT_PORT} and {DEFAULT_PORT + 199}")


def take(data: Path) -> None:
    """Make the data folder and hold it until this process ends."""
    with explained(data):
        data.mkdir(parents=True, exist_ok=True)
        try:
            address.lock(data)
        except address.Taken:
            where = address.running(data) or "an address it has not told yet"
            raise CannotStart(f"A local Hub already runs on {data}: {where}") from None
        (data / "hub.json").unlink(missing_ok=True)


@contextmanager
def explained(data: Path) -> Iterator[None]:
    """What goes wrong in the block is said in one line: the folder cannot be used, or a file in it is broken."""
    try:
        yield
    except OSError as error:
        where = error.filename or data
        reason = "this is no folder" if error.errno in (errno.EEXIST, errno.ENOTDIR) else error.strerror or error
        raise CannotStart(f"The local Hub cannot keep its things in {data}: {where}: {reason}") from error
    except (ValueError, KeyError, TypeError) as error:
        first = (str(error).splitlines() or [repr(error)])[0]
        told = broken(data) or f"the files in {data} cannot be read: {first}"
        raise CannotStart(f"The local Hub cannot start: {told}") from error


def broken(data: Path) -> str | None:
    """The first of the Hub's own files that is not JSON."""
    for path in sorted([*data.glob("*.json"), *data.glob("oauth/*.json"), *data.glob("repos/*.json")]):
        try:
            json.loads(path.read_bytes())
        except (ValueError, OSError) as error:
            return f"{path} is broken ({error}); put a good copy in its place, or delete it and lose what it holds"
    return None
