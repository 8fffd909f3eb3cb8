"""Notices an agent that goes in circles: the same tool, the same arguments, the same result, again and again."""

import hashlib
import json

from core.errors import GoingInCircles
from core.nouns import Frozen

LIMIT = 3


class Repetition(Frozen):
    """The calls of one agent so far. Order does not matter: two calls by turns are a circle too.

    A call whose result changes, such as a look at a build, is no repetition.
    """

    limit: int = LIMIT
    """How often the same thing may come out of the same call."""

    counts: dict[str, int] = {}
    tool: str = ""
    """Of the last call."""

    times: int = 0
    """How often the last call has come to the same result by now."""

    def after(self, tool: str, arguments: object, result: object) -> "Repetition":
        """With one more call in it. Spaces, the order of keys and arguments that are None make no difference."""
        key = _key([tool, arguments, result])
        times = self.counts.get(key, 0) + 1
        return Repetition(limit=self.limit, counts={**self.counts, key: times}, tool=tool, times=times)

    @property
    def excessive(self) -> bool:
        return self.times >= self.limit

    @property
    def advice(self) -> str | None:
        """What to tell the agent before it is too late; None when there is nothing to say."""
        if self.times < max(2, self.limit - 1):
            return None
        return (
            f"{self.tool} was called {self.times} times with the same arguments and gave the same result each time. "
            "Do something else, or say why you cannot go on."
        )

    def check(self) -> None:
        """Raises GoingInCircles when it is too late."""
        if self.excessive:
            raise GoingInCircles(
                f"{self.tool} was called {self.times} times with the same arguments and the same result; "
                "the agent was stopped: say the goal more precisely, or try another model"
            )


def _key(call: object) -> str:
    text = json.dumps(_normal(call), sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _normal(value: object) -> object:
    match value:
        case dict():
            return {str(name): _normal(inner) for name, inner in value.items() if inner is not None}
        case list() | tuple():
            return [_normal(inner) for inner in value]
        case str():
            return " ".join(value.split())
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
