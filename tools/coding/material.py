"""What Pi is given to read of a model: its card, and the small text files of its repository.

Pi has no network. All of it was written by strangers.
"""

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.factory import CardFacts
from core.hub import Hub
from core.quoting import quoted
from tools.coding.coding import CodeOrder
from tools.coding.goal import CARD_FILE, MODEL_FOLDER

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LARGEST = 64_000
"""Bytes of a file of the repository; a larger one is left out."""
LARGEST_CARD = 60_000
MOST = 10
CARD = "README.md"
SETTINGS = frozenset({
    "config.json", "generation_config.json", "preprocessor_config.json", "model_index.json", "adapter_config.json",
    "tokenizer_config.json", "requirements.txt",
})  # fmt: skip


async def card_of(hub: Hub, order: CodeOrder) -> str | None:
    """The card that was given, or else the one on the Hub; None when there is none to be seen."""
    if order.card is not None or CARD not in order.facts.files:
        return order.card
    found = await _texts(hub, order.facts, (CARD,))
    return found.get(CARD)


async def material(hub: Hub, facts: CardFacts, card: str | None) -> dict[str, str]:
    """Text by path in Pi's folder."""
    wanted = [path for path in facts.files if path in SETTINGS or (path.endswith(".py") and path.count("/") <= 1)]
    texts = await _texts(hub, facts, tuple(wanted[:MOST]))
    given = {f"{MODEL_FOLDER}/{path}": text for path, text in texts.items()}
    return given | ({CARD_FILE: quoted(card, "model card", LARGEST_CARD)} if card else {})


async def _texts(hub: Hub, facts: CardFacts, paths: tuple[str, ...]) -> dict[str, str]:
    if facts.model is None or not paths:
        return {}
    read = partial(_read, id=facts.model, revision=facts.revision or "main", paths=paths)
    return await hub.ask(read, facts.model)


def _read(api: "HfApi", *, id: str, revision: str, paths: tuple[str, ...]) -> dict[str, str]:
    found = {path: _file(api, id, revision, path) for path in paths}
    return {path: text for path, text in found.items() if text is not None}


def _file(api: "HfApi", id: str, revision: str, path: str) -> str | None:
    """None when it is not for us to read, too large, or no text."""
    from huggingface_hub import get_session

    address = f"{api.endpoint}/{quote(id)}/resolve/{quote(revision, safe='')}/{quote(path)}"
    headers = {"authorization": f"Bearer {api.token}"} if api.token else {}
    data = b""
    with get_session().stream("GET", address, headers=headers, follow_redirects=True) as answer:
        if answer.status_code != 200:
            return None
        for piece in answer.iter_bytes():
            data += piece
            if len(data) > (LARGEST_CARD * 4 if path == CARD else LARGEST):
                return None
    try:
        return data.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        return None
