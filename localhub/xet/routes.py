"""The addresses of the store: one for each bucket, below a name that is new whenever its uploads are forgotten."""

from starlette.routing import Route

from localhub.xet import cas

STORE = "/xet/{instance}"

ROUTES = [
    Route(STORE + "/v1/chunks/{prefix}/{hash}", cas.unknown_chunk, methods=["GET"]),
    Route(STORE + "/v1/xorb-grants/{prefix}/{hash}", cas.no_grant, methods=["POST"]),
    Route(STORE + "/v1/xorbs/{prefix}/{hash}", cas.take_xorb, methods=["POST"]),
    Route(STORE + "/v1/shards", cas.take_shard, methods=["POST"]),
    Route(STORE + "/v2/shards", cas.take_shard, methods=["POST"]),
    Route(STORE + "/v1/reconstructions/{hash}", cas.reconstruction, methods=["GET"]),
    Route(STORE + "/v2/reconstructions/{hash}", cas.reconstruction, methods=["GET"]),
    Route(STORE + "/fetch/{hash}/{number:int}", cas.fetch, methods=["GET"]),
    # hf_xet 1.8 drops the path of the store's address here.
    Route("/v1/telemetry", cas.telemetry, methods=["POST"]),
]
