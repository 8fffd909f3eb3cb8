"""The app imported once and its API read, in a process that can harm nobody."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from core.factory import CardFacts, Finding, Workspace
from core.nouns import Frozen
from tools.preflight.front_matter import read_front_matter
from tools.preflight.program import HEAVY, HEAVY_TOO
from tools.preflight.requirement_lines import read_lines
from tools.preflight.requirements import DISTRIBUTIONS, PLATFORM

SECONDS = 120
"""Of wall clock, for an interpreter that has to import Gradio first."""
LARGEST_REPORT = 4_000_000
ROOT = Path(__file__).parents[2]
WITHOUT_WEIGHTS = frozenset({"spaces", "safetensors", "sklearn", "skops", "joblib", "onnxruntime", "tensorflow", "jax"})
"""Never the real ones, even where they are installed: their files are not here."""
PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from tools.preflight.app_run import main; main(sys.argv[2])"


class SeenParameter(Frozen):
    name: str | None
    label: str | None
    component: str | None


class SeenReturn(Frozen):
    label: str | None
    component: str | None


class SeenEndpoint(Frozen):
    name: str
    documented: bool
    hinted: bool
    parameters: tuple[SeenParameter, ...]
    returns: tuple[SeenReturn, ...]


class GpuFunction(Frozen):
    function: str
    duration: Any = None  # a number, or the text of a function
    """Seconds."""


class TrialImport(Frozen):
    """What one import has shown."""

    error: tuple[str, ...] = ()
    """The last lines of the traceback. Foreign text."""
    launched: bool = False
    endpoints: tuple[SeenEndpoint, ...] = ()
    gpu: tuple[GpuFunction, ...] = ()
    programs: tuple[str, ...] = ()
    """What the app wanted to start."""
    stand_ins: tuple[str, ...] = ()
    """Packages that were not the real ones."""


def trial_import(workspace: Workspace, facts: CardFacts, seconds: float = SECONDS) -> TrialImport:
    """Runs the app once. Takes some seconds, for Gradio is the real one."""
    with tempfile.TemporaryDirectory(prefix="preflight-") as name:
        folder = Path(name).resolve()
        app_file = str(read_front_matter(workspace.files.get("README.md", "")).get("app_file") or "app.py")
        if app_file not in workspace.files:
            return TrialImport(error=(f"there is no {app_file}",))
        _write(workspace, folder / "app")
        order = {"app_file": app_file, "always": sorted(_always()), "missing": sorted(_missing(workspace, facts))}
        (folder / "order.json").write_text(json.dumps(order), "utf-8")
        ended = _run(folder, seconds)
        return _report(folder, ended)


def findings(workspace: Workspace, seen: TrialImport) -> tuple[Finding, ...]:
    """What is wrong with what was seen."""
    main = "app.py"
    if seen.error:
        words = " | ".join(line.strip() for line in seen.error[-4:])
        return (
            _finding("import", "error", main, f"it cannot be imported: {words}", "correct what the traceback names"),
        )
    if not seen.launched:
        return (_finding("import", "error", main, "it ends without launching a page", "end app.py with demo.launch()"),)
    return tuple(_of_the_api(workspace, seen))


def _of_the_api(workspace: Workspace, seen: TrialImport) -> list[Finding]:
    names = [endpoint.name for endpoint in seen.endpoints]
    work = [endpoint for endpoint in seen.endpoints if endpoint.name != "/health"]
    found = []
    if not work:
        found.append(
            _finding("api", "error", "app.py", "it offers no endpoint", 'bind an event with api_name="generate"')
        )
    elif workspace.endpoint not in names:
        words = f"there is no endpoint {workspace.endpoint}; it offers {', '.join(names[:8])}"
        found.append(_finding("api", "error", "app.py", words, f'name one api_name="{workspace.endpoint.strip("/")}"'))
    if "/health" not in names:
        found.append(
            _finding("api", "warn", "app.py", "there is no endpoint /health", 'add gr.api(health, api_name="health")')
        )
    for endpoint in work:
        if not endpoint.documented or not endpoint.hinted:
            lacks = "docstring" if endpoint.hinted else "type hints"
            words = f"the function of {endpoint.name} has no {lacks}"
            found.append(_finding("api", "warn", "app.py", words, "add the docstring and the type hints"))
    return found


def _finding(rule: str, severity: Any, where: str, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=severity, where=where, message=message[:1000], fix=fix)


def _always() -> set[str]:
    return set(HEAVY | HEAVY_TOO | WITHOUT_WEIGHTS)


def _missing(workspace: Workspace, facts: CardFacts) -> set[str]:
    """Import names that requirements.txt and the model's repository stand for, when they are not here."""
    named = {line.name for line in read_lines(workspace.files.get("requirements.txt", ""))} - PLATFORM
    names = {name.replace("-", "_") for name in named} | {name.replace("-", ".").split(".")[0] for name in named}
    names |= {one for one, distributions in DISTRIBUTIONS.items() if named & set(distributions)}
    names |= {name.removeprefix("python-").removeprefix("py").replace("-", "_") for name in named}
    own = {file.split("/")[0].removesuffix(".py") for file in facts.files if file.endswith(".py")}
    return {name for name in names | own if name.isidentifier()}


def _write(workspace: Workspace, folder: Path) -> None:
    """The files as text; paths that lead elsewhere are left out."""
    for path, text in workspace.files.items():
        parts = PurePosixPath(path).parts
        if parts and not path.startswith("/") and ".." not in parts:
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")


def _run(folder: Path, seconds: float) -> str:
    """Run it and end everything it started; how it ended when that was not by itself."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_OFFLINE": "1",
        "SPACES_ZERO_GPU": "1",
        "MPLBACKEND": "Agg",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", PROGRAM, str(ROOT), str(folder)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return f"it was not done after {seconds:g} seconds"
    finally:
        _end(process)
    return "" if code == 0 else f"its process ended with {code}"


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _report(folder: Path, ended: str) -> TrialImport:
    path = folder / "report.json"
    if ended or not path.is_file() or path.stat().st_size > LARGEST_REPORT:
        return TrialImport(error=(ended or "it left no report",))
    try:
        return TrialImport.model_validate_json(path.read_bytes())
    except ValidationError:
        return TrialImport(error=("its report cannot be read",))
