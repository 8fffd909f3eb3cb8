"""What a sketch and earlier plans add to the words of a goal when Spaces are chosen."""

from planners.catalogue.sketch.sketcher import Sketcher

SKETCHED = 0.15
"""For an endpoint of the sketch, in the unit of the paths: 1.0 is a rare word that a choice says."""

FAMILIAR = 0.8
"""For an endpoint that has answered the same request; by the square of how near it is for one that is only like it."""


def favoured(sketcher: Sketcher, request: str) -> dict[str, float]:
    """By the key of the offer; those without an entry have nothing beside the words."""
    familiar = {key: FAMILIAR * nearness**2 for key, nearness in sketcher.familiar(request).items()}
    return familiar | {
        key: familiar.get(key, 0.0) + SKETCHED for key in (sketcher.sketch(request).offers if sketcher.size else ())
    }
