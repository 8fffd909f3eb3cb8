"""From evidence to the rung: pure. Every rung below the top comes with the reasons why it is not the next."""

import re
from collections.abc import Sequence

from core.nouns import Frozen
from core.rungs import Rung
from tools.proof.repository import Behind, Inside
from tools.proof.source import Reading

_WANTS = (
    "no nvidia driver",
    "torch not compiled with cuda",
    "cuda (is not|not) available",
    "no cuda",
    "cuda.{0,20}(unavailable|required)",
    r"no @spaces\.gpu function",
    "scheduling failure",
    "(hardware|null) quota",
    "hardware capacity",
    "cuda out of memory",
    "(requires?|needs?) a gpu",
    "no gpu",
    "memory limit exceeded",
)
"""How machines and libraries say that the machine is not enough."""
HARDWARE = re.compile("|".join(_WANTS), re.I)
GATED = re.compile(r"gated repo|access to model .{1,200} is restricted|awaiting a review|must have access to it", re.I)

STANDS: dict[str, tuple[Rung, str]] = {
    "NO_APP_FILE": ("insufficient_information", "it has no app file"),
    "CONFIG_ERROR": ("generated", "its settings are broken"),
    "BUILD_ERROR": ("generated", "its build failed"),
    "BUILDING": ("generated", "it is still being built"),
    "RUNTIME_ERROR": ("built", "it was built, and its app crashed"),
    "APP_STARTING": ("built", "it was built, and its app has not come up"),
    "SLEEPING": ("built", "it sleeps and did not wake"),
    "PAUSED": ("generated", "its owner paused it, and only they can start it again"),
    "STOPPED": ("generated", "its owner stopped it, and only they can start it again"),
}


class Standing(Frozen):
    """Where a Space ends that could not be asked anything."""

    rung: Rung
    reasons: tuple[str, ...]


def standing(stage: str, inside: Inside, models: Sequence[Behind], page: str, said: str) -> Standing:
    """For a Space that does not run. `said` is what kept it from being called, `page` where people look at it."""
    rung, reason = STANDS.get(stage, ("generated", said))
    detail = _line(inside.error)
    words = f"{inside.error} {said}"
    gated = [model for model in models if model.gated]
    if gated and (GATED.search(words) or stage == "RUNTIME_ERROR"):
        names = ", ".join(model.id for model in gated)
        remedy = f"ask for access at the model's page and give the Space a token at {page}/settings"
        return Standing(
            rung="technical_blocker", reasons=(f"{names} is gated, and the Space may not read it; {remedy}",)
        )
    if hardware := wants_hardware(words, inside):
        return Standing(rung="manual_hardware_required", reasons=(f"{hardware}; choose hardware at {page}/settings",))
    reasons = (f"{reason}: {detail}" if detail else reason,)
    return Standing(rung=rung, reasons=reasons)


def wants_hardware(words: str, inside: Inside) -> str:
    """Why the machine is not enough, or nothing."""
    if found := HARDWARE.search(words):
        said = words[found.start() :].splitlines()[0][:80]
        return f"it needs other hardware than {inside.hardware or 'it has'} (it says '{said}')"
    asked = inside.requested or inside.suggested
    if inside.error and inside.suggested and inside.hardware in (None, "cpu-basic") and inside.suggested != "cpu-basic":
        return f"its card asks for {inside.suggested} and it has {inside.hardware or 'nothing'}"
    if asked and inside.hardware is None and inside.requested and inside.requested != "cpu-basic":
        return f"{inside.requested} was asked for and has not been granted"
    return ""


def model_reasons(reading: Reading, expected: Sequence[str]) -> tuple[str, ...]:
    """What keeps the model behind the endpoint from being known to be the one that it is said to be."""
    traces = f": {'; '.join(reading.traces[:4])}" if reading.traces else ""
    if not reading.read:
        return (reading.reason,)
    if not reading.models:
        return (f"{reading.reason}{traces}",)
    if not expected:
        return (
            f"its program loads {', '.join(reading.models)}, but its card names no model to compare this with; "
            "name it with --model-id",
        )
    others = [model for model in reading.models if model not in expected]
    reasons = []
    if others:
        shown = ", ".join("weights of unknown origin" if model == "?" else model for model in others)
        reasons.append(f"its program answers with {shown}, where {' and '.join(expected)} is named")
    if missing := [model for model in expected[:1] if model not in reading.models and not others]:
        reasons.append(f"nothing in its program leads from the answer to {missing[0]}")
    if reading.reason:
        reasons.append(f"{reading.reason}{traces}")
    return tuple(reasons)


def _line(text: str, longest: int = 200) -> str:
    """The last line that says something, which is where Python names the error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:longest] if lines else ""
