"""Orders of offers and who hands to whom: a beam search over what the types allow."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.nouns import Kind
from planners.catalogue.sketch.evidence import LEAST, Evidence, Floats

CONSIDERED = 12
WIDTH = 20
LONGEST = 8
KEPT = 25
"""Sketches that are weighed in full for one request."""

TRAITS = (
    "said", "recalled", "odds", "steps", "recalled_links", "link_odds", "backwards", "forwards", "skips", "starts",
    "alone", "steps_squared", "weakest", "votes", "nearest", "missed", "unused",
)  # fmt: skip
"""What a wiring is weighed by. The first ten grow with each step and lead the search; the rest is known at the end."""

HOPELESS = 9.0
"""A beam that lies this far behind the best, in logits, is given up."""

_OFFERED = frozenset({"image", "audio", "video"})


class Wiring(NamedTuple):
    order: tuple[int, ...]
    links: tuple[tuple[int, int], ...]
    score: float = 0.0
    """By the growing traits."""


@dataclass(frozen=True)
class Shop:
    """What there is to choose from."""

    joins: frozenset[tuple[int, int]]
    """Pairs of which the first can hand something to the second."""

    takes: Sequence[frozenset[Kind]]

    @cached_property
    def joined(self) -> Mapping[int, frozenset[int]]:
        """For each offer those that can hand it something."""
        found: dict[int, set[int]] = {}
        for before, after in self.joins:
            found.setdefault(after, set()).add(before)
        return {after: frozenset(before) for after, before in found.items()}


class _Gains:
    """What each offer adds to a wiring, once for the request: the beam asks thousands of times."""

    def __init__(self, shop: Shop, evidence: Evidence, weights: Floats) -> None:
        weight = dict(zip(TRAITS, weights.tolist(), strict=True))
        strength = (
            evidence.said * weight["said"] + evidence.recall * weight["recalled"] + evidence.odds * weight["odds"]
        )
        self.offers = np.argsort(-strength, kind="stable")[:CONSIDERED].tolist()
        self.alone = strength[self.offers] + weight["steps"]
        places = evidence.places[self.offers]
        self.after = weight["backwards"] * np.maximum(places[:, None] - places, 0)
        """[a, b]: for b coming later than a."""
        if evidence.recalled_places is not None:
            recalled = evidence.recalled_places[self.offers]
            self.after += weight["forwards"] * np.tanh(4 * (recalled - recalled[:, None]))
        self.start, self.skip = weight["starts"], weight["skips"]
        places_of = {offer: place for place, offer in enumerate(self.offers)}
        self.givers = [
            {places_of[other]: (other, offer) for other in shop.joined.get(offer, ()) if other in places_of}
            for offer in self.offers
        ]
        self.links = {
            pair: weight["recalled_links"] * evidence.link(pair) + weight["link_odds"] * _log(evidence.link(pair))
            for givers in self.givers
            for pair in givers.values()
        }

    def link(self, order: Sequence[int], offer: int) -> tuple[tuple[int, int] | None, float]:
        """From the newest that can give it something, and what that adds."""
        givers = self.givers[offer]
        for before in reversed(order):
            if before in givers:
                pair = givers[before]
                return pair, self.links[pair] + (0.0 if before == order[-1] else self.skip)
        return None, self.start if order else 0.0


def wirings(shop: Shop, evidence: Evidence, weights: Floats) -> list[Wiring]:
    """The likeliest by the growing traits, best first."""
    gains = _Gains(shop, evidence, weights)
    count = len(gains.offers)
    beam = [Wiring((), ())]
    found: list[Wiring] = []
    for _ in range(min(LONGEST, count)):
        beam = _grown(gains, beam, count)
        found += beam
        if beam[0].score < max(wiring.score for wiring in found) - HOPELESS:
            break
    best = sorted(found, key=lambda wiring: -wiring.score)[:KEPT]
    return [wiring._replace(order=tuple(gains.offers[place] for place in wiring.order)) for wiring in best]


def _grown(gains: _Gains, beam: Sequence[Wiring], count: int) -> list[Wiring]:
    """Each wiring by each offer, the best of them. Orders hold places among the considered offers."""
    there = np.zeros((len(beam), count))
    for row, wiring in enumerate(beam):
        there[row, list(wiring.order)] = 1
    added = gains.alone + there @ gains.after
    longer = []
    for wiring, row in zip(beam, added.tolist(), strict=True):
        for offer in range(count):
            if offer not in wiring.order:
                link, gain = gains.link(wiring.order, offer)
                longer.append((wiring.score + row[offer] + gain, wiring, offer, link))
    longer.sort(key=lambda one: -one[0])
    return [
        Wiring((*wiring.order, offer), wiring.links if link is None else (*wiring.links, link), score)
        for score, wiring, offer, link in longer[:WIDTH]
    ]


def _log(share: float) -> float:
    return math.log(max(share, LEAST))


def weighed(shop: Shop, evidence: Evidence, wiring: Wiring) -> Floats:
    """All its traits."""
    order = list(wiring.order)
    shares = [evidence.link(pair) for pair in wiring.links]
    others = np.delete(evidence.recall, order)
    used = {kind for offer in order for kind in shop.takes[offer]}
    traits: dict[str, float] = {
        "said": evidence.said[order].sum(),
        "recalled": evidence.recall[order].sum(),
        "odds": evidence.odds[order].sum(),
        "steps": len(order),
        "recalled_links": sum(shares),
        "link_odds": sum(map(_log, shares)),
        "backwards": _ordered(evidence.places[order], lambda apart: np.maximum(-apart, 0)),
        "forwards": 0.0,
        "skips": sum(order.index(after) - order.index(before) > 1 for before, after in wiring.links),
        "starts": len(order) - 1 - len(wiring.links),
        "alone": len(order) == 1,
        "steps_squared": len(order) ** 2,
        "weakest": evidence.recall[order].min(),
        "votes": evidence.votes.get(frozenset(order), 0.0),
        "nearest": evidence.nearest.get(wiring.order, 0.0) ** 2,
        "missed": np.sort(others)[-3:].sum(),
        "unused": len((evidence.given & _OFFERED) - used),
    }
    if evidence.recalled_places is not None:
        traits["forwards"] = _ordered(evidence.recalled_places[order], lambda apart: np.tanh(4 * apart))
    return np.array([traits[trait] for trait in TRAITS], float)


def _ordered(places: Floats, worth: Callable[[Floats], Floats]) -> float:
    """Over every two steps, by how far apart the words for them stand."""
    apart = places - places[:, None]
    return float(np.triu(worth(apart), 1).sum())
