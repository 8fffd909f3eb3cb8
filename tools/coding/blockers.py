"""What keeps a Space from being made: by the facts, before anything is spent, and by the coding agent's own word."""

import re
from typing import get_args

from core.errors import InformationMissing, TechnicalBlocker
from core.factory import Blocker, BlockerKind, CardFacts, Evidence
from core.signals import flat
from tools.compile_recipe import HARMLESS

FILE = "BLOCKERS.md"
SOLVABLE = frozenset({"custom_cuda", "non_pytorch_runtime"})
"""Blockers that code can go around where somebody writes it: PyTorch's own attention for a flash-attn kernel, a
runtime's prebuilt wheel for GGUF or ONNX. The others need a machine, an account or a file that no code makes."""

KINDS: tuple[BlockerKind, ...] = get_args(BlockerKind)
MOST = 12
LONGEST = 300
_LINE = re.compile(r"^\s*(?:[-*]|\d+[.)])?\s*[`*]*(\w+)[`*]*\s*:\s*(.+)$")


def refuse(facts: CardFacts, with_model: bool) -> None:
    """Raises InformationMissing or TechnicalBlocker when neither a recipe nor, `with_model`, code could help."""
    kinds = {blocker.kind for blocker in facts.blockers}
    if facts.model is None or "insufficient_information" in kinds:
        raise InformationMissing(f"{_name(facts)}: {_reasons(facts, kinds) or 'its id on the Hub is not known'}")
    hard = kinds - HARMLESS - (SOLVABLE if with_model else frozenset())
    if facts.hardware == "multi-gpu":
        hard |= {"multi_gpu"}
    if hard:
        raise blocked(facts.model, tuple(one for one in facts.blockers if one.kind in hard), needs=facts.hardware)
    if not with_model and "remote_code" in kinds and facts.library != "numpy":
        raise blocked(facts.model, tuple(one for one in facts.blockers if one.kind == "remote_code"))


def blocked(model: str, blockers: tuple[Blocker, ...], needs: str = "", said_by: str = "") -> TechnicalBlocker:
    """The failure that names them all, each with its remedy."""
    told = "; ".join(_told(one) for one in blockers) or f"it needs {needs}"
    return TechnicalBlocker(f"no Space can be made for {model}{said_by}: {told}")


def read_blockers(text: str) -> tuple[tuple[Blocker, ...], tuple[str, ...]]:
    """What a BLOCKERS.md says: lines of a known kind, and the words of the others."""
    found: list[Blocker] = []
    others: list[str] = []
    for line in text.splitlines()[: 10 * MOST]:
        plain = flat(line, 2 * LONGEST).strip()
        if not plain or plain.startswith(("#", "```", "---")):
            continue
        named = _LINE.match(plain)
        kind = next((one for one in KINDS if named and one == named[1].lower()), None)
        if named and kind:
            found.append(_blocker(kind, named[2]))
        else:
            others.append(plain.lstrip("-* "))
    return tuple(found[:MOST]), tuple(others[:MOST])


def unnamed(words: tuple[str, ...]) -> tuple[Blocker, ...]:
    """Reasons of no known kind, where they are all there is."""
    return tuple(_blocker("insufficient_information", one) for one in words)


def _blocker(kind: BlockerKind, words: str) -> Blocker:
    reason, _, remedy = words.partition("|")
    evidence = Evidence(where=FILE, text=flat(reason.strip(), LONGEST))
    return Blocker(kind=kind, evidence=evidence, remedy=flat(remedy.strip(), LONGEST))


def _told(blocker: Blocker) -> str:
    remedy = f", what would help: {blocker.remedy}" if blocker.remedy else ""
    return f"{blocker.kind.replace('_', ' ')} ({blocker.evidence.where}: {flat(blocker.evidence.text, 160)}{remedy})"


def _reasons(facts: CardFacts, kinds: set[BlockerKind]) -> str:
    return "; ".join(_told(one) for one in facts.blockers if one.kind == "insufficient_information")


def _name(facts: CardFacts) -> str:
    return f"too little is known of {facts.model or 'the model'} to make a Space for it"
