"""From a request, offers and earlier plans to a sketch."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np

from core.nouns import FILE_KINDS, Frozen, Kind
from planners.catalogue.offers import Offer
from planners.catalogue.sketch.cues import UNSAID, Cue, cues, task_named
from planners.catalogue.sketch.evidence import Evidence, Floats
from planners.catalogue.sketch.hearing import Heard, hear
from planners.catalogue.sketch.precedents import Numbered, Precedent, numbered
from planners.catalogue.sketch.recall import Recall
from planners.catalogue.sketch.telling import Telling
from planners.catalogue.sketch.weighing import learned, standard
from planners.catalogue.sketch.wiring import Shop, Wiring, weighed, wirings
from planners.catalogue.sources import fits

ENOUGH = 200
"""Precedents from which the weights are learned; with fewer, those that hold anywhere do."""

LESSONS = 600
REPEATED = 3
"""Plans of the nearest requests that are weighed as they were."""

UNASKED = 0.1
"""What an offer's own words count, where it names a task that the request has no phrase for."""

NEIGHBOURS = 30


class Sketch(Frozen):
    offers: tuple[str, ...]
    """Keys, in the order of the plan."""

    links: tuple[tuple[str, str], ...]
    nearness: float = 0.0
    """How near the nearest earlier request is, 0 to 1."""


