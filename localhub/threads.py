"""Work in a thread that nobody may leave half done."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Values = ParamSpec("Values")
Result = TypeVar("Result")


async def to_its_end(work: Callable[Values, Result], *values: Values.args, **named: Values.kwargs) -> Result:
    """As `asyncio.to_thread`, but a cancellation waits until the thread is through.

    A thread cannot be stopped. One that writes to a folder would go on after its task was given up, and meet the next.
    """
    working = asyncio.create_task(asyncio.to_thread(work, *values, **named))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise
