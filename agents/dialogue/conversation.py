"""One agent at work on one task, in a thread of its own beside the event loop."""

import asyncio
import contextvars
import threading
from contextlib import suppress

from smolagents.utils import AgentGenerationError

from agents.dialogue.agent import Agent, Stopped
from core.errors import Failure


class Unfinished(Failure):
    """The model used its steps up and handed nothing in that was taken."""

    remedy = "again"


async def converse(agent: Agent, task: str) -> None:
    """Returns when the agent has handed in an answer that was taken.

    Raises Unfinished when its steps are used up, and the model's own Failure when it cannot be asked. Cancelled, it
    returns at once: nothing is called any more, and the thread ends with what the model says next.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def settle(error: BaseException | None) -> None:
        if ended.done():
            return
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    def work() -> None:
        error: BaseException | None = None
        try:
            agent.run(task)
        except BaseException as problem:
            error = problem
        # The loop may be closed by now: nobody waits any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, error)

    # Not one of the turns of core.threads: an agent waits for tools that need one.
    threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True, name="agent").start()
    try:
        await ended
    except AgentGenerationError as error:
        if isinstance(error.__cause__, Failure):
            raise error.__cause__ from None
        raise
    finally:
        agent.stop()
    if not agent.answered:
        raise Unfinished(f"the language model handed nothing in that holds within {agent.max_steps} steps")


__all__ = ["Stopped", "Unfinished", "converse"]
