"""What the runner works with, built once by the composition root."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from core.events import ConsentAsked
from planners.cache import Cache
from tools.artifact_tool import ArtifactTool
from tools.checks.laboratory import Laboratory
from tools.checks.opinion import Judge

Consent = Callable[[ConsentAsked], Awaitable[bool]]
"""Asks a person; True is yes."""


@dataclass(frozen=True)
class Crew:
    tools: Mapping[str, ArtifactTool]
    laboratory: Laboratory
    cache: Cache
    consent: Consent
    consented: bool
    """The user said yes beforehand to everything a plan may publish or spend."""
    local: bool
    """Everything stays on this machine, so nothing that is published needs a yes."""
    judge: Judge | None = None
    """A model that answers what no parser can measure, when a plan asks."""
    licences: Literal["report", "ask", "refuse"] = "report"
    """What the user wants done about licences that do not allow commercial use, or do not say."""
