"""Measures text: how much there is, whether it is a refusal, whether it tries to give orders.

The light for refusals is a regular expression over the opening: 81 % of 983 human-labelled full refusals, 3.4 % false
alarms (XSTest); a model that refuses in prose passes.
"""

import re

from tools.checks.finding import Finding, Unsound
from tools.checks.writing.injection import gives_orders, takes_over
from tools.checks.writing.words import words

SEARCHED = 64_000
"""Characters that `contains` can see."""

LONGEST = 20_000_000

_OPENING = 200
"""Characters in which a refusal shows itself."""

_CANNOT = r"(?:can't|cannot|can not|can no|(?:am|'m) (?:unable|not able)|won't|will not|must decline)"

_LIKELY = re.compile(
    rf"\b(?:I'm|I am) (?:(?:really|very|so) )?sorry\b|^\W*sorry,|\bI {_CANNOT}\b|\bI'm (?:unable|not able)\b"
    r"|\bI apologi[sz]e\b|\bas an AI\b|\bunfortunately, I (?:can|am)\b",
    re.I,
)

_PLAIN = re.compile(
    r"\W*(?:(?:I'm|I am) (?:(?:really|very|so) )?sorry[^.!?]{0,80}?|sorry|I apologi[sz]e[^.!?]{0,80}?"
    r"|unfortunately)?"
    rf"[\s,;.:]*(?:but )?(?:as an AI[^.,!?]{{0,60}},? ?)?I ?{_CANNOT}(?: to)?"
    r" (?:\w+ ){0,2}?(?:provide|help|assist|fulfil|fulfill|satisfy|comply|create|generate|write|do that|do this"
    r"|answer|give|support|engage|continue|discuss|offer|produce|complete|process|draw|make)\b",
    re.I,
)
"""The text begins by saying that it will not do what was asked."""


LONGEST_FAILURE = 4_000

_FAILURE = re.compile(
    r"\s*(?:Traceback \(most recent call last\):|[A-Za-z_.]{0,60}(?:Error|Exception): [^\n]{0,300}\s*\Z)"
)
"""The text is what a program says when it breaks: a traceback, or one line that names an exception."""


def measure_text_file(data: bytes) -> Finding:
    """Raises Unsound for what is not UTF-8 text."""
    if len(data) > LONGEST:
        raise Unsound("limits", f"{len(data)} bytes of text, at most {LONGEST}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unsound("encoding", f"not UTF-8: byte {error.start} is 0x{data[error.start]:02x}") from error
    return measure_text(text)


def measure_text(text: str) -> Finding:
    """Facts of text that is in memory. Raises Unsound when there is none, or a NUL in it."""
    if "\0" in text:
        raise Unsound("type_mismatch", "a NUL character: this is not text")
    if not text or text.isspace():
        raise Unsound("empty", "there is no text")
    opening = text[:_OPENING].replace("\u2019", "'")
    finding = Finding(content=text[:SEARCHED].encode("utf-8", "replace").decode())
    finding.facts = {
        "words": words(text),
        "characters": len(text),
        "lines": text.count("\n") + 1,
        "refusal": bool(_LIKELY.search(opening) or _PLAIN.match(opening)),
        "refusal_plain": bool(_PLAIN.match(opening)),
        "failure": bool(_FAILURE.match(text[:LONGEST_FAILURE])),
        "injection": gives_orders(text),
    }
    if takes_over(text):
        raise Unsound("injection", "it is written to give a language model a new role and new rules")
    if finding.facts["injection"]:
        finding.warn("injection", "it speaks like orders to a language model; keep it quoted")
    return finding
