"""The table of calls: what a client of the Hub can do, each tried once against a running local Hub."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

Try = Callable[[Any], None]


@dataclass(frozen=True)
class Call:
    name: str
    methods: tuple[str, ...]
    """Of huggingface_hub's HfApi, which this call is the proof of."""

    commands: tuple[str, ...]
    """Of the `hf` command line."""

    attempt: Try


CALLS: dict[str, Call] = {}


def call(*methods: str, commands: tuple[str, ...] = ()) -> Callable[[Try], Try]:
    """Enter a function into the table. It gets the World and asserts what the call has done. May be stacked."""

    def enter(attempt: Try) -> Try:
        known = CALLS.get(attempt.__name__, Call(attempt.__name__, (), (), attempt))
        assert known.attempt is attempt, f"two calls are named {attempt.__name__}"
        CALLS[attempt.__name__] = replace(known, methods=known.methods + methods, commands=known.commands + commands)
        return attempt

    return enter


def command(*commands: str) -> Callable[[Try], Try]:
    return call(commands=commands)
