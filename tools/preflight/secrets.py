"""Rules about secrets, programs started by the app, and code that comes with a model."""

import ast
import re
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.program import Module, is_true, keyword
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

SECRET = re.compile(
    r"(?<![A-Za-z0-9])(?:hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}"
    r"|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|xox[abps]-[0-9A-Za-z-]{10,})"
)
ASSIGNED = re.compile(r"""(?:HF_TOKEN|API_KEY|SECRET)["'\]]*\s*[=:]\s*["']([A-Za-z0-9_\-]{16,})["']""")
STARTING = frozenset({
    "os.system", "os.popen", "subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call",
    "subprocess.check_output", "subprocess.getoutput", "pip.main", "pip._internal.main",
})  # fmt: skip
INSTALLING = re.compile(r"\b(pip|uv|conda|apt|apt-get|setup\.py)\b")


def files_hold_no_secret(wiring: Wiring) -> Iterator[Finding]:
    for path, text in wiring.program.workspace.files.items():
        for number, line in enumerate(text.splitlines(), 1):
            given = ASSIGNED.search(line)
            if SECRET.search(line) or (given and _is_random(given[1])):
                yield broken("SE001", f"{path}:{number}", "a secret is written out here")


def nothing_is_installed_at_the_start(wiring: Wiring) -> Iterator[Finding]:
    for module in wiring.program.modules:
        for call in module.calls:
            if module.dotted(call.func) in STARTING and (_installs(call) or module.dotted(call.func) == "os.system"):
                yield broken("SE002", module.where(call), f"the app installs or starts: {ast.unparse(call)[:80]}")


def foreign_code_is_pinned(wiring: Wiring) -> Iterator[Finding]:
    for module in wiring.program.modules:
        for call in module.calls:
            if is_true(keyword(call, "trust_remote_code")) and not _pinned(module, call):
                yield broken("SE003", module.where(call), "code of the model's repository runs, whatever it becomes")


def _is_random(text: str) -> bool:
    """Letters and digits mixed, as no placeholder is written."""
    return bool(re.search(r"\d", text) and re.search(r"[a-z]", text) and re.search(r"[A-Z]", text))


def _installs(call: ast.Call) -> bool:
    texts = (one.value for one in ast.walk(call) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return bool(INSTALLING.search(" ".join(texts)))


def _pinned(module: Module, call: ast.Call) -> bool:
    revision = keyword(call, "revision") or keyword(call, "code_revision")
    return revision is not None and module.text_of(revision) not in ("main", "")


RULES = (files_hold_no_secret, nothing_is_installed_at_the_start, foreign_code_is_pinned)
