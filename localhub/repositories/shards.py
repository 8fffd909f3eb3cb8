"""`/api/models/{id}/safetensors-metadata/{index}`: the headers of all shards of a model at once."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.repositories import access, weights


async def headers(request: Request) -> Response:
    local, repository, path = hub.of(request), hub.to_read(request), request.path_params["path"]
    access.check(local, repository, local.users.reading(request.headers))
    files, blobs = local.repositories.revision(repository, "main").files, local.repositories.blobs
    if path not in files:
        raise refusal.no_entry(path)

    def read() -> dict[str, Any]:
        index = weights.index(blobs, files, path)
        folder = path.rpartition("/")[0]
        found = {shard: f"{folder}/{shard}" if folder else shard for shard in weights.shards(index)}
        missing = [shard for shard in found if found[shard] not in files]
        if not found or missing:
            raise refusal.bad_request(f"{path} is not the index of safetensors files that are all there")
        told = {key: value for key, value in index.items() if key != "weight_map"}
        return {"index": told, "headers": {shard: weights.header(blobs.path(files[found[shard]])) for shard in found}}

    return JSONResponse(await asyncio.to_thread(read))
