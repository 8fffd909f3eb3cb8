"""The only place that Pi can reach: one model on loopback, counted, capped, and without the key.

It takes POST /v1/chat/completions and GET /v1/models with this run's own bearer, and nothing else. What goes out is
asked with the real key; what comes back is searched for it line by line, so that an endpoint that repeats the key
gives it to nobody.
"""

import hmac
import http.client
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from answer import Answer
from budget import Meter, estimated
from redaction import Redactor
from upstream import Upstream

LARGEST = 16_000_000
"""Bytes of a request, and of a line of an answer."""

WORKERS = 8
"""Requests at a time: Pi makes one, and the code it runs could make more."""

LAST_WORDS = 3.0
"""Seconds for questions that are broken off to be written down."""


class Exchange(NamedTuple):
    """One question to the model, for the trace."""

    request: dict[str, Any]
    status: int
    answer: dict[str, Any]
    usage: dict[str, Any]
    seconds: float
    waited: float


class Proxy:
    """The server in a thread of its own, from `open` to `close`."""

    def __init__(
        self, upstream: Upstream, model: str, meter: Meter, redact: Redactor, note: Callable[[Exchange], None]
    ) -> None:
        self.upstream, self.model, self.meter, self.redact, self.note = upstream, model, meter, redact, note
        self.bearer = secrets.token_urlsafe(24)
        self.deadline = time.monotonic() + 24 * 3600
        self.stopped = threading.Event()
        self.places = threading.BoundedSemaphore(WORKERS)
        self.server = _Server(("127.0.0.1", 0), _Conversation)
        self.server.proxy = self

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def open(self) -> None:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Every question that was put is in the trace afterwards, those that were not answered to the end too."""
        self.stopped.set()
        self.upstream.hang_up()
        deadline = time.monotonic() + LAST_WORDS
        for _ in range(WORKERS):
            self.places.acquire(timeout=max(0.0, deadline - time.monotonic()))
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    proxy: Proxy
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is expected: Pi may be ended at any time."""


class _Conversation(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 600

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            return self.refuse(404, "there is only GET /v1/models and POST /v1/chat/completions", "not_found")
        if self.known():
            self.whole(200, {"object": "list", "data": [{"id": self.server.proxy.model, "object": "model"}]})

    def do_POST(self) -> None:
        proxy = self.server.proxy
        body = self.body()
        if self.path != "/v1/chat/completions":
            return self.refuse(404, "there is only GET /v1/models and POST /v1/chat/completions", "not_found")
        if not self.known():
            return None
        if body is None:
            return self.refuse(400, "the body has to be a JSON object", "invalid_request_error")
        if body.get("model") != proxy.model:
            return self.refuse(403, f"only the model {proxy.model} may be asked", "model_not_allowed")
        if not proxy.places.acquire(blocking=False):
            return self.refuse(403, f"not more than {WORKERS} requests at a time", "factory_budget")
        try:
            if reached := proxy.meter.admit():
                return self.refuse(403, reached, "factory_budget")
            self.ask(fit(body, proxy.meter.room()))
        finally:
            proxy.places.release()
        return None

    def body(self) -> dict[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST:
            self.close_connection = True
            return None
        try:
            told = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        return told if isinstance(told, dict) else None

    def known(self) -> bool:
        given = self.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {self.server.proxy.bearer}".encode()):
            return True
        self.refuse(401, "this run's own key is missing", "unauthorized")
        return False

    def ask(self, body: dict[str, Any]) -> None:
        """Put the question and pass the answer on. The trace has it whatever becomes of it."""
        proxy, started = self.server.proxy, time.monotonic()
        data = json.dumps(body).encode()
        answer, status, waited = Answer(), 502, 0.0
        try:
            response, waited = proxy.upstream.complete(data, proxy.stopped, proxy.deadline)
            with response:
                status = response.status
                self.pass_on(response, answer)
        except (OSError, http.client.HTTPException) as error:
            answer.error = answer.error or f"{type(error).__name__}: {error}"
            self.break_off(status, "the model's endpoint could not be reached")
        finally:
            usage = answer.usage or estimated(len(data) if status == 200 else 0, answer.size)
            proxy.meter.count(usage, status == 200 and answer.finish is not None)
            seconds = round(time.monotonic() - started, 3)
            proxy.note(Exchange(body, status, answer.told(), usage, seconds, round(waited, 3)))

    def pass_on(self, response: http.client.HTTPResponse, answer: Answer) -> None:
        kind = response.getheader("Content-Type") or "application/json"
        if response.status != 200 or not kind.startswith("text/event-stream"):
            text = response.read(LARGEST)
            answer.hear(text)
            if response.status != 200:
                answer.error = text[:2000].decode("utf-8", "replace")
            return self.send_all(response.status, kind, self.server.proxy.redact.values(text))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.begun = True
        rest = b""
        while read := response.read1(65536):
            *whole, rest = (rest + read).split(b"\n")
            if len(rest) > LARGEST:
                raise http.client.HTTPException("a line of the answer is too long")
            for line in whole:
                answer.hear_line(line)
            self.piece(b"".join(line + b"\n" for line in whole))
        self.piece(rest)
        self.wfile.write(b"0\r\n\r\n")
        return None

    begun = False

    def piece(self, data: bytes) -> None:
        data = self.server.proxy.redact.values(data)
        if data:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
            self.wfile.flush()

    def break_off(self, status: int, message: str) -> None:
        """An answer that has begun can only be cut, as it was cut for us; then Pi does not take it for a whole one."""
        self.close_connection = True
        if not self.begun:
            with suppress(OSError):
                self.refuse(502, message, "upstream_failed")
            return
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def refuse(self, status: int, message: str, kind: str) -> None:
        self.whole(status, {"error": {"message": message, "type": kind}})

    def whole(self, status: int, told: dict[str, Any]) -> None:
        self.send_all(status, "application/json", json.dumps(told).encode())

    def send_all(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.begun = True
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the exchanges are written down."""


def fit(body: dict[str, Any], room: int) -> dict[str, Any]:
    """The request without what some endpoints refuse, for one answer, and for no more tokens than are left."""
    body = {name: value for name, value in body.items() if name not in ("store", "n")}
    for name in ("max_tokens", "max_completion_tokens"):
        if isinstance(body.get(name), int):
            body[name] = min(body[name], room)
    if body.get("stream") is True:
        body["stream_options"] = {"include_usage": True}
    tools = body.get("tools")
    for tool in tools if isinstance(tools, list) else []:
        if isinstance(tool, dict) and isinstance(tool.get("function"), dict):
            tool["function"].pop("strict", None)
    return body
