"""The addresses of repositories: the same for models, datasets and Spaces, which the endpoint tells apart."""

from starlette.routing import Route

from localhub.repositories import commits, files, repos

REPOSITORY = "/{namespace}/{name}"
ONE = "/api/{kinds}" + REPOSITORY

ROUTES = [
    Route("/api/repos/create", repos.create, methods=["POST"]),
    Route("/api/repos/delete", repos.delete, methods=["DELETE"]),
    Route("/api/validate-yaml", repos.validate_yaml, methods=["POST"]),
    Route("/api/{kinds}", repos.list_all, methods=["GET"]),
    Route(ONE, repos.describe, methods=["GET"]),
    Route(ONE + "/revision/{revision}", repos.describe, methods=["GET"]),
    Route(ONE + "/auth-check", repos.check_access, methods=["GET"]),
    Route(ONE + "/auth-check/write", repos.check_access, methods=["GET"]),
    Route(ONE + "/settings", repos.change_settings, methods=["PUT"]),
    Route(ONE + "/tree/{revision}", files.tree, methods=["GET"]),
    Route(ONE + "/tree/{revision}/{path:path}", files.tree, methods=["GET"]),
    Route(ONE + "/paths-info/{revision}", files.paths_info, methods=["POST"]),
    Route(ONE + "/preupload/{revision}", commits.preupload, methods=["POST"]),
    Route(ONE + "/commit/{revision}", commits.commit, methods=["POST"]),
    Route(ONE + "/commits/{revision}", commits.history, methods=["GET"]),
    Route(ONE + "/refs", commits.refs, methods=["GET"]),
]

BYTES = [
    Route(prefix + REPOSITORY + f"/{verb}/{{revision}}/{{path:path}}", files.resolve, methods=["GET"])
    for prefix in ("/{kinds}", "")
    for verb in ("resolve", "raw")
]
"""To be tried last, because a model's address has no word of its own in front."""
