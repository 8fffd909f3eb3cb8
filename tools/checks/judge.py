"""From facts to verdicts. Pure: reads no file and asks nobody.

Every bound is a row: the key a plan may use, the relation, the fact it is about, and what would help. A fact
that was not measured makes the verdict `unknown`; only a bound nobody asked for lets that pass, as a warning.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from core.checks import Check, Verdict
from core.nouns import Kind
from tools.checks.examination import Examination

FITS: dict[str, frozenset[str]] = {
    "image": frozenset({"image"}),
    "mesh": frozenset({"model3d"}),
    "audio": frozenset({"audio"}),
    "text": frozenset({"text", "html"}),
    "json": frozenset({"json", "table"}),
}
"""Kinds that a check can be about; `file` is about all of them."""

Status = Literal["pass", "warn", "fail", "unknown"]
Severity = Literal["error", "warn"]

_WORSE: tuple[Status, ...] = ("pass", "warn", "unknown", "fail")

_UNRECORDED = frozenset({"text", "names"})
"""Figures that are foreign text."""

ASPECT_TOLERANCE = 0.02

BLANK = 2.0
"""Largest standard deviation of a channel, of 0 to 255, at which nobody sees anything."""

_MORE = "ask the Space for more or choose another"
_DETAIL = "ask the Space for more detail or choose another"


class Row(NamedTuple):
    key: str
    relation: str
    fact: str
    hint: str
    lenient: bool = False
    """Only ever a warning."""


ROWS: dict[str, tuple[Row, ...]] = {
    "file": (
        Row("kind", "is", "kinds", "the Space gave something else than was wanted"),
        Row("max_mb", "<=", "megabytes", "ask for a smaller file"),
        Row("min_bytes", ">=", "bytes", "the Space gave next to nothing; try again"),
    ),
    "image": (
        Row("min_width", ">=", "width", "ask the Space for a larger picture"),
        Row("min_height", ">=", "height", "ask the Space for a larger picture"),
        Row("max_pixels", "<=", "pixels", "ask the Space for a smaller picture"),
        Row("aspect", "near", "aspect", "ask the Space for that width and height"),
        Row("alpha", "true", "alpha", "choose a Space that removes the background"),
        Row("max_frames", "<=", "frames", "choose a Space that gives a still picture"),
        Row(
            "blank",
            "blank",
            "std",
            "one flat colour: a content filter answers so; change the words or the seed",
        ),
    ),
    "mesh": (
        Row("min_faces", ">=", "faces", _DETAIL),
        Row("max_faces", "<=", "faces", "ask the Space for less detail"),
        Row("watertight", "true", "watertight", "choose a Space that makes closed surfaces"),
        Row("textured", "true", "textured", "choose a Space that makes textures"),
        Row("min_texture_px", ">=", "texture_px", "ask the Space for larger textures"),
        Row("max_texture_px", "<=", "texture_px", "ask the Space for smaller textures"),
        Row("max_extent", "<=", "extent", "ask for another scale"),
    ),
    "audio": (
        Row("min_seconds", ">=", "seconds", "ask the Space for a longer piece"),
        Row("max_seconds", "<=", "seconds", "ask the Space for a shorter piece"),
        Row("min_rate", ">=", "rate", "choose a Space with a higher sample rate"),
        Row("channels", "==", "channels", "choose a Space that gives that many channels"),
        Row("max_silence", "<=", "silence", "nothing can be heard; try another seed or another Space"),
        Row("max_clipping", "<=", "clipping", "it is distorted; ask for less volume"),
    ),
    "text": (
        Row("min_words", ">=", "words", _MORE),
        Row("max_words", "<=", "words", "ask for a shorter answer"),
        Row("contains", "all in", "text", "ask again, naming what must be there"),
        Row(
            "refusal",
            "false",
            "refusal_plain",
            "the Space declined; change the words or choose another Space",
        ),
        Row("refusal", "false", "refusal", "it may be a refusal; look at it", lenient=True),
    ),
    "json": (
        Row("require", "all in", "names", "choose an endpoint that returns these keys"),
        Row("min_items", ">=", "items", _MORE),
    ),
}


class Bound(NamedTuple):
    """One thing wanted of one fact."""

    check: str
    row: Row
    wanted: Any
    severity: Severity
    asked: bool = True
    """False for a bound that nobody wrote: when its fact is missing, that is a warning."""


DEFAULTS: dict[str, tuple[tuple[str, str, Any, Severity], ...]] = {
    "image": (
        ("image", "blank", False, "error"),
        ("image", "min_width", 64, "warn"),
        ("image", "min_height", 64, "warn"),
    ),
    "model3d": (("mesh", "min_faces", 1, "error"),),
    "audio": (("audio", "min_seconds", 0.1, "error"), ("audio", "max_silence", 0.95, "error")),
    "text": (("text", "min_words", 1, "error"), ("text", "refusal", False, "error")),
}
"""Check, key, value and severity of the bounds that hold when the plan does not state them."""


def judge(kind: Kind, examination: Examination, checks: Sequence[Check]) -> tuple[Verdict, ...]:
    """The gate first, then the plan's checks in their order, then the default bounds that the plan left open.

    `kind` is what was declared; what decides is the kind of the content. When the gate refuses, it alone answers.
    """
    if not examination.gate.passed:
        return (examination.gate,)
    figures = _figures(examination)
    planned = [_planned(check, kind, examination.kind, figures) for check in checks]
    defaults: dict[str, list[Bound]] = {}
    for bound in _left_open(examination.kind, checks):
        defaults.setdefault(bound.check, []).append(bound)
    return (
        examination.gate,
        *planned,
        *(_verdict(name, bounds, figures) for name, bounds in defaults.items()),
    )


def passed(verdicts: Sequence[Verdict]) -> bool:
    """No fail and nothing unknown. A check of severity `warn` gives neither: it warns."""
    return all(verdict.passed for verdict in verdicts)


def _planned(check: Check, declared: str, kind: str, figures: dict[str, Any]) -> Verdict:
    if check.check != "file" and kind not in FITS[check.check]:
        reason = f"a check of {check.check} does not fit: declared {declared}, the content is {kind}"
        status: Status = "fail" if check.severity == "error" else "warn"
        return Verdict(check=check.check, status=status, reason=reason)
    return _verdict(check.check, list(_bounds(check)), figures)


def _bounds(check: Check) -> Iterator[Bound]:
    """A value that is the field's own default is not something that somebody asked for."""
    fields = type(check).model_fields
    for row in ROWS[check.check]:
        wanted = getattr(check, row.key)
        # Only `true` is a demand: `watertight: false` means "not required".
        if wanted in (None, ()) or (wanted is False and row.relation == "true"):
            continue
        yield Bound(check.check, row, wanted, check.severity, asked=wanted != fields[row.key].default)


