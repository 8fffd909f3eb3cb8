"""The card's own way to use the model: the first Python that loads it, or a command that runs it."""

import re
import textwrap

from tools.cards.document import Document, Fence

LONGEST = 20_000

_LOADS = re.compile(
    r"\.from_pretrained\(|\bpipeline\(|\bload_model\(|\.load\(|\bSentenceTransformer\(|\bCrossEncoder\(|\bcreate_model\("
    r"|hf_hub_download\(|snapshot_download\(|load_from_hub\(|from_pretrained_keras\(|\.from_hparams\(|from_hub\("
    r"|\bload_checkpoint\w*\(|torch\.load\(|\bbuild_model\(|\bInferenceSession\(|\bLlama\(|\bWhisperModel\(|\bfrom_hf_hub\("
    r"|\bYOLO\(|\bLLM\(|\bload_learner\(|\bstanza\.Pipeline\(|load_state_dict\("
)
_PYTHON = re.compile(r"^\s*(?:>>>\s*)?(?:import \w|from [\w.]+ import )", re.MULTILINE)
_COMMAND = re.compile(r"^\s*[$!]?\s*(?:python3?|torchrun|accelerate launch|\w+-cli)\s+\S+", re.MULTILINE)


def usage(document: Document) -> Fence | None:
    """The first Python that loads the model, without the prompts of an interactive session."""
    python = (fence for fence in document.fences if loads(fence))
    if found := next(python, None):
        return Fence(found.language, found.line, _unprompted(found.code)[:LONGEST])
    return _unfenced(document)


def loads(fence: Fence) -> bool:
    spoken = fence.language in ("", "python", "py", "python3", "ipython", "pycon", "jupyter")
    return spoken and bool(_LOADS.search(fence.code)) and _looks_python(fence)


def command(document: Document) -> Fence | None:
    """The first block with a command that runs a program of the model's."""
    return next((fence for fence in document.fences if _COMMAND.search(fence.code)), None)


def _looks_python(fence: Fence) -> bool:
    return fence.language.startswith("py") or bool(_PYTHON.search(fence.code)) or "=" in fence.code


def _unfenced(document: Document) -> Fence | None:
    """Code that stands in the prose: from its first import to the first blank line after the model is loaded."""
    lines = document.prose
    for at, (number, line) in enumerate(lines):
        if not _PYTHON.match(line):
            continue
        block: list[str] = []
        for _, code in lines[at : at + 80]:
            if not code.strip() and _LOADS.search("\n".join(block)):
                break
            block.append(code)
        if _LOADS.search("\n".join(block)):
            return Fence("", number, _unprompted("\n".join(block)).strip()[:LONGEST])
        return None
    return None


def _unprompted(code: str) -> str:
    return textwrap.dedent(re.sub(r"(?m)^\s*(?:>>>|\.\.\.) ?", "", code) if ">>>" in code else code).strip("\n")
