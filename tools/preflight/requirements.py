"""Rules about requirements.txt."""

import ast
import re
import sys
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from core.factory import Finding
from tools.preflight.front_matter import read_front_matter
from tools.preflight.program import FunctionNode, Module, keyword
from tools.preflight.requirement_lines import Line, read_lines
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

PLATFORM = frozenset({"gradio", "spaces", "huggingface-hub"})
TORCH = ("2.8.0", "2.9.1", "2.10.0", "2.11.0")
TRIO = ("torchvision", "torchaudio", "torchcodec")
SOURCE_ONLY = frozenset({
    "flash-attn", "flash-attention", "nvdiffrast", "torchmcubes", "pytorch3d", "diff-gaussian-rasterization",
    "spconv", "cumm", "kaolin", "apex", "sageattention", "detectron2", "torch-scatter", "torch-sparse",
    "torch-cluster", "simple-knn", "mamba-ssm", "causal-conv1d",
})  # fmt: skip
DOWNGRADING = frozenset({
    "demucs", "audiocraft", "fairseq", "tts", "vllm", "lavis", "basicsr", "gfpgan",
})  # fmt: skip
WITH_GRADIO = frozenset({
    "gradio", "gradio_client", "spaces", "huggingface_hub", "numpy", "pandas", "PIL", "pydantic", "httpx",
    "fastapi", "starlette", "uvicorn", "yaml", "jinja2", "markupsafe", "orjson", "packaging",
    "typing_extensions", "anyio", "aiofiles", "tqdm", "requests", "filelock", "fsspec", "psutil",
})  # fmt: skip
"""Import names of what comes with the platform's own packages."""
DISTRIBUTIONS = {
    "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "sklearn": ("scikit-learn",),
    "skimage": ("scikit-image",),
    "bs4": ("beautifulsoup4",),
    "dotenv": ("python-dotenv",),
    "OpenGL": ("pyopengl",),
    "fitz": ("pymupdf",),
    "docx": ("python-docx",),
    "Levenshtein": ("levenshtein", "python-levenshtein"),
    "google": ("protobuf",),
    "whisper": ("openai-whisper",),
    "clip": ("openai-clip",),
    "open_clip": ("open-clip-torch",),
    "onnxruntime": ("onnxruntime-gpu",),
    "llama_cpp": ("llama-cpp-python",),
    "faiss": ("faiss-cpu", "faiss-gpu"),
    "ffmpeg": ("ffmpeg-python",),
    "pydub": ("pydub", "pydub-stubs"),
    "av": ("av", "pyav"),
    "tsr": ("triposr",),
}


def the_platform_brings_its_own(wiring: Wiring) -> Iterator[Finding]:
    for line in _lines(wiring):
        if line.name in PLATFORM:
            yield broken("RQ001", line.where, f"{line.name} is named")


def torch_is_one_that_works(wiring: Wiring) -> Iterator[Finding]:
    if not wiring.program.zero_gpu:
        return
    for line in _lines(wiring):
        wanted = line.name == "torch" and not line.url and bool(line.specifier)
        if wanted and not any(line.allows(version) for version in TORCH):
            yield broken("RQ002", line.where, f"torch{line.specifier} is no version ZeroGPU works with")


def nothing_has_to_be_compiled(wiring: Wiring) -> Iterator[Finding]:
    for line in _lines(wiring):
        pinned_xformers = line.name == "xformers" and bool(line.specifier)
        if (line.name in SOURCE_ONLY or pinned_xformers) and not line.wheel:
            yield broken("RQ003", line.where, f"{line.name} would be compiled, and there is no CUDA compiler")


def wheels_fit(wiring: Wiring) -> Iterator[Finding]:
    lines = _lines(wiring)
    front = read_front_matter(wiring.program.workspace.files.get("README.md", ""))
    python = str(front.get("python_version") or "3.10").split(".")
    torch = next((line.specifier.lstrip("= ") for line in lines if line.name == "torch" and line.pinned), "")
    for line in lines:
        if line.wheel and (words := _misfit(line.wheel, "".join(python[:2]), torch)):
            yield broken("RQ004", line.where, f"{line.wheel} {words}")


