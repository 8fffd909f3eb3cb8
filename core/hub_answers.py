"""What huggingface_hub's answers say, in our own nouns."""

from typing import Any
from urllib.parse import urlsplit

from core.egress import on_this_machine
from core.nouns import Space


def space_of(info: Any) -> Space:
    """From huggingface_hub's SpaceInfo."""
    card = info.card_data.to_dict() if info.card_data is not None else {}
    runtime = info.runtime
    raw = runtime.raw if runtime is not None else {}
    return Space(
        id=info.id,
        revision=info.sha or "",
        host=info.host or _host(raw),
        stage=str(runtime.stage) if runtime is not None else "",
        title=str(card.get("title") or ""),
        description=str(card.get("short_description") or getattr(info, "ai_short_description", None) or ""),
        tags=tuple(info.tags or ()),
        license=license_of(card.get("license")),
        models=tuple(info.models or _names(card.get("models"))),
        without_models=card.get("models") == [] and not info.models,
        hardware=_hardware(runtime),
    )


def space_found(item: Any) -> Space:
    """From huggingface_hub's SpaceSearchResult."""
    raw = item.runtime.raw if item.runtime is not None else {}
    return Space(
        id=item.id,
        revision=str(raw.get("sha") or ""),
        host=_host(raw),
        stage=str(item.runtime.stage) if item.runtime is not None else "",
        title=item.title or "",
        description=item.ai_short_description or "",
        tags=tuple(item.tags or ()),
        hardware=_hardware(item.runtime),
        relevance=min(max(item.semantic_relevancy_score or 0.0, 0.0), 1.0),
    )


def _host(runtime: dict[str, Any]) -> str:
    """The address by the Space's first domain; empty when the Hub names none."""
    domain = str((runtime.get("domains") or [{}])[0].get("domain") or "")
    here = on_this_machine(urlsplit(f"//{domain}").hostname or "")
    return f"{'http' if here else 'https'}://{domain}" if domain else ""


def _hardware(runtime: Any) -> str | None:
    found = (runtime.hardware or runtime.requested_hardware) if runtime is not None else None
    return str(found) if found else None


def license_of(value: object) -> str | None:
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, str) else None


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(name) for name in value) if isinstance(value, list) else ()
