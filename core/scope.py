"""What a tool is told about the attempt it works for, and how it speaks back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.artifacts import ArtifactStore
from core.events import CallAccepted, Event
from core.ledger import Spending
from core.nouns import Budget


async def _unlimited(key: str, what: str, amount: Spending) -> None:
    """For whoever counts nothing."""


def _without_end(mine: str) -> Budget:
    """For whoever counts nothing."""
    return Budget()


def _unsettled(key: str, amount: Spending) -> None:
    """For whoever counts nothing."""


@dataclass(frozen=True)
class Scope:
    """One attempt at one step."""

    step: str
    title: str
    item: int | None
    attempt: int
    seconds: float
    """Deadline of the attempt; the runner cancels the task when it has passed."""

    artifacts: ArtifactStore
    announce: Callable[[Event], Awaitable[None]]
    """Writes the event down; it is on disk when this returns."""

    mention: Callable[[Event], None]
    """Writes the event down without waiting for the disk: for progress."""

    accepted: CallAccepted | None = None
    """A call of an earlier process that may still have a result waiting."""

    reserve: Callable[[str, str, Spending], Awaitable[None]] = _unlimited
    """Key, words and amount of what is about to be spent. It is on disk when this returns; reserving the same key again
    is no second reservation. Raises BudgetSpent when the budget has no room for it."""

    settle: Callable[[str, Spending], None] = _unsettled
    """Key, and what it came to."""

    left: Callable[[str], Budget] = _without_end
    """What the run may still spend, not counting what is open under keys that begin with these letters."""

    @property
    def run(self) -> str:
        """The id of the run."""
        return self.artifacts.folder.parent.name
