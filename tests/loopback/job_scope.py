"""A run for Jobs to belong to: what was mentioned and paid is kept for a test to look at."""

from dataclasses import dataclass, field
from pathlib import Path

from core.artifacts import ArtifactStore
from core.events import CallProgressed, Event
from core.ledger import Spending
from core.scope import Scope


@dataclass
class Notes:
    folder: Path
    mentioned: list[Event] = field(default_factory=list)
    reserved: dict[str, Spending] = field(default_factory=dict)
    settled: dict[str, Spending] = field(default_factory=dict)

    def progress(self) -> list[str]:
        return [event.text for event in self.mentioned if isinstance(event, CallProgressed)]

    def scope(self, step: str = "code") -> Scope:
        async def announce(event: Event) -> None:
            self.mentioned.append(event)

        async def reserve(key: str, what: str, amount: Spending) -> None:
            self.reserved[key] = amount

        store = ArtifactStore(self.folder)
        return Scope(
            step,
            "A Job",
            None,
            1,
            60.0,
            store,
            announce,
            self.mentioned.append,
            None,
            reserve,
            self.settled.__setitem__,
        )
