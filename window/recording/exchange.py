"""One exchange: what was asked, in its compared form, and what was told, as vcrpy plays it."""

import json
from collections.abc import Mapping
from typing import Any

import vcr.request
from vcr.filters import decode_response

from window.recording.bodies import Form, asked_form
from window.recording.names import Heard, Names

Told = dict[str, Any]
"""An answer as vcrpy has it: `status`, `headers`, `body`."""

KEPT = frozenset(
    {"content-type", "content-encoding", "content-range", "content-disposition", "accept-ranges", "location", "link"}
    | {"retry-after", "etag", "ratelimit", "ratelimit-policy"}
    | {"x-error-code", "x-error-message", "x-repo-commit", "x-linked-size", "x-linked-etag", "x-total-count"}
)
"""Headers of an answer that somebody reads. No others are written down, cookies and request ids least of all."""

READ = frozenset({"GET", "HEAD"})

BROKE = "x-spacewright-broke"
"""Header of an answer that never came: the class of the error that came instead."""

GIVEN_UP = "CancelledError"
"""In place of that class: our own side stopped waiting."""


class Asked(vcr.request.Request):  # type: ignore[misc]  # vcrpy has no types
    """A request in its compared form; the order of its fields and all that has a rule is out of it."""

    def __init__(self, method: str, url: str, kind: str, extent: str, form: Form | None) -> None:
        self.form, self.kind, self.extent = form, kind, extent
        self.key = json.dumps([method, url, extent, form], sort_keys=True)
        super().__init__(method, url, b"", {})

    @property
    def line(self) -> str:
        return f"{self.method} {self.uri}"


def asked(request: Any, names: Names) -> Asked:
    """Of a request as vcrpy saw it; one that has its form already stays as it is."""
    if isinstance(request, Asked):
        return request
    data = body_of(request)
    kind = _first(request.headers, "content-type")
    names.learn(request.method, request.uri, data.decode("utf-8", "replace"))
    form = asked_form(request.uri, kind, data, names)
    url = names.asked(request.uri)
    return Asked(request.method, url, kind.partition(";")[0].strip(), _first(request.headers, "range"), form)


def heard(request: Any, response: Told) -> Heard:
    data, told = body_of(request), body_told(response)
    return Heard(request.method, request.uri, data.decode("utf-8", "replace"), told.decode("utf-8", "replace"))


def body_of(request: Any) -> bytes:
    body = request.body_bytes
    if isinstance(body, dict | list):  # aiohttp's `json=` reaches vcrpy as it is
        return json.dumps(body).encode()
    return bytes(body or b"")


def body_told(response: Told) -> bytes:
    body = response["body"].get("string") or b""
    return body.encode() if isinstance(body, str) else bytes(body)


def plain(response: Told) -> Told:
    """The answer without its compression, where vcrpy can undo it."""
    decoded: Told = decode_response({**response, "headers": {k.lower(): v for k, v in response["headers"].items()}})
    return decoded


def kept_headers(method: str, headers: Mapping[str, list[str]], names: Names) -> dict[str, list[str]]:
    wanted = KEPT | {BROKE} | ({"content-length"} if method == "HEAD" else set())
    return {
        name.lower(): [names.text(value) for value in values]
        for name, values in headers.items()
        if name.lower() in wanted
    }


def _first(headers: Mapping[str, Any], wanted: str) -> str:
    for name, value in headers.items():
        if str(name).lower() == wanted:
            found = value[0] if isinstance(value, list) else value
            return found.decode("latin-1") if isinstance(found, bytes) else str(found)
    return ""
