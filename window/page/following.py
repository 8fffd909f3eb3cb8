"""A run's picture as a stream of server-sent events: the parts that changed since the last one."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

from core.journal import Tail, owner
from core.record import RunFolder
from window.page.picture.run import At, Parts, Picture, changes
from window.page.works import Works

PAUSE = 0.06
"""Seconds between two looks at the journal."""

HEARTBEAT = 10.0
"""Seconds after which a silent stream says that it is alive."""

OWNER_PAUSE = 1.0
"""Seconds between two looks at who holds a run that is not ours."""


async def follow(folder: RunFolder, works: Works) -> AsyncIterator[str]:
    """Ends when the run has ended or nobody works on it; the last message says `over`."""
    tail, picture, sent = Tail(folder.path), Picture(folder.artifacts), Parts()
    whose = _Owner(folder, works)
    silent_since = time.monotonic()
    before: At | None = None
    while not works.closing.is_set():
        at = whose.now()
        news = tail.news()
        picture.read(news)
        if picture.begun and (news or at != before):
            before = at
            parts = picture.parts(at)
            if changed := changes(sent, parts):
                sent, silent_since = parts, time.monotonic()
                yield message("picture", {"now": time.time(), "parts": changed})
        if not at:
            yield message("over", {"begun": picture.begun})
            return
        if time.monotonic() - silent_since > HEARTBEAT:
            silent_since = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(PAUSE)


def message(event: str, data: object) -> str:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


class _Owner:
    """Who works on the run. Looked up before its news, so that an end is never announced before its last event."""

    def __init__(self, folder: RunFolder, works: Works) -> None:
        self._folder = folder
        self._works = works
        self._at: At = ""
        self._looked = -OWNER_PAUSE

    def now(self) -> At:
        if self._works.busy(self._folder):
            self._at = "here"
            return "here"
        if self._at == "here" or time.monotonic() - self._looked > OWNER_PAUSE:
            self._looked = time.monotonic()
            self._at = "elsewhere" if owner(self._folder.path) else ""
        return self._at
