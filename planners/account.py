"""The language models of one run: what they may still use up, and where what they said is kept."""

import asyncio
from contextvars import ContextVar

from core.events import SpendingReserved
from core.ledger import Spending
from core.meter import Meter
from core.tracing import Exchange, TraceFile, Watch
from planners.diary import Diary

TRACE = "traces/model.jsonl"
"""Below the run's folder."""


class Account:
    """What is left of the goal's budget; every request stands in the journal once it is settled.

    Each process that works on the run has an entry of its own, so that nothing is counted twice.
    """

    def __init__(self, diary: Diary, watch: Watch | None = None) -> None:
        """Made inside of the event loop in which the diary is written. `watch` is told of every exchange too."""
        self._diary = diary
        self._loop = asyncio.get_running_loop()
        self._key = f"model.{diary.journal.session}"
        self._together = Spending()
        self._open = True
        self._watches = (TraceFile(diary.folder.path / TRACE), *((watch,) if watch else ()))
        budget, spent = diary.run().goal.limits.budget, diary.fold.ledger.spent
        self.meter = Meter(
            tokens=None if budget.tokens is None else max(0, budget.tokens - spent.tokens),
            dollars=None if budget.dollars is None else max(0.0, budget.dollars - spent.dollars),
            spend=self._spend,
        )

    def watch(self, exchange: Exchange) -> None:
        for watch in self._watches:
            watch(exchange)

    def close(self) -> None:
        """The diary is about to be: what a thread that was left behind settles later is not written any more."""
        self._open = False

    def _spend(self, tokens_in: int, tokens_out: int, dollars: float) -> None:
        """From the thread that asked."""
        amount = Spending(tokens=tokens_in + tokens_out, dollars=dollars)
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._write, amount)

    def _write(self, amount: Spending) -> None:
        if not self._open:
            return
        if self._key not in self._diary.fold.ledger.entries:
            self._diary.mention(SpendingReserved(key=self._key, what="the language model", amount=Spending()))
        self._together += amount
        self._diary.settle(self._key, self._together)


ACCOUNT: ContextVar[Account | None] = ContextVar("account", default=None)
"""Of the run at work: set by the runner, read by whoever asks a model for it."""
