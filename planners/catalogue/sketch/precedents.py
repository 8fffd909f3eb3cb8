"""Earlier plans, as far as a new one can learn from them."""

from collections.abc import Sequence
from functools import cached_property

from core.nouns import Frozen


class Precedent(Frozen):
    """A request, the endpoints that answered it, and who handed what to whom."""

    request: str
    offers: tuple[str, ...]
    """Keys of offers, in the order of the plan."""

    links: tuple[tuple[str, str], ...] = ()
    """Pairs of keys: the first gives to the second."""

    @property
    def spaces(self) -> tuple[str, ...]:
        """Ids of its Spaces; a key is such an id with the name of an endpoint behind it."""
        return tuple(dict.fromkeys("/".join(key.split("/")[:2]) for key in self.offers))


class Numbered(Frozen):
    """A precedent in which an offer is its number."""

    order: tuple[int, ...]
    links: frozenset[tuple[int, int]]
    whole: bool = True
    """Every offer of it is still there."""

    @cached_property
    def offers(self) -> frozenset[int]:
        return frozenset(self.order)


def numbered(precedents: Sequence[Precedent], numbers: dict[str, int]) -> list[Numbered]:
    """Without the offers that are there no longer."""
    return [
        Numbered(
            order=tuple(dict.fromkeys(numbers[key] for key in precedent.offers if key in numbers)),
            links=frozenset((numbers[a], numbers[b]) for a, b in precedent.links if a in numbers and b in numbers),
            whole=all(key in numbers for key in precedent.offers),
        )
        for precedent in precedents
    ]
