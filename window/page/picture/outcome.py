"""How far a Space was proved, for a run of the Space factory."""

from core.run import Run
from planners.factory.order import order_of
from planners.factory.outcome import outcome_of
from window.page.picture.shortening import line


def outcome_picture(run: Run, *, written: bool) -> object:
    """None for every other run, and until there is something to say. `written`: code for the Space is on record."""
    order = order_of(run.goal.text)
    if order is None or run.plan is None or (run.status == "running" and not run.units):
        return None
    outcome = outcome_of(run, written)
    return {
        "kind": order.kind,
        "id": order.id,
        "rung": outcome.rung,
        "reasons": [line(reason, 400) for reason in outcome.reasons[:12]],
        "space": outcome.space or (order.id if order.kind == "validate" else None),
        "settings": outcome.settings,
        "over": run.status != "running",
    }
