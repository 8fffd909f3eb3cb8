"""The repair ladder: what to try next after what was tried, as a pure function of the record.

Same call again with a new seed, then the next fallback, then give the step up to the planner.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from core.nouns import Argument, Attempt, Call, Step

LONGEST_WAIT = 60.0
"""Seconds. A Space that wants more patience than this is passed over for the next one."""

SEED_STRIDE = 7919
"""Added to a seed for each new try: a prime, so that neighbouring seeds of a list do not meet."""


class Move(NamedTuple):
    """Make this call."""

    rung: int
    """0 is the step's own call, then its fallbacks."""
    again: int
    """How often this very call was tried already."""
    wait: float
    """Seconds to wait first."""


class GiveUp(NamedTuple):
    reason: str
    replan: bool
    """Whether another plan could help."""


def next_move(step: Step, attempts: Sequence[Attempt], broken: Collection[str] = ()) -> Move | GiveUp:
    """What to do for a unit of the step after these attempts. `broken` names the Spaces known to be down."""
    reason = ""
    for rung, call in enumerate((step.call, *step.fallbacks)):
        tried = [attempt for attempt in attempts if attempt.rung == rung]
        if not tried:
            if space_of(call) in broken:
                reason = reason or f"{space_of(call)} is not available"
                continue
            return Move(rung, 0, 0.0)
        fault = tried[-1].fault
        if fault is None:
            return Move(rung, len(tried), 0.0)
        reason = fault.message
        match fault.remedy:
            case "stop":
                return GiveUp(reason, replan=False)
            case "replan":
                continue
            case "again" if len(tried) < step.attempts and space_of(call) not in broken:
                return Move(rung, len(tried), 0.0)
            case "later" if len(tried) <= step.attempts:
                wait = fault.retry_after if fault.retry_after is not None else 2.0 ** len(tried) / 2
                if wait <= LONGEST_WAIT:
                    return Move(rung, len(tried), wait)
    return GiveUp(reason or "nothing is left to try", replan=True)


def space_of(call: Call) -> str | None:
    space = call.arguments.get("space")
    return space if isinstance(space, str) else None


def reseeded(call: Call, again: int) -> Call:
    """The call with every integer argument named like a seed moved on, so that a new try is a different one."""
    inputs = call.arguments.get("inputs")
    if not again or not isinstance(inputs, dict):
        return call
    moved: dict[str, Argument] = {name: _moved(name, value, again) for name, value in inputs.items()}
    return call.model_copy(update={"arguments": {**call.arguments, "inputs": moved}})


def _moved(name: str, value: Argument, again: int) -> Argument:
    if "seed" not in name.lower() or isinstance(value, bool) or not isinstance(value, int):
        return value
    return (value + again * SEED_STRIDE) % 2**31
