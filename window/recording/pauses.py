"""Pauses of a played session: nobody is waited for, so a loop that asks again after a while asks again at once."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LONGEST = 0.005
"""Seconds. Not nothing, so that threads and processes that really work get their turn."""


@contextmanager
def short_pauses() -> Iterator[None]:
    """Deadlines stay as they are: they are for what is really done, such as looking at a file."""
    sleep, wait = asyncio.sleep, time.sleep

    async def asleep(delay: float, result: Any = None) -> Any:
        return await sleep(min(delay, LONGEST), result)

    asyncio.sleep = asleep
    time.sleep = lambda seconds, /: wait(min(float(seconds), LONGEST))
    try:
        yield
    finally:
        asyncio.sleep, time.sleep = sleep, wait
