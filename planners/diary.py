"""The journal of the run at work together with its fold: written and read in one motion."""

import time

from core.errors import BudgetSpent, disk_full
from core.events import Event, SpendingReserved, SpendingSettled
from core.journal import Journal
from core.ledger import Spending
from core.nouns import Budget
from core.record import RunFolder
from core.run import Fold, Run

STATE_PAUSE = 1.0
"""Seconds between two writings of state.json while a run is busy; the journal is always ahead of it."""


class Diary:
    def __init__(self, folder: RunFolder, journal: Journal) -> None:
        self.folder = folder
        self.journal = journal
        self.fold = Fold()
        self._written = 0.0
        for entry in journal.entries:
            self.fold.apply(entry.event, entry.time)

    def mention(self, event: Event) -> None:
        """Write it down without waiting for the disk."""
        entry = self.journal.append(event)
        self.fold.apply(entry.event, entry.time)
        if time.monotonic() - self._written > STATE_PAUSE and "id" in self.fold.run:
            self.save()

    async def announce(self, event: Event) -> None:
        """Write it down; it is on the disk when this returns."""
        self.mention(event)
        await self.journal.durable()

    async def reserve(self, key: str, what: str, amount: Spending) -> None:
        """Raises BudgetSpent when the goal's budget has no room for the amount."""
        ledger = self.fold.ledger
        if ledger.open(key):
            return
        if excess := ledger.excess(amount, self.run().goal.limits.budget):
            raise BudgetSpent(f"the budget does not allow {what}: {excess}; allow more and start again")
        await self.announce(SpendingReserved(key=key, what=what, amount=amount))

    def left(self, mine: str) -> Budget:
        """What the goal's budget still allows; `mine` as in `Ledger.left`."""
        return self.fold.ledger.left(self.run().goal.limits.budget, mine)

    def settle(self, key: str, amount: Spending) -> None:
        self.mention(SpendingSettled(key=key, amount=amount))

    def run(self) -> Run:
        return self.fold.snapshot()

    def save(self) -> None:
        self._written = time.monotonic()
        try:
            self.folder.write_state(self.run(), self.journal.head)
        except OSError as error:
            raise disk_full(error, "state.json") or error from error
