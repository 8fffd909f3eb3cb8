"""What makes the files of a coding agent unbelievable, beside the rules that every Space has to obey.

Read from the text alone. Whoever hides a hosted model well gets through here; the calls of the running Space are for
those.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from core.factory import CardFacts, Finding
from core.redact import redact
from tools.coding.workspace_files import doubt, numbered

HOSTED = frozenset({
    "openai", "anthropic", "replicate", "gradio_client", "cohere", "mistralai", "groq", "litellm", "together",
    "google.generativeai", "google.genai", "fal_client", "boto3",
})  # fmt: skip
"""Packages that ask somebody else's machine."""
HOSTED_NAMES = frozenset({"InferenceClient", "AsyncInferenceClient", "InferenceApi"})
HOSTED_PLACES = re.compile(
    r"api-inference\.huggingface\.co|router\.huggingface\.co|inference-api\.|\.endpoints\.huggingface\.cloud"
    r"|api\.(openai|anthropic|replicate|cohere|together|groq|mistral|deepseek)\.|\.hf\.space\b",
    re.IGNORECASE,
)
WHEELS = frozenset({"github.com", "huggingface.co", "download.pytorch.org", "files.pythonhosted.org"})
"""Hosts from which a requirement may be had by its address."""
OPTION = re.compile(r"^\s*-")
ADDRESS = re.compile(r"(?:git\+)?(?:https?|ssh|file)://\S+", re.IGNORECASE)


def suspicions(files: Mapping[str, str], before: Mapping[str, str], facts: CardFacts) -> tuple[Finding, ...]:
    """What is not believed of the files. Lines that stood there before are not held against the agent."""
    return (
        *_app(files, before, facts),
        *_secrets(files, before),
        *_hosted(files, before, facts),
        *_requirements(files.get("requirements.txt", ""), before.get("requirements.txt", "")),
    )


def _app(files: Mapping[str, str], before: Mapping[str, str], facts: CardFacts) -> Iterator[Finding]:
    if not any(path.endswith(".py") for path in files):
        yield doubt("app.py", "it was not written", "write it")
    elif facts.model and not _names(files, facts.model) and (_names(before, facts.model) or not before):
        yield doubt("app.py", f"{facts.model} is named nowhere", f'write MODEL = "{facts.model}" and load that')


def _names(files: Mapping[str, str], model: str) -> bool:
    return any(model in text for path, text in files.items() if path.endswith(".py"))


def _secrets(files: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Finding]:
    for path, text in files.items():
        known = set(before.get(path, "").split("\n"))
        for number, line in numbered(text):
            if line not in known and redact(line) != line:
                words = "what stands here looks like a secret, or like the place for one"
                yield doubt(path, words, "take it out; huggingface_hub finds its token by itself", number)


def _hosted(files: Mapping[str, str], before: Mapping[str, str], facts: CardFacts) -> Iterator[Finding]:
    for path, text in files.items():
        if not path.endswith(".py"):
            continue
        known = set(before.get(path, "").split("\n"))
        lines = text.split("\n")
        for number in sorted(_calling(text) | _naming(text)):
            if lines[number - 1] not in known:
                words = "somebody else's machine is asked in place of the model"
                yield doubt(path, words, f"load {facts.model} and let it compute here", number)


def _calling(text: str) -> set[int]:
    """Lines that import a hosted model's client, or load another app as one's own."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.lineno for node in ast.walk(tree) if _asks(node) and isinstance(node, ast.expr | ast.stmt)}


def _asks(node: ast.AST) -> bool:
    match node:
        case ast.Import():
            return any(_is_hosted(alias.name) for alias in node.names)
        case ast.ImportFrom():
            return _is_hosted(node.module or "") or any(alias.name in HOSTED_NAMES for alias in node.names)
        case ast.Attribute():
            loads = isinstance(node.value, ast.Name) and node.value.id in ("gr", "gradio") and node.attr == "load"
            return loads or node.attr in HOSTED_NAMES
    return False


def _is_hosted(module: str) -> bool:
    return module in HOSTED or module.split(".")[0] in HOSTED


def _naming(text: str) -> set[int]:
    return {number for number, line in numbered(text) if HOSTED_PLACES.search(line)}


def _requirements(text: str, before: str) -> Iterator[Finding]:
    known = set(before.split("\n"))
    for number, line in numbered(text):
        if line in known:
            continue
        if OPTION.match(line) and not line.strip().startswith("--extra-index-url https://download.pytorch.org/"):
            yield doubt("requirements.txt", "an option of pip's is no requirement", "name packages only", number)
        for address in ADDRESS.findall(line):
            if (urlsplit(address.removeprefix("git+")).hostname or "") not in WHEELS:
                words = "a package comes from a place that nobody vouches for"
                yield doubt("requirements.txt", words, "name a package of the index", number)