def _left_open(kind: str, checks: Sequence[Check]) -> Iterator[Bound]:
    stated = {
        (check.check, bound.row.key)
        for check in checks
        for bound in _bounds(check)
        if check.severity == "error" or bound.asked
    }
    for name, key, wanted, severity in DEFAULTS.get(kind, ()):
        if (name, key) not in stated:
            yield from (Bound(name, row, wanted, severity, asked=False) for row in ROWS[name] if row.key == key)


def _verdict(name: str, bounds: Sequence[Bound], figures: dict[str, Any]) -> Verdict:
    """The worst of the bounds decides; its reason is written for a planner."""
    found = [_answer(bound, figures) for bound in bounds]
    status: Status = max((status for status, _ in found), key=_WORSE.index, default="pass")
    texts = [text for state, text in found if state != "pass"] or [text for _, text in found]
    facts = {
        bound.row.fact: figures[bound.row.fact]
        for bound in bounds
        if bound.row.fact in figures and bound.row.fact not in _UNRECORDED
    }
    reason = "; ".join(dict.fromkeys(texts)) or "nothing was asked"
    return Verdict(check=name, status=status, reason=reason, facts=facts)


def _answer(bound: Bound, figures: dict[str, Any]) -> tuple[Status, str]:
    row, place = bound.row, f"{bound.check}.{bound.row.key}"
    strict = bound.severity == "error" and not row.lenient
    if bound.check == "mesh" and row.key == "min_faces" and bound.wanted == 1 and "splats" in figures:
        row = row._replace(fact="splats")
    measured = figures.get(row.fact)
    if measured is None:
        return ("unknown" if strict and bound.asked else "warn"), f"{place}: {row.fact} was not measured"
    met, wanted = _RELATIONS[row.relation](measured, bound.wanted)
    if met is None:
        return ("unknown" if strict else "warn"), f"{place}: wanted {wanted}, only the beginning was looked at"
    if met:
        return "pass", f"{place}: {wanted}, measured {_shown(measured)}"
    return ("fail" if strict else "warn"), f"{place}: wanted {wanted}, measured {_shown(measured)}; {row.hint}"


