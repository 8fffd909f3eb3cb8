"""How to get the local Hub's answer for each recorded one: one function a file in `answers/`, by the file's name."""

import json
from collections.abc import Callable

import httpx

from tests.loopback.conformance.sign_in import DEVICE
from tests.loopback.fidelity.furnished import OTHER, Furnished

Probe = Callable[[Furnished], httpx.Response]

MODEL, SPACE, STATIC = "/api/models/local/tiny", "/api/spaces/local/quiet", "/api/spaces/local/page"
FILE = "/local/tiny/resolve/main/config.json"
VARIABLE = {"key": "COLOUR", "value": "red", "description": "of the wall"}
SAMPLE = {"path": "app.py", "size": 5, "sample": "aGVsbG8="}


def get(path: str, token: str | None = "hf_local_me", **more: str) -> Probe:
    return lambda hub: hub.ask("GET", path, token, headers=more)


def send(method: str, path: str, body: object, token: str | None = "hf_local_me") -> Probe:
    return lambda hub: hub.ask(method, path, token, json=body)


def after(first: Probe, second: Probe) -> Probe:
    def both(hub: Furnished) -> httpx.Response:
        first(hub)
        return second(hub)

    return both


def commit(path: str, parent: str | None = None, token: str | None = "hf_local_me") -> Probe:
    header = {
        "key": "header",
        "value": {"summary": "one", "description": ""} | ({"parentCommit": parent} if parent else {}),
    }
    file = {"key": "file", "value": {"content": "aGVsbG8=", "path": "hello.txt", "encoding": "base64"}}
    lines = "".join(json.dumps(line) + "\n" for line in (header, file)).encode()
    return lambda hub: hub.ask("POST", path, token, content=lines, headers={"content-type": "application/x-ndjson"})


def batch(*instructions: dict[str, object]) -> Probe:
    lines = "".join(json.dumps(line) + "\n" for line in instructions).encode()
    return lambda hub: hub.ask("POST", f"/api/buckets/{hub.bucket}/batch", content=lines)


def events(path: Callable[[Furnished], str]) -> Probe:
    """A stream's first events, as if they were one JSON answer; the headers are the stream's own."""

    def read(hub: Furnished) -> httpx.Response:
        answer, found = hub.events(path(hub), lines=2)
        kind = answer.headers["content-type"]
        return httpx.Response(answer.status_code, content=json.dumps(found), headers={"content-type": kind})

    return read


def created(name: str) -> dict[str, object]:
    return {"name": name, "organization": "local", "type": "model", "visibility": "private"}


SCHEDULE = {
    "jobSpec": {"dockerImage": "python:3.12", "command": ["true"], "environment": {}, "flavor": "cpu-basic"},
    "schedule": "@yearly",
    "suspend": True,
}

REPOSITORIES: dict[str, Probe] = {
    "models.info": get(MODEL),
    "models.revision": get(MODEL + "/revision/main"),
    "models.blobs": get(MODEL + "?blobs=true"),
    "models.security": get(MODEL + "?securityStatus=true"),
    "models.expand": get(MODEL + "?expand=downloads&expand=cardData"),
    "models.list": get("/api/models?author=local&limit=5&search=tiny"),
    "models.list.page": after(send("POST", "/api/repos/create", created("another")), get("/api/models?limit=1")),
    "models.401": get("/api/models/local/missing", None),
    "models.404": get("/api/models/local/missing"),
    "datasets.info": get("/api/datasets/local/rows"),
    "revision.404": get(MODEL + "/revision/does-not-exist"),
    "tree": get(MODEL + "/tree/main"),
    "tree.expand": get(MODEL + "/tree/main?expand=true&recursive=true"),
    "tree.404": get(MODEL + "/tree/main/does-not-exist"),
    "paths-info": send("POST", MODEL + "/paths-info/main", {"paths": ["config.json", "gone.txt"], "expand": True}),
    "commits": get(MODEL + "/commits/main"),
    "commits.page": get(MODEL + "/commits/main?limit=1"),
    "refs": get(MODEL + "/refs"),
    "preupload": send("POST", SPACE + "/preupload/main", {"files": [SAMPLE]}),
    "commit": commit("/api/datasets/local/rows/commit/main"),
    "commit.403": commit("/api/datasets/local/rows/commit/main", token=OTHER),
    "commit.412": commit("/api/datasets/local/rows/commit/main", parent="0" * 40),
    "repos.create": send("POST", "/api/repos/create", created("new")),
    "repos.create.again": send("POST", "/api/repos/create", created("tiny")),
    "repos.delete": after(
        send("POST", "/api/repos/create", created("brief")), send("DELETE", "/api/repos/delete", created("brief"))
    ),
    "settings": send("PUT", MODEL + "/settings", {"visibility": "public"}),
    "resolve": get(FILE),
    "resolve.head": lambda hub: hub.ask("HEAD", FILE),
    "resolve.range": get(FILE, range="bytes=2-5"),
    "resolve.416": get(FILE, range="bytes=1000-"),
    "resolve.404": get("/local/tiny/resolve/main/does-not-exist.txt"),
}

