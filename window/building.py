"""The `build` command: a model's id becomes a goal of the Space factory, pursued like every other."""

from argparse import Namespace

from core.errors import InputsRefused
from core.nouns import Goal
from core.settings import Settings
from planners.factory.order import Order, order_of
from window import running
from window.limits import limits_of


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
    goal = Goal(text=str(order), limits=limits_of(options))
    return running.begin(settings, goal, as_json=options.json, stay=not options.leave, as_answer=True)
