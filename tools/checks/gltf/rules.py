"""What a property of a glTF object may hold: a number in a range, an index, a list of objects, …

A rule finds the fault in a value, or none. A value outside of a closed list of words or constants is no fault: later
versions and extensions add to them, and readers fall back to the default.
"""

import re
from dataclasses import dataclass
from typing import Any

INFINITE = float("inf")


@dataclass(frozen=True, kw_only=True)
class Rule:
    needed: bool = False

    def fault(self, value: Any) -> str | None:
        """What is wrong with the value; None when nothing is."""
        raise NotImplementedError

    def settled(self, value: Any) -> Any:
        """The value without fault, as Python should see it: 3.0 where JSON means 3 becomes 3."""
        return value


@dataclass(frozen=True, kw_only=True)
class Number(Rule):
    low: float = -INFINITE
    high: float = INFINITE
    above: float = -INFINITE
    below: float = INFINITE
    besides: float | None = None
    """One value outside of the range that is allowed."""

    def fault(self, value: Any) -> str | None:
        if not is_number(value):
            return "is not a number"
        inside = self.low <= value <= self.high and self.above < value < self.below
        return None if inside or value == self.besides else "is out of range"


@dataclass(frozen=True, kw_only=True)
class Whole(Rule):
    """Also an index. 3.0 is 3 in JSON."""

    low: int = 0
    high: int | None = None
    multiple: int = 1

    def fault(self, value: Any) -> str | None:
        if not is_whole(value):
            return "is not a whole number"
        if value < self.low or (self.high is not None and value > self.high):
            return "is out of range"
        return f"is not a multiple of {self.multiple}" if value % self.multiple else None

    def settled(self, value: Any) -> int:
        return int(value)


class Constant(Rule):
    """A whole number out of a list."""

    def fault(self, value: Any) -> str | None:
        return None if is_whole(value) else "is not a whole number"

    def settled(self, value: Any) -> int:
        return int(value)


@dataclass(frozen=True, kw_only=True)
class Text(Rule):
    pattern: str = ""

    def fault(self, value: Any) -> str | None:
        if not isinstance(value, str):
            return "is not text"
        return None if re.match(self.pattern, value) else "is malformed"


class Flag(Rule):
    def fault(self, value: Any) -> str | None:
        return None if isinstance(value, bool) else "is neither true nor false"


@dataclass(frozen=True, kw_only=True)
class Numbers(Rule):
    length: int | None = None
    low: float = -INFINITE
    high: float = INFINITE

    def fault(self, value: Any) -> str | None:
        if not isinstance(value, list) or not value:
            return "is not a list of numbers"
        if self.length is not None and len(value) != self.length:
            return f"has {len(value)} numbers, not {self.length}"
        sound = all(is_number(item) and self.low <= item <= self.high and abs(item) != INFINITE for item in value)
        return None if sound else "holds something that is no number, or out of range"


class Indices(Rule):
    """Whole numbers, each once."""

    def fault(self, value: Any) -> str | None:
        if not isinstance(value, list) or not value:
            return "is not a list of indices"
        if not all(is_whole(item) and item >= 0 for item in value):
            return "holds something that is no index"
        return None if len(set(value)) == len(value) else "names one twice"

    def settled(self, value: Any) -> list[int]:
        return [int(item) for item in value]


class Names(Rule):
    """Words, each once."""

    def fault(self, value: Any) -> str | None:
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            return "is not a list of words"
        return None if len(set(value)) == len(value) else "names one twice"


class IndexMap(Rule):
    """Words to indices, at least one."""

    def fault(self, value: Any) -> str | None:
        if not isinstance(value, dict) or not value:
            return "is not an object, or empty"
        sound = all(is_whole(item) and item >= 0 for item in value.values())
        return None if sound else "holds something that is no index"

    def settled(self, value: Any) -> dict[str, int]:
        return {word: int(item) for word, item in value.items()}


class IndexMaps(Rule):
    def fault(self, value: Any) -> str | None:
        if not isinstance(value, list) or not value:
            return "is not a list of objects"
        return next((fault for item in value if (fault := IndexMap().fault(item))), None)

    def settled(self, value: Any) -> list[dict[str, int]]:
        return [IndexMap().settled(item) for item in value]


@dataclass(frozen=True, kw_only=True)
class One(Rule):
    """An object of a known shape."""

    shape: str

    def fault(self, value: Any) -> str | None:
        return None if isinstance(value, dict) else "is not an object"


@dataclass(frozen=True, kw_only=True)
class Many(Rule):
    """A list of objects of a known shape, at least one."""

    shape: str

    def fault(self, value: Any) -> str | None:
        if not isinstance(value, list) or not value:
            return "is not a list, or empty"
        return None if all(isinstance(item, dict) for item in value) else "holds something that is no object"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    return is_number(value) and (isinstance(value, int) or value.is_integer())
