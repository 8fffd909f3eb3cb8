"""What a running Job uses, once a second, as server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from localhub.processes import usage

PERIOD = 1.0
FIRST_PERIOD = 0.2
"""Seconds between two samples, and before the first one can be told."""


async def follow(pid: Callable[[], int | None], cores: int, memory: int, replica: str) -> AsyncIterator[str]:
    """Until the process is gone. Processors and memory are those of the Job's tree, the network is the machine's."""
    before, sent_before, at = await sample(pid())
    period = FIRST_PERIOD
    while pid() is not None:
        await asyncio.sleep(period)
        period = PERIOD
        used, sent, now = await sample(pid())
        if pid() is None:
            return
        share = max(0.0, used.seconds - before.seconds) / (now - at)
        told = {
            "cpu_usage_pct": round(100 * share / cores, 2),
            "cpu_millicores": round(1000 * share),
            "memory_used_bytes": used.memory,
            "memory_total_bytes": memory,
            "rx_bps": round((sent[0] - sent_before[0]) / (now - at)),
            "tx_bps": round((sent[1] - sent_before[1]) / (now - at)),
            "gpus": {},
            "replica": replica,
        }
        before, sent_before, at = used, sent, now
        yield event(told)


async def sample(pid: int | None) -> tuple[usage.Usage, tuple[int, int], float]:
    used = await asyncio.to_thread(usage.of, pid) if pid else usage.Usage(0, 0)
    return used, usage.network(), time.monotonic()


def event(told: dict[str, Any]) -> str:
    return f"event: metric\ndata: {json.dumps(told)}\n\n"
