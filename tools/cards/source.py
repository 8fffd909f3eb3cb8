"""What there is to read of a model: its card, and from the Hub its files and settings."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tools.cards.document import Document


@dataclass(frozen=True)
class Source:
    """Everything in it is foreign. Of a card on disk only the text is known."""

    card: bytes | None
    model: str | None = None
    revision: str | None = None
    files: dict[str, int | None] | None = None
    """Bytes by path; None when nobody can tell."""
    gated: bool | None = None
    parameters: dict[str, int] = field(default_factory=dict)
    """Number of weights by their type, from the header of the safetensors files."""
    pipeline_tag: str | None = None
    """As the Hub has it, which derives one where the card states none."""
    library: str | None = None
    tags: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    """config.json. JSON of any shape, as in the next two."""
    model_index: dict[str, Any] = field(default_factory=dict)
    adapter: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def document(self) -> Document:
        return Document(self.card or b"", (self.model or "").rpartition("/")[2])

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.files or ())

    @property
    def architectures(self) -> tuple[str, ...]:
        named = self.config.get("architectures")
        return tuple(name for name in named[:10] if isinstance(name, str)) if isinstance(named, list) else ()
