"""Logs of processes as server-sent events. In the file each line stands after its time and a tab."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

QUIET_LIMIT = 15.0
"""Seconds of silence after which a follower is told that the connection still lives."""


async def follow(path: Path, tail: int | None, alive: Callable[[], bool]) -> AsyncIterator[str]:
    """The log as server-sent events: what is there, and then what comes while `alive`."""
    position, quiet = 0, 0.0
    while True:
        last_look = not alive()
        lines, position = await asyncio.to_thread(read_lines, path, position)
        for line in lines[-tail:] if tail is not None else lines:
            yield event(line)
        tail = None
        quiet = 0.0 if lines else quiet + 0.2
        if last_look:
            return
        if quiet > QUIET_LIMIT:
            quiet = 0.0
            yield "data:\n\n"
        await asyncio.sleep(0.2)


def read_lines(path: Path, position: int) -> tuple[list[str], int]:
    """The complete lines after a position, and the position after them; from the start if the log began anew."""
    if not path.exists():
        return [], 0
    with open(path, "rb") as file:
        position = position if position <= path.stat().st_size else 0
        file.seek(position)
        whole, newline, _ = file.read().rpartition(b"\n")
    return whole.decode(errors="replace").split("\n") if newline else [], position + len(whole) + len(newline)


def event(line: str) -> str:
    timestamp, _, text = line.partition("\t")
    return f"data: {json.dumps({'data': text + chr(10), 'timestamp': timestamp})}\n\n"
