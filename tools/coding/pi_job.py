"""One round of Pi as a Job: the order that its script reads."""

import json
import math
from collections.abc import Mapping

from tools.coding.coding import Allowance, Coding
from tools.coding.goal import SYSTEM
from tools.jobs.job_order import JobOrder

SCRIPT = "pi_coder"
FLAVOR = "cpu-basic"
SHORTEST = 60.0
"""Seconds in which nobody writes a Space."""
TO_INSTALL = 5.0
"""Minutes that a Job has beside Pi's own time, to start and to fetch Pi."""


def shortened(coding: Coding, minutes: float | None) -> Coding:
    """With no more time than these minutes of a Job leave to Pi; as it is when they leave it next to none."""
    seconds = coding.seconds if minutes is None else (math.floor(minutes) - TO_INSTALL) * 60
    return coding if seconds < SHORTEST else coding.model_copy(update={"seconds": min(coding.seconds, seconds)})


def pi_job(key: str, coding: Coding, left: Allowance, goal: str, files: Mapping[str, str]) -> JobOrder:
    """The token goes as a secret to the Job's own process, which keeps it from Pi."""
    limits = {"turns": coding.turns, "tokens": left.tokens, "dollars": left.dollars, "seconds": coding.seconds}
    order = {"model": coding.model, "limits": limits, "system": SYSTEM}
    return JobOrder(
        script=SCRIPT,
        key=key,
        files={
            "order.json": json.dumps(order, indent=2),
            "goal.md": goal,
            **{f"workspace/{path}": text for path, text in files.items()},
        },
        environment={"PI_BASE_URL": coding.base_url},
        secrets={"HF_TOKEN": coding.token} if coding.token else {},
        flavor=FLAVOR,
        minutes=math.ceil(coding.seconds / 60 + TO_INSTALL),
    )
