"""What a Job costs, as the Hub itself tells."""

from typing import TYPE_CHECKING

from core.errors import InputsRefused
from core.hub import Hub

if TYPE_CHECKING:
    from huggingface_hub import HfApi


async def by_minute(hub: Hub, flavor: str) -> float:
    """US dollars for a minute. Raises InputsRefused for hardware that the Hub does not have for Jobs."""

    def told(api: "HfApi") -> dict[str, float]:
        offered = api.list_jobs_hardware()
        return {each.name: each.unit_cost_usd for each in offered if each.unit_label == "minute"}

    prices = await hub.ask(told, "the hardware for Jobs")
    if flavor not in prices:
        raise InputsRefused(f"the Hub has no hardware '{flavor[:40]}' for Jobs; it has {', '.join(prices)}")
    return prices[flavor]


async def question(hub: Hub, script: str, flavor: str, minutes: float) -> str | None:
    """What a person is asked before it is spent; None on this machine, where nobody pays."""
    if hub.local:
        return None
    most = await by_minute(hub, flavor) * minutes
    return (
        f"May {script} run as a Job on {flavor} for at most {minutes:g} minutes, paid from your account (${most:.4f})?"
    )
