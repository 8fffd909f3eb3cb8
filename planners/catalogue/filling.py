"""An endpoint's parameters from the words of a goal, by the endpoint's own schema."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.nouns import FILE_KINDS, Argument, Endpoint, Parameter
from planners.catalogue.choosing import choose
from planners.catalogue.lexicon import PROMPTING, SECRETS, SWITCHING, UNIT_LABELS
from planners.catalogue.quantities import Quantity
from planners.catalogue.sources import Source, fits, is_demo, nested
from planners.catalogue.words import akin, content, stem, tokens

LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Wording:
    """What a goal says, as far as one step needs it."""

    text: str
    """The words that choices and switches are held against."""

    prompt: Argument
    """What the main text parameter gets: words, or the place they come from."""

    seed: int
    quantities: tuple[Quantity, ...] = ()
    denied: tuple[str, ...] = ()
    quotations: tuple[str, ...] = ()
    question: str = ""

    @property
    def denied_words(self) -> frozenset[str]:
        return frozenset(word for phrase in self.denied for word in content(phrase))


@dataclass
class Filling:
    """Arguments for one endpoint, and what was understood on the way."""

    inputs: dict[str, Argument] = field(default_factory=dict)
    used: list[Quantity] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: bool = False
    """What the goal denies found a parameter of its own."""


def fill(
    endpoint: Endpoint,
    wording: Wording,
    entrance: Parameter | None,
    entering: Argument,
    source: Source,
    pool: Sequence[Source] = (),
) -> Filling:
    """Arguments by name. What the goal does not speak of is left to the endpoint's defaults."""
    filling = Filling()
    if entrance is not None:
        filling.inputs[entrance.name] = nested(entering, entrance, source)
    rest = [p for p in endpoint.parameters if p is not entrance and not secret(p)]
    _fill_files(filling, rest, source, pool)
    _fill_texts(filling, rest, wording, entrance)
    filling.inputs |= choose([p for p in rest if p.choices], wording.text, wording.denied_words)
    _fill_switches(filling, rest, wording)
    _fill_numbers(filling, rest, wording)
    for parameter in rest:
        if parameter.required and parameter.name not in filling.inputs:
            filling.inputs[parameter.name] = _anything(parameter, wording)
    order = [parameter.name for parameter in endpoint.parameters]
    filling.inputs = dict(sorted(filling.inputs.items(), key=lambda entry: order.index(entry[0])))
    return filling


def secret(parameter: Parameter) -> bool:
    """Something that must never be filled from a goal."""
    words = set(tokens(f"{parameter.name} {parameter.label}"))
    return bool(words & SECRETS) and parameter.kind == "text" and not words & {"max", "new", "count"}


