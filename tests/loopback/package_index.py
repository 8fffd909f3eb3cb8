"""A package index on loopback, with wheels that are made by hand, for builds of Spaces."""

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

# As little of Gradio as an app needs here: it listens where it is told, and says which version it is.
GRADIO = """\
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

__version__ = "{version}"

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.text.encode())

def launch(text):
    server = HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Handler)
    server.text = text
    server.serve_forever()
"""


def wheel(name: str, version: str, needs: str = "", **modules: str) -> bytes:
    """The bytes of a wheel; a module is a name and its text, `package__init__` one of a package."""
    place = f"{name}-{version}.dist-info"
    files = {path.replace("__init__", "/__init__") + ".py": text for path, text in modules.items()}
    files[f"{place}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
    files[f"{place}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    lines = [f"{path},sha256={digest(text)},{len(text.encode())}" for path, text in files.items()]
    files[f"{place}/RECORD"] = "\n".join([*lines, f"{place}/RECORD,,"]) + "\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


WHEELS = {
    "gradio-5.0.0-py3-none-any.whl": wheel(
        "gradio", "5.0.0", "Provides-Extra: oauth\n", gradio__init__=GRADIO.format(version="5.0.0")
    ),
    "gradio-6.31.0-py3-none-any.whl": wheel(
        "gradio", "6.31.0", "Provides-Extra: oauth\n", gradio__init__=GRADIO.format(version="6.31.0 of the index")
    ),
    "huggingface_hub-2.4.0-py3-none-any.whl": wheel("huggingface_hub", "2.4.0", huggingface_hub__init__=""),
    "purring-1.2-py3-none-any.whl": wheel("purring", "1.2", purring="SOUND = 'purr'\n"),
}


class Index(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.seen: list[str] = []
        self.open = threading.Event()
        """While it is not set, no wheel is handed out."""
        self.open.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/simple"


class Pages(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        name = self.path.rstrip("/").rpartition("/")[2]
        found = [file for file in WHEELS if file.startswith(name.replace("-", "_") + "-")]
        if name in WHEELS:
            self.server.open.wait(20)
            self.answer(200, WHEELS[name])
        elif found:
            self.answer(200, "".join(f'<a href="/files/{file}">{file}</a>' for file in found).encode(), "text/html")
        else:
            self.answer(404, b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def answer(self, status: int, body: bytes, kind: str = "application/octet-stream") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Quiet."""


@contextmanager
def running_index() -> Iterator[Index]:
    index = Index()
    thread = threading.Thread(target=index.serve_forever)
    thread.start()
    try:
        yield index
    finally:
        index.open.set()
        index.shutdown()
        thread.join()
        index.server_close()


def use_only(patch: pytest.MonkeyPatch, index: str, cache: str) -> None:
    """Let the Hubs that are started from here on know no other index, whatever this machine is set to."""
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX", "UV_FIND_LINKS", "UV_OFFLINE"):
        patch.delenv(name, raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        patch.delenv(name, raising=False)
    patch.setenv("PIP_CONFIG_FILE", "/dev/null")
    patch.setenv("UV_NO_CONFIG", "1")
    patch.setenv("UV_DEFAULT_INDEX", index)
    patch.setenv("UV_CACHE_DIR", cache)
    patch.setenv("UV_HTTP_RETRIES", "0")
