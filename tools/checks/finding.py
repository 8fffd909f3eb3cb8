"""What the parsers hand to each other inside the separate process. Knows nothing of pydantic."""

from dataclasses import dataclass, field
from typing import Any, Literal

Word = Literal[
    "active_content",
    "active_metadata",
    "ambiguous",
    "blank",
    "bomb",
    "code_exec",
    "corrupt",
    "embedded_file",
    "empty",
    "encoding",
    "encrypted",
    "external_ref",
    "index_oob",
    "injection",
    "limits",
    "nonfinite",
    "polyglot",
    "ragged",
    "spec_error",
    "traversal",
    "truncated",
    "type_mismatch",
    "unread",
]
"""Reasons of the gate. `unread`: nobody could look, so nothing is known."""


class Unsound(Exception):
    """The parser refuses the bytes; caught by the measuring pass and nowhere else."""

    def __init__(self, word: Word, detail: str) -> None:
        super().__init__(f"{word}: {' '.join(detail.split())[:300]}")


@dataclass
class Finding:
    """What one parser found in a file that it could read."""

    facts: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    """Sound, but somebody should know: `word: detail`."""

    content: Any = None
    """What `contains` and `require` look at. Never recorded: facts are for planners, content is not."""

    def warn(self, word: Word, detail: str) -> None:
        self.warnings.append(f"{word}: {detail}")
