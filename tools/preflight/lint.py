"""All rules over one workspace. Reads only: nothing of the Space runs here."""

from core.factory import CardFacts, Finding, Workspace
from tools.preflight import (
    devices,
    events,
    gpu_functions,
    gpu_imports,
    placeholders,
    readme,
    requirements,
    results,
    secrets,
    tensors,
)
from tools.preflight.front_matter import read_front_matter
from tools.preflight.loading import Loading
from tools.preflight.program import read_program
from tools.preflight.wiring import Wiring

OF_FILES = (*readme.RULES, *requirements.RULES, secrets.files_hold_no_secret)
"""Rules that say something even when the Python does not parse."""
OF_PYTHON = (
    *gpu_imports.RULES,
    *gpu_functions.RULES,
    *devices.RULES,
    *results.RULES,
    *tensors.RULES,
    *events.RULES,
    *secrets.RULES[1:],
    *placeholders.RULES,
)


def lint(workspace: Workspace, facts: CardFacts) -> tuple[Finding, ...]:
    """What breaks a rule, each finding once; while some Python does not parse, only what holds for files."""
    front = read_front_matter(workspace.files.get("README.md", ""))
    program = read_program(workspace, facts, str(front.get("app_file") or "app.py"))
    wiring = Wiring(program, Loading(program))
    rules = OF_FILES if program.unparsed else (*OF_FILES, *OF_PYTHON)
    return tuple(dict.fromkeys((*program.unparsed, *(found for rule in rules for found in rule(wiring)))))