def seed_of(text: str) -> int:
    """The same text gives the same seed on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % LARGEST_SEED


def is_seed(parameter: Parameter) -> bool:
    return parameter.kind == "number" and "seed" in tokens(f"{parameter.name} {parameter.label}")


def takes_seeds(parameter: Parameter, seeds: range) -> bool:
    low, high = parameter.minimum, parameter.maximum
    return (low is None or seeds[0] >= low) and (high is None or seeds[-1] <= high)


def prompt_rank(parameter: Parameter) -> int | None:
    """How much a parameter looks like the one that takes the prompt, 0 best; None when it cannot be."""
    words = tokens(f"{parameter.name} {parameter.label}")
    if parameter.kind != "text" or parameter.choices or secret(parameter) or _negative(words):
        return None
    if {"language", "lang", "system", "status", "history", "filename", "color", "colour"} & set(words):
        return None if not parameter.required else 40
    places = [place for place, word in enumerate(PROMPTING) if word in words]
    return (min(places) if places else 20) + (0 if parameter.required else 10)


def prompts_first(parameters: Iterable[Parameter]) -> list[Parameter]:
    """The parameters that can take a prompt, the likeliest first."""
    ranked = [(rank, number, p) for number, p in enumerate(parameters) if (rank := prompt_rank(p)) is not None]
    return [p for _, _, p in sorted(ranked, key=lambda entry: entry[:2])]


def _negative(words: Sequence[str]) -> bool:
    return "negative" in words or "avoid" in words or "exclude" in words


# Files and texts ---------------------------------------------------------------------------------------------------


def _fill_files(filling: Filling, parameters: Sequence[Parameter], source: Source, pool: Sequence[Source]) -> None:
    free = [other for other in pool if other.place is not None and other != source]
    for parameter in parameters:
        if parameter.kind not in FILE_KINDS:
            continue
        found = next((other for other in free if fits(other.kind, parameter.kind)), None)
        if (parameter.required or is_demo(parameter)) and found is not None:
            free.remove(found)
            filling.inputs[parameter.name] = nested(found.place, parameter, found)
        elif is_demo(parameter):
            filling.inputs[parameter.name] = None


def _fill_texts(
    filling: Filling, parameters: Sequence[Parameter], wording: Wording, entrance: Parameter | None
) -> None:
    texts = [p for p in parameters if p.kind == "text" and not p.choices]
    main = None if entrance is not None and entrance.kind == "text" else _main_text(texts)
    quotations = [text for text in wording.quotations if text != wording.prompt]
    for parameter in texts:
        words = tokens(f"{parameter.name} {parameter.label}")
        if _negative(words):
            if wording.denied:
                filling.inputs[parameter.name] = ", ".join(wording.denied)
                filling.refused = True
        elif {"question", "query"} & set(words) and wording.question:
            filling.inputs[parameter.name] = wording.question
        elif parameter is main:
            filling.inputs[parameter.name] = wording.prompt
        elif parameter.required:
            filling.inputs[parameter.name] = quotations.pop(0) if quotations else wording.prompt


def _main_text(parameters: Sequence[Parameter]) -> Parameter | None:
    ranked = [(rank, number) for number, p in enumerate(parameters) if (rank := prompt_rank(p)) is not None]
    rank, number = min(ranked, default=(99, 0))
    # A text that can be left out and does not look like a prompt keeps its default.
    return parameters[number] if ranked and (rank < 20 or parameters[number].required) else None


# Switches ----------------------------------------------------------------------------------------------------------


def _fill_switches(filling: Filling, parameters: Sequence[Parameter], wording: Wording) -> None:
    spoken = content(wording.text)
    for parameter in parameters:
        if parameter.kind != "boolean":
            continue
        label = tokens(parameter.label or parameter.name)
        words = [stem(word) for word in label if word not in SWITCHING]
        telling = [word for word in words if word in content(parameter.label or parameter.name)]
        if {"seed"} & set(label):
            filling.inputs[parameter.name] = False
        elif telling and all(_among(word, wording.denied_words) for word in telling):
            filling.inputs[parameter.name] = False
            filling.refused = True
        elif telling and all(_among(word, spoken) for word in telling):
            filling.inputs[parameter.name] = True


def _among(word: str, words: Sequence[str] | frozenset[str]) -> bool:
    return any(akin(word, other) for other in words)


# Numbers -----------------------------------------------------------------------------------------------------------


def _fill_numbers(filling: Filling, parameters: Sequence[Parameter], wording: Wording) -> None:
    numbers = [p for p in parameters if p.kind == "number" and not p.choices]
    for parameter in numbers:
        if is_seed(parameter):
            filling.inputs[parameter.name] = _within(parameter, wording.seed)
    for quantity in wording.quantities:
        scores = [(_match(parameter, quantity), -place, parameter) for place, parameter in enumerate(numbers)]
        best = max((score for score, _, _ in scores), default=0)
        taken = [parameter for score, _, parameter in scores if score == best > 0]
        if quantity.unit != "pixel":
            taken = taken[:1]
        for parameter in taken:
            wished = quantity.value / _size_of_unit(parameter, quantity)
            value = _clamped(parameter, wished)
            filling.inputs[parameter.name] = _shaped(parameter, value)
            filling.used.append(quantity)
            if abs(value - wished) > 1e-9:
                label = parameter.label or parameter.name
                filling.notes.append(f"'{quantity.text}' is outside of what '{label}' takes; it gets {value:g}")


def _match(parameter: Parameter, quantity: Quantity) -> int:
    """How surely this number belongs to this parameter; 0 when it does not."""
    label = tokens(f"{parameter.name} {parameter.label}")
    stems = {stem(word) for word in label}
    described = {stem(word) for word in tokens(parameter.description)}
    if quantity.side:
        return 5 if quantity.side in label else 0
    nouns = [word for word in quantity.nouns if word not in _UNIT_STEMS]
    named = 3 * len({word for word in nouns if word in stems})
    unit = bool(UNIT_LABELS.get(quantity.unit, frozenset()) & set(label))
    if quantity.unit:
        other_unit = any(
            words & set(label) for name, words in UNIT_LABELS.items() if name != quantity.unit and name != "word"
        )
        told = bool({stem(word) for word in UNIT_LABELS[quantity.unit]} & described)
        if not unit and (other_unit or not (told and named)):
            return 0
        strangers = quantity.unit == "pixel" and any(word not in stems for word in nouns[:1])
        return 0 if strangers and not named else 2 * unit + named + told
    return named


_UNIT_STEMS = frozenset(stem(word) for words in UNIT_LABELS.values() for word in words) | {"long", "size"}


def _size_of_unit(parameter: Parameter, quantity: Quantity) -> float:
    words = set(tokens(f"{parameter.name} {parameter.label} {parameter.description}"))
    label = set(tokens(f"{parameter.name} {parameter.label}"))
    if quantity.unit == "second" and not label & {"s", "sec", "second", "seconds"}:
        if words & {"minute", "minutes"}:
            return 60.0
        if label & {"ms", "milliseconds"}:
            return 0.001
    return 1.0


def _clamped(parameter: Parameter, value: float) -> float:
    if parameter.minimum is not None:
        value = max(value, parameter.minimum)
    return min(value, parameter.maximum) if parameter.maximum is not None else value


def _shaped(parameter: Parameter, value: float) -> int | float:
    return int(value) if value == int(value) else value


def _within(parameter: Parameter, seed: int) -> int:
    low = int(parameter.minimum or 0)
    high = int(parameter.maximum) if parameter.maximum is not None else LARGEST_SEED
    return low + seed % (high - low + 1) if high > low else low


def _anything(parameter: Parameter, wording: Wording) -> Argument:
    """For a required parameter that the goal says nothing of: its default, its first choice, its least value."""
    if parameter.default is not None:
        return parameter.default  # type: ignore[return-value]  # a JSON value is an argument
    if parameter.choices:
        return [parameter.choices[0]] if parameter.many else parameter.choices[0]
    match parameter.kind:
        case "number":
            low = parameter.minimum if parameter.minimum is not None else 1
            high = parameter.maximum if parameter.maximum is not None else low
            return _shaped(parameter, round((low + high) / 2))
        case "boolean":
            return False
        case "text":
            return wording.prompt
    return None
