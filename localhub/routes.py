"""Every address of the local Hub, in the order in which they are tried: the particular before the general."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from localhub import agents_md, commits, files, identity, pages, refusal, repos, search, space_routes
from localhub.hub import Hub

READ, POST, PUT, DELETE = ["GET"], ["POST"], ["PUT"], ["DELETE"]
REPOSITORY = "/{namespace}/{name}"
SPACE = "/api/spaces" + REPOSITORY


def of_identity() -> list[Route]:
    return [
        Route("/api/whoami-v2", identity.whoami, methods=READ),
        Route("/api/agent-harnesses", identity.agent_harnesses, methods=READ),
        Route("/api/telemetry/{topic:path}", identity.telemetry, methods=READ),
    ]


def of_spaces() -> list[Route]:
    return [
        Route("/api/spaces/semantic-search", search.semantic_search, methods=READ),
        Route("/api/spaces/zero-gpu/quota", space_routes.quota, methods=READ),
        Route(SPACE + "/runtime", space_routes.runtime, methods=READ),
        Route(SPACE + "/jwt", space_routes.sign, methods=READ),
        Route(SPACE + "/pause", space_routes.pause, methods=POST),
        Route(SPACE + "/restart", space_routes.restart, methods=POST),
        Route(SPACE + "/hardware", space_routes.hardware, methods=POST),
        Route(SPACE + "/sleeptime", space_routes.sleep_time, methods=POST),
        Route(SPACE + "/secrets", space_routes.secrets, methods=READ + POST + DELETE),
        Route(SPACE + "/variables", space_routes.variables, methods=READ + POST + DELETE),
        Route(SPACE + "/logs/{which}", space_routes.logs, methods=READ),
    ]


def of_repositories() -> list[Route]:
    """The same for models, datasets and spaces; what else `kinds` may be is refused by the endpoint."""
    repository = "/api/{kinds}" + REPOSITORY
    return [
        Route("/api/repos/create", repos.create, methods=POST),
        Route("/api/repos/delete", repos.delete, methods=DELETE),
        Route("/api/validate-yaml", repos.validate_yaml, methods=POST),
        Route("/api/{kinds}", repos.list_all, methods=READ),
        Route(repository, repos.describe, methods=READ),
        Route(repository + "/revision/{revision}", repos.describe, methods=READ),
        Route(repository + "/auth-check", repos.check_access, methods=READ),
        Route(repository + "/auth-check/write", repos.check_access, methods=READ),
        Route(repository + "/settings", repos.change_settings, methods=PUT),
        Route(repository + "/tree/{revision}", files.tree, methods=READ),
        Route(repository + "/tree/{revision}/{path:path}", files.tree, methods=READ),
        Route(repository + "/paths-info/{revision}", files.paths_info, methods=POST),
        Route(repository + "/preupload/{revision}", commits.preupload, methods=POST),
        Route(repository + "/commit/{revision}", commits.commit, methods=POST),
        Route(repository + "/commits/{revision}", commits.history, methods=READ),
        Route(repository + "/refs", commits.refs, methods=READ),
    ]


def of_pages() -> list[Route]:
    return [
        Route("/", pages.index, methods=READ),
        Route("/avatar.svg", pages.avatar, methods=READ),
        Route("/spaces" + REPOSITORY, pages.space, methods=READ),
        Route("/spaces" + REPOSITORY + "/agents.md", agents_md.agents_md, methods=READ),
    ]


def of_bytes() -> list[Route]:
    """Last, because a model's address has no word of its own in front."""
    return [
        Route(prefix + REPOSITORY + f"/{verb}/{{revision}}/{{path:path}}", files.resolve, methods=READ)
        for prefix in ("/{kinds}", "")
        for verb in ("resolve", "raw")
    ]


def application(hub: Hub) -> Starlette:
    """The whole server, which answers to loopback names only: a foreign name could be made to point here."""
    server = Starlette(
        routes=[*of_identity(), *of_spaces(), *of_repositories(), *of_pages(), *of_bytes()],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])],
        exception_handlers={refusal.Refusal: refusal.answer, HTTPException: refusal.unknown_route},
    )
    server.state.hub = hub
    return server
