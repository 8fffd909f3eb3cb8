"""The model's endpoint, to which only this process speaks: it alone has the key."""

import http.client
import json
import math
import socket
import time
from contextlib import suppress
from threading import Event, Lock
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

from budget import Price
from order import BadOrder

LONGEST_WAIT = 90.0
"""Seconds for one request, all its waits together: less than Pi waits for an answer."""

MOST_WAITS = 5
SHORTEST_CONTEXT = 4096


class Upstream:
    def __init__(self, base_url: str, token: str, patience: float) -> None:
        """`patience`: seconds without a byte after which an answer is given up."""
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadOrder("PI_BASE_URL has to be an http or https address")
        self.secure = parts.scheme == "https"
        self.host, self.port, self.path = parts.hostname, parts.port, parts.path.rstrip("/")
        self.patience = patience
        self._open: WeakSet[socket.socket] = WeakSet()
        self._lock = Lock()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(
        self, method: str, path: str, body: bytes | None = None, patience: float | None = None
    ) -> http.client.HTTPResponse:
        """Raises OSError and http.client.HTTPException. Whoever gets the response closes it."""
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=patience or self.patience)
        about = {"Content-Type": "application/json"} if body is not None else {}
        about |= {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "pi-coder-job"}
        try:
            connection.connect()
            with self._lock:
                self._open.add(connection.sock)
            connection.request(method, self.path + path, body, {**about, **self.headers})
            return connection.getresponse()
        except BaseException:
            connection.close()
            raise

    def hang_up(self) -> None:
        """Break off all answers that are still coming; whoever reads one gets an error."""
        with self._lock:
            for connection in list(self._open):
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def complete(self, body: bytes, stopped: Event, deadline: float) -> tuple[http.client.HTTPResponse, float]:
        """The answer to a chat, and the seconds waited because there were too many requests (429)."""
        waited = 0.0
        for attempt in range(MOST_WAITS + 1):
            response = self.send("POST", "/chat/completions", body)
            if response.status != 429 or attempt == MOST_WAITS:
                break
            pause = wanted_pause(response.getheader("Retry-After"), attempt)
            if waited + pause > LONGEST_WAIT or time.monotonic() + pause > deadline:
                break
            response.close()
            waited += pause
            if stopped.wait(pause):
                raise ConnectionAbortedError("the run has ended")
        return response, waited

    def about(self, model: str) -> dict[str, Any]:
        """What the endpoint's list tells of the model; empty when it tells nothing."""
        try:
            with self.send("GET", "/models", patience=10) as response:
                told = json.loads(response.read(8_000_000))
            wanted = model.partition(":")[0]
            found = [each for each in told["data"] if isinstance(each, dict) and each.get("id") in (model, wanted)]
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return {}
        return found[0] if found else {}


def wanted_pause(told: str | None, attempt: int) -> float:
    """Seconds: what the endpoint asks for, or 2, 4, 8 … when it asks for nothing that can be read."""
    try:
        pause = float(told or "")
    except ValueError:
        pause = math.nan
    return float(2 ** (attempt + 1)) if math.isnan(pause) else max(0.0, pause)


def price(about: dict[str, Any]) -> Price | None:
    """The dearest of those who serve the model, because which one does is not known before."""
    told = [offer.get("pricing") for offer in offers(about)]
    pairs = [(number(each.get("input")), number(each.get("output"))) for each in told if isinstance(each, dict)]
    known = [(read, written) for read, written in pairs if read is not None and written is not None]
    return Price(max(read for read, _ in known), max(written for _, written in known)) if known else None


def context(about: dict[str, Any]) -> int | None:
    """Tokens: the shortest of those who serve the model."""
    told = [number(offer.get("context_length")) for offer in offers(about)]
    return min((int(each) for each in told if each and each >= SHORTEST_CONTEXT), default=None)


def offers(about: dict[str, Any]) -> list[dict[str, Any]]:
    providers = about.get("providers")
    found = [about, *(providers if isinstance(providers, list) else [])]
    return [each for each in found if isinstance(each, dict) and each.get("status", "live") == "live"]


def number(value: Any) -> float | None:
    """Any: a part of somebody's JSON."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
    return float(value) if known else None
