"""From facts to verdicts. Pure: reads no file and asks nobody.

Every bound is a row: the key a plan may use, the relation, the fact it is about, and what would help. A fact
that was not measured makes the verdict `unknown`; only a bound nobody asked for lets that pass, as a warning.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from core.checks import Check, JudgeCheck, Verdict
from core.nouns import Kind
from tools.checks.asked import Question
from tools.checks.examination import Answer, Examination
from tools.checks.rows import BLANK, DEFAULTS, FITS, QUIET, ROWS, Row, Severity, Status

__all__ = ["FITS", "judge", "passed"]

ASPECT_TOLERANCE = 0.02

TELLING = 64
"""Bytes from which on two results are not the same by chance."""

_WORSE: tuple[Status, ...] = ("pass", "warn", "unknown", "fail")

_UNRECORDED = frozenset({"text", "names", "answers"})
"""Figures that are foreign text, or no figures."""

_NOBODY: Mapping[str, str] = {}


class Bound(NamedTuple):
    """One thing wanted of one fact."""

    check: str
    row: Row
    wanted: Any
    severity: Severity
    asked: bool = True
    """False for a bound that nobody wrote: when its fact is missing, that is a warning."""


def judge(
    kind: Kind,
    examination: Examination,
    checks: Sequence[Check],
    sha256: str = "",
    known: Mapping[str, str] = _NOBODY,
) -> tuple[Verdict, ...]:
    """The gate, whether the content is something known, the plan's checks, the open default bounds, then the judge.

    `kind` is what was declared; what decides is the kind of the content. When the gate refuses, it alone answers.
    `known` says what content with a certain sha256 is, in words that follow "this is", such as "the file that the
    step was given": a result that is the same byte for byte is a fail, and `sha256` is the result's own.
    """
    if not examination.gate.passed:
        return (examination.gate,)
    figures = _figures(examination)
    verdicts = [examination.gate, *_recognised(figures, sha256, known)]
    verdicts += [
        _planned(check, kind, examination.kind, figures) for check in checks if not isinstance(check, JudgeCheck)
    ]
    defaults: dict[str, list[Bound]] = {}
    for bound in _left_open(figures["kinds"], checks):
        defaults.setdefault(bound.check, []).append(bound)
    verdicts += [_verdict(name, bounds, figures) for name, bounds in defaults.items()]
    # A model's time is spent only on what has passed everything that costs nothing.
    sound = passed(verdicts)
    return (*verdicts, *(_asked_nobody(check, sound) for check in checks if isinstance(check, JudgeCheck)))


def passed(verdicts: Sequence[Verdict]) -> bool:
    """No fail and nothing unknown. A check of severity `warn` gives neither: it warns."""
    return all(verdict.passed for verdict in verdicts)


def _recognised(figures: dict[str, Any], sha256: str, known: Mapping[str, str]) -> Iterator[Verdict]:
    if sha256 in known and figures.get("bytes", 0) >= TELLING:
        reason = f"this is {known[sha256]}, byte for byte; the Space did not work on what it was given"
        yield Verdict(check="known", status="fail", reason=reason)


def _asked_nobody(check: JudgeCheck, sound: bool) -> Verdict:
    why = "no model is configured to answer" if sound else "not asked, because something before it failed"
    return Verdict(
        check="judge", status="unknown" if check.severity == "error" else "warn", reason=f"{why}: {check.question}"
    )


def _planned(check: Check, declared: str, kind: str, figures: dict[str, Any]) -> Verdict:
    no_splats = check.check == "splat" and "splat" not in figures["kinds"]
    if no_splats or (check.check != "file" and kind not in FITS[check.check]):
        content = "a mesh" if no_splats and "mesh" in figures["kinds"] else kind
        reason = f"a check of {check.check} does not fit: declared {declared}, the content is {content}"
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
        if wanted is True and row.relation == "false":
            continue
        if wanted == "loads" and row.relation == "spec":
            continue
        yield Bound(check.check, row, wanted, check.severity, asked=wanted != fields[row.key].default)


def _left_open(names: Sequence[str], checks: Sequence[Check]) -> Iterator[Bound]:
    stated = {
        (check.check, bound.row.key)
        for check in checks
        for bound in _bounds(check)
        if check.severity == "error" or bound.asked
    }
    for name, key, wanted, severity in (default for kind in names for default in DEFAULTS.get(kind, ())):
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
    if row.relation == "answered":
        return _answered(bound, measured, strict=strict)
    met, wanted = _RELATIONS[row.relation](measured, bound.wanted)
    if met is None:
        return ("unknown" if strict else "warn"), f"{place}: wanted {wanted}, only the beginning was looked at"
    if met:
        return "pass", f"{place}: {wanted}, measured {_shown(measured)}"
    return ("fail" if strict else "warn"), f"{place}: wanted {wanted}, measured {_shown(measured)}; {row.hint}"


def _answered(bound: Bound, answers: Mapping[str, Answer], *, strict: bool) -> tuple[Status, str]:
    question = Question(bound.row.key, bound.wanted)
    answer = answers.get(question.name) or Answer(status="unknown", reason="nobody looked for it")
    text = f"{bound.check}.{bound.row.key}: {answer.reason}"
    if answer.status == "pass":
        return "pass", text
    return (answer.status if strict else "warn"), f"{text}; {bound.row.hint}"


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
    facts["answers"] = examination.answers
    if isinstance(examination.content, str):
        facts["text"] = (examination.content, facts.get("characters", 0) > len(examination.content))
    if isinstance(examination.content, list):
        whole = facts.get("columns" if examination.kind == "table" else "keys", 0)
        facts["names"] = (examination.content, whole > len(examination.content))
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
    "heard": lambda measured, _: (measured >= QUIET, f">= {QUIET:g}"),
    "is": lambda measured, wanted: (wanted in measured, wanted),
    "near": _near,
    "spec": lambda measured, _: (measured is True, "no error against its format's rules"),
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
