"""What an app says of its own endpoints, kept for the search and for agents.md when it does not run."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp

from localhub import durable

NAME = "endpoints.json"


async def learn(work: Path, address: str, sha: str) -> None:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30)) as session,
            session.get(f"{address}/gradio_api/info") as response,
        ):
            info = await response.json() if response.ok else {}
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return  # it ended, or it is not a Gradio app
    if work.exists():  # the Space may be deleted meanwhile
        await asyncio.to_thread(durable.write_json, work / NAME, {"sha": sha, "info": info})


def known(work: Path) -> dict[str, Any]:
    """The named endpoints, as far as an app of this Space has ever run; by name."""
    path = work / NAME
    named: dict[str, Any] = {}
    if path.exists():
        named = json.loads(path.read_bytes())["info"].get("named_endpoints", {})
    return named
