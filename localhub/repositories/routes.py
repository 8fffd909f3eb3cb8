"""The addresses of repositories: the same for models, datasets and Spaces, which the endpoint tells apart."""

from starlette.routing import Route

from localhub.repositories import (
    access,
    attachments,
    commits,
    discussions,
    files,
    lfs,
    likes,
    listing,
    refs,
    repos,
    shards,
    tags,
)
from localhub.repositories.quoted import Quoted

REPOSITORY = "/{namespace}/{name}"
ONE = "/api/{kinds}" + REPOSITORY
DISCUSSION = ONE + "/discussions/{number}"
OBJECTS = REPOSITORY + ".git/info/lfs/objects"

ROUTES = [
    Route("/api/repos/create", repos.create, methods=["POST"]),
    Route("/api/repos/delete", repos.delete, methods=["DELETE"]),
    Route("/api/repos/move", repos.move, methods=["POST"]),
    Route("/api/validate-yaml", repos.validate_yaml, methods=["POST"]),
    Route("/api/users/{user}/likes", likes.liked_by, methods=["GET"]),
    Route("/api/settings/repositories", likes.owned, methods=["GET"]),
    Route("/api/organizations/{organization}/settings/repositories", likes.owned, methods=["GET"]),
    Route("/api/models-tags-by-type", tags.models, methods=["GET"]),
    Route("/api/datasets-tags-by-type", tags.datasets, methods=["GET"]),
    Route("/uploads", attachments.upload, methods=["POST"]),
    Route("/uploads/{name}", attachments.show, methods=["GET"]),
    Route("/api/{kinds}", listing.list_all, methods=["GET"]),
    Route(ONE, repos.describe, methods=["GET"]),
    Quoted(ONE + "/revision/{revision}", repos.describe, methods=["GET"]),
    Route(ONE + "/auth-check", repos.check_access, methods=["GET"]),
    Route(ONE + "/auth-check/write", repos.check_access, methods=["GET"]),
    Route(ONE + "/settings", repos.change_settings, methods=["PUT"]),
    Route(ONE + "/duplicate", repos.duplicate, methods=["POST"]),
    Quoted(ONE + "/tree/{revision}", files.tree, methods=["GET"]),
    Quoted(ONE + "/tree/{revision}/{path:path}", files.tree, methods=["GET"]),
    Quoted(ONE + "/paths-info/{revision}", files.paths_info, methods=["POST"]),
    Route(ONE + "/safetensors-metadata/{path:path}", shards.headers, methods=["GET"]),
    Quoted(ONE + "/preupload/{revision}", commits.preupload, methods=["POST"]),
    Quoted(ONE + "/commit/{revision}", commits.commit, methods=["POST"]),
    Quoted(ONE + "/commits/{revision}", commits.history, methods=["GET"]),
    Route(ONE + "/refs", refs.refs, methods=["GET"]),
    Quoted(ONE + "/branch/{revision}", refs.create_branch, methods=["POST"]),
    Quoted(ONE + "/branch/{revision}", refs.delete_branch, methods=["DELETE"]),
    Quoted(ONE + "/tag/{revision}", refs.create_tag, methods=["POST"]),
    Quoted(ONE + "/tag/{revision}", refs.delete_tag, methods=["DELETE"]),
    Quoted(ONE + "/super-squash/{revision}", refs.squash, methods=["POST"]),
    Route(ONE + "/like", likes.like, methods=["POST", "DELETE"]),
    Route(ONE + "/likers", likes.likers, methods=["GET"]),
    Route(ONE + "/user-access-request/handle", access.handle, methods=["POST"]),
    Route(ONE + "/user-access-request/grant", access.grant, methods=["POST"]),
    Route(ONE + "/user-access-request/{status}", access.list_requests, methods=["GET"]),
    Route(ONE + "/lfs-files", lfs.list_files, methods=["GET"]),
    Route(ONE + "/lfs-files/batch", lfs.delete_files, methods=["POST"]),
    Route(ONE + "/discussions", discussions.list_all, methods=["GET"]),
    Route(ONE + "/discussions", discussions.create, methods=["POST"]),
    Route(DISCUSSION, discussions.details, methods=["GET"]),
    Route(DISCUSSION + "/comment", discussions.comment, methods=["POST"]),
    Route(DISCUSSION + "/comment/{comment}/edit", discussions.edit_comment, methods=["POST"]),
    Route(DISCUSSION + "/comment/{comment}/hide", discussions.hide_comment, methods=["POST"]),
    Route(DISCUSSION + "/title", discussions.rename, methods=["POST"]),
    Route(DISCUSSION + "/status", discussions.change_status, methods=["POST"]),
    Route(DISCUSSION + "/merge", discussions.merge, methods=["POST"]),
]

BYTES: list[Route] = []
"""To be tried last, because a model's address has no word of its own in front."""

for prefix in ("/{kinds}", ""):
    BYTES += [
        Quoted(prefix + REPOSITORY + "/resolve/{revision}/{path:path}", files.resolve, methods=["GET"]),
        Quoted(prefix + REPOSITORY + "/raw/{revision}/{path:path}", files.raw, methods=["GET"]),
        Route(prefix + REPOSITORY + "/ask-access", access.ask, methods=["POST"]),
        Route(prefix + OBJECTS + "/batch", lfs.batch, methods=["POST"]),
        Route(prefix + OBJECTS + "/verify", lfs.verify, methods=["POST"]),
        Route(prefix + OBJECTS + "/{sha256}", lfs.put, methods=["PUT"]),
    ]
