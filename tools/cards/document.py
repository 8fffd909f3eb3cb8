"""A card taken apart: front matter, title, prose, code, each with its lines.

Placeholders of the card template and comments are no prose: nobody has said anything there.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from core.factory import Evidence
from tools.cards.front_matter import FrontMatter, Tree, front_matter, texts

LARGEST = 300_000
"""Characters of a card; the largest real ones have 66,000."""

LARGEST_BODY = 80_000
"""Characters after the front matter in which something is looked for."""

MOST_LINES = 2_000
"""Lines of the same."""

LEAD_WORDS = 90
"""Words after the title in which a card says what the model is."""

_UNSAID = (
    "more information needed",
    "this modelcard aims to be a base template",
    "use the code below to get started",
    "users (both direct and downstream)",
    "carbon emissions can be estimated",
    "model card for model id",
    "describe your model here",
)
_ELSEWHERE = (
    "downstream", "you can fine-tune", "can be fine-tuned", "can be finetuned", "fine-tune it on",
    "fine-tune this model",
    "not intended", "out-of-scope", "other models", "other versions", "related work", "similar models", "see also",
)  # fmt: skip
"""What the model is not, or not yet, or somebody else's."""

_FENCE = re.compile(r"^\s*(?:>\s*)?(```+|~~~+)\s*\{?\.?([\w+-]*)")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s*(.*?)\s*#*\s*$")
_MARKUP = re.compile(r"<[^<>]{0,2000}>|https?://\S{1,500}|\]\([^)]{0,500}\)")
_SIGNS = re.compile(r"[\W_]+")
LARGEST_LINE = 2_000


@dataclass(frozen=True)
class Fence:
    """A block of code."""

    language: str
    line: int
    """Of its first line of code."""
    code: str


class Words:
    """Lines of prose as lower-case words, in which phrases are found together with their line."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        kept = [(number, " ".join(_SIGNS.split(line.lower()))) for number, line in lines]
        kept = [(number, line) for number, line in kept if line.strip()]
        self._numbers = [number for number, _ in kept]
        self._starts: list[int] = []
        length = 1
        for _, line in kept:
            self._starts.append(length)
            length += len(line.strip()) + 1
        self.text = f" {' '.join(line.strip() for _, line in kept)} "

    def find(self, phrase: str) -> int | None:
        """The line that the phrase of whole words begins on; None when it does not occur."""
        at = self.text.find(f" {phrase} ")
        return None if at < 0 else self._numbers[max(bisect_right(self._starts, at + 1) - 1, 0)]


def plain_words(text: str) -> str:
    return " ".join(_SIGNS.split(text.lower())).strip()


class Document:
    """One card. `name` is what the model is called, for what the name tells."""

    def __init__(self, card: bytes | str, name: str = "") -> None:
        text = card if isinstance(card, str) else card.decode("utf-8", "replace")
        self.lines = text[:LARGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
        self.front: FrontMatter = front_matter(self.lines)
        self.name = name

    @property
    def values(self) -> dict[str, Tree]:
        return self.front.values

    def stated(self, *keys: str) -> tuple[str, ...]:
        """The texts of the first of these keys of the front matter that has any."""
        return next((found for key in keys if (found := texts(self.values.get(key)))), ())

    def evidence(self, line: int, text: str = "") -> Evidence:
        quoted = text or (self.lines[line - 1] if 0 < line <= len(self.lines) else "")
        return Evidence(where=f"README.md:{line}", text=quoted.strip()[:300])

    def line_of(self, key: str, value: str = "") -> int:
        """Where the front matter says so: the value's line below the key's, or the key's own."""
        at = self.front.lines.get(key)
        if at is None:
            return self.front.first
        below = (number for number in at if value and value[:80] in self.lines[number - 1])
        return next(below, at.start)

    @cached_property
    def body(self) -> list[tuple[int, str]]:
        """Numbered lines after the front matter, without comments and placeholders."""
        found, hidden, left = list[tuple[int, str]](), False, LARGEST_BODY
        for number, line in enumerate(self.lines[self.front.last :][:MOST_LINES], self.front.last + 1):
            left -= len(line) + 1
            if left < 0:
                break
            shown, hidden = _uncommented(line[:LARGEST_LINE], hidden)
            found.append((number, "" if _says(shown, _UNSAID) else shown))
        return found

    @cached_property
    def fences(self) -> tuple[Fence, ...]:
        return tuple(self._parts[1])

    @cached_property
    def prose(self) -> list[tuple[int, str]]:
        """The body without code."""
        return self._parts[0]

    @cached_property
    def _parts(self) -> tuple[list[tuple[int, str]], list[Fence]]:
        prose: list[tuple[int, str]] = []
        fences: list[Fence] = []
        mark, language, began, code = "", "", 0, list[str]()
        for number, line in self.body:
            found = _FENCE.match(line)
            if not mark and found:
                mark, language, began, code = found.group(1), found.group(2).lower(), number + 1, []
            elif mark and found and found.group(1).startswith(mark[:3]) and not found.group(2):
                fences.append(Fence(language, began, "\n".join(code)))
                mark = ""
            elif mark:
                code.append(line)
            else:
                prose.append((number, line))
        if mark:
            fences.append(Fence(language, began, "\n".join(code)))
        return prose, fences

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        return [(number, found.group(2)) for number, line in self.prose if (found := _HEADING.match(line))]

    @cached_property
    def _said(self) -> list[tuple[int, str]]:
        return [(n, _MARKUP.sub(" ", line)) for n, line in self.prose if not _says(line, _ELSEWHERE)]

    def lines_with(self, *words: str) -> Iterator[tuple[int, str]]:
        """The lines of the body that have one of the words, which are in lower case. Spares the slower patterns."""
        return ((number, line) for number, line, lower in self._lower if any(word in lower for word in words))

    def prose_with(self, *words: str) -> Iterator[tuple[int, str]]:
        """The same without code."""
        prose = {number for number, _ in self.prose}
        return ((number, line) for number, line in self.lines_with(*words) if number in prose)

    @cached_property
    def _lower(self) -> list[tuple[int, str, str]]:
        return [(number, line, line.lower()) for number, line in self.body]

    @cached_property
    def title(self) -> Words:
        """The first heading."""
        return Words(self.headings[:1])

    @cached_property
    def lead(self) -> Words:
        """The first words of prose."""
        lines, count = [], 0
        for number, line in self._said:
            if count >= LEAD_WORDS:
                break
            count += len(line.split())
            lines.append((number, line))
        return Words(lines)

    @cached_property
    def rest(self) -> Words:
        """All of the prose, and the headings among it."""
        return Words(self._said)

    @cached_property
    def code(self) -> str:
        """The body as it stands, where code may be without a fence."""
        return "\n".join(line for _, line in self.body)

    def line_at(self, position: int) -> int:
        """The line of a position in `code`."""
        return self.front.last + 1 + self.code.count("\n", 0, position)


def _says(line: str, phrases: tuple[str, ...]) -> bool:
    lower = line.lower()
    return any(phrase in lower for phrase in phrases)


def _uncommented(line: str, hidden: bool) -> tuple[str, bool]:
    """What the line shows, and whether a comment goes on in the next."""
    shown = ""
    while line:
        mark = "-->" if hidden else "<!--"
        before, found, line = line.partition(mark)
        if not hidden:
            shown += before
        if found:
            hidden = not hidden
    return shown, hidden
