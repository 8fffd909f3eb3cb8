"""The `build` command: a model's id becomes a goal of the Space factory, pursued like every other."""

from argparse import Namespace

from core.errors import InputsRefused
from core.nouns import Budget, Goal, Limits
from core.settings import Settings
from planners.factory.order import Order, order_of
from window import running


def build(settings: Settings, options: Namespace) -> int:
    """Exit code 0 when a model at work was proved, 3 when a person has to do something first, else 1."""
    order = Order(
        kind="build",
        id=options.id.removeprefix("https://huggingface.co/").strip("/"),
        namespace=options.namespace,
        hardware=options.hardware,
        fixed_gpu=options.fixed_gpu,
    )
    if order_of(str(order)) != order:
        raise InputsRefused(f"'{options.id}' is no model, or an option of it is no name; a model's id is owner/name")
    goal = Goal(text=str(order), limits=_limits(options))
    return running.begin(settings, goal, as_json=options.json, stay=not options.leave, as_answer=True)


def _limits(options: Namespace) -> Limits:
    """Raises InputsRefused for what is no amount; `not >=` and `not >` also catch what is no number."""
    for name in ("minutes", "dollars", "tokens"):
        amount = getattr(options, name)
        if amount is not None and not amount >= 0:
            raise InputsRefused(f"--{name} {amount} is no amount that can be spent; give 0 or more")
    seconds = Limits().seconds if options.budget is None else options.budget
    if not seconds > 0:
        raise InputsRefused(f"--budget {seconds} is no time in which a run can end; give seconds, more than 0")
    budget = Budget(job_minutes=options.minutes, dollars=options.dollars, tokens=options.tokens)
    return Limits(seconds=seconds, budget=budget)
