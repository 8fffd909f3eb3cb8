"""The licence that the card states, as the Hub writes licences."""

import re

from core.factory import Evidence
from tools.cards.document import Document
from tools.cards.source import Source

_STATED = re.compile(
    r"licen[cs]e[*_`\s]{0,6}[:|][*_`\s]{0,6}\[?([A-Za-z][\w.+ -]{1,40})"
    r"|(?:released|licensed|distributed|available) under (?:the |an? )?\[?([A-Za-z][\w.+ -]{1,40}?)\]?(?:\([^)]*\))?"
    r" licen[cs]e",
    re.IGNORECASE,
)
_SPOKEN = (
    ("creativeml-openrail-m", r"creativeml[ -]open ?rail"),
    ("apache-2.0", r"apache"),
    ("mit", r"mit\b"),
    ("agpl-3.0", r"agpl|affero"),
    ("lgpl-3.0", r"lgpl"),
    ("gpl-3.0", r"gpl|gnu general"),
    ("bsd-3-clause", r"bsd"),
    ("cc-by-nc-sa-4.0", r"cc[ -]by[ -]nc[ -]sa"),
    ("cc-by-nc-nd-4.0", r"cc[ -]by[ -]nc[ -]nd"),
    ("cc-by-nc-4.0", r"cc[ -]by[ -]nc"),
    ("cc-by-sa-4.0", r"cc[ -]by[ -]sa"),
    ("cc-by-4.0", r"cc[ -]by"),
    ("cc0-1.0", r"cc0"),
    ("unlicense", r"unlicense"),
)
_VERSIONLESS = re.compile(r"[^a-z0-9.]+")


def licence_of(source: Source) -> tuple[str, Evidence] | None:
    """Stated in the front matter, else tagged on the Hub, else claimed in the prose. None where nobody says."""
    document = source.document
    for key in ("license", "licence", "licenses"):
        for name in document.stated(key):
            named = document.stated("license_name") if name.lower() == "other" else ()
            return _plain((named or (name,))[0]), document.evidence(document.line_of(key))
    for tag in source.tags:
        if tag.startswith("license:"):
            return tag.removeprefix("license:")[:100], Evidence(where="hub", text=tag[:300])
    return _claimed(document)


def _plain(name: str) -> str:
    return "-".join(name.split()).lower()[:100]


def _claimed(document: Document) -> tuple[str, Evidence] | None:
    for number, line in document.prose_with("licen"):
        for found in _STATED.finditer(line):
            said = (found.group(1) or found.group(2)).lower()
            name = next((name for name, pattern in _SPOKEN if re.match(pattern, said)), None)
            if name:
                return name, document.evidence(number)
    return None
