"""A plan along a sketch: what has worked for a goal like this one, with this goal's words in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import GoalRefused
from core.nouns import Plan
from planners.catalogue.actions import Action
from planners.catalogue.draft import Draft, Place
from planners.catalogue.entrances import entrance
from planners.catalogue.links import Link
from planners.catalogue.offers import Offer
from planners.catalogue.sketch.remembering import NEAR
from planners.catalogue.sketch.sketcher import Sketch, Sketcher
from planners.catalogue.sources import Source, at, fits
from planners.catalogue.starting import PROMPT


def adapted(draft: Draft, sketcher: Sketcher) -> Plan | None:
    """As the nearest goal before; None when that is of something else, or a step finds nothing to start from."""
    sketch = sketcher.nearest(draft.goal.text)
    if sketch is None or sketch.nearness < NEAR:
        return None
    return _along(draft, sketch, "The words alone lead nowhere; an earlier run with a goal like it went this way.")


def grounded(draft: Draft, sketcher: Sketcher) -> Plan | None:
    """Along a sketch of which every step is asked for, and in which every part of the goal has one; None without."""
    if not sketcher.size:
        return None
    sketch = sketcher.sketch(draft.goal.text)
    steps = {*sketch.offers}
    parts = [sketcher.asked(action.text) & steps for action in draft.reading.actions]
    if not steps <= sketcher.asked(draft.goal.text) or not all(parts) or len(steps) < len(parts):
        return None
    return _along(draft, sketch, "Each of its tasks has a Space that names it.")


def _along(draft: Draft, sketch: Sketch, reason: str) -> Plan | None:
    along = Along(draft.goal, draft.reading, draft.offers, draft.blocked, sketch=sketch, reason=reason)
    try:
        return along.write()
    except GoalRefused:
        return None


_NOTHING = Sketch(offers=(), links=())


@dataclass
class Along(Draft):
    """A draft that follows a sketch instead of looking for paths."""

    sketch: Sketch = _NOTHING
    reason: str = ""

    def _work(self) -> None:
        self._reasons.append(self.reason)
        there = {offer.key: offer for offer in self.offers}
        made: dict[str, Source] = {}
        for key in self.sketch.offers:
            givers = [made[a] for a, b in self.sketch.links if b == key and a in made]
            takers = [there[b] for a, b in self.sketch.links if a == key]
            made[key] = self._add(there[key], givers, takers)

    def _add(self, offer: Offer, givers: Sequence[Source], takers: Sequence[Offer]) -> Source:
        link, before = self._entered(offer, givers, _output(offer, takers))
        action = self._action(offer)
        step = self._step(Place(action, [link], 0, before, self._items(action, [link], before)), self._finder())
        self._steps.append(step)
        result = Source(kind=link.kind, place=at(step.id, link.output), many=link.many)
        self._pool.insert(0, result)
        if not takers:
            self._results.append((result, action))
        return result

    def _entered(self, offer: Offer, givers: Sequence[Source], output: int) -> tuple[Link, Source]:
        """From what it was given then, else from an attachment, else from the goal's words."""
        starts = [*reversed(givers), *self._attached, PROMPT]
        for before in starts:
            if (parameter := entrance(offer, before, self._pool)) is not None:
                return Link(offer, parameter, before, output), before
        raise GoalRefused(f"{offer.space.id} finds nothing in '{self.goal.text[:80]}' to start from")

    def _action(self, offer: Offer) -> Action:
        """The part of the goal that the endpoint speaks of most."""
        whole = Action(text=self.goal.text, subject=self.goal.text, plain_subject=self.goal.text)
        return max(self.reading.actions, key=lambda action: _spoken(offer, action), default=whole)


def _spoken(offer: Offer, action: Action) -> float:
    return sum(offer.speaks_of(word) for word in (*action.words, *action.media))


def _output(offer: Offer, takers: Sequence[Offer]) -> int:
    """The first output that any of the endpoints behind it can take."""
    wanted = [parameter.kind for taker in takers for parameter in taker.endpoint.parameters]
    outputs = offer.endpoint.outputs
    return next((n for n, output in enumerate(outputs) if any(fits(output.kind, kind) for kind in wanted)), 0)
