"""The planner that asks a language model. What it hands in is believed when the review has nothing against it.

The model is given the catalogue planner's shortlist and the user's words; it may look further, and it can only hand in.
What publishes, spends or sends a token is asked of a person by the runner, whatever any model says.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from agents.dialogue.agent import Agent, MakeModel, Turn
from agents.dialogue.conversation import Unfinished, converse
from core.errors import AccessRefused, Cancelled, Failure, GoalRefused, PlanRefused
from core.nouns import Plan
from core.run import Run
from planners.catalogue.planner import SpaceCatalogue
from planners.llm.aftermath import aftermath, made_spaces
from planners.llm.desk import SUBMIT, CardReader, Desk
from planners.llm.liberties import named, owned_by
from planners.llm.prompt import INSTRUCTIONS, task
from planners.llm.shortlist import Shortlist
from planners.runner import Planner, Review
from tools.artifact_tool import ArtifactTool

MOST_STEPS = 12
"""Answers of the model for one plan."""

Namespace = Callable[[], Awaitable[str | None]]
"""Under which name the user's own Spaces stand; None when nobody is signed in."""


async def nobody() -> str | None:
    return None


@dataclass(frozen=True)
class LanguageModelPlanner:
    model: MakeModel
    catalogue: SpaceCatalogue
    shortlist: Shortlist
    review: Review
    tools: Mapping[str, ArtifactTool]
    """Those of the crew: what a plan may use, call_space among them."""

    cards: CardReader | None = None
    namespace: Namespace = nobody
    watch: Callable[[Turn], None] = lambda turn: None
    most_steps: int = MOST_STEPS

    async def __call__(self, run: Run) -> Plan | None:
        """The first plan, the next one after a failure, or None to give up.

        Raises GoalRefused when the model says that it cannot be done, and PlanRefused when it hands nothing in that
        holds.
        """
        if run.plan is not None and not run.failures:
            return None
        own = await self._own()
        shown = [space for space in await self.shortlist(run) if may_be_used(space.id, run, own)]
        desk = Desk(run, self.catalogue, shown, self.review, self.tools, self.cards, own)
        others = {name: tool for name, tool in self.tools.items() if name != "call_space"}
        words = task(run.goal, shown, others, aftermath(run))
        agent = Agent(self.model(), INSTRUCTIONS, desk.tools(), SUBMIT, self.most_steps, self.watch)
        try:
            await converse(agent, words)
        except Unfinished as reason:
            raise PlanRefused(f"{reason}; say the goal more simply, or try another model") from reason
        if desk.plan is None and run.plan is None:
            raise GoalRefused(f"the language model sees no way to do this: {desk.impossible}")
        return desk.plan

    async def _own(self) -> str | None:
        try:
            return await self.namespace()
        except AccessRefused:
            # Nobody is signed in, so there is no token that could be sent.
            return None


def may_be_used(space: str, run: Run, own: str | None) -> bool:
    """The user's own Spaces get their token, so they are offered only when the goal or this run is about them."""
    return not owned_by(space, own) or named(run.goal, space) or space in made_spaces(run)


def make_planner(
    model: MakeModel,
    catalogue: SpaceCatalogue,
    shortlist: Shortlist,
    review: Review,
    tools: Mapping[str, ArtifactTool],
    *,
    cards: CardReader | None = None,
    namespace: Namespace = nobody,
    watch: Callable[[Turn], None] = lambda turn: None,
    fallback: Planner | None = None,
) -> Planner:
    """`fallback` plans where the model cannot, and its plan says so first; None lets the failure stand."""
    planner = LanguageModelPlanner(model, catalogue, shortlist, review, tools, cards, namespace, watch)
    return planner if fallback is None else _or_else(planner, fallback)


def _or_else(planner: Planner, fallback: Planner) -> Planner:
    async def plan(run: Run) -> Plan | None:
        try:
            return await planner(run)
        except (GoalRefused, Cancelled):
            raise
        except Failure as failure:
            made = await fallback(run)
            told = f"The language model made no plan ({failure}); the catalogue planner made this one."
            return made and made.model_copy(update={"reasons": (told, *made.reasons)})

    return plan
