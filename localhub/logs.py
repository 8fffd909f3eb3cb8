"""Logs of processes as server-sent events. In the file each line stands after its time and a tab."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

QUIET_LIMIT = 15.0
"""Seconds of silence after which a follower is told that the connection still lives."""

LOOK = 0.2
"""Seconds between two looks at a log."""

BLOCK = 1 << 18
"""Bytes that are read at once."""


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
    if tail is not None:
        header, position = await asyncio.to_thread(before_tail, path, tail, style.headed)
        for line in header:
            yield event(line, style.line_end)
    while True:
        last_look = not alive()
        lines, position, more = await asyncio.to_thread(read_lines, path, position)
        for line in lines:
            yield event(line, style.line_end)
        quiet = 0.0 if lines else quiet + LOOK
        if more:
            continue
        if last_look:
            return
        if quiet > QUIET_LIMIT:
            quiet = 0.0
            yield style.silence
        await pause(LOOK)


def before_tail(path: Path, count: int, headed: bool) -> tuple[list[str], int]:
    """The header if it is told, and where the last `count` complete lines after it begin."""
    start = start_of_last(path, count)
    if not headed or not path.exists():
        return [], start
    with path.open("rb") as file:
        header = file.readline()
    if not header.endswith(b"\n"):
        return [], start
    return [header.decode(errors="replace")[:-1]], max(start, len(header))


def start_of_last(path: Path, count: int) -> int:
    """Where the last `count` complete lines begin. Read from the end: a log may be large."""
    if not path.exists():
        return 0
    with path.open("rb") as file:
        position, wanted = file.seek(0, os.SEEK_END), count + 1
        while position:
            start = max(0, position - BLOCK)
            file.seek(start)
            block = file.read(position - start)
            ends = block.count(b"\n")
            if ends >= wanted:
                return start + nth_last(block, wanted) + 1
            wanted, position = wanted - ends, start
    return 0


def nth_last(block: bytes, count: int) -> int:
    """The place of the line end that has `count - 1` others behind it."""
    place = len(block)
    for _ in range(count):
        place = block.rindex(b"\n", 0, place)
    return place


class Look(NamedTuple):
    lines: list[str]
    position: int
    """After the lines."""

    more: bool
    """Whether more is there already: one look takes about a block."""


def read_lines(path: Path, position: int) -> Look:
    """The complete lines after a position; from the start if the log began anew."""
    if not path.exists():
        return Look([], 0, more=False)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        position = position if position <= size else 0
        file.seek(position)
        read = file.read(BLOCK)
        while b"\n" not in read and (block := file.read(BLOCK)):
            read += block
    whole, newline, _ = read.rpartition(b"\n")
    lines = whole.decode(errors="replace").split("\n") if newline else []
    more = bool(lines) and position + len(read) < size
    return Look(lines, position + len(whole) + len(newline), more)


def event(line: str, end: str) -> str:
    timestamp, _, text = line.partition("\t")
    return f"data: {json.dumps({'data': text + end, 'timestamp': timestamp})}\n\n"
