"""Asking for the machine that a Space is to have, and reading back which one it got."""

from core.hub import Hub
from tools.deployment.requests import Refusal, ask_for, machine


async def settle(hub: Hub, space: str, flavors: tuple[str, ...]) -> tuple[Refusal, ...]:
    """Ask for the flavors in order until the Hub has noted one; what it refused, or said yes to without doing it."""
    refusals: list[Refusal] = []
    for flavor in flavors:
        if (await machine(hub, space)).requested in flavors:
            break
        refusal = await ask_for(hub, space, flavor)
        if refusal is None and (await machine(hub, space)).requested != flavor:
            refusal = Refusal(flavor=flavor, status=200, words="it was accepted, and the Space has other hardware")
        if refusal is None:
            break
        refusals.append(refusal)
    return tuple(refusals)
