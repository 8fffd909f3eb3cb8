"""The planner that needs no language model: a goal in plain words, held against what the catalogue of Spaces can do."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from core.errors import Failure, GoalRefused
from core.nouns import Goal, Kind, Plan, Space
from core.run import Run
from planners.catalogue.draft import Draft
from planners.catalogue.goal_reading import Reading, read_goal
from planners.catalogue.lexicon import KIND_NAMES
from planners.catalogue.offers import Offer, offers_of, usable
from planners.catalogue.replanning import avoided, replan, unblamed
from planners.catalogue.sketch.precedents import Precedent

LONGEST_QUERY = 250
"""Characters the Hub's search takes."""

MOST_READ = 40
"""Spaces whose endpoints are read for one goal."""


class SpaceCatalogue(Protocol):
    """What the planner asks of the world."""

    async def search(self, text: str, limit: int = 20) -> tuple[Space, ...]:
        """Spaces without endpoints, each with the relevance the Hub gave it."""

    async def read(self, space_id: str) -> Space:
        """One Space with its endpoints. Raises a Failure."""


class CataloguePlanner:
    """Plans by words, types and earlier plans. Keeps nothing between calls: what failed stands in the run."""

    def __init__(self, catalogue: SpaceCatalogue, earlier: Callable[[], Sequence[Precedent]] = tuple) -> None:
        """`earlier` gives the plans that have worked before, each time anew."""
        self._catalogue = catalogue
        self._earlier = earlier

    async def __call__(self, run: Run) -> Plan | None:
        """The first plan, the next one after a failure, or None to give up.

        Raises GoalRefused when a part of the goal is beyond the catalogue.
        """
        if run.plan is None:
            return await self._first(run)
        if not run.failures:
            return None
        spoilt = avoided(run)
        offers, blocked = await self._offers(read_goal(run.goal.text), run.goal, spoilt)
        return replan(run, offers, blocked, spoilt)

    async def _first(self, run: Run) -> Plan:
        reading = read_goal(run.goal.text)
        if not reading.actions:
            raise GoalRefused(_nothing_asked(run.goal))
        # Brings numpy, which nothing else of a command line needs.
        from planners.catalogue.sketch.remembering import remembered

        earlier = self._earlier()
        also = remembered(run.goal.text, earlier)
        offers, blocked = await self._offers(reading, run.goal, frozenset(), also)
        return _written(run.goal, reading, unblamed(offers, run), blocked, earlier)

    async def _offers(
        self, reading: Reading, goal: Goal, spoilt: frozenset[str], also: Sequence[str] = ()
    ) -> tuple[list[Offer], list[tuple[Space, str]]]:
        """Every endpoint of every Space worth considering, and the Spaces that cannot be used.

        `also` are ids of Spaces that are looked at whether a search finds them or not.
        """
        answers = await asyncio.gather(*(self._catalogue.search(query) for query in _queries(reading, goal)))
        found: dict[str, Space] = {}
        for space in (space for answer in answers for space in answer):
            known = found.get(space.id)
            if known is None or known.relevance < space.relevance:
                found[space.id] = space
        ranked = sorted(found.values(), key=lambda space: (-space.relevance, space.id))[:MOST_READ]
        ranked += [found.get(id) or _unseen(id) for id in also if id not in {space.id for space in ranked}]
        read = await asyncio.gather(*(self._read(space) for space in ranked if space.id not in spoilt))
        blocked = [(space, why) for space, why in read if why]
        offers = [offer for space, why in read if not why for offer in offers_of(space)]
        return offers, blocked

    async def _read(self, found: Space) -> tuple[Space, str]:
        """The Space with its endpoints, or why it cannot be used."""
        if not usable(found):
            return found, _stage(found)
        try:
            space = await self._catalogue.read(found.id)
        except Failure as failure:
            return found, f"it cannot be read ({failure})"
        if not usable(space):
            return space, _stage(space)
        return space.model_copy(update={"relevance": found.relevance}), ""


def _written(
    goal: Goal,
    reading: Reading,
    offers: list[Offer],
    blocked: list[tuple[Space, str]],
    earlier: Sequence[Precedent],
) -> Plan:
    """Several tasks by their sketch; else by the words, or where they lead nowhere as the nearest goal before went."""
    from planners.catalogue.adapting import adapted, grounded
    from planners.catalogue.sketch.favour import favoured
    from planners.catalogue.sketch.sketcher import Sketcher

    sketcher = Sketcher(offers, earlier)
    draft = Draft(goal, reading, offers, blocked, favour=favoured(sketcher, goal.text))
    if len(reading.actions) > 1 and (plan := grounded(draft, sketcher)) is not None:
        return plan
    try:
        return draft.write()
    except GoalRefused:
        if (plan := adapted(draft, sketcher) or grounded(draft, sketcher)) is None:
            raise
        return plan


def _unseen(id: str) -> Space:
    return Space(id=id, revision="", host="", stage="")


def _stage(space: Space) -> str:
    return f"its stage is {space.stage}"


def _queries(reading: Reading, goal: Goal) -> list[str]:
    """The goal, its clauses, and each conversion that could lie between what is there and what is asked for."""
    given: list[Kind] = list(
        dict.fromkeys([*(artifact.kind for artifact in goal.attachments), *reading.sources, "text"])
    )
    asked = list(dict.fromkeys(kind for action in reading.actions for kind in action.makes))
    between: list[Kind] = ["image", "text"]
    pairs = [(source, target) for target in asked for source in dict.fromkeys([*given, *between, target])]
    kinds = [f"{_plain(source)} to {_plain(target)}" for source, target in pairs]
    texts = [reading.text, *(action.text for action in reading.actions), *kinds]
    return list(dict.fromkeys(text.strip()[:LONGEST_QUERY] for text in texts if text.strip()))


def _plain(kind: Kind) -> str:
    return KIND_NAMES[kind].removeprefix("a ").removeprefix("an ")


def _nothing_asked(goal: Goal) -> str:
    if not goal.text.strip():
        return "the goal is empty; say in a sentence what should be made"
    return f"'{goal.text.strip()[:80]}' does not say what should be made; name a thing, such as a picture or a 3D model"
