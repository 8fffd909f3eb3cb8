"""What a goal asks of the Space factory, in the words in which it is asked: both ways.

The words are the record: a run that is resumed reads its order out of its goal again.
"""

import re
from typing import Literal

from core.nouns import Frozen

_ID = r"(?:https?://[\w.:-]+/)?(?:spaces/)?(?P<id>[\w][\w.-]{0,95}/[\w][\w.-]{0,95})"
_BUILD = re.compile(
    rf"^\W*(?:please\s+)?(?:build|make|create|deploy|set up)\s+(?:me\s+)?(?:an?\s+|the\s+)?"
    rf"(?:private\s+|working\s+|gradio\s+)*(?:space|demo|app)\s+(?:for|of|from|with)\s+(?:the\s+)?(?:model\s+)?{_ID}",
    re.IGNORECASE,
)
_VALIDATE = (
    re.compile(
        rf"^\W*(?:please\s+)?(?:validate|test|check|verify|prove|try)\s+(?:whether\s+|if\s+|that\s+)?"
        rf"(?:the\s+)?(?:space\s+)?{_ID}(?P<rest>.*)$",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        rf"^\W*(?:is|does|are)\s+(?:the\s+)?(?:space\s+)?{_ID}\s+(?:still\s+|really\s+)?"
        r"(?P<rest>(?:healthy|alive|working|works?|ok(?:ay)?|up|sound|broken|running|run|fine)\b.*)$",
        re.IGNORECASE | re.DOTALL,
    ),
)
_OPTIONS = {
    "namespace": re.compile(r"\bin the namespace ([\w.-]+)"),
    "hardware": re.compile(r"\bon the hardware ([\w-]+)"),
    "fixed_gpu": re.compile(r"\bor else on ([\w-]+)"),
}
_REST = re.compile(
    r"^\W*(?:is|are|works?|healthy|alive|working|sound|ok(?:ay)?|still|up|running|fine|please|\W)*$", re.I
)


class Order(Frozen):
    """A model to build a Space for, or a Space to test."""

    kind: Literal["build", "validate"]
    id: str
    """The model's, or the Space's."""
    namespace: str | None = None
    hardware: str | None = None
    """`zero-gpu`, `cpu` or a flavor; None goes by what the card says."""
    fixed_gpu: str | None = None
    """The flavor that may be had, and paid, when ZeroGPU is refused."""

    def __str__(self) -> str:
        """The goal in words that `order_of` reads back."""
        if self.kind == "validate":
            return f"Validate {self.id}"
        parts = [
            f"Build a Space for {self.id}",
            f" in the namespace {self.namespace}" if self.namespace else "",
            f" on the hardware {self.hardware}" if self.hardware else "",
            f" or else on {self.fixed_gpu}" if self.fixed_gpu else "",
        ]
        return "".join(parts)


def order_of(goal: str) -> Order | None:
    """The order in a goal that asks for one thing only; None for every other goal."""
    text = goal.strip()
    if found := _BUILD.match(text):
        rest = text[found.end() :]
        given = {name: pattern.search(rest) for name, pattern in _OPTIONS.items()}
        options = {name: match[1] for name, match in given.items() if match}
        left = re.sub("|".join(pattern.pattern for pattern in _OPTIONS.values()), "", rest)
        return None if re.search(r"\w", left) else Order(kind="build", id=_bare(found["id"]), **options)
    for pattern in _VALIDATE:
        found = pattern.match(text)
        if found and (pattern is not _VALIDATE[0] or _REST.match(found["rest"])):
            return Order(kind="validate", id=_bare(found["id"]))
    return None


def _bare(id: str) -> str:
    """Without the full stop of the sentence."""
    return id.rstrip(".")
