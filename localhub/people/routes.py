"""The addresses of identity."""

from starlette.routing import Route

from localhub.people import identity

ROUTES = [
    Route("/api/whoami-v2", identity.whoami, methods=["GET"]),
    Route("/api/agent-harnesses", identity.agent_harnesses, methods=["GET"]),
    Route("/api/telemetry/{topic:path}", identity.telemetry, methods=["GET"]),
]
