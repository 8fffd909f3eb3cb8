"""What a tool is told about the attempt it works for, and how it speaks back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.artifacts import ArtifactStore
from core.events import CallAccepted, Event


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
