"""Which questions a plan's checks ask in a language of their own, and under what name the answer is kept."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from core.checks import Check
from tools.checks.rows import ROWS


class Question(NamedTuple):
    """Something only the separate process may look for, because it is asked in a language of its own."""

    key: str
    wanted: Any

    @property
    def name(self) -> str:
        return json.dumps([self.key, self.wanted], sort_keys=True)


def questions(checks: Sequence[Check]) -> tuple[Question, ...]:
    """Each once."""
    asked = [
        Question(row.key, wanted)
        for check in checks
        for row in ROWS[check.check]
        if row.relation == "answered" and (wanted := getattr(check, row.key)) is not None
    ]
    return tuple({question.name: question for question in asked}.values())
