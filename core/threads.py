"""Blocking work beside the event loop that never keeps the process from ending.

`asyncio.to_thread` would: its pool is waited for at exit, and a server that does not answer cannot be interrupted.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Result = TypeVar("Result")

AT_ONCE = 8
_turns = threading.BoundedSemaphore(AT_ONCE)


async def in_thread(work: Callable[[], Result]) -> Result:
    """The result of `work`, done in a thread of its own that dies with the process. At most `AT_ONCE` work at once."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only when that is what `work` returned

    def run() -> None:
        result: Result | None = None
        problem: BaseException | None = None
        with _turns:
            try:
                result = work()
            except BaseException as error:
                problem = error
        # The loop may be closed by now: nobody waits any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, problem)

    threading.Thread(target=run, daemon=True, name="beside the loop").start()
    return await future
