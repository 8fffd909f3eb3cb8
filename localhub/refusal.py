"""What the Hub says when it says no: a status, a sentence, and a code that huggingface_hub makes an exception of."""

import logging
import re

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

log = logging.getLogger("localhub")

LONGEST_HEADER = 1000
"""Characters; clients that read HTTP give up on a header of several thousand."""

CHALLENGE = 'Bearer realm="Authentication required", charset="UTF-8"'
"""What comes with every 401."""


class Refusal(Exception):
    """Always a 4xx or 503: the clients repeat other 5xx answers for 23 seconds (huggingface_hub 2.4)."""

    def __init__(self, status: int, message: str, code: str | None = None, **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.more = more

    def headers(self) -> dict[str, str]:
        """The message is in the body; a header cannot carry every character of it."""
        headers = {"X-Error-Message": header(self.message)}
        headers |= {"WWW-Authenticate": CHALLENGE} if self.status == 401 else {}
        return headers | ({"X-Error-Code": self.code} if self.code else {})


def bad_request(message: str) -> Refusal:
    return Refusal(400, message)


def too_large(limit: int) -> Refusal:
    return Refusal(413, f"the body is larger than the {limit:,} bytes that are taken at once")


def sign_in() -> Refusal:
    return Refusal(401, "Invalid username or password.")


def no_repository(signed_in: bool) -> Refusal:
    """The same answer for what is missing and for what is hidden, so that no name can be guessed."""
    if signed_in:
        return Refusal(404, "Repository not found", "RepoNotFound")
    return Refusal(401, "Invalid username or password.", "RepoNotFound")


def no_revision(revision: str) -> Refusal:
    return Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")


def no_entry(path: str) -> Refusal:
    return Refusal(404, f"Entry not found: {path}", "EntryNotFound")


def no_path(path: str, revision: str) -> Refusal:
    """The same where a tree is asked for."""
    return Refusal(404, f'{path} does not exist on "{revision}"', "EntryNotFound")


def header(text: str) -> str:
    """What a header can carry of a text that may come from a client: a line break in it would begin another header."""
    return re.sub(r"[^ -~]", "?", text[:LONGEST_HEADER]).strip()


async def answer(request: Request, error: Exception) -> JSONResponse:
    """The exception handler of the whole server."""
    if not isinstance(error, Refusal):
        raise error
    told = {
        key: text.encode("utf-8", "replace").decode() for key, text in {"error": error.message, **error.more}.items()
    }
    return JSONResponse(told, error.status, error.headers())


async def client_left(request: Request, error: Exception) -> Response:
    """In the middle of what it sent: nobody reads this, and nothing is wrong here."""
    if not isinstance(error, ClientDisconnect):
        raise error
    return Response(status_code=400)


async def not_served(request: Request, error: Exception) -> JSONResponse:
    """Of an unknown route it says what was asked for, so that a client's unknown need is seen at once."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code not in (404, 405):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    asked = f"{request.method} {request.scope['path']}"  # `request.url` leaves line breaks out
    # Escaped: a path may hold what a terminal obeys.
    log.warning("%s is not part of the local Hub", ascii(asked)[1:-1])
    message = f"The local Hub has no {asked}"
    return JSONResponse({"error": message}, 404)
