"""The commands of the Space factory: `card` tells what a model is and what keeps a Space from being made for it."""

import asyncio
from pathlib import Path

from core.errors import InputsRefused
from core.factory import CardFacts
from core.settings import Settings
from window.terminal import clean

UNKNOWN = "unknown"

LARGEST = 2_000_000
"""Bytes of a card on disk that are read."""

_SHOWN = ("task", "library", "license", "gated", "base_model", "parameters", "memory_gb", "hardware")


def card(settings: Settings, target: str, *, as_json: bool) -> int:
    """Exit code 0 when there were facts to tell, 1 when neither task, library nor licence is known, 2 unreadable."""
    from tools.cards.analysis import analyse
    from tools.cards.source import Source

    path = Path(target)
    if path.is_file():
        facts = analyse(Source(card=_read(path)))
    elif path.suffix.lower() in (".md", ".markdown", ".txt"):
        raise InputsRefused(f"there is no file {target}; give a card on disk, or a model's id like owner/name")
    else:
        facts = _from_the_hub(settings, target)
    print(facts.model_dump_json() if as_json else "\n".join(_told(facts, path.name)))
    return 0 if facts.task or facts.library or facts.license else 1


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        raise InputsRefused(f"cannot read {path}: {error.strerror}") from error


def _from_the_hub(settings: Settings, model: str) -> CardFacts:
    from agents.card_analyst import CardAnalyst
    from core.hub import Hub
    from planners.workshop import hub_address

    with hub_address(settings) as at:
        return asyncio.run(CardAnalyst(Hub(str(at.endpoint), at.token)).facts(model))


def _told(facts: CardFacts, name: str) -> list[str]:
    """A table of what, how and where; then what stands in the way."""
    at = f" at {facts.revision[:12]}" if facts.revision else ""
    rows = [(field, _value(facts, field), _where(facts, field)) for field in _SHOWN]
    rows.append(("files", f"{len(facts.files)}" if facts.files else UNKNOWN, ""))
    snippet = f"{len(facts.usage.splitlines())} lines" if facts.usage else UNKNOWN
    rows.append(("usage", snippet, _where(facts, "usage")))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [clean(f"{facts.model or name}{at}")]
    lines += [f"  {what:{widths[0]}}  {value:{widths[1]}}  {where}".rstrip() for what, value, where in rows]
    for blocker in facts.blockers:
        lines.append(f"blocked: {blocker.kind} ({_line(blocker.evidence.where)}: {_line(blocker.evidence.text)})")
        if blocker.remedy:
            lines.append(f"  what would help: {_line(blocker.remedy, 400)}")
    return lines if facts.blockers else [*lines, "nothing known stands in the way of a Space"]


def _value(facts: CardFacts, field: str) -> str:
    value = getattr(facts, field)
    if value is None:
        return UNKNOWN
    match field:
        case "task":
            return f"{value} ({facts.confidence:.0%} sure)"
        case "gated":
            return "yes" if value else "no"
        case "parameters":
            return f"{value:,}"
        case "memory_gb":
            return f"{value:g} GB"
    return _line(str(value))


def _where(facts: CardFacts, field: str) -> str:
    evidence = facts.evidence.get(field)
    return f"{evidence.where}: {_line(evidence.text, 70)}" if evidence else ""


def _line(text: str, most: int = 100) -> str:
    """Foreign words on one line."""
    plain = " ".join(clean(text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
