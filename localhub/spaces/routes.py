"""The addresses of Spaces; the words that could be a namespace come first."""

from starlette.routing import Route

from localhub.spaces import agents_md, entries, offers, quota, runtime, search, streams

SPACE = "/api/spaces/{namespace}/{name}"

ROUTES = [
    Route("/api/spaces/semantic-search", search.semantic_search, methods=["GET"]),
    Route("/api/spaces/hardware", offers.list_hardware, methods=["GET"]),
    Route("/api/spaces/templates", offers.list_templates, methods=["GET"]),
    Route("/api/spaces/zero-gpu/quota", quota.quota, methods=["GET"]),
    Route(SPACE + "/runtime", runtime.runtime, methods=["GET"]),
    Route(SPACE + "/commit/{revision:path}", runtime.commit, methods=["POST"]),
    Route(SPACE + "/jwt", runtime.sign, methods=["GET"]),
    Route(SPACE + "/pause", runtime.pause, methods=["POST"]),
    Route(SPACE + "/restart", runtime.restart, methods=["POST"]),
    Route(SPACE + "/hardware", runtime.change_hardware, methods=["POST"]),
    Route(SPACE + "/sleeptime", runtime.sleep_time, methods=["POST"]),
    Route(SPACE + "/dev-mode", runtime.dev_mode, methods=["POST"]),
    Route(SPACE + "/secrets", entries.secrets, methods=["GET", "POST", "DELETE"]),
    Route(SPACE + "/variables", entries.variables, methods=["GET", "POST", "DELETE"]),
    Route(SPACE + "/volumes", entries.volumes, methods=["PUT", "DELETE"]),
    Route(SPACE + "/logs/{which}", streams.logs, methods=["GET"]),
    Route(SPACE + "/events", streams.events, methods=["GET"]),
    Route("/spaces/{namespace}/{name}/agents.md", agents_md.agents_md, methods=["GET"]),
]
