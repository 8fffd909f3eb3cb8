"""Making the private Space and putting the files in, without touching anything that exists.

Called again with the same files it finds what it began, at whatever point it was interrupted, and goes on.
"""

from collections.abc import Mapping

from core.errors import AccessRefused, HubFailure
from core.hub import Hub, Taken
from core.nouns import Frozen
from tools.deployment.ladder import CPU, creations, sdk_of
from tools.deployment.requests import Refusal, create, last_deployment, own_revision, upload


class Place(Frozen):
    """Where the files are."""

    space: str | None
    """None when no Space could be created on any hardware."""
    revision: str = ""
    refusals: tuple[Refusal, ...] = ()


async def place(hub: Hub, wanted: str, files: Mapping[str, str], flavors: tuple[str, ...]) -> Place:
    """The files in a private Space of that name, or of the first such name with a number that is free."""
    for number in range(1, 100):
        id = wanted if number == 1 else f"{wanted}-{number}"
        try:
            return await _place_at(hub, id, files, flavors)
        except Taken:
            continue
    raise HubFailure(f"{wanted} and 98 names like it are taken; choose another name")


async def renew(hub: Hub, space: str, files: Mapping[str, str]) -> Place:
    """Other files in a Space that a deployment made, as after a repair.

    Raises HubFailure when somebody has changed it since: their work stays.
    """
    begun = await own_revision(hub, space, files)
    if begun and begun[1]:
        return Place(space=space, revision=begun[0])
    last, paths = await last_deployment(hub, space)
    if last is None:
        raise HubFailure(f"{space} was changed since it was deployed, so it stays as it is; deploy to a new Space")
    return Place(space=space, revision=await upload(hub, space, files, last, paths - files.keys()))


async def _place_at(hub: Hub, id: str, files: Mapping[str, str], flavors: tuple[str, ...]) -> Place:
    refusals: tuple[Refusal, ...] = ()
    try:
        refusals = await _create(hub, id, files, flavors)
        if len(refusals) == len(creations(flavors)):
            return _nowhere(id, refusals)
    except Taken:
        pass
    begun = await own_revision(hub, id, files)
    if begun is None:
        raise Taken(f"{id} exists already")
    revision, whole = begun
    if not whole:
        revision = await upload(hub, id, files, revision or None)
    return Place(space=id, revision=revision, refusals=refusals)


async def _create(hub: Hub, id: str, files: Mapping[str, str], flavors: tuple[str, ...]) -> tuple[Refusal, ...]:
    """What was refused before one was made; as many as there are ways when none was."""
    refusals: list[Refusal] = []
    for flavor in creations(flavors):
        refusal = await create(hub, id, sdk_of(files.get("README.md", "")), flavor)
        if refusal is None:
            break
        refusals.append(refusal)
        if flavor == CPU and refusal.status != 402:
            # Not the machine was refused but the Space itself: no other machine would help.
            raise AccessRefused(f"the Hub does not let this token create {id}: {refusal}; use one that may write")
    return tuple(refusals)


def _nowhere(id: str, refusals: tuple[Refusal, ...]) -> Place:
    """No Space for want of a machine is for a person to mend; for want of a paid plan alone it is a failure."""
    if all(refusal.flavor == CPU for refusal in refusals):
        raise HubFailure(f"{refusals[-1]}, so {id} cannot be made; subscribe, or have it on ZeroGPU")
    return Place(space=None, refusals=refusals)
