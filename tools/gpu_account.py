"""What a call takes of the caller's ZeroGPU quota, in the run's ledger."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.ledger import Spending
from core.nouns import Space
from core.run import unit_key
from core.scope import Scope

ZERO_GPU_SECONDS = 60.0
"""What ZeroGPU reserves for a call that says nothing else; the quota is checked against it, not against use."""


@asynccontextmanager
async def accounted(scope: Scope, space: Space, session: str | None) -> AsyncIterator[None]:
    """Reserve before the call and settle after it; a Space on other hardware costs the caller nothing.

    Settled is the time the call took, its queue included: more than was used, for nobody tells us that.
    Raises BudgetSpent when the goal's budget has no room for the reservation.
    """
    if not (space.hardware or "").startswith("zero"):
        yield
        return
    key = ".".join(filter(None, (unit_key(scope.step, scope.item), str(scope.attempt), session, "gpu")))
    await scope.reserve(key, f"the GPU of {space.id}", Spending(gpu_seconds=ZERO_GPU_SECONDS))
    began = time.monotonic()
    try:
        yield
    finally:
        scope.settle(key, Spending(gpu_seconds=round(time.monotonic() - began, 3)))
