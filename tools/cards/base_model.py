"""The model that this one was made from, as a name on the Hub."""

import re

from core.factory import Evidence
from tools.cards.source import Source

_ID = re.compile(r"^[\w][\w.-]{0,95}(?:/[\w][\w.-]{0,95})?$")
_MADE_FROM = re.compile(
    r"(?:fine-?tuned?|adapted|distilled|quanti[sz]ed|converted)[^\n.\[]{0,60}?(?:version|from|of|on)[^\n\[]{0,30}"
    r"\[[^\]\n]{1,120}\]\(https://huggingface\.co/([\w.-]+(?:/[\w.-]+)?)\)",
    re.IGNORECASE,
)
_NOT_MODELS = ("datasets/", "spaces/", "docs", "blog", "papers")


def base_model_of(source: Source) -> tuple[str, Evidence] | None:
    """Stated in the front matter, in the adapter's settings, or by a link in the prose."""
    document = source.document
    for key in ("base_model", "base_models"):
        for name in document.stated(key)[:1]:
            if found := resolved(name):
                return found, document.evidence(document.line_of(key, name))
    named = source.adapter.get("base_model_name_or_path")
    if isinstance(named, str) and (found := resolved(named)):
        return found, Evidence(where="adapter_config.json", text=f"base_model_name_or_path: {named}"[:300])
    for number, line in document.prose_with("](https://huggingface.co/"):
        told = _MADE_FROM.search(line)
        if told and not told.group(1).startswith(_NOT_MODELS):
            return told.group(1), document.evidence(number)
    return None


def resolved(name: str) -> str | None:
    """A folder on somebody's disk is the model of the same last two names."""
    name = name.strip().rstrip("/").removeprefix("https://huggingface.co/")
    if name.startswith(("/", "./", "../", "~")) or name.count("/") > 1:
        name = "/".join(name.split("/")[-2:])
    return name if _ID.match(name) and name.lower() not in ("none", "null") else None
