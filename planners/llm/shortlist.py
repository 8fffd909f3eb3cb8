"""The Spaces that are laid before the language model: what the catalogue planner would use, and what is like it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from core.errors import Failure
from core.nouns import Plan, Space
from core.run import Run
from planners.catalogue.goal_reading import read_goal
from planners.catalogue.offers import usable
from planners.catalogue.planner import LONGEST_QUERY, SpaceCatalogue
from planners.runner import Planner

Shortlist = Callable[[Run], Awaitable[tuple[Space, ...]]]
"""Spaces with their endpoints, best first."""

MOST = 8
"""Spaces laid before the model. It may look for more."""


def shortlist_by(planner: Planner, catalogue: SpaceCatalogue, most: int = MOST) -> Shortlist:
    """The Spaces of the catalogue planner's own plan, its fallbacks included, then the nearest to the goal's words."""

    async def shortlist(run: Run) -> tuple[Space, ...]:
        chosen = _used(await _planned(planner, run)) + (_used(run.plan) if run.plan else [])
        found = list(dict.fromkeys([*chosen, *await _nearest(catalogue, run.goal.text)]))
        return (await readable(catalogue, found[: 2 * most]))[:most]

    return shortlist


async def _planned(planner: Planner, run: Run) -> Plan | None:
    """What the catalogue planner makes of it; a goal that is beyond it may still be within the model's."""
    try:
        return await planner(run)
    except Failure:
        return None


def _used(plan: Plan | None) -> list[str]:
    calls = [call for step in plan.steps for call in (step.call, *step.fallbacks)] if plan else []
    return [space for call in calls if isinstance(space := call.arguments.get("space"), str)]


async def _nearest(catalogue: SpaceCatalogue, goal: str) -> list[str]:
    texts = dict.fromkeys([goal, *(action.text for action in read_goal(goal).actions)])
    found: dict[str, float] = {}
    for text in texts:
        for space in await catalogue.search(text[:LONGEST_QUERY]) if text.strip() else ():
            if usable(space):
                found[space.id] = max(found.get(space.id, 0.0), space.relevance)
    return sorted(found, key=lambda id: (-found[id], id))


async def readable(catalogue: SpaceCatalogue, ids: Iterable[str]) -> tuple[Space, ...]:
    """Those of these Spaces that can be called, in their order, with their endpoints."""

    async def read(id: str) -> Space | None:
        try:
            space = await catalogue.read(id)
        except Failure:
            return None
        return space if usable(space) and space.endpoints else None

    return tuple(space for space in await asyncio.gather(*map(read, ids)) if space is not None)
