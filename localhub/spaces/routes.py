"""The addresses of Spaces; the words that could be a namespace come first."""

from starlette.routing import Route

from localhub.spaces import agents_md, runtime, search

SPACE = "/api/spaces/{namespace}/{name}"

ROUTES = [
    Route("/api/spaces/semantic-search", search.semantic_search, methods=["GET"]),
    Route("/api/spaces/zero-gpu/quota", runtime.quota, methods=["GET"]),
    Route(SPACE + "/runtime", runtime.runtime, methods=["GET"]),
    Route(SPACE + "/jwt", runtime.sign, methods=["GET"]),
    Route(SPACE + "/pause", runtime.pause, methods=["POST"]),
    Route(SPACE + "/restart", runtime.restart, methods=["POST"]),
    Route(SPACE + "/hardware", runtime.hardware, methods=["POST"]),
    Route(SPACE + "/sleeptime", runtime.sleep_time, methods=["POST"]),
    Route(SPACE + "/secrets", runtime.secrets, methods=["GET", "POST", "DELETE"]),
    Route(SPACE + "/variables", runtime.variables, methods=["GET", "POST", "DELETE"]),
    Route(SPACE + "/logs/{which}", runtime.logs, methods=["GET"]),
    Route("/spaces/{namespace}/{name}/agents.md", agents_md.agents_md, methods=["GET"]),
]
