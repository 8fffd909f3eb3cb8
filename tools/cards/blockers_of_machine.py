"""Blockers of the machine: compilers, containers, several GPUs, memory."""

import re

from core.factory import Blocker, Evidence
from tools.cards.memory import LARGE, XLARGE
from tools.cards.reading import Reading

_EXTENSIONS = (
    r"flash[-_ ]?attn|flash[-_ ]?attention|nvdiffrast|torchmcubes|diff[-_]gaussian[-_]rasterization"
    r"|tiny[-_]?cuda[-_]?nn|pytorch3d|minkowskiengine|kaolin|causal[-_]conv1d|mamba[-_]ssm|\bapex\b|sageattention"
    r"|torch[-_]scatter|deformable[-_ ]attention|spconv"
    r"|simple[-_]knn|voxelize|cumesh|flex[-_]?gemm|custom_rasterizer"
)
_INSTALL = re.compile(rf"(?:pip3? install|git\+https|git clone|==)[^\n]{{0,200}}(?:{_EXTENSIONS})", re.IGNORECASE)
_COMPILED = re.compile(
    r"\bnvcc\b|CUDA_HOME|(?:cd|pip install -e)\s+\S*(?:ops|cuda|kernels?|rasteriz\w+)\b\S*|CUDA extensions?\b"
    r"|compile (?:the )?cuda",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"optional|if (?:you|your|supported|available)|you can also|alternativ|to speed up|\btrain", re.IGNORECASE
)
_DOCKER = re.compile(
    r"^\s*[$!#]?\s*(?:sudo\s+)?(?:docker|podman)\s+(?:run|pull|compose|build)\b|\bdocker-compose\s+up", re.IGNORECASE
)
_SEVERAL = re.compile(
    r"--?(?:tensor[-_]parallel(?:[-_]size)?|tp(?:[-_]size)?|nproc[-_]per[-_]node|num[-_]gpus|ulysses_degree|nnodes)"
    r"[ =]+([2-9]|\d\d+)\b"
    r"|tensor_parallel_size\s*=\s*([2-9]|\d\d+)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:minimum|smallest|at least|requires?|required|needs?)\b[^\n]{0,80}?"
    r"\b(?:([2-9]|\d\d+|two|four|eight|sixteen)\s*(?:x|×|\*)?\s*(?:nvidia\s+)?(?:[abhv]\d{2,3}0?\b|gpus\b|gpu cards)"
    r"|multiple gpus|multi-?node)",
    re.IGNORECASE,
)
_GPUS = ("gpu", "node", "a100", "h100", "h200", "b200", "h800", "v100")
_TRAINING = re.compile(r"\btrain(?:ed|ing)?\b|fine-?tun|pre-?train", re.IGNORECASE)
_SINGLE = re.compile(r"single[- ]gpu|one gpu|1 gpu|a single|consumer[- ]grade", re.IGNORECASE)


def custom_cuda(reading: Reading) -> Blocker | None:
    """Something has to be compiled for CUDA, and no way around it is shown."""
    if not reading.unaided:
        return None
    document = reading.source.document
    for number, line in document.lines_with("install", "git", "==", "nvcc", "cuda", "cd "):
        if (_INSTALL.search(line) or _COMPILED.search(line)) and not _OPTIONAL.search(line):
            return Blocker(
                kind="custom_cuda",
                evidence=document.evidence(number),
                remedy="ZeroGPU builds without a compiler: use a wheel that is built already, or go without it",
            )
    return None


def docker_only(reading: Reading) -> Blocker | None:
    if not reading.unaided:
        return None
    document = reading.source.document
    for number, line in document.lines_with("docker", "podman"):
        if _DOCKER.search(line):
            return Blocker(
                kind="docker_only",
                evidence=document.evidence(number),
                remedy="rebuild what the image installs, or make a Docker Space on a fixed GPU",
            )
    return None


def multi_gpu(reading: Reading) -> Blocker | None:
    """Several GPUs are demanded, not merely possible."""
    document = reading.source.document
    evidence: Evidence | None = None
    demanded = [
        number for number, line in document.prose_with(*_GPUS) if _AT_LEAST.search(line) and not _TRAINING.search(line)
    ]
    alone = any(_SINGLE.search(line) for _, line in document.prose_with("gpu", "single", "consumer"))
    if demanded:
        evidence = document.evidence(demanded[0])
    elif not alone and reading.unaided:
        spread = next(
            (
                number
                for number, line in document.lines_with("-", "tensor_parallel")
                if _SEVERAL.search(line) and not _TRAINING.search(line)
            ),
            None,
        )
        evidence = document.evidence(spread) if spread else None
    if evidence is None and reading.gigabytes is not None and reading.gigabytes > XLARGE and reading.memory_evidence:
        evidence = reading.memory_evidence
    if evidence is None:
        return None
    return Blocker(
        kind="multi_gpu",
        evidence=evidence,
        remedy="call the model at an inference provider, use a smaller or quantised one, or rent several GPUs",
    )


def too_large(reading: Reading) -> Blocker | None:
    """More than the size of ZeroGPU that everybody has; what is beyond every single GPU is told by `multi_gpu`."""
    if reading.gigabytes is None or reading.memory_evidence is None or not LARGE < reading.gigabytes <= XLARGE:
        return None
    return Blocker(
        kind="too_large",
        evidence=reading.memory_evidence,
        remedy=f"ask for ZeroGPU's larger size of {XLARGE:g} GB or a GPU of 80 GB or more, not {LARGE:g} GB",
    )
