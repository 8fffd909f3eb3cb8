"""An OpenAI-compatible chat endpoint on loopback whose answers are scripted: a real server, for real clients.

    with ScriptedChat([Reply("Hello")]) as chat:
        ...  # a client that speaks to chat.base_url
    chat.requests[0].body  # what it was asked

A script is a list, one `Reply` a request, or a function of what was asked. Leaving the `with` block fails when a reply
was not asked for or a request found none.
"""

import json
import select
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.loopback.chat_replies import Asked, Reply, ToolCall, completion, events, pieces

__all__ = ["Asked", "Reply", "ScriptedChat", "ToolCall"]

Script = Sequence[Reply] | Callable[[Asked], Reply]

ROUTE = "/chat/completions"
ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER with which `close` sends a reset."""


class ScriptedChat:
    """The server, in a thread of its own; each connection has a thread too."""

    def __init__(
        self, script: Script, *, key: str | None = None, models: Sequence[str] = ("scripted",), port: int = 0
    ) -> None:
        self.port = port
        """0 is any that is free."""

        self.key = key
        """Requests without this bearer are refused with 401; they do not use the script up."""

        self.models = models
        self.requests: list[Asked] = []
        self.hung_up = threading.Event()
        """Set when a client left while it was kept waiting."""

        self.holding = threading.Event()
        """Set when a client is being kept waiting, by `hang` or `stall_after`."""

        self._function = script if callable(script) else None
        self._left = [] if callable(script) else list(script)
        self._times = 0
        self._missing = 0
        self._lock = threading.Lock()
        self._closing, self._close = socket.socketpair()

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self.port), _Conversation)
        self._server.chat = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._close.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._closing.close()
        if kind is None:
            self.complain()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def complain(self) -> None:
        """Raises AssertionError when a reply is left over, or a request was not in the script."""
        assert not self._missing, f"{self._missing} requests found no reply in the script"
        left = [reply for reply in self._left if reply.repeat > 0]
        assert not left, f"{len(left)} replies of the script were not asked for, the first is {left[0]}"

    def take(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[Asked, Reply]:
        """Write the request down and find its reply."""
        with self._lock:
            asked = Asked(len(self.requests) + 1, path, headers, body)
            self.requests.append(asked)
            if self.key is not None and headers.get("authorization") != f"Bearer {self.key}":
                return asked, _refusal(401, "Invalid username or password.")
            if self._function is None:
                return asked, self._next(asked)
        return asked, self._function(asked)

    def _next(self, asked: Asked) -> Reply:
        if not self._left:
            self._missing += 1
            return _refusal(400, f"the script has no reply to request {asked.number}")
        reply = self._left[0]
        self._times += 1
        if self._times == reply.repeat:
            self._left.pop(0)
            self._times = 0
        return reply

    def wait(self, connection: socket.socket, seconds: float | None = None) -> bool:
        """Keep the client waiting; whether the time came without anybody leaving."""
        if seconds is None:
            self.holding.set()
        ready, _, _ = select.select([connection, self._closing], [], [], seconds)
        if connection in ready:
            self.hung_up.set()
        return not ready


class _Server(ThreadingHTTPServer):
    chat: ScriptedChat
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is not worth a traceback; `hung_up` tells of it."""


class _Conversation(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a client that keeps its connection waits 40 ms for each answer

    def do_GET(self) -> None:
        models = [{"id": name, "object": "model"} for name in self.server.chat.models]
        found = self.path.endswith("/models")
        self._whole(Reply(status=200 if found else 404, body={"object": "list", "data": models} if found else {}), "")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length))
        if not self.path.endswith(ROUTE):
            return self._whole(_refusal(404, f"no route {self.path}"), "")
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked, reply = self.server.chat.take(self.path, headers, body)
        if reply.delay and not self.server.chat.wait(self.connection, reply.delay):
            return self._leave()
        if reply.hang:
            return self._hold()
        if reply.reset_after == 0:
            return self._reset()
        if asked.streams and reply.body is None and reply.status == 200:
            return self._stream(reply, events(reply, asked))
        told = {"error": dict(reply.error)} if reply.error is not None else completion(reply, asked)
        return self._whole(reply, json.dumps(told))

    def _whole(self, reply: Reply, text: str) -> None:
        if reply.body is not None:
            text = reply.body if isinstance(reply.body, str) else json.dumps(dict(reply.body))
        data = text.encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self._send(reply, [piece.encode() for piece in pieces(text, reply.chunk)])

    def _stream(self, reply: Reply, told: list[str]) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": "text/event-stream", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        lines = [f"data: {event}\n\n".encode() for event in told]
        if self._send(reply, [b"%x\r\n%b\r\n" % (len(line), line) for line in lines]):
            self.wfile.write(b"0\r\n\r\n")

    def _send(self, reply: Reply, parts: list[bytes]) -> bool:
        """Whether everything was sent that the client may have, and the answer can end properly."""
        for sent, part in enumerate([*parts, b""]):
            if sent == reply.eof_after:
                self.close_connection = True
                return True
            if sent == reply.stall_after:
                self._hold()
                return False
            if sent == reply.reset_after:
                self._reset()
                return False
            self.wfile.write(part)
            self.wfile.flush()
        return True

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        self._leave()

    def _hold(self) -> None:
        self.server.chat.wait(self.connection)
        self._leave()

    def _leave(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            # The server's own shutdown would say goodbye before a reset could be sent.
            self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the requests are written down."""


def _refusal(status: int, message: str) -> Reply:
    return Reply(status=status, headers={"x-should-retry": "false"}, body={"error": {"message": message}})
