"""Which hardware a Space is to have, and what is asked for instead when that is refused."""

import re
from collections.abc import Mapping

from core.factory import Need

ZERO = "zero-a10g"
"""ZeroGPU, of either size; the name is older than what it stands for."""

CPU = "cpu-basic"
FREE = frozenset({ZERO, CPU})

_WISHES = {"zero-gpu": ZERO, "zero-gpu-xlarge": ZERO, "zerogpu": ZERO, "unknown": ZERO, "cpu": CPU}
_GPU_FUNCTION = re.compile(r"^\s*@(spaces\.)?GPU\b", re.MULTILINE)


def ladder(wish: str | None, need: Need, fixed: str | None, files: Mapping[str, str]) -> tuple[str, ...]:
    """The flavors in the order in which they are asked for; empty when the model needs what nobody allowed.

    A Space for a CPU may go to ZeroGPU too if it has a function for it: there a free account may have one.
    """
    first = wish or need
    if first in ("gpu", "multi-gpu"):
        return (fixed,) if fixed else ()
    flavor = _WISHES.get(first, first)
    if flavor == CPU:
        return (CPU, ZERO) if for_zero(files) else (CPU,)
    return (flavor, fixed) if fixed and fixed != flavor else (flavor,)


def for_zero(files: Mapping[str, str]) -> bool:
    """Whether some function asks for ZeroGPU: a Space there does not start without one."""
    return any(path.endswith(".py") and _GPU_FUNCTION.search(text) for path, text in files.items())


def creations(flavors: tuple[str, ...]) -> tuple[str, ...]:
    """The flavors with which to try to create the Space, in order.

    After the first comes a plain Space, which is given its hardware later; the rest is for who may have no plain one.
    """
    return tuple(dict.fromkeys((*flavors[:1], CPU, *flavors[1:])))


def paid(wish: str | None, fixed: str | None) -> tuple[str, ...]:
    """The flavors that cost money for as long as the Space is up."""
    named = (_WISHES.get(wish, wish) if wish else None, fixed)
    return tuple(dict.fromkeys(flavor for flavor in named if flavor and flavor not in (*FREE, "gpu", "multi-gpu")))


def sdk_of(readme: str) -> str:
    """What the front matter says, as far as it can be read; gradio otherwise."""
    head = readme.split("\n---", 1)[0]
    named = re.search(r"^sdk:\s*['\"]?(gradio|docker|static|streamlit)\b", head, re.MULTILINE)
    return named[1] if named else "gradio"


def app_of(readme: str) -> str:
    """The file without which the Space has nothing to run."""
    if sdk_of(readme) == "docker":
        return "Dockerfile"
    named = re.search(r"^app_file:\s*['\"]?([^'\"\s#]+)", readme.split("\n---", 1)[0], re.MULTILINE)
    return named[1] if named else "app.py"
