"""Logs of processes as server-sent events. In the file each line stands after its time and a tab."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

QUIET_LIMIT = 15.0
"""Seconds of silence after which a follower is told that the connection still lives."""

LOOK = 0.2
"""Seconds between two looks at a log."""


class Style(NamedTuple):
    """How one kind of log is told."""

    line_end: str
    silence: str
    headed: bool
    """Whether the first line is told also when only the last ones are asked for."""


SPACE = Style("\n", "data:\n\n", headed=False)
JOB = Style("", ": keep-alive\n\n", headed=True)

Pause = Callable[[float], Awaitable[object]]


async def follow(
    path: Path, tail: int | None, alive: Callable[[], bool], style: Style = SPACE, pause: Pause = asyncio.sleep
) -> AsyncIterator[str]:
    """The log as server-sent events: what is there, and then what comes while `alive`.

    `pause` waits for so many seconds between two looks, or less when there is a reason to look.
    """
    position, quiet = 0, 0.0
    while True:
        last_look = not alive()
        lines, position = await asyncio.to_thread(read_lines, path, position)
        for line in lines if tail is None else last(lines, tail, style.headed):
            yield event(line, style.line_end)
        tail = None
        quiet = 0.0 if lines else quiet + LOOK
        if last_look:
            return
        if quiet > QUIET_LIMIT:
            quiet = 0.0
            yield style.silence
        await pause(LOOK)


def last(lines: list[str], count: int, headed: bool) -> list[str]:
    first = lines[:1] if headed else []
    rest = lines[len(first) :]
    return first + (rest[-count:] if count else [])


def read_lines(path: Path, position: int) -> tuple[list[str], int]:
    """The complete lines after a position, and the position after them; from the start if the log began anew."""
    if not path.exists():
        return [], 0
    with open(path, "rb") as file:
        position = position if position <= path.stat().st_size else 0
        file.seek(position)
        whole, newline, _ = file.read().rpartition(b"\n")
    return whole.decode(errors="replace").split("\n") if newline else [], position + len(whole) + len(newline)


def event(line: str, end: str) -> str:
    timestamp, _, text = line.partition("\t")
    return f"data: {json.dumps({'data': text + end, 'timestamp': timestamp})}\n\n"
