"""Xet hashes of plain files, told by a process of its own."""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PROGRAM = Path(__file__).with_name("hash_process.py")
EMPTY = "0" * 64
"""The hash of a file without a byte."""


class Told(NamedTuple):
    hash: str
    size: int
    """Bytes that were hashed, which are fewer than the file has by now if somebody writes to it."""


async def tell(paths: Sequence[Path]) -> list[Told | None]:
    """The hash of each file, None for what cannot be read. Takes about 0.2 seconds, and 0.6 for a thousand files."""
    answer = b""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": home, "HF_HOME": home}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(PROGRAM),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            limit=1 << 26,
        )
        try:
            if process.stdin and process.stdout:
                process.stdin.write(json.dumps([str(path) for path in paths]).encode() + b"\n")
                answer = await process.stdout.readline()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if not answer:
        raise RuntimeError("the process that hashes files ended without an answer")
    return [Told(*told) if told else None for told in json.loads(answer)]
