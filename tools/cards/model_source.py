"""A model on the Hub as there is of it to read: what the API says, the card, and the settings beside it."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from core.hub import REQUEST_SECONDS, Hub
from tools.cards.source import Source

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LARGEST = 2_000_000
"""Bytes that are read of a file; the rest is left."""

CARD = "README.md"
SETTINGS = ("config.json", "model_index.json", "adapter_config.json")


async def model_source(hub: Hub, id: str) -> Source:
    """Raises HubFailure when there is no such model, or none that this user may see."""
    return await hub.ask(partial(_read, id=id), id)


def _read(api: "HfApi", *, id: str) -> Source:
    info = api.model_info(id, files_metadata=True, timeout=REQUEST_SECONDS)
    files = {sibling.rfilename: sibling.size for sibling in info.siblings or ()}
    revision = info.sha or "main"
    texts = {name: _file(api, info.id, revision, name) for name in (CARD, *SETTINGS) if name in files}
    config, index, adapter = (_json(texts.get(name)) for name in SETTINGS)
    counts = info.safetensors.parameters if info.safetensors is not None else {}
    return Source(
        card=texts.get(CARD),
        model=info.id,
        revision=info.sha,
        files=files,
        gated=bool(info.gated),
        parameters={str(kind): int(count) for kind, count in (counts or {}).items()},
        pipeline_tag=info.pipeline_tag,
        library=info.library_name,
        tags=tuple(str(tag) for tag in info.tags or ()),
        config=config or (info.config or {}),
        model_index=index,
        adapter=adapter,
    )


def _file(api: "HfApi", id: str, revision: str, path: str) -> bytes | None:
    """The beginning of the file; None when it is not for us to read, as those of a gated model are not."""
    from huggingface_hub import get_session
    from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]  # lazily exported

    address = f"{api.endpoint}/{quote(id)}/resolve/{quote(revision, safe='')}/{quote(path)}"
    headers = {"authorization": f"Bearer {api.token}"} if api.token else {}
    with get_session().stream("GET", address, headers=headers, follow_redirects=True) as answer:
        if answer.status_code in (401, 403, 404):
            return None
        hf_raise_for_status(answer)
        read = b""
        for piece in answer.iter_bytes():
            read += piece
            if len(read) >= LARGEST:
                break
    return read[:LARGEST]


def _json(text: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(text or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
