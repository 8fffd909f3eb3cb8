"""Inputs by type: for one endpoint a row of trials that lie far apart, beside one another, or are the same again."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import JsonValue

from core.errors import InputsRefused
from core.nouns import FILE_KINDS, Endpoint, Frozen, Kind, Parameter
from tools.proof import words
from tools.proof.drawing import SUBJECTS

Role = Literal["far", "near", "again"]

SEED = 7

CONTENT = frozenset({"text", "image", "audio", "video", "model3d", "file"})
VISUAL = frozenset({"image", "video", "model3d"})


class Drawn(Frozen):
    """A file that is to be made."""

    kind: Kind
    subject: int
    near: bool = False


class Ask(Frozen):
    """One trial that is to be made."""

    role: Role
    subject: int
    """0 to 3; a near one and the same one again have the subject of the far one they belong to."""
    inputs: dict[str, Any]
    """By parameter: JSON values, `Drawn` for a file to be made, `Artifact` for one that was given."""


def asks(endpoint: Endpoint, given: Mapping[str, Any]) -> tuple[Ask, ...]:
    """Far ones first, then one again, then the near ones. What was given stands in the first trial and its kin.

    Raises InputsRefused for a parameter that nothing can be made for.
    """
    unknown = [name for name in given if endpoint.parameter(name) is None]
    if unknown:
        offers = ", ".join(parameter.name for parameter in endpoint.parameters) or "nothing"
        raise InputsRefused(f"{endpoint.name} has no parameter '{unknown[0]}'; it takes {offers}")
    telling = _telling(endpoint)

    def ask(role: Role, subject: int) -> Ask:
        made = {
            parameter.name: _value(parameter, endpoint, subject, role == "near")
            for parameter in endpoint.parameters
            if parameter.name in telling or parameter.required or _is_seed(parameter) or _draws_seed(parameter)
        }
        fixed = {name: value for name, value in given.items() if subject == 0 or name not in telling}
        return Ask(role=role, subject=subject, inputs={**made, **fixed})

    far = [ask("far", subject) for subject in range(SUBJECTS)]
    if all(one.inputs == far[0].inputs for one in far):
        return (far[0], ask("again", 0))
    first, second, *others = far
    near = [ask("near", subject) for subject in range(3) if subject or not set(given) & telling]
    return (first, second, ask("again", 0), *others, *near)


def seeded(endpoint: Endpoint) -> bool:
    """Whether whoever calls can ask for the same chance again."""
    return any(_is_seed(parameter) for parameter in endpoint.parameters)


def _telling(endpoint: Endpoint) -> set[str]:
    """The parameters that say what is to be done: words and files first, else numbers and choices."""
    wordy = {p.name for p in endpoint.parameters if p.kind in CONTENT and not p.choices and not _is_label_list(p)}
    main = {name for name in wordy if (p := endpoint.parameter(name)) and (p.required or not _secondary(p))}
    figures = {p.name for p in endpoint.parameters if p.kind in ("number", "boolean") or p.choices}
    return main or wordy or {name for name in figures if (p := endpoint.parameter(name)) and not _is_seed(p)}


def _value(parameter: Parameter, endpoint: Endpoint, subject: int, near: bool) -> Any:
    if _is_seed(parameter):
        return int(max(SEED, parameter.minimum or 0))
    if _draws_seed(parameter):
        return False
    if parameter.choices:
        return parameter.choices[subject % len(parameter.choices)]
    match parameter.kind:
        case "text" | "html":
            return _words(parameter, endpoint, subject, near)
        case "number":
            return _number(parameter, subject, near)
        case "boolean":
            return bool(subject % 2)
        case kind if kind in FILE_KINDS and kind != "video":
            drawn = Drawn(kind=kind, subject=subject, near=near)
            return [drawn] if parameter.many else drawn
    if parameter.default is not None or not parameter.required:
        return parameter.default
    raise InputsRefused(
        f"no {parameter.kind} can be made for parameter '{parameter.name}' of {endpoint.name}; "
        f"give one with --input or --file"
    )


def _words(parameter: Parameter, endpoint: Endpoint, subject: int, near: bool) -> JsonValue:
    name = f"{parameter.name} {parameter.label}".lower()
    if _is_label_list(parameter):
        return parameter.default or words.LABELS
    if "negative" in name:
        return parameter.default or ""
    if "question" in name or "query" in name:
        sample = words.QUESTIONS[subject]
    elif "context" in name or "passage" in name:
        return words.CONTEXT
    elif any(output.kind in VISUAL for output in endpoint.outputs):
        sample = words.SCENES[subject]
    else:
        sample = words.SENTENCES[(subject + _second(parameter, endpoint)) % SUBJECTS]
    text = sample.near if near else sample.plain
    return [text] if parameter.many else text


def _second(parameter: Parameter, endpoint: Endpoint) -> int:
    """Two texts side by side are to be different texts."""
    texts = [other.name for other in endpoint.parameters if other.kind == "text" and not other.choices]
    return texts.index(parameter.name) if parameter.name in texts else 0


def _number(parameter: Parameter, subject: int, near: bool) -> float:
    low = parameter.minimum if parameter.minimum is not None else 0.0
    high = parameter.maximum if parameter.maximum is not None else max(low + 10.0, 2 * _figure(parameter.default))
    share = (0.3, 0.8, 0.55, 0.15)[subject] + (0.01 if near else 0.0)
    value = low + (high - low) * share
    return float(round(value)) if high - low >= 8 and not near else round(value, 3)


def _figure(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _is_seed(parameter: Parameter) -> bool:
    return parameter.kind == "number" and bool(
        re.search(r"\bseed\b|_seed|seed_", f"{parameter.name} {parameter.label}", re.I)
    )


def _draws_seed(parameter: Parameter) -> bool:
    return parameter.kind == "boolean" and "seed" in f"{parameter.name} {parameter.label}".lower()


def _is_label_list(parameter: Parameter) -> bool:
    return parameter.kind == "text" and bool(
        re.search(r"label|candidate|classes", f"{parameter.name} {parameter.label}", re.I)
    )


def _secondary(parameter: Parameter) -> bool:
    return bool(
        re.search(r"negative|system|instruct|voice|language|style|mask", f"{parameter.name} {parameter.label}", re.I)
    )
