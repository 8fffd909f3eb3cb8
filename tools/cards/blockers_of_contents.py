"""Blockers of the repository itself: parts that lie elsewhere, and nothing to go by."""

import re

from core.factory import Blocker, Evidence
from tools.cards.memory import WEIGHTS
from tools.cards.reading import Reading

_ELSEWHERE = (
    "published separately",
    "downloaded separately",
    "download separately",
    "released separately",
    "provided separately",
    "distributed separately",
    "available separately",
    "installed separately",
    "separate download",
    "in separate repositories",
    "are not included in this repo",
    "is not included in this repo",
    "not included in this repository",
    "not part of this repo",
    "does not include the base",
    "does not include the vae",
    "does not include the text encoder",
    "does not contain the base",
    "does not contain the vae",
    "does not contain the weights",
    "does not include the weights",
    "delta weights",
    "xor weights",
    "apply the delta",
    "merge with the base",
    "not bundled with",
    "only contains the transformer",
    "only contains the unet",
)
_NAME_IT = "name the model that the adapter was trained on"
_ADAPTER = re.compile(
    r"(?:^|-)(?:lora|qlora|adapter|adapters|locon|lycoris|loha|dora|textual[-_ ]inversion)(?:$|-)", re.IGNORECASE
)
_CODE_ELSEWHERE = re.compile(r"github\.com/[\w.-]+/[\w.-]+", re.IGNORECASE)
_INSTRUCTIONS = re.compile(r"\busage\b|how to use|instructions|\binference\b|\bcode\b|repository", re.IGNORECASE)


def missing_base_model(reading: Reading) -> Blocker | None:
    """An adapter without the name of what it adapts, or parts that the card says are somewhere else."""
    document = reading.source.document
    for tag in (reading.library or "", *document.stated("tags")):
        if _ADAPTER.search(tag.strip()) or tag == "peft":
            loaded = reading.usage is not None and reading.usage.code.count("from_pretrained(") > 0
            if reading.base_model is None and not loaded:
                tagged = tag in document.stated("tags")
                where = document.evidence(document.line_of("tags", tag)) if tagged else _files(reading)
                return Blocker(kind="missing_base_model", evidence=where, remedy=_NAME_IT)
    if not reading.unaided:
        return None
    line = next((at for phrase in _ELSEWHERE if (at := document.rest.find(phrase)) is not None), None)
    if line is None:
        return None
    return Blocker(
        kind="missing_base_model",
        evidence=document.evidence(line),
        remedy="load the other parts from the repositories that the card links",
    )


def remote_code(reading: Reading) -> Blocker | None:
    """The classes that load the model come from yet another repository."""
    mapped = reading.source.config.get("auto_map")
    for name in mapped.values() if isinstance(mapped, dict) else ():
        if isinstance(name, str) and "--" in name and name.partition("--")[0] != reading.source.model:
            return Blocker(
                kind="remote_code",
                evidence=Evidence(where="config.json", text=f"auto_map: {name}"[:300]),
                remedy="read that code and fix its revision before anything runs it",
            )
    return None


def insufficient_information(reading: Reading) -> Blocker | None:
    """Neither a library nor code to load it with, or weights that nobody says the purpose of."""
    source, document = reading.source, reading.source.document
    if source.files is not None and not any(path.endswith(WEIGHTS) for path in source.paths):
        evidence = Evidence(
            where="files", text=f"no weights among {len(source.paths)} files: {', '.join(source.paths)}"[:300]
        )
        return Blocker(kind="insufficient_information", evidence=evidence, remedy="use a repository that holds weights")
    if (reading.library or reading.usage or reading.command) and (reading.task or reading.usage):
        return None
    for number, line in document.prose_with("github.com"):
        if _CODE_ELSEWHERE.search(line) and _INSTRUCTIONS.search(line):
            return Blocker(
                kind="insufficient_information",
                evidence=document.evidence(number),
                remedy="its code is in that other repository: bring it into the Space, with wheels for what it "
                "compiles for CUDA, or duplicate a Space that runs it already",
            )
    lacks = "a task" if not reading.task else "a library or code that loads it"
    evidence = Evidence(where="README.md:1", text=f"{_length(reading)}; nothing tells {lacks}"[:300])
    return Blocker(
        kind="insufficient_information",
        evidence=evidence,
        remedy="say which task the model does and which library loads it, or ask whoever made it",
    )


def _length(reading: Reading) -> str:
    words = sum(len(line.split()) for _, line in reading.source.document.prose)
    return f"the card has {words} words of its own" if reading.source.card else "there is no card"


def _files(reading: Reading) -> Evidence:
    return Evidence(where="files", text=", ".join(reading.source.paths)[:300])
