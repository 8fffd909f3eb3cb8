"""One scheduled Job as it is written down, and as the API tells it."""

from datetime import datetime
from typing import Any, Literal

from localhub.frozen import Frozen
from localhub.jobs import cron
from localhub.jobs.job import Initiator, owner
from localhub.jobs.specification import Specification


class LastRun(Frozen):
    id: str
    at: str


class Schedule(Frozen):
    id: str
    namespace: str
    owned_by: Literal["user", "org"] = "user"
    specification: Specification
    initiator: Initiator
    created: str
    times: str
    """A cron expression, or a name of one."""

    suspended: bool = False
    concurrent: bool = False
    """Whether it runs although its last Job is not over."""

    last: LastRun | None = None

    def next_run(self, after: datetime) -> datetime:
        return cron.following(self.times, after)

    def told(self, endpoint: str, now: datetime) -> dict[str, Any]:
        """As GET /api/scheduled-jobs/{namespace}/{id} answers. The next time is told also while it is suspended."""
        at = self.next_run(now).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return {
            "type": "scheduled-job",
            "id": self.id,
            "createdAt": self.created,
            "jobSpec": self.specification.told(),
            "schedule": self.times,
            "suspend": self.suspended,
            "concurrency": self.concurrent,
            "status": {"lastJob": self.last.model_dump() if self.last else None, "nextJobRunAt": at},
            "owner": owner(self.namespace, self.owned_by, endpoint),
            "initiator": self.initiator.told(endpoint),
        }
