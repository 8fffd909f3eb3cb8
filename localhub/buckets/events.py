"""The feed of a bucket's changes, by whomever they were made: the plain files are looked at again and again.

What comes and goes between two looks is not told.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from localhub import hub, refusal
from localhub.buckets import about
from localhub.buckets.about import timestamp
from localhub.buckets.folder import Entry, Folder

PAUSE = 0.5
"""Seconds between two looks."""

SILENCE = 30.0
"""Seconds after which a follower is told that the connection still lives."""

Files = dict[str, Entry]


async def events(request: Request) -> Response:
    folder = hub.of(request).buckets.contents(about.to_read(request)).folder
    since, cursor = request.query_params.get("since"), request.query_params.get("cursor")
    try:
        moment = int(cursor) if cursor else nanoseconds(since) if since else None
    except (ValueError, OverflowError) as error:
        raise refusal.bad_request("since is a time as 2026-01-31T12:00:00.000Z, cursor what was told here") from error
    return hub.of(request).followers.answer(feed(folder, moment, bool(cursor)), {"Cache-Control": "no-store"})


def nanoseconds(time: str) -> int:
    """Of a time in milliseconds. A float holds no more of it, and is a little off."""
    return round(datetime.fromisoformat(time).timestamp() * 1000) * 1_000_000


async def feed(folder: Folder, since: int | None, resumed: bool) -> AsyncIterator[str]:
    """First what changed since then. What was deleted by then is not known, so whoever resumes is told to look anew."""
    before = await asyncio.to_thread(look, folder)
    if resumed:
        yield event("reset", {"reason": "the local Hub remembers no changes"})
        return
    if since is not None:
        missed = {path: entry for path, entry in before.items() if entry.ctime // 1_000_000 > since // 1_000_000}
        if missed:
            yield changed(differences({}, missed), before)
    yield event("ready", {"cursor": newest(before)})
    quiet = 0.0
    while True:
        await asyncio.sleep(PAUSE)
        now = await asyncio.to_thread(look, folder)
        found = differences(before, now)
        quiet = 0.0 if found else quiet + PAUSE
        if found:
            yield changed(found, now)
        elif quiet >= SILENCE:
            quiet = 0.0
            yield ": still here\n\n"
        before = now


def look(folder: Folder) -> Files:
    return {entry.path: entry for entry in folder.files()}


def differences(before: Files, now: Files) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = [{"path": path, "op": "delete"} for path in before if path not in now]
    for path, entry in now.items():
        if path not in before or not entry.same(before[path]):
            change = {"path": path, "op": "update" if path in before else "add", "size": entry.size}
            changes.append(change | {"mtime": timestamp(entry.mtime), "uploadedAt": timestamp(entry.ctime)})
    return changes


def changed(changes: list[dict[str, Any]], now: Files) -> str:
    return event("changes", {"cursor": newest(now), "changes": changes})


def newest(files: Files) -> str:
    return str(max((entry.ctime for entry in files.values()), default=0))


def event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
