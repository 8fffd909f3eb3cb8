"""What every tool of ours is: a smolagents `Tool` that works in an event loop and returns artifacts.

The runner awaits `work`. A smolagents agent calls `forward`, which is the same work at the synchronous edge.
"""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ValidationError
from smolagents import Tool

from core.errors import InputsRefused
from core.nouns import Argument, Artifact, Output
from core.scope import Scope

Effect = Literal["read", "write", "spend"]

Wanted = TypeVar("Wanted", bound=BaseModel)

SCOPE: ContextVar[Scope] = ContextVar("scope")
"""The attempt a synchronous call works for; set by whoever runs an agent."""


class ArtifactTool(Tool):  # type: ignore[misc]  # smolagents is untyped
    """One thing a plan can do. Keeps no state between calls."""

    output_type = "object"
    skip_forward_signature_validation = True
    effect: ClassVar[Effect] = "read"
    """`write` publishes and `spend` costs money: the runner asks first."""

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        """What a person has to say yes to before this very call, besides its `effect`; None when nothing."""
        return None

    dollars: float = 0.0
    """The most that one call may cost, US, as far as that is known before anything is asked."""

    gives: ClassVar[tuple[Output, ...]] = (Output(label="", kind="json"),)
    """What comes back, for plans to be checked against; a tool that calls an endpoint gives what that gives."""

    @abstractmethod
    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """Do it. The arguments are JSON values, with an `Artifact` wherever a plan said `From`.

        Raises a `Failure` when the world says no.
        """

    def forward(self, **arguments: Any) -> list[dict[str, Any]]:
        artifacts = asyncio.run(self.work(SCOPE.get(), **arguments))
        return [artifact.model_dump(mode="json") for artifact in artifacts]


def understood(wanted: type[Wanted], scope: Scope, arguments: Mapping[str, Any], refusal: str) -> Wanted:
    """The arguments of a call as one value of ours: artifacts as what they hold, and null as if it were absent.

    Raises InputsRefused, with the refusal and the first thing that is wrong.
    """
    held = {name: scope.artifacts.value(one) if isinstance(one, Artifact) else one for name, one in arguments.items()}
    try:
        return wanted.model_validate({name: value for name, value in held.items() if value is not None})
    except ValidationError as error:
        raise InputsRefused(f"{refusal}: {error.errors()[0]['msg']}") from error
