"""What a call of a Space says of its progress, written down for those who watch."""

import time
from typing import Literal

from core.events import CallProgressed
from core.nouns import Space
from core.scope import Scope
from core.sse import Message, Queued, Running

EVERY = 0.5
"""Seconds between two mentions of progress at the same stage."""


class Progress:
    """Passes on what the Space says of its progress, not more often than anybody can read."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.stage = ""
        self.told = 0.0

    def tell(self, message: Message) -> None:
        stage: Literal["queued", "running"] = "queued" if isinstance(message, Queued) else "running"
        now = time.monotonic()
        if stage == self.stage and now - self.told < EVERY:
            return
        self.stage, self.told = stage, now
        match message:
            case Queued():
                mention(self.scope, "queued", position=message.position)
            case Running():
                mention(self.scope, "running", fraction=message.fraction, text=message.text)


def waking(scope: Scope, space: Space) -> None:
    mention(scope, "waking", text=f"{space.id} is {space.stage.lower()}")


def mention(
    scope: Scope,
    stage: Literal["waking", "queued", "running", "downloading"],
    position: int | None = None,
    fraction: float | None = None,
    text: str = "",
) -> None:
    scope.mention(
        CallProgressed(
            step=scope.step,
            item=scope.item,
            attempt=scope.attempt,
            stage=stage,
            position=position,
            fraction=fraction,
            text=text,
        )
    )
