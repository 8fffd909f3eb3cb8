"""What a language model may use while it thinks. Its answers are text made for a prompt, not artifacts for a plan."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from smolagents import Tool

Answer = Callable[..., Awaitable[str]]
"""Takes the tool's inputs by name. Foreign text in what it gives back stands quoted."""


class Refused(Exception):
    """What the model handed in is not taken. The message tells it why, in words that are fit for a prompt."""


class DeskTool(Tool):  # type: ignore[misc]  # smolagents is untyped
    """An asynchronous function with the description that a model reads."""

    output_type = "string"
    skip_forward_signature_validation = True

    def __init__(self, name: str, description: str, inputs: Mapping[str, Mapping[str, Any]], answer: Answer) -> None:
        self.name = name
        self.description = description
        # smolagents asks for a description; what is not said need not be sent with every step.
        self.inputs = {each: {"description": "", **schema} for each, schema in inputs.items()}
        self.answer = answer
        super().__init__()

    def validate_arguments(self) -> None:
        super().validate_arguments()
        for schema in self.inputs.values():
            if not schema["description"]:
                del schema["description"]

    def forward(self, **arguments: Any) -> str:
        """The same at the synchronous edge, outside any event loop."""
        return asyncio.run(_awaited(self.answer(**arguments)))


async def _awaited(answer: Awaitable[str]) -> str:
    return await answer
