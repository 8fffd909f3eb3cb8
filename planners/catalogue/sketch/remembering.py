"""Which Spaces have answered a request like this one, so that they are looked at whatever a search finds."""

from collections.abc import Sequence

import numpy as np

from planners.catalogue.sketch.hearing import hear
from planners.catalogue.sketch.precedents import Precedent
from planners.catalogue.sketch.recall import Recall

NEAR = 0.6
"""A request this near to an earlier one, as a cosine, may be answered as that one was."""


def remembered(request: str, precedents: Sequence[Precedent]) -> tuple[str, ...]:
    """Ids of the Spaces of the nearest earlier plan; none when that is of something else."""
    if not precedents:
        return ()
    unlabelled = np.zeros((len(precedents), 0))
    near = Recall([hear(precedent.request).terms for precedent in precedents], unlabelled).nearness(hear(request).terms)
    best = int(np.argmax(near))
    return precedents[best].spaces if near[best] >= NEAR else ()
