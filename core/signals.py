"""What a Space's refusals mean: statuses, titles and texts become the classes of `core.errors`.

Pure functions over what came back. The texts are those of Gradio 5 and 6 and of ZeroGPU's `spaces` package; a text that
nobody knows is the app's own error.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import JsonValue

from core.errors import (
    AccessRefused,
    AnswerBroken,
    AppFailed,
    CallLost,
    EndpointMissing,
    Failure,
    InputsRefused,
    QuotaExceeded,
    SpaceBusy,
    SpaceUnavailable,
)

LONGEST_WAIT = 86_400.0
"""Seconds; nobody waits longer than a day, whatever a header says."""

_CLOCK = re.compile(r"try again in (?:(\d+) days?,? )?(\d+):(\d\d):(\d\d)", re.IGNORECASE)
_SECONDS = re.compile(r"try again in (\d+(?:\.\d+)?) ?(s|sec|second|m|min|minute|h|hour)", re.IGNORECASE)
_UNIT = {"s": 1, "m": 60, "h": 3600}
_QUOTA = ("quota", "rate limit", "rate_limit", "gpu limit", "credits exceeded")


def flat(text: object, longest: int) -> str:
    """Foreign text on one harmless line: printable, single spaces, cut at `longest` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def say(text: object, longest: int = 300) -> str:
    """Foreign text as a message quotes it."""
    return f"'{flat(text, longest)}'"


def seconds_to_wait(text: str) -> float | None:
    """What "Try again in 3:12:00" asks for, in seconds. None when the text names no time."""
    if clock := _CLOCK.search(text):
        days, hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return min(days * 86_400.0 + hours * 3600 + minutes * 60 + seconds, LONGEST_WAIT)
    if plain := _SECONDS.search(text):
        return min(float(plain[1]) * _UNIT[plain[2][0].lower()], LONGEST_WAIT)
    return None


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The Retry-After header in seconds from `now`, either form of it."""
    value = next((headers[name] for name in headers if name.lower() == "retry-after"), "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (date.astimezone(UTC) - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else None


def speaks_of_quota(text: str) -> bool:
    """Whether a text that came in place of a file says that a quota is used up."""
    return any(word in text.lower() for word in _QUOTA)


def app_error(space: str, error: object, title: str | None = None) -> Failure:
    """The failure behind an error of the app: `output` of an unsuccessful call, or the string in its place."""
    if isinstance(error, Mapping):
        title = title or _text(error.get("title"))
        error = error.get("error")
    text = _text(error)
    if not text:
        return AppFailed(f"{space} failed and does not say why; the same call or another Space may work")
    return _by_words(space, text, f"{title or ''} {text}".lower())


def _by_words(space: str, text: str, words: str) -> Failure:
    said = say(text)
    wait = seconds_to_wait(text)
    # A queue timeout carries the title "ZeroGPU quota exceeded" too, so it is asked first.
    if "no gpu was available" in words or "zerogpu queue timeout" in words:
        return SpaceBusy(f"{space} got no GPU in time: {said}; try again in a while", wait or 60.0)
    if "illegal duration" in words:
        return SpaceUnavailable(f"{space} asks for more GPU time than this account may use: {said}; use another Space")
    if "space app has reached its gpu limit" in words:
        return AccessRefused(f"{space} has no GPU for calls without a token: {said}; sign in or use another Space")
    if "pending credits" in words:
        return SpaceBusy(f"{space} waits for GPU credits to be booked: {said}", wait or 60.0)
    if speaks_of_quota(words):
        return QuotaExceeded(f"{space} was refused: {said}; wait, sign in, or use a Space without ZeroGPU", wait)
    if "out of memory" in words:
        return SpaceUnavailable(f"{space} ran out of memory: {said}; smaller inputs or another Space may work")
    if "queue is full" in words:
        return SpaceBusy(f"{space} has a full queue: {said}; try again in a while", wait)
    if "404: not found" in words:
        return CallLost(f"{space} no longer has the result of this call; call it again")
    if "server stopped" in words:
        return CallLost(f"{space} stopped while it worked; call it again")
    if "zerogpu" in words and ("expired" in words or "proxy token" in words):
        return AccessRefused(f"{space} did not accept the GPU token of this call: {said}; sign in again")
    if "invalid username or password" in words or "unauthorized" in words:
        return AccessRefused(f"{space} asks for a sign-in: {said}")
    return AppFailed(f"{space} failed: {said}")


def refusal(space: str, endpoint: str, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """The failure behind an HTTP answer that is not a 2xx."""
    text = _detail(body)
    said = f": {say(text)}" if text and not _is_markup(text) else ""
    wait = retry_after(headers)
    if 300 <= status < 400:
        return AnswerBroken(f"{space} redirects {endpoint} elsewhere, which is not followed; use another Space")
    if status in (401, 403):
        return AccessRefused(f"{space} refuses {endpoint} with status {status}{said}; it wants a token, or another one")
    if status == 404:
        return EndpointMissing(f"{space} has nothing at {endpoint} (404); read its API again or use another Space")
    if status in (400, 413, 422):
        return InputsRefused(f"{space} does not accept these inputs{_validation(body) or said}")
    if status == 429:
        return SpaceBusy(f"{space} has had too many requests{said}; wait before the next one", wait)
    if status == 503 and "stopped" in text.lower():
        return SpaceBusy(f"{space} is restarting; try again in a while", wait)
    if status == 503 and "queue" in text.lower():
        return SpaceBusy(f"{space} has a full queue{said}; try again in a while", wait)
    if status >= 500:
        return _server_error(space, endpoint, status, said, wait)
    return AnswerBroken(f"{space} answers {endpoint} with status {status}{said}")


def _server_error(space: str, endpoint: str, status: int, said: str, wait: float | None) -> Failure:
    if status in (502, 503, 504):
        return SpaceBusy(f"{space} is starting or overloaded (status {status}){said}; try again in a while", wait)
    return AppFailed(f"{space} failed at {endpoint} with status {status}{said}", wait)


def _validation(body: bytes) -> str:
    """What a validator of Gradio or FastAPI objects to, parameter by parameter; empty when it is neither's answer."""
    try:
        details = json.loads(body).get("detail")
    except (ValueError, AttributeError, RecursionError):
        return ""
    if not isinstance(details, list):
        return ""
    found = []
    for detail in details[:5]:
        if isinstance(detail, dict) and detail.get("is_valid") is not True:
            place = detail.get("parameter_name") or ".".join(str(part) for part in detail.get("loc") or ())
            found.append(f"{place}: {detail.get('message') or detail.get('msg') or 'refused'}")
    return f": {say('; '.join(found))}" if found else ""


def _detail(body: bytes) -> str:
    text = body[:4096].decode("utf-8", "replace").strip()
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return text
    if isinstance(answer, dict):
        answer = answer.get("detail") or answer.get("error") or ""
    return answer if isinstance(answer, str) else ""


def _is_markup(text: str) -> bool:
    return text.lstrip().startswith("<")


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(_plain(value))


def _plain(value: object) -> JsonValue:
    return value if isinstance(value, str | int | float | bool | list | dict) else str(value)