class Sketcher:
    """Everything that is the same for all requests to one catalogue."""

    def __init__(
        self,
        offers: Sequence[Offer],
        precedents: Sequence[Precedent] = (),
        joins: Collection[tuple[str, str]] | None = None,
    ) -> None:
        """`joins`: pairs of keys of which the first can give to the second; by their types when it is None."""
        self._offers = sorted(offers, key=lambda offer: offer.key)
        self._numbers = {offer.key: number for number, offer in enumerate(self._offers)}
        self._tasks = [task_named(offer.name) for offer in self._offers]
        self._asked = frozenset(task for task in self._tasks if task)
        self._telling = Telling(self._offers)
        self._shop = Shop(self._joins(joins), [_takes(offer) for offer in self._offers])
        pairs = zip(precedents, numbered(precedents, self._numbers), strict=True)
        known = [(hear(precedent.request), precedent.request, plan) for precedent, plan in pairs if plan.order]
        self._requests = [(heard, text) for heard, text, _ in known]
        self._plans: list[Numbered] = [plan for _, _, plan in known]
        self._pairs = sorted({pair for plan in self._plans for pair in plan.links})
        self._links = {plan.order: Wiring(plan.order, tuple(sorted(plan.links))) for plan in reversed(self._plans)}
        """For each order of an earlier plan how the newest such plan was wired."""

        self._recall = Recall([heard.terms for heard, _ in self._requests], self._labels()) if known else None
        self._weights = self._learn() if len(known) >= ENOUGH else standard()

    @property
    def size(self) -> int:
        """How many offers there are to choose from."""
        return len(self._offers)

    def sketch(self, request: str) -> Sketch:
        """Never empty where there are offers, and never more than the types allow."""
        evidence = self._evidence(hear(request), request)
        return self._sketch(self._best(evidence), max(evidence.nearest.values(), default=0.0))

    def asked(self, request: str) -> frozenset[str]:
        """Keys of the offers that name a task the request asks for; what only sounds alike is not among them."""
        found = {task for task, cue in cues(hear(request), self._asked).items() if cue.logit > 0}
        return frozenset(offer.key for offer, task in zip(self._offers, self._tasks, strict=True) if task in found)

    def nearest(self, request: str) -> Sketch | None:
        """The plan of the nearest earlier request of which every offer is still there; None without any."""
        whole = [plan.whole for plan in self._plans]
        if self._recall is None or not any(whole):
            return None
        near = np.where(whole, self._recall.nearness(hear(request).terms), -1.0)
        row = int(np.argmax(near))
        plan = self._plans[row]
        return self._sketch(Wiring(plan.order, tuple(sorted(plan.links))), float(near[row]))

    def familiar(self, request: str) -> dict[str, float]:
        """For each offer of earlier plans how near the nearest request is that it answered, 0 to 1."""
        near = self._recall.nearness(hear(request).terms).tolist() if self._recall is not None else []
        familiar: dict[str, float] = {}
        for plan, nearness in zip(self._plans, near, strict=True):
            for number in plan.order:
                key = self._offers[number].key
                familiar[key] = max(familiar.get(key, 0.0), min(nearness, 1.0))
        return familiar

    def _sketch(self, wiring: Wiring, nearness: float) -> Sketch:
        keys = [offer.key for offer in self._offers]
        links = tuple((keys[a], keys[b]) for a, b in wiring.links)
        return Sketch(offers=tuple(keys[number] for number in wiring.order), links=links, nearness=nearness)

    def _best(self, evidence: Evidence) -> Wiring:
        found = self._candidates(evidence, self._weights)
        scores = np.array([weighed(self._shop, evidence, wiring) for wiring in found]) @ self._weights
        return found[int(np.argmax(scores))]

    def _candidates(self, evidence: Evidence, weights: Floats) -> list[Wiring]:
        """What the search finds, and the plans of the nearest requests as they were."""
        found = wirings(self._shop, evidence, weights)
        orders = {wiring.order for wiring in found}
        nearest = sorted(evidence.nearest, key=lambda order: -evidence.nearest[order])[:REPEATED]
        return found + [self._links[order] for order in nearest if order not in orders and order in self._links]

    # Evidence -----------------------------------------------------------------------------------------------------

    def _evidence(self, heard: Heard, request: str, held_out: int | None = None) -> Evidence:
        """`held_out`: the precedent that the request is, which is then left out."""
        told = self._told(heard, request)
        said = np.array([cue.logit for cue in told])
        places = np.array([cue.place for cue in told])
        given: frozenset[Kind] = frozenset(kind for kind in _FILES if f"<{kind}>" in heard.words)
        if self._recall is None:
            return Evidence(said, places, given)
        labels = self._recall(heard.terms) if held_out is None else self._recall.held_out[held_out]
        near = self._recall.nearness(heard.terms)
        if held_out is not None:
            near[held_out] = 0
        nearest = [int(row) for row in np.argsort(-near, kind="stable")[:NEIGHBOURS]]
        count = len(self._offers)
        where = self._recall.places(heard.terms, range(count)) / max(len(heard.words), 1)
        return Evidence(
            said,
            places,
            given,
            recalled=(labels - self._recall.usual)[:count],
            usual=self._recall.usual[:count],
            recalled_places=where,
            recalled_links=dict(zip(self._pairs, (labels - self._recall.usual)[count:].tolist(), strict=True)),
            votes=self._votes(near, nearest),
            nearest={self._plans[row].order: float(near[row]) for row in reversed(nearest)},
        )

    def _told(self, heard: Heard, request: str) -> list[Cue]:
        """By the phrases for its task, where the offer names one; else by its own words."""
        asked = cues(heard, self._asked)
        own = self._telling(request)
        first = self._first(own)

        def told(number: int, task: str | None) -> Cue:
            if task is None:
                return own[number]
            if task in asked and first[task] == number:
                return Cue(asked[task].logit, heard.share(asked[task].place))
            return Cue(UNSAID + UNASKED * own[number].logit, own[number].place)

        return [told(number, task) for number, task in enumerate(self._tasks)]

    def _first(self, own: Sequence[Cue]) -> dict[str, int]:
        """For each task the offer that says most of the request: asked for once, a task is done once."""
        first: dict[str, int] = {}
        for number, task in enumerate(self._tasks):
            if task and (task not in first or self._rank(number, own) > self._rank(first[task], own)):
                first[task] = number
        return first

    def _rank(self, number: int, own: Sequence[Cue]) -> float:
        return own[number].logit + self._offers[number].space.relevance

    def _votes(self, near: Floats, nearest: Sequence[int]) -> dict[frozenset[int], float]:
        votes: defaultdict[frozenset[int], float] = defaultdict(float)
        for row in nearest:
            votes[self._plans[row].offers] += near[row] ** 2
        total = max(sum(votes.values()), 1e-9)
        return {offers: float(share / total) for offers, share in votes.items()}

    # Learning -----------------------------------------------------------------------------------------------------

    def _labels(self) -> Floats:
        count = len(self._offers)
        labels = np.zeros((len(self._plans), count + len(self._pairs)))
        columns = {pair: count + number for number, pair in enumerate(self._pairs)}
        for row, plan in enumerate(self._plans):
            labels[row, [*plan.order, *(columns[pair] for pair in plan.links)]] = 1
        return labels

    def _learn(self) -> Floats:
        """From precedents, each held against what is known without it."""
        stride = max(len(self._plans) // LESSONS, 1)
        return learned([self._lesson(row) for row in range(0, len(self._plans), stride)])

    def _lesson(self, row: int) -> tuple[Floats, Floats]:
        evidence = self._evidence(*self._requests[row], held_out=row)
        found = self._candidates(evidence, standard())
        traits = np.array([weighed(self._shop, evidence, wiring) for wiring in found])
        return traits, np.array([_goodness(wiring, self._plans[row]) for wiring in found])

    @cached_property
    def _kinds(self) -> list[frozenset[Kind]]:
        return [frozenset(output.kind for output in offer.endpoint.outputs) for offer in self._offers]

    def _joins(self, joins: Collection[tuple[str, str]] | None) -> frozenset[tuple[int, int]]:
        if joins is not None:
            known = self._numbers
            return frozenset((known[a], known[b]) for a, b in joins if a in known and b in known)
        return frozenset(
            (before, after)
            for before, gives in enumerate(self._kinds)
            for after, offer in enumerate(self._offers)
            if before != after and any(fits(kind, wanted) for kind in gives for wanted in _takes(offer))
        )


_FILES: tuple[Kind, ...] = tuple(kind for kind in ("image", "audio", "video", "model3d", "file") if kind in FILE_KINDS)


def _takes(offer: Offer) -> frozenset[Kind]:
    return frozenset(parameter.kind for parameter in offer.endpoint.parameters)


def _goodness(wiring: Wiring, plan: Numbered) -> float:
    """F1 of the offers and of the links together."""
    offers = 2 * len(plan.offers & {*wiring.order}) / (len(plan.offers) + len(wiring.order))
    both = len(plan.links) + len(wiring.links)
    return offers + (2 * len(plan.links & {*wiring.links}) / both if both else 1.0)
