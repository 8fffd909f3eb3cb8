"""What a Space has said: `run.log` and `build.log` in its folder of work, each line after its time and a tab."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from localhub.repository import now

QUIET_LIMIT = 15.0
"""Seconds of silence after which a follower is told that the connection still lives."""


def begin(work: Path, sha: str) -> None:
    """Start both logs anew for a start of the commit `sha`."""
    started = now()
    build = (
        f"===== Build Queued at {started} / Commit SHA: {sha[:7]} =====",
        "requirements.txt is not installed here: the Space runs with the packages of the local Hub.",
    )
    (work / "build.log").write_text("".join(f"{started}\t{line}\n" for line in build))
    (work / "run.log").write_text(f"{started}\t===== Application Startup at {started} =====\n")


def last_words(work: Path, limit: int = 2000) -> str:
    """The last traceback, or the last lines when there is none."""
    try:
        text = (work / "run.log").read_text(errors="replace")
    except FileNotFoundError:
        return ""
    lines = [line.partition("\t")[2] for line in text.splitlines()[1:]]
    starts = [number for number, line in enumerate(lines) if line.startswith("Traceback (most recent")]
    told = lines[starts[-1] :] if starts else lines[-20:]
    return "\n".join(told).strip()[-limit:]


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
