"""One Job as it is written down, and as the API tells it."""

import secrets
import time
from datetime import UTC, datetime
from typing import Any, Literal

from localhub.frozen import Frozen
from localhub.jobs.specification import Specification
from localhub.people.users import object_id

Stage = Literal["SCHEDULING", "RUNNING", "COMPLETED", "CANCELED", "ERROR"]


class Initiator(Frozen):
    type: Literal["user", "org", "scheduled-job", "duplicated-job"]
    id: str
    name: str | None = None

    def told(self, endpoint: str) -> dict[str, str]:
        person = {"avatarUrl": f"{endpoint}/avatar.svg"} if self.type in ("user", "org") else {}
        return {**self.model_dump(exclude_none=True), **person}


class Job(Frozen):
    id: str
    namespace: str
    owned_by: Literal["user", "org"] = "user"
    specification: Specification
    initiator: Initiator
    created: str
    started: str | None = None
    finished: str | None = None
    stage: Stage = "SCHEDULING"
    message: str | None = None

    @property
    def terminal(self) -> bool:
        return self.stage not in ("SCHEDULING", "RUNNING")

    def told(self, endpoint: str) -> dict[str, Any]:
        """As GET /api/jobs/{namespace}/{id} answers. Of secrets only the names are in it."""
        times = {"startedAt": self.started, "finishedAt": self.finished}
        return {
            "type": "job",
            "id": self.id,
            "createdAt": self.created,
            "createdBy": creator(self.initiator, self.namespace, self.owned_by),
            **{key: value for key, value in times.items() if value},
            **self.specification.told(),
            "status": self.status(),
            "durations": self.durations(),
            "owner": owner(self.namespace, self.owned_by, endpoint),
            "initiator": self.initiator.told(endpoint),
        }

    def status(self) -> dict[str, Any]:
        """Exposed ports are this machine's own: nothing asks for a token there, and two Jobs cannot share one."""
        told: dict[str, Any] = {"stage": self.stage, "message": self.message}
        if self.specification.expose and self.stage == "RUNNING":
            told["exposeUrls"] = [f"http://127.0.0.1:{port}" for port in self.specification.expose.ports]
        return told

    def durations(self) -> dict[str, int | None]:
        now = datetime.now(UTC)
        created, end = moment(self.created), moment(self.finished) if self.finished else now
        started = moment(self.started) if self.started else None
        return {
            "schedulingSecs": int((started - created).total_seconds()) if started else None,
            "runningSecs": int((end - started).total_seconds()) if started else None,
            "totalSecs": int((end - created).total_seconds()),
        }


def creator(initiator: Initiator, namespace: str, kind: str) -> dict[str, str]:
    """The person who asked for it; for what a schedule or another Job has begun, the owner of both."""
    if initiator.type == "user" and initiator.name:
        return {"id": initiator.id, "name": initiator.name}
    return {"id": object_id(kind, namespace), "name": namespace}


def owner(namespace: str, kind: str, endpoint: str) -> dict[str, str]:
    return {
        "id": object_id(kind, namespace),
        "name": namespace,
        "type": kind,
        "avatarUrl": f"{endpoint}/avatar.svg",
    }


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def new_id() -> str:
    """24 hex digits that begin with the time, so that ids are in the order of their making to the second."""
    return f"{int(time.time()):08x}{secrets.token_hex(8)}"
