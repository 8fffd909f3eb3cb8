"""What a client asks for as a volume; refused with 400 when it cannot be mounted there."""

import os
import re
from typing import Any, Literal, Self

from pydantic import ValidationError

from localhub import refusal
from localhub.frozen import Frozen
from localhub.processes.namespaces import is_system


class Volume(Frozen):
    type: Literal["bucket", "model", "dataset", "space"]
    source: str
    mount_path: str
    read_only: bool = False
    revision: str | None = None
    path: str | None = None

    @classmethod
    def asked(cls, body: Any) -> Self:
        """From the JSON of a client. Any: it is checked here."""
        if not isinstance(body, dict):
            raise refusal.bad_request("a volume is an object with type, source and mountPath")
        kind: Any = body.get("type")
        place = str(body.get("mountPath") or "")
        parts = place.split("/")[1:]
        if not place.startswith("/") or not place.isprintable() or any(part in ("", ".", "..") for part in parts):
            raise refusal.bad_request(f"mountPath {place!r} is not an absolute path of a folder")
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", str(body.get("source") or "")):
            raise refusal.bad_request("source of a volume is the id of a bucket or repository: namespace/name")
        within = body.get("path") or None
        if within is not None and any(part in ("", ".", "..") for part in str(within).split("/")):
            raise refusal.bad_request(f"path {within!r} of a volume is not a path below its source")
        try:
            return cls(
                type=kind,
                source=body["source"],
                mount_path=place,
                read_only=kind != "bucket" or bool(body.get("readOnly")),
                revision=body.get("revision"),
                path=within,
            )
        except ValidationError as error:
            raise refusal.bad_request(f"a volume cannot be read: {error.errors()[0]['msg']}") from error

    def told(self) -> dict[str, Any]:
        more = {"revision": self.revision, "path": self.path}
        told = {"type": self.type, "source": self.source, "mountPath": self.mount_path, "readOnly": self.read_only}
        return told | {key: value for key, value in more.items() if value is not None}


def read_all(items: Any) -> tuple[Volume, ...]:
    """The volumes of a body. Any: it is checked here."""
    if not isinstance(items or [], list):
        raise refusal.bad_request("volumes is a list")
    found = tuple(map(Volume.asked, items or []))
    if len({volume.mount_path for volume in found}) < len(found):
        raise refusal.bad_request("two volumes have the same mountPath")
    paths = [f"{volume.mount_path}/" for volume in found]
    for path in paths:
        if is_system(path) or is_system(os.path.realpath(path)):
            raise refusal.bad_request(f"a volume cannot be mounted at {path[:-1]}")
        if any(path != other and path.startswith(other) for other in paths):
            raise refusal.bad_request(f"the volume at {path[:-1]} would lie inside another one")
    return found
