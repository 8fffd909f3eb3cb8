"""From a commit to the interpreter that runs its app: what the card and requirements.txt ask for, really installed.

Where the Hub's own packages satisfy all of it they are taken, and the app is forked from the warm launcher. Otherwise
the Space gets an environment of its own. Without a network it goes on with the Hub's packages when each is at least
there in another version.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from localhub.spaces import requirements
from localhub.spaces.environments import Environments, InstallFailed, Recipe, Unreachable, uv
from localhub.spaces.requirements import FILES, Wanted

LONGEST_REASON = 4000
"""Characters of errorMessage; the whole is in the build log."""

Say = Callable[[str], None]


class BuildFailed(Exception):
    """What the Space's errorMessage says."""


async def build(
    sha: str, card: Mapping[str, Any], folder: Path, environments: Environments, say: Say, anew: bool = False
) -> Path | None:
    """The interpreter for the commit that is checked out in `folder`; None for the Hub's own packages.

    With `anew` an environment that was built before is not used again. Raises BuildFailed.
    """
    await tell_unheeded(card, folder, say)
    recipe, lacking = await asyncio.to_thread(plan, sha, card, folder, say)
    python = await other_python(card, folder, say)
    if not lacking and python is None:
        return None
    try:
        recipe = recipe.model_copy(update={"python": python or sys.executable})
        if anew:
            await asyncio.to_thread(environments.throw_away, recipe)
        return await environments.ready(recipe, folder, say)
    except Unreachable as error:
        await asyncio.to_thread(make_do, lacking, say)
        if python:
            say(f"The Hub's own Python {version()} is used.")
        if not lacking:
            raise BuildFailed(shortened(str(error))) from error
        return None
    except InstallFailed as error:
        raise BuildFailed(shortened(str(error))) from error


async def tell_unheeded(card: Mapping[str, Any], folder: Path, say: Say) -> None:
    if await asyncio.to_thread((folder / "packages.txt").exists):
        say("packages.txt is not installed here: the local Hub changes nothing in the system's packages.")
    for key in ("preload_from_hub", "startup_duration_timeout"):
        if card.get(key):
            say(f"{key} of README.md is not heeded by the local Hub.")


def plan(sha: str, card: Mapping[str, Any], folder: Path, say: Say) -> tuple[Recipe, list[Wanted]]:
    """What an environment of its own would be, and what the Hub's own lacks. Tells of each requirement."""
    texts = {name: (folder / name).read_text(errors="replace") for name in FILES if (folder / name).is_file()}
    cleaned = {name: "\n".join(requirements.lines(text)) + "\n" for name, text in texts.items()}
    asked = str(card["sdk_version"]) if card.get("sdk_version") else None
    wanted = [requirements.look_up(f"gradio=={asked}")] if asked else []
    if asked and requirements.same_gradio(asked):
        say(f"sdk_version {asked}: Gradio {requirements.installed('gradio')} of this Hub stands for it")
        wanted = []
    wanted += [found for text in cleaned.values() for found in requirements.compared(text)]
    for found in wanted:
        say(found.told())
    every = [line for text in cleaned.values() for line in requirements.lines(text)]
    recipe = Recipe(
        python=sys.executable,
        packages=(f"gradio[oauth]=={asked or requirements.installed('gradio')}", "huggingface_hub"),
        requirements=cleaned,
        commit=sha if any(map(requirements.is_local, every)) else "",
    )
    return recipe, [found for found in wanted if not found.satisfied]


async def other_python(card: Mapping[str, Any], folder: Path, say: Say) -> str | None:
    """The interpreter of the card's python_version when it is another than the Hub's own, and on this machine."""
    asked = str(card.get("python_version") or "")
    if not asked or version() == asked or version().startswith(f"{asked}."):
        return None
    code, said = await uv(["python", "find", "--no-python-downloads", "--no-project", asked], folder, lambda line: None)
    if code or not said:
        say(f"python_version {asked} is not on this machine: the Hub's own {version()} is used.")
        return None
    return said[-1]


def make_do(lacking: list[Wanted], say: Say) -> None:
    """Go on with another version of what could not be fetched. Raises BuildFailed when something is not here at all."""
    missing = [found.line for found in lacking if not found.version]
    if missing:
        reason = f"No package index can be reached from here, and these are not here: {', '.join(missing)}"
        say(reason)
        raise BuildFailed(reason)
    for found in lacking:
        say(f"{found.line} could not be fetched: the Space goes on with {found.name} {found.version}.")


def version() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def shortened(reason: str) -> str:
    return reason.strip()[-LONGEST_REASON:]