def torch_is_pinned_with_its_kin(wiring: Wiring) -> Iterator[Finding]:
    lines = _lines(wiring)
    if any(line.name == "torch" and line.pinned for line in lines):
        for line in lines:
            if line.name in TRIO and not line.pinned:
                yield broken("RQ005", line.where, f"torch is pinned and {line.name} is not")


def every_import_is_listed(wiring: Wiring) -> Iterator[Finding]:
    listed = {line.name for line in _lines(wiring)}
    own = {file.split("/")[0].removesuffix(".py") for file in wiring.program.facts.files}
    own |= {part for module in wiring.program.modules for part in (module.name.split(".")[0], module.name)}
    seen = set()
    for module in wiring.program.modules:
        for name, node in _imports(module):
            known = name in sys.stdlib_module_names or name in WITH_GRADIO or name in own or name in seen
            if not known and not provided(name, listed):
                seen.add(name)
                yield broken(
                    "RQ006", module.where(node), f"{name} is imported and no line of requirements.txt brings it"
                )
        for call in module.calls:
            if keyword(call, "device_map") is not None and "accelerate" not in listed | seen:
                seen.add("accelerate")
                yield broken("RQ006", module.where(call), "device_map needs accelerate, which is not listed")


def nothing_takes_torch_back(wiring: Wiring) -> Iterator[Finding]:
    for line in _lines(wiring):
        if line.name in DOWNGRADING:
            yield broken("RQ007", line.where, f"{line.name} asks for an old torch")


def lines_can_be_read(wiring: Wiring) -> Iterator[Finding]:
    for line in _lines(wiring):
        if line.broken:
            words = f"pip cannot read the line: {line.name[:60]}"
            yield Finding(rule="requirements", severity="error", where=line.where, message=words, fix="correct it")


def provided(name: str, listed: set[str]) -> bool:
    """Whether one of the packages is likely to bring the module; names differ, so a part of one is enough."""
    plain = canonicalize_name(name)
    if listed & {plain, *DISTRIBUTIONS.get(name, ())}:
        return True
    bare = plain.replace("-", "")
    return any(len(bare) > 3 and (bare in one.replace("-", "") or one.replace("-", "") in bare) for one in listed)


def _lines(wiring: Wiring) -> list[Line]:
    return read_lines(wiring.program.workspace.files.get("requirements.txt", ""))


def _imports(module: Module) -> Iterator[tuple[str, ast.stmt]]:
    """Imports that have to work: not those that a try expects to fail, or that only a type checker sees."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and not _optional(module, node):
            if isinstance(node, ast.Import):
                yield from ((alias.name.split(".")[0], node) for alias in node.names)
            elif node.level == 0 and node.module:
                yield node.module.split(".")[0], node


def _optional(module: Module, node: ast.stmt) -> bool:
    for above in module.above(node):
        if isinstance(above, ast.Try) and above.handlers:
            return True
        if isinstance(above, ast.If) and "TYPE_CHECKING" in ast.unparse(above.test):
            return True
        if isinstance(above, FunctionNode):
            continue
    return False


def _misfit(wheel: str, python: str, torch: str) -> str:
    tags = wheel.removesuffix(".whl").split("-")
    if (found := re.fullmatch(r"cp(\d+)", tags[-3])) and tags[-2] != "abi3" and found[1] != python:
        return f"is for Python {found[1][0]}.{found[1][1:]}, and the Space has {python[0]}.{python[1:]}"
    built = re.search(r"torch(\d+\.\d+)", wheel)
    wanted = [torch] if torch else TORCH
    if built and not any(version.startswith(f"{built[1]}.") or version == built[1] for version in wanted):
        return f"is for torch {built[1]}"
    cuda = re.search(r"cu(\d{2,3})", wheel)
    if cuda and int(cuda[1].ljust(3, "0")) < 128:
        return f"is for CUDA {cuda[1]}, which does not know the device"
    return "has the old C++ interface" if "cxx11abiFALSE" in wheel and built else ""


RULES = (
    the_platform_brings_its_own,
    torch_is_one_that_works,
    nothing_has_to_be_compiled,
    wheels_fit,
    torch_is_pinned_with_its_kin,
    every_import_is_listed,
    nothing_takes_torch_back,
    lines_can_be_read,
)
