"""Blockers that are somebody's yes: a gate on the model, a key for somebody's service."""

import re

from core.factory import Blocker, Evidence
from tools.cards.reading import Reading

_KEY_NAME = re.compile(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*?)_API_(?:KEY|TOKEN)\b")
_OURS = re.compile(
    r"^(?:YOUR|MY|THE|HF|HUGGINGFACE|HUGGING_FACE|HUGGINGFACEHUB|WANDB|KAGGLE|COMET|NEPTUNE|YOUR_HF)(?:_|$)"
)
"""Keys that a reader replaces by their own token for the Hub, and keys for watching a training."""

_NEEDED = re.compile(
    r"(?:requires?|needs?|must (?:have|provide|set)|you(?:'ll| will)? need|set (?:up )?your|get (?:an?|your)"
    r"|obtain (?:an?|your))"
    r"[^.\n]{0,60}\bapi[ -]keys?\b",
    re.IGNORECASE,
)
_HUB_ITSELF = re.compile(
    r"hugging ?face|hf_|api-inference|inference (?:api|endpoint|provider)|wandb|optional", re.IGNORECASE
)
_CLIENT = re.compile(
    r"^\s*(?:from|import)\s+(?:openai|anthropic|cohere|replicate|google\.generativeai|elevenlabs|serpapi|mistralai)\b",
    re.MULTILINE,
)
_OWN_SERVER = re.compile(r"localhost|127\.0\.0\.1|0\.0\.0\.0|[\"']EMPTY[\"']|vllm|sglang|ollama", re.IGNORECASE)


def gated(reading: Reading) -> Blocker | None:
    """The Hub's word counts. Without it, a card that asks to agree *and* for particulars has a gate that was meant."""
    source = reading.source
    evidence: Evidence | None = None
    if source.gated:
        evidence = Evidence(where="hub", text="gated: access is granted on the model's page")
    elif source.gated is None:
        document = source.document
        keys = [key for key in document.values if key.startswith("extra_gated_")]
        if {"extra_gated_prompt", "extra_gated_fields"} <= set(keys):
            evidence = document.evidence(
                document.line_of("extra_gated_prompt"), "extra_gated_prompt, extra_gated_fields"
            )
    if evidence is None:
        return None
    remedy = (
        "ask for access on the model's page, and give the Space a token of somebody who has it as the secret HF_TOKEN"
    )
    return Blocker(kind="gated", evidence=evidence, remedy=remedy)


def external_api_key(reading: Reading) -> Blocker | None:
    """A key for another service than the Hub, without which the model's own code does not run."""
    document = reading.source.document
    for number, line in document.lines_with("api"):
        if _HUB_ITSELF.search(line):
            continue
        if _NEEDED.search(line):
            return _key(document.evidence(number))
        named = [name for name in _KEY_NAME.findall(line) if not _OURS.match(name)]
        if named and reading.unaided:
            return _key(document.evidence(number))
    for fence in document.fences:
        client = _CLIENT.search(fence.code)
        around = f"{fence.code}\n{document.code}"
        if client and reading.unaided and not _OWN_SERVER.search(around):
            return _key(document.evidence(fence.line + fence.code.count("\n", 0, client.start(0))))
        named = [name for name in _KEY_NAME.findall(fence.code) if not _OURS.match(name)]
        if named and reading.usage is not None and fence.line == reading.usage.line:
            return _key(document.evidence(fence.line, ", ".join(f"{name}_API_KEY" for name in named)))
    return None


def _key(evidence: Evidence) -> Blocker:
    return Blocker(
        kind="external_api_key",
        evidence=evidence,
        remedy="give the Space a key for that service as a secret, or leave out the part that needs it",
    )
