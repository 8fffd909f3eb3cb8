"""The first page: what this server is, and what the caller may see on it."""

from collections.abc import Iterator
from html import escape
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response

from localhub import hub
from localhub.pages import frame
from localhub.people import entrance, session
from localhub.people.users import User
from localhub.repositories import cards
from localhub.repositories.repository import Repository

MOST_JOBS = 10


async def show(request: Request) -> Response:
    """The caller's own things first. With `?token=` it signs the browser in."""
    local = hub.of(request)
    if token := request.query_params.get("token"):
        user = session.owner_of(request, token)
        if user is None:
            return frame.page("Unknown token", f"<p>{entrance.UNKNOWN}</p><p>{frame.HOME}</p>", 401)
        return session.sign_in(request, user)
    user = session.user_of(request)
    who = f"<p>Signed in as <code>{escape(user.name)}</code>.</p>" if user else ""
    hint = "" if user else " Private ones are shown to their owner, who signs in where the Hub has told when it began."
    return frame.page(
        "Local Hub",
        "<p>A small server on this machine that speaks the Hugging Face Hub's HTTP for huggingface_hub, gradio_client "
        f"and hf. Nothing here leaves the machine.</p>{who}"
        + (own(local, user) if user else "")
        + frame.listed("Spaces", others(local, "space", user))
        + f'<p class="quiet">A Space starts with the first request to it.{hint}</p>'
        + frame.listed("Models", others(local, "model", user))
        + frame.listed("Data sets", others(local, "dataset", user))
        + f"<h2>From a shell</h2><pre>export HF_ENDPOINT={escape(local.endpoint)}</pre>",
    )


def own(local: hub.Hub, user: User) -> str:
    titles = {"space": "Your Spaces", "model": "Your models", "dataset": "Your data sets"}
    mine = [
        frame.listed(title, [about(local, repository) for repository in of(local, kind, user, owned=True)])
        for kind, title in titles.items()
    ]
    names = (user.name, *user.organizations)
    buckets = [
        frame.row(f"/buckets/{bucket.id}", bucket.id, mark="private" if bucket.private else "")
        for name in names
        for bucket in local.buckets.all(name)
    ]
    jobs = [job for name in names for job in islice(local.jobs.of(name), MOST_JOBS)]
    told = [
        frame.row(f"/jobs/{job.namespace}/{job.id}", job.id, " ".join(job.specification.command)[:80], job.stage)
        for job in jobs
    ]
    return "".join(mine) + frame.listed("Your buckets", buckets) + frame.listed("Your newest Jobs", told)


def others(local: hub.Hub, kind: str, user: User | None) -> Iterator[str]:
    return (about(local, repository) for repository in of(local, kind, user, owned=False) if not repository.private)


def of(local: hub.Hub, kind: str, user: User | None, owned: bool) -> Iterator[Repository]:
    for repository in local.repositories.all(kind):
        if bool(user and user.owns(repository.namespace)) == owned:
            yield repository


def about(local: hub.Hub, repository: Repository) -> str:
    facts = cards.front_matter(local, local.repositories.revision(repository, "main"))
    told = facts.get("short_description") or facts.get("title") or facts.get("pipeline_tag") or ""
    address = f"/{cards.PREFIXES[repository.kind]}{repository.id}"
    return frame.row(address, repository.id, str(told), "private" if repository.private else "")
