"""Paths as they are found: one endpoint after the other, and what goes from each to the next."""

from dataclasses import dataclass

from core.nouns import Kind, Parameter
from planners.catalogue.offers import Offer
from planners.catalogue.sources import Source


@dataclass(frozen=True)
class Link:
    """One endpoint in a path: what goes into which parameter, and which output goes on."""

    offer: Offer
    parameter: Parameter | None
    """The parameter that takes what came before; None when the endpoint starts from nothing but its own choices."""

    source: Source | None
    """What the first link starts from; None where the link before is the source."""

    output: int

    @property
    def kind(self) -> Kind:
        return self.offer.endpoint.outputs[self.output].kind

    @property
    def many(self) -> bool:
        return self.offer.endpoint.outputs[self.output].many

    @property
    def refines(self) -> bool:
        """It gives the same kind as it takes."""
        return self.parameter is not None and self.parameter.kind == self.kind


@dataclass(frozen=True)
class Path:
    links: tuple[Link, ...]
    score: float = 0.0

    @property
    def last(self) -> Link:
        return self.links[-1]

    def uses(self, offer: Offer) -> bool:
        return any(link.offer.key == offer.key for link in self.links)

    def order(self) -> tuple[float, int, str]:
        """Best first; ties go to the shorter path, then by name, so that the same goal always gives the same plan."""
        return (-round(self.score, 6), len(self.links), " ".join(link.offer.key for link in self.links))
