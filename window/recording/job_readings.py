"""Rule *job*: how a Job stands, and its log, are asked for side by side and as often as anybody likes.

So each stage is kept once, of the log the newest reading, and the last answer stays for whoever asks once more.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from window.recording.bodies import Form

_JOB = re.compile(r"/api/jobs/[^/]+/[^/]+(/logs)?")


def is_of_job(method: str, url: str) -> bool:
    return method == "GET" and _JOB.fullmatch(urlsplit(url).path) is not None


def newest(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The exchanges, with only the last among the readings of one Job at one stage, and of one log."""
    place = {_reading(document, number): number for number, document in enumerate(documents)}
    kept = set(place.values())
    return [document for number, document in enumerate(documents) if number in kept]


def _reading(document: dict[str, Any], number: int) -> tuple[Any, ...]:
    """What the exchange is a reading of; of nothing but itself when it is not of a Job."""
    method, _, url = document["ask"].partition(" ")
    if not is_of_job(method, url):
        return (number,)
    if url.endswith("/logs"):
        return (url,)
    return (url, document["answer"], _stage(document.get("told")))


def _stage(told: Form | None) -> object:
    value = (told or {}).get("json") or (told or {}).get("spaced")
    status = value.get("status") if isinstance(value, dict) else None
    return status.get("stage") if isinstance(status, dict) else None