SPACES: dict[str, Probe] = {
    "spaces.info": get(SPACE),
    "spaces.runtime": get(SPACE + "/runtime"),
    "spaces.runtime.static": get(STATIC + "/runtime"),
    "spaces.pause": send("POST", SPACE + "/pause", {}),
    "spaces.restart": send("POST", SPACE + "/restart", {}),
    "spaces.secrets.add": send("POST", SPACE + "/secrets", VARIABLE | {"key": "PASSWORD"}),
    "spaces.secrets.delete": send("DELETE", SPACE + "/secrets", {"key": "MISSING"}),
    "spaces.secrets": after(send("POST", SPACE + "/secrets", VARIABLE), get(SPACE + "/secrets")),
    "spaces.variables.add": send("POST", SPACE + "/variables", VARIABLE),
    "spaces.variables.delete": after(
        send("POST", SPACE + "/variables", VARIABLE), send("DELETE", SPACE + "/variables", {"key": "MISSING"})
    ),
    "spaces.variables": after(send("POST", SPACE + "/variables", VARIABLE), get(SPACE + "/variables")),
    "spaces.hardware": get("/api/spaces/hardware"),
    "spaces.quota": get("/api/spaces/zero-gpu/quota"),
    "spaces.search": get("/api/spaces/semantic-search?q=says+nothing&includeNonRunning=true"),
    "spaces.logs": events(lambda hub: STATIC + "/logs/build"),
}

JOBS: dict[str, Probe] = {
    "jobs.hardware": get("/api/jobs/hardware"),
    "jobs.run": lambda hub: hub.ask("POST", "/api/jobs/local", json=SCHEDULE["jobSpec"]),
    "jobs.inspect": lambda hub: hub.ask("GET", f"/api/jobs/local/{hub.job['id']}"),
    "jobs.list": lambda hub: hub.job and hub.ask("GET", "/api/jobs/local"),
    "jobs.404": get("/api/jobs/local/" + "0" * 24),
    "jobs.logs": events(lambda hub: f"/api/jobs/local/{hub.job['id']}/logs"),
    "scheduled.create": send("POST", "/api/scheduled-jobs/local", SCHEDULE),
    "scheduled.list": after(send("POST", "/api/scheduled-jobs/local", SCHEDULE), get("/api/scheduled-jobs/local")),
}

BUCKETS: dict[str, Probe] = {
    "buckets.create": send("POST", "/api/buckets/local/fresh", {"visibility": "private"}),
    "buckets.create.again": lambda hub: hub.ask("POST", f"/api/buckets/{hub.bucket}", json={}),
    "buckets.info": lambda hub: hub.ask("GET", f"/api/buckets/{hub.bucket}"),
    "buckets.list": lambda hub: hub.bucket and hub.ask("GET", "/api/buckets/local"),
    "buckets.tree": lambda hub: hub.ask("GET", f"/api/buckets/{hub.bucket}/tree"),
    "buckets.paths-info": lambda hub: hub.ask(
        "POST", f"/api/buckets/{hub.bucket}/paths-info", json={"paths": ["deep/drop.txt", "gone"]}
    ),
    "buckets.batch": batch({"type": "deleteFile", "path": "spilled.txt"}),
    "buckets.batch.422": batch({"type": "addFile", "path": "../out.txt", "xetHash": "0" * 64, "mtime": 0}),
    "buckets.404": get("/api/buckets/local/missing"),
    "buckets.xet-token": lambda hub: hub.ask("GET", f"/api/buckets/{hub.bucket}/xet-write-token"),
}

PEOPLE: dict[str, Probe] = {
    "whoami": get("/api/whoami-v2"),
    "whoami.401": get("/api/whoami-v2", None),
    "agent-harnesses": get("/api/agent-harnesses"),
    "oauth.configuration": get("/.well-known/openid-configuration"),
    "oauth.jwks": get("/oauth/jwks"),
    "oauth.token": lambda hub: hub.signed_in,
    "oauth.token.400": lambda hub: hub.ask(
        "POST", "/oauth/token", None, data={"grant_type": "refresh_token", "refresh_token": "no", "client_id": DEVICE}
    ),
    "oauth.userinfo": lambda hub: hub.ask("GET", "/oauth/userinfo", hub.signed_in.json()["access_token"]),
    "unknown": get("/api/papers/1706.03762"),
}

PROBES = REPOSITORIES | SPACES | JOBS | BUCKETS | PEOPLE
