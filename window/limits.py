"""What a run may take at most, from the options of a command."""

from argparse import Namespace

from core.errors import InputsRefused
from core.nouns import Budget, Limits

AMOUNTS = ("minutes", "dollars", "tokens")


def limits_of(options: Namespace) -> Limits:
    """Raises InputsRefused for what is no amount; `not >=` and `not >` also catch what is no number."""
    amounts = {name: getattr(options, name, None) for name in AMOUNTS}
    for name, amount in amounts.items():
        if amount is not None and not amount >= 0:
            raise InputsRefused(f"--{name} {amount} is no amount that can be spent; give 0 or more")
    seconds = Limits().seconds if options.budget is None else options.budget
    if not seconds > 0:
        raise InputsRefused(f"--budget {seconds} is no time in which a run can end; give seconds, more than 0")
    budget = Budget(job_minutes=amounts["minutes"], dollars=amounts["dollars"], tokens=amounts["tokens"])
    return Limits(seconds=seconds, budget=budget)


def more_of(options: Namespace) -> Limits | None:
    """Other limits for a run that is resumed; None when none are given."""
    given = any(getattr(options, name, None) is not None for name in (*AMOUNTS, "budget"))
    return limits_of(options) if given else None
