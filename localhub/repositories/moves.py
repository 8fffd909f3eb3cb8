"""Where repositories went that have another name now."""

import json
from pathlib import Path

from starlette.requests import Request

from localhub import durable
from localhub.refusal import Refusal


class Moved(Refusal):
    """Not a no: the same question has to be asked at another address."""

    def __init__(self, location: str) -> None:
        super().__init__(307, f"This repository has moved to {location}")
        self.location = location

    def headers(self) -> dict[str, str]:
        return {"Location": self.location}


class Moves:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.ids: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}

    def new_id(self, kind: str, id: str) -> str | None:
        """The name of today, over as many moves as there were."""
        found, seen = self.ids.get(f"{kind}s/{id}"), {id}
        while found and found not in seen and f"{kind}s/{found}" in self.ids:
            seen.add(found)
            found = self.ids[f"{kind}s/{found}"]
        return found

    def send_on(self, request: Request, kind: str) -> None:
        """Raises Moved when what the path names has another name now. Whether it may be seen is asked there."""
        old = f"{request.path_params['namespace']}/{request.path_params['name']}"
        if new := self.new_id(kind, old):
            path = request.scope["raw_path"].decode("latin-1").partition("?")[0]
            query = f"?{request.url.query}" if request.url.query else ""
            raise Moved(path.replace(f"/{old}", f"/{new}", 1) + query)

    def note(self, kind: str, old: str, new: str) -> None:
        self.ids = self.ids | {f"{kind}s/{old}": new}
        durable.write_json(self.path, self.ids)

    def forget(self, kind: str, id: str) -> None:
        """The name is used again."""
        if f"{kind}s/{id}" in self.ids:
            self.ids = {old: new for old, new in self.ids.items() if old != f"{kind}s/{id}"}
            durable.write_json(self.path, self.ids)
