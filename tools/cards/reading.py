"""What the rules for blockers look at: the source with what was found out before them."""

from dataclasses import dataclass

from core.factory import Evidence, Need
from tools.cards.document import Fence
from tools.cards.source import Source


@dataclass(frozen=True)
class Reading:
    """Of one card."""

    source: Source
    task: str | None
    library: str | None
    base_model: str | None
    usage: Fence | None
    """Python that loads the model."""
    command: Fence | None
    gigabytes: float | None
    memory_evidence: Evidence | None
    hardware: Need

    @property
    def unaided(self) -> bool:
        """Whether the card shows no Python that would load the model."""
        return self.usage is None
