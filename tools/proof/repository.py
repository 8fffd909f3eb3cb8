"""What the Hub's repositories say beyond the API: a Space's program as text, why it broke, whether its model is gated.

Knocks at the Hub through core.hub's own guarded request, so that its limits and refusals hold here too.
"""

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.errors import AccessRefused, Failure, Unreachable
from core.hub import Hub, NotThere
from core.nouns import Frozen

if TYPE_CHECKING:
    from huggingface_hub import HfApi

MOST_FILES = 60
LARGEST = 200_000
"""Bytes of a file that is read."""

_TEXTS = (".py", ".txt", ".md")


class Inside(Frozen):
    """A Space's repository and what its machine says."""

    files: dict[str, str] = {}
    """Python and plain text by path, as far as they may be read. Foreign."""
    app: str = "app.py"
    """The file that is run; empty where the card does not say it, as with Docker."""
    revision: str = ""
    """At which the files were read."""
    error: str = ""
    """The Hub's own words about a Space that does not run."""
    hardware: str | None = None
    requested: str | None = None
    suggested: str | None = None
    """What its card says it wants."""


class Behind(Frozen):
    """A model, as far as a Space's proof needs to know it."""

    id: str
    there: bool
    gated: bool = False
    task: str | None = None


async def inside(hub: Hub, space: str) -> Inside:
    """Raises what the Hub answers when the Space may not be read."""
    return await hub.ask(partial(_inside, space=space), space)


async def behind(hub: Hub, model: str) -> Behind:
    """The model; `there` is False when the Hub does not show one of that name."""

    def found(api: "HfApi") -> Behind:
        seen = api.model_info(model, timeout=30)
        return Behind(id=model, there=True, gated=bool(seen.gated), task=seen.pipeline_tag)

    try:
        return await hub.ask(found, model)
    except (NotThere, AccessRefused):
        return Behind(id=model, there=False)


async def inside_or_nothing(hub: Hub, space: str) -> Inside:
    """The same for a Space whose files may be closed to us; a Hub that is silent is a Failure still."""
    try:
        return await inside(hub, space)
    except Unreachable:
        raise
    except Failure:
        return Inside()


def _inside(api: "HfApi", *, space: str) -> Inside:
    from huggingface_hub import get_session

    seen = api.space_info(space, files_metadata=True, timeout=30)
    runtime = seen.runtime
    raw = runtime.raw if runtime is not None else {}
    card: dict[str, object] = seen.card_data.to_dict() if seen.card_data is not None else {}  # type: ignore[no-untyped-call]
    headers = {"authorization": f"Bearer {api.token}"} if api.token else {}
    files: dict[str, str] = {}
    for sibling in seen.siblings or ():
        wanted = sibling.rfilename.endswith(_TEXTS) and (sibling.size or 0) <= LARGEST
        if not wanted or len(files) >= MOST_FILES:
            continue
        address = (
            f"{api.endpoint}/spaces/{space}/resolve/{quote(seen.sha or 'main', safe='')}/{quote(sibling.rfilename)}"
        )
        answer = get_session().get(address, headers=headers)
        if answer.status_code == 200:
            files[sibling.rfilename] = answer.content[:LARGEST].decode("utf-8", "replace")
    return Inside(
        files=files,
        app=str(card.get("app_file") or "app.py") if seen.sdk == "gradio" else "",
        revision=seen.sha or "",
        error=str(raw.get("errorMessage") or "")[:2000],
        hardware=str(runtime.hardware) if runtime is not None and runtime.hardware else None,
        requested=str(runtime.requested_hardware) if runtime is not None and runtime.requested_hardware else None,
        suggested=str(card.get("suggested_hardware")) if card.get("suggested_hardware") else None,
    )
