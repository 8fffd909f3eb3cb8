"""What the catalogue offers: one endpoint of one Space, and how strongly it speaks of a word."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from core.nouns import Endpoint, Parameter, Space
from planners.catalogue.clauses import Token, base_form, tokenise
from planners.catalogue.lexicon import ALIKE, AUDIO_FAMILIES, GENERIC_THINGS, SPACE_STAGES, TECHNICAL, VERBS
from planners.catalogue.naming import kind_of_noun, split_object
from planners.catalogue.words import Rarity, content, stem, strength, tokens

_SYNONYM = 0.8
"""How much a word of the same meaning counts beside the word itself."""

_GROUPS = tuple(frozenset(stem(word) for part in group for word in tokens(part)) for group in ALIKE)


@dataclass(frozen=True)
class Offer:
    """An endpoint that can be called, with the strength, 0 to 1, of each word it speaks of."""

    space: Space
    endpoint: Endpoint
    words: dict[str, float]
    slots: frozenset[str]
    """Words that its choices and switches stand for: what it can be told, not only what it says."""

    _spoken: dict[str, float] = field(default_factory=dict, compare=False, repr=False)
    """What was asked before: a search asks for the same words thousands of times."""

    @property
    def key(self) -> str:
        return f"{self.space.id}{self.endpoint.name}"

    @property
    def name(self) -> str:
        return self.space.title or self.space.id.rsplit("/", 1)[-1]

    def speaks_of(self, word: str) -> float:
        """How strongly it speaks of a stem, or of one that means the same."""
        if word not in self._spoken:
            self._spoken[word] = spoken_of(word, self.words)
        return self._spoken[word]

    def can_be_told(self, word: str) -> bool:
        return strength(word, dict.fromkeys(self.slots, 1.0)) > 0

    @cached_property
    def makes_things(self) -> frozenset[str]:
        """What it says it makes, when that is something of its own: a room, and not whatever it is told."""
        said = re.split(r"[.:;(\n]", self.endpoint.description or self.space.description)[0]
        words = [token for token in tokenise(said) if token.raw[0].isalnum()]
        if words and (base_form(words[0].low) in VERBS or words[0].low.endswith("s")):
            words = words[1:]
        thing, rest = split_object(words)
        if _anything(thing[-1:]) and rest and rest[0].low == "of":
            thing, _ = split_object(rest[1:])
        if _anything(thing):
            return frozenset()
        return frozenset(word for token in thing for word in content(token.low.removesuffix("'s")))

    @cached_property
    def subjects(self) -> tuple[Parameter, ...]:
        """Choices about *what* is made: a kind of room, an instrument. Size, seed and style are not among them."""
        return tuple(
            parameter
            for parameter in self.endpoint.parameters
            if sum(isinstance(choice, str) and choice.isascii() and len(choice) > 1 for choice in parameter.choices) > 1
            and not any(word in TECHNICAL for word in tokens(parameter.label or parameter.name))
        )

    @cached_property
    def family(self) -> str:
        """What sort of sound it makes; empty when it does not say."""
        return audio_family(self.words)


def spoken_of(word: str, words: Mapping[str, float]) -> float:
    """The strength of a stem, or of one that means the same, among weighted stems."""
    alike = (strength(other, words) for group in _GROUPS if word in group for other in group)
    return max(strength(word, words), _SYNONYM * max(alike, default=0.0))


def _anything(tokens: Sequence[Token]) -> bool:
    """`one object or monument`, `what you describe`, `an image`: no thing in particular."""
    generic = any(token.low in GENERIC_THINGS for token in tokens)
    return generic or not tokens or kind_of_noun(tokens[-1].low) is not None


def audio_family(words: Iterable[str]) -> str:
    """Music, speech or sound, by the words; empty when they do not say or say both."""
    bag = set(words)
    scores = {name: len(bag & {stem(word) for word in family}) for name, family in AUDIO_FAMILIES.items()}
    best = max(scores.values())
    winners = [name for name, score in scores.items() if score == best]
    return winners[0] if best and len(winners) == 1 else ""


def usable(space: Space) -> bool:
    """It answers, if need be after waking."""
    return not space.stage or space.stage.upper() in SPACE_STAGES


def offers_of(space: Space) -> list[Offer]:
    return [Offer(space, endpoint, *_words(space, endpoint)) for endpoint in space.endpoints if endpoint.outputs]


def rarity(offers: Iterable[Offer]) -> Rarity:
    return Rarity(offer.words for offer in offers)


def _words(space: Space, endpoint: Endpoint) -> tuple[dict[str, float], frozenset[str]]:
    words: dict[str, float] = {}
    slots: set[str] = set()

    def add(text: str, value: float) -> None:
        for word in content(text):
            words[word] = max(words.get(word, 0.0), value)

    for parameter in endpoint.parameters:
        for choice in parameter.choices:
            if isinstance(choice, str):
                add(choice, 1.0)
                slots.update(content(choice))
        if parameter.choices:
            named = " ".join(word for word in tokens(parameter.label or parameter.name) if word not in TECHNICAL)
            add(named, 0.9)
            slots.update(content(named))
        if parameter.kind == "boolean":
            add(parameter.label or parameter.name, 0.9)
            slots.update(content(parameter.label or parameter.name))
        add(f"{parameter.name} {parameter.label}", 0.6)
        add(parameter.description, 0.4)
    add(endpoint.description, 0.7)
    add(endpoint.name, 0.7)
    add(space.title or space.id.rsplit("/", 1)[-1], 0.9)
    alone = sum(bool(other.outputs) for other in space.endpoints) == 1
    add(space.description, 0.7 if alone else 0.4)
    add(" ".join(space.tags), 0.4)
    for output in endpoint.outputs:
        add(output.label, 0.4)
    return words, frozenset(slots)
