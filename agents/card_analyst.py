"""The sub-agent that says what a model is, from its card, its files and the Hub: a routine, without a language model.

Whoever does the work, this routine or a model with the same tools, hands in `CardFacts` and is believed only when the
answer fits it.
"""

import re
from typing import Any, ClassVar

from core.errors import InputsRefused
from core.factory import CardFacts
from core.hub import Hub
from core.nouns import Artifact, Origin
from core.scope import Scope
from tools.artifact_tool import ArtifactTool
from tools.read_card import ReadCard

_ID = re.compile(r"\s*(?:https://huggingface\.co/)?([\w.-]{1,96}(?:/[\w.-]{1,96})?)/?\s*")


class CardAnalyst(ArtifactTool):
    """A task in words (a model's id, or a whole card) → `CardFacts`."""

    name = "card_analyst"
    description = (
        "Finds out what a Hugging Face model is and what keeps a Space from being made for it. Give it the model's id, "
        "or the text of its card. Returns JSON: task, library, licence, gate, parameters, memory, hardware and "
        "blockers, each with the line or file it rests on, and null where nobody says."
    )
    inputs: ClassVar[dict[str, dict[str, Any]]] = {
        "task": {"type": "string", "description": "A model's id, owner/name, or the whole text of a model card."},
    }
    returns: ClassVar[type[CardFacts]] = CardFacts

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._reader = ReadCard(hub)

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        facts = await self.facts(str(arguments["task"]))
        origin = Origin(tool=self.name, step=scope.step, item=scope.item)
        return (scope.artifacts.keep_value(facts.model_dump(mode="json"), "json", scope.title, origin),)

    async def facts(self, task: str) -> CardFacts:
        """Raises InputsRefused on an empty task, HubFailure when there is no such model."""
        if not task.strip():
            raise InputsRefused("card_analyst wants a model's id or the text of a card; it got nothing")
        # One line that looks like a name is one: a card has more lines, or more than a name in its line.
        if named := _ID.fullmatch(task):
            return await self._reader.read(model=named.group(1))
        return await self._reader.read(card=task)
