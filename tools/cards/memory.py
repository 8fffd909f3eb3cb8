"""How many weights, how much memory they want, and on what hardware that is found."""

import re
from typing import NamedTuple

from core.factory import Evidence, Need
from tools.cards.document import Document
from tools.cards.source import Source

BITS = {
    "F64": 64, "I64": 64, "U64": 64, "F32": 32, "I32": 32, "U32": 32, "F16": 16, "BF16": 16, "I16": 16, "U16": 16,
    "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "I8": 8, "U8": 8, "BOOL": 8, "F4": 4, "I4": 4, "U4": 4,
}  # fmt: skip
"""Of the types in safetensors headers."""

ROOM = 1.2
"""Of the weights themselves: a fifth more to work in."""

WEIGHTS = (
    ".safetensors",
    ".bin",
    ".pt",
    ".pth",
    ".ckpt",
    ".h5",
    ".msgpack",
    ".onnx",
    ".gguf",
    ".keras",
    ".pkl",
    ".joblib",
)
"""Ends of weight files, the preferred first: a repository often holds the same weights several times."""

_NOT_WEIGHTS = re.compile(r"(?:^|/)(?:training_args|optimizer|scheduler|rng_state|scaler|events)[^/]*$|checkpoint-\d+/")

LARGE, XLARGE = 48.0, 96.0
"""GB of ZeroGPU's two sizes."""

SMALL = 1.0
"""GB up to which a model answers on two processors in a time people wait."""

ON_CPU = frozenset(
    {"sklearn", "numpy", "onnx", "fasttext", "xgboost", "joblib", "spacy", "stable-baselines3", "ml-agents"}
)
NOT_PYTORCH = frozenset({"keras", "tf", "jax", "flax", "tensorflowtts", "paddlenlp"})
"""ZeroGPU lends its GPU to PyTorch only."""

_COUNT = re.compile(
    r"(?<![\w.])(\d{1,4}(?:[.,]\d{1,3})?)\s*-?(k|m|b|t|million|billion|trillion)(?:\b|(?=_))", re.IGNORECASE
)
_SCALE = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_IN_MILLIONS = re.compile(r"param\w*\W{0,4}\((m|b)\)\W{0,6}(\d{1,4}(?:\.\d+)?)", re.IGNORECASE)
_IN_FULL = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{4,12})\s+(?:trainable\s+)?param", re.IGNORECASE)
_PER_EXPERT = re.compile(r"(?<!\w)(\d{1,3})x(\d{1,3}(?:\.\d)?)b\b", re.IGNORECASE)
_GIGABYTES = re.compile(r"(\d{1,4}(?:\.\d+)?)\s?(?:gb|gib|g)\b", re.IGNORECASE)
_MEMORY = re.compile(r"v?ram\b|gpu memory|gpu peak memory|memory", re.IGNORECASE)
_WANTED = re.compile(r"minimum|at least|requir|need", re.IGNORECASE)
_TRAINED = re.compile(r"\btrain|fine-?tun|dataset|disk|corpus", re.IGNORECASE)
_BITS_IN_NAME = ((r"(?:int|w|q|nf|fp)?4(?:bit|-bit|b?)?\b|awq|gptq|q4|w4a", 4), (r"int8|8bit|8-bit|fp8|q8", 8))


class Size(NamedTuple):
    parameters: int | None = None
    gigabytes: float | None = None
    parameters_evidence: Evidence | None = None
    memory_evidence: Evidence | None = None


def size_of(source: Source) -> Size:
    """From the headers of the weights, else from their files, else from what card and name say."""
    if source.parameters:
        return _from_headers(source.parameters)
    count, evidence = _counted(source)
    if found := _from_files(source):
        return Size(count, *_rounded(found[0]), evidence, found[1])
    if found := _wanted(source.document):
        return Size(count, round(found[0], 3), evidence, found[1])
    if count is None or evidence is None:
        return Size()
    bits = _bits(source)
    guess = Evidence(
        where=evidence.where, text=f"estimated: {count:,} parameters at {bits} bits, from: {evidence.text}"[:300]
    )
    return Size(count, *_rounded(count * bits / 8), evidence, guess)


