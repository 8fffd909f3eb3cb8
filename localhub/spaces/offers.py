"""Routes that tell what a Space can have and be made from: hardware and templates."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hardware, hub
from localhub.repositories import cards


async def list_hardware(request: Request) -> Response:
    return JSONResponse(hardware.listing("space"))


async def list_templates(request: Request) -> Response:
    """Every public Space whose card has the tag `template`; here nobody curates a list."""
    local = hub.of(request)
    found = []
    for repository in local.repositories.all("space"):
        facts = cards.front_matter(local, local.repositories.revision(repository, "main"))
        if repository.private or "template" not in (facts.get("tags") or []):
            continue
        name = str(facts.get("title") or repository.name)
        told = {"name": name, "repoId": repository.id, "sdk": str(facts.get("sdk")), "preferredPrivate": False}
        found.append(told)
    return JSONResponse({"templates": found})
