"""The files of a static Space, straight from its commit: what is not in the tree cannot be reached."""

import mimetypes
from urllib.parse import unquote

from aiohttp import web

from localhub.repositories.blobs import Blobs
from localhub.repositories.repository import Commit

# What browsers need and Python's own table lacks, or takes from the machine.
TYPES = {
    ".css": "text/css",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".ksplat": "application/octet-stream",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".ply": "application/octet-stream",
    ".splat": "application/octet-stream",
    ".stl": "model/stl",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


def media_type(path: str) -> str:
    suffix = "." + path.rpartition(".")[2].lower()
    kind = TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind in ("application/json", "image/svg+xml")
    return f"{kind}; charset=utf-8" if text else kind


def respond(request: web.BaseRequest, commit: Commit, blobs: Blobs, first: str) -> web.StreamResponse:
    """The file that was asked for; `first` for the bare address."""
    if request.method not in ("GET", "HEAD"):
        return web.Response(status=405, text="A static Space can only be read.\n", headers={"Allow": "GET, HEAD"})
    path = unquote(request.raw_path.partition("?")[0]).lstrip("/") or first
    name = next((name for name in (path, path.rstrip("/") + "/index.html") if name in commit.files), None)
    if name is None:
        return web.Response(status=404, text=f"This Space has no {path}\n")
    if name != path and not path.endswith("/"):
        return web.Response(status=301, headers={"Location": f"/{path}/"})
    headers = {"Content-Type": media_type(name), "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return web.FileResponse(blobs.path(commit.files[name]), chunk_size=256 * 1024, headers=headers)
