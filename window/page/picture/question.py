"""What a person is asked before something is published or spent: what, where, and how much."""

from core.events import ConsentAsked
from core.run import Run, consent_key
from planners.ladder import space_of
from window.page.picture.shortening import line, spoken


def question_picture(asked: ConsentAsked, run: Run) -> dict[str, object]:
    step = run.plan.step(asked.step) if run.plan else None
    cost = next((cost for cost in run.costs if cost.step == asked.step), None)
    call = step.call.arguments if step else {}
    title = call.get("title")
    exhibits = len(run.made(place)) if step and (place := next(iter(step.reads()), None)) else 0
    return {
        "key": consent_key(asked.step, asked.space),
        "effect": asked.effect,
        "question": line(asked.question),
        "step": line(step.title, 100) if step else asked.step,
        "title": spoken(title, 120) if isinstance(title, str) else "",
        "exhibits": exhibits,
        "space": asked.space or (space_of(step.call) if step else None),
        "endpoint": run.endpoint,
        "calls": cost.calls if cost else 1,
        "hardware": cost.hardware if cost else "",
        "gpu_seconds": cost.gpu_seconds if cost else 0,
        "dollars": cost.dollars if cost else 0,
    }
