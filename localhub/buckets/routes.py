"""The addresses of buckets. To be tried before those of repositories, some of which would fit too."""

from starlette.routing import Route

from localhub.buckets import about, batch, content, events, tree

ONE = "/api/buckets/{namespace}/{name}"

ROUTES = [
    Route("/api/buckets/{namespace}", about.list_all, methods=["GET"]),
    Route(ONE, about.create, methods=["POST"]),
    Route(ONE, about.describe, methods=["GET"]),
    Route(ONE, about.delete, methods=["DELETE"]),
    Route(ONE + "/settings", about.change_settings, methods=["PUT"]),
    Route(ONE + "/xet-read-token", about.read_token, methods=["GET"]),
    Route(ONE + "/xet-write-token", about.write_token, methods=["GET"]),
    Route(ONE + "/tree", tree.tree, methods=["GET"]),
    Route(ONE + "/tree/{path:path}", tree.tree, methods=["GET"]),
    Route(ONE + "/paths-info", tree.paths_info, methods=["POST"]),
    Route(ONE + "/batch", batch.batch, methods=["POST"]),
    Route(ONE + "/events", events.events, methods=["GET"]),
    Route("/buckets/{namespace}/{name}/resolve/{path:path}", content.resolve, methods=["GET"]),
]
