"""The tools of the planning model: it may look, and it must hand in. Lives for one plan."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from agents.dialogue.desk_tool import DeskTool, Refused
from core.nouns import Plan, Space, Step
from core.quoting import cleaned, quoted
from core.run import Run
from planners.catalogue.planner import LONGEST_QUERY, SpaceCatalogue
from planners.llm.aftermath import made_spaces, passed_steps
from planners.llm.liberties import liberties, plainly_titled
from planners.llm.listing import listed
from planners.llm.outline import plan_of, read_outline
from planners.llm.prompt import LONGEST_LIST, STEPS
from planners.llm.shortlist import readable
from planners.runner import Review
from tools.artifact_tool import ArtifactTool

SUBMIT = "submit_plan"

MOST_FOUND = 6
"""Spaces that one search lays before the model."""

_TEXT = {"type": "string"}
_STEPS = {"type": "array", "items": {}, "description": STEPS}
_RESULTS = {"type": "array", "items": {}, "description": "IDs"}
_WHY = {"type": "string"}


class CardReader(Protocol):
    """What reads a model's card."""

    async def read(self, model: str | None = None, card: str | None = None) -> Any:
        """Facts as a pydantic model."""


class Desk:
    """What one model sees and hands in while it makes one plan."""

    def __init__(
        self,
        run: Run,
        catalogue: SpaceCatalogue,
        shown: Sequence[Space],
        review: Review,
        tools: Mapping[str, ArtifactTool],
        cards: CardReader | None = None,
        own: str | None = None,
    ) -> None:
        self.plan: Plan | None = None
        """What was handed in and holds."""

        self.impossible: str = ""
        """Why there is no plan, in the model's words."""

        self._run = run
        self._catalogue = catalogue
        self._shown = {space.id: space for space in shown}
        self._review = review
        self._tools = tools
        self._cards = cards
        self._own = own

    def tools(self) -> list[DeskTool]:
        """What helps at this point, and no more: every description is sent again with every step."""
        looking = [
            DeskTool("find_spaces", "", {"text": _TEXT}, self.find_spaces),
            DeskTool("inspect_space", "", {"space": _TEXT}, self.inspect_space),
        ]
        if self._run.plan is not None:
            looking.append(DeskTool("look_at_artifact", "", {"step": _TEXT}, self.look_at_artifact))
        elif self._cards is not None:
            looking.append(DeskTool("read_card", "", {"model": _TEXT}, self.read_card))
        plan: Mapping[str, Mapping[str, Any]] = {"steps": _STEPS, "results": _RESULTS, "why": _WHY}
        return [*looking, DeskTool(SUBMIT, "", plan, self.submit_plan)]

    # Looking ------------------------------------------------------------------------------------------------------

    async def find_spaces(self, text: str) -> str:
        found = await self._catalogue.search(text[:LONGEST_QUERY], 2 * MOST_FOUND)
        spaces = (await readable(self._catalogue, [space.id for space in found]))[:MOST_FOUND]
        self._shown |= {space.id: space for space in spaces}
        return quoted(listed(spaces) or "nothing was found", "a search of the Hub", LONGEST_LIST)

    async def inspect_space(self, space: str) -> str:
        if space not in (*self._shown, *made_spaces(self._run)):
            raise Refused("this Space was not shown to you; find_spaces shows more")
        seen = await self._catalogue.read(space)
        self._shown[space] = seen
        return quoted(listed([seen], whole=True), space, LONGEST_LIST)

    async def read_card(self, model: str) -> str:
        if self._cards is None:
            raise Refused("cards cannot be read here")
        facts = (await self._cards.read(model)).model_dump(mode="json", exclude_defaults=True)
        facts.pop("files", None)
        return quoted(json.dumps(facts, ensure_ascii=False), f"the card of {model}")

    async def look_at_artifact(self, step: str) -> str:
        """Kind, size and measured figures; never what is written in it."""
        units = self._run.of(step)
        if not units:
            raise Refused(f"step '{step[:40]}' has made nothing yet")
        made = [artifact for unit in units for artifact in unit.artifacts]
        made += [artifact for unit in units for attempt in unit.attempts for artifact in attempt.artifacts]
        facts = [{"kind": one.kind, "bytes": one.size, **one.facts} for one in made]
        verdicts = [verdict.reason for unit in units for verdict in unit.verdicts]
        return quoted(json.dumps({"made": facts, "verdicts": verdicts}, ensure_ascii=False), f"step {step}")

    # Handing in ---------------------------------------------------------------------------------------------------

    async def submit_plan(self, steps: list[Any], results: list[Any], why: str) -> str:
        """Raises Refused with what is wrong; what is taken is kept in `plan`, or in `impossible`."""
        if not steps:
            self.impossible = " ".join(cleaned(why).split())[:300] or "the language model gave no reason"
            return "taken"
        plan = self._planned(steps, results, why)
        made = made_spaces(self._run)
        own = liberties(plan, self._run.goal, self._shown, self._tools, self._own, made)
        reasons = own or (await self._review(plan, self._run))[0]
        if reasons:
            raise Refused(
                f"mend this and hand in the whole plan again:\n{quoted(chr(10).join(reasons), 'review', 2000)}"
            )
        self.plan = plan
        return "taken"

    def _planned(self, steps: Sequence[Any], results: Sequence[Any], why: str) -> Plan:
        passed: Mapping[str, Step] = passed_steps(self._run)
        reasons = (f"The language model: {' '.join(cleaned(why).split())[:300]}",) if why.strip() else ()
        plan = plan_of(read_outline(steps), results, self._shown, passed, reasons)
        titled = tuple(
            step if passed.get(step.id) == step else plainly_titled(step, self._tools) for step in plan.steps
        )
        return plan.model_copy(update={"steps": titled})


__all__ = ["SUBMIT", "Desk"]