def need_of(gigabytes: float | None, library: str | None, runs_on_gpu: bool = False) -> Need:
    """What holds that much. `runs_on_gpu` is for tasks that take minutes without one, however small the model."""
    if library in ON_CPU:
        return "cpu"
    if gigabytes is None:
        return "unknown"
    if gigabytes <= SMALL and not runs_on_gpu:
        return "cpu"
    if gigabytes > XLARGE:
        return "multi-gpu"
    if library in NOT_PYTORCH:
        return "gpu"
    return "zero-gpu" if gigabytes <= LARGE else "zero-gpu-xlarge"


def _rounded(size: float) -> tuple[float]:
    """GB with room to work in, of bytes."""
    gigabytes = size * ROOM / 1e9
    return (round(gigabytes, 3 if gigabytes < 1 else 1) or 0.001,)


def _from_headers(parameters: dict[str, int]) -> Size:
    size = sum(count * BITS.get(kind, 32) / 8 for kind, count in parameters.items())
    said = ", ".join(f"{count:,} {kind}" for kind, count in parameters.items())
    evidence = Evidence(where="hub", text=f"safetensors: {said}"[:300])
    return Size(sum(parameters.values()), *_rounded(size), evidence, evidence)


def _from_files(source: Source) -> tuple[float, Evidence] | None:
    for end in WEIGHTS:
        sizes = {
            path: size
            for path, size in (source.files or {}).items()
            if path.endswith(end) and size and not _NOT_WEIGHTS.search(path)
        }
        if sizes:
            # Several quantised files are the same model several times.
            total = max(sizes.values()) if end in (".gguf", ".ckpt") else sum(sizes.values())
            said = ", ".join(f"{path} {size:,} bytes" for path, size in sizes.items())
            return float(total), Evidence(where="files", text=said[:300])
    return None


def _counted(source: Source) -> tuple[int | None, Evidence | None]:
    """The number of weights that the prose tells, or the name."""
    document = source.document
    for number, line in document.prose_with("param"):
        if count := _count_told(line):
            return count, document.evidence(number)
    name = document.name or next((heading for _, heading in document.headings[:1]), "")
    if experts := _PER_EXPERT.search(name):
        said = int(int(experts.group(1)) * float(experts.group(2)) * 1e9)
        return said, Evidence(where="name", text=name[:300])
    found_ = [
        found for found in _COUNT.finditer(name.replace("-", " ").replace("_", " ")) if found.group(2).lower() in "mbt"
    ]
    return (_count(found_[0]), Evidence(where="name", text=name[:300])) if found_ else (None, None)


def _count_told(line: str) -> int | None:
    """The largest number of parameters that a line tells; a model may have parts."""
    lower = line.lower()
    if "param" not in lower or "hyperparam" in lower:
        return None
    if table := _IN_MILLIONS.search(line):
        return int(float(table.group(2)) * _SCALE[table.group(1).lower()])
    if full := _IN_FULL.search(line):
        return int(full.group(1).replace(",", ""))
    places = [found.start() for found in re.finditer("param", lower)]
    near = [found for found in _COUNT.finditer(line) if any(-12 < place - found.end() < 25 for place in places)]
    return max(map(_count, near), default=None)


def _count(found: re.Match[str]) -> int:
    return int(float(found.group(1).replace(",", ".")) * _SCALE[found.group(2).lower()])


def _wanted(document: Document) -> tuple[float, Evidence] | None:
    """The memory that the card itself asks for."""
    for number, line in document.prose_with("memory", "ram"):
        memory = _MEMORY.search(line)
        if memory and _WANTED.search(line) and not _TRAINED.search(line) and (found := _GIGABYTES.search(line)):
            return float(found.group(1)), document.evidence(number)
    return None


def _bits(source: Source) -> int:
    name = f"{source.document.name} {' '.join(source.document.stated('tags'))}".lower()
    return next((bits for pattern, bits in _BITS_IN_NAME if re.search(rf"(?:^|[-_ .])(?:{pattern})", name)), 16)