def _figures(examination: Examination) -> dict[str, Any]:
    """The facts, with what follows from them."""
    facts: dict[str, Any] = dict(examination.facts)
    if {"width", "height"} <= facts.keys():
        facts |= {
            "pixels": facts["width"] * facts["height"],
            "aspect": facts["width"] / max(1, facts["height"]),
        }
    if "texture_count" in facts:
        facts["textured"] = facts["texture_count"] > 0
    if extents := facts.get("extents"):
        facts["extent"] = max(extents)
    facts["megabytes"] = round(facts.get("bytes", 0) / 1e6, 3)
    facts["kinds"] = _names(examination)
    if isinstance(examination.content, str):
        facts["text"] = (examination.content, facts.get("characters", 0) > len(examination.content))
    if isinstance(examination.content, list):
        facts["names"] = (examination.content, facts.get("keys", 0) > len(examination.content))
    return facts


def _names(examination: Examination) -> list[str]:
    """Every name under which a plan may know the content."""
    names = [examination.kind, examination.format]
    if examination.kind == "model3d":
        names.append("splat" if "splats" in examination.facts else "mesh")
    return list(dict.fromkeys([*names, "file"]))


def _all_in(measured: Any, wanted: tuple[str, ...]) -> tuple[bool | None, str]:
    place, cut = measured
    words = place.casefold() if isinstance(place, str) else place
    missing = [word for word in wanted if (word.casefold() if isinstance(place, str) else word) not in words]
    return (None if missing and cut else not missing), ", ".join(repr(word) for word in missing or wanted)


def _near(measured: float, wanted: str) -> tuple[bool, str]:
    width, height = (int(part) for part in wanted.split(":"))
    return bool(height) and abs(measured * height / max(1, width) - 1) <= ASPECT_TOLERANCE, wanted


_RELATIONS: dict[str, Callable[[Any, Any], tuple[bool | None, str]]] = {
    ">=": lambda measured, wanted: (measured >= wanted, f">= {_shown(wanted)}"),
    "<=": lambda measured, wanted: (measured <= wanted, f"<= {_shown(wanted)}"),
    "==": lambda measured, wanted: (measured == wanted, _shown(wanted)),
    "true": lambda measured, _: (measured is True, "true"),
    "false": lambda measured, _: (measured is False, "false"),
    "blank": lambda measured, _: (measured >= BLANK, f">= {BLANK:g}"),
    "is": lambda measured, wanted: (wanted in measured, wanted),
    "near": _near,
    "all in": _all_in,
}


def _shown(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.4g}"
        case list():
            return ", ".join(map(str, value))
        case tuple():
            return "the content"
        case _:
            return str(value)
