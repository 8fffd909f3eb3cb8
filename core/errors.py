"""What can go wrong outside our own code, one class for each thing somebody can do about it."""

import errno
from typing import ClassVar, Literal

Remedy = Literal["again", "later", "elsewhere", "replan", "stop"]
"""What the runner may try: the same call again, again after a while, another Space, another plan, nothing."""


class Failure(Exception):
    """The world said no. The message is one line that a user may read."""

    remedy: ClassVar[Remedy] = "stop"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(" ".join(message.split()))
        self.retry_after = retry_after
        """Seconds the other side asked us to wait, when it said so."""

    @property
    def kind(self) -> str:
        return type(self).__name__


class Unreachable(Failure):
    """No connection, no name, no route, or the connection broke before an answer began."""

    remedy = "again"


class HubFailure(Failure):
    """The Hub refused or does not know what was asked for."""


class SpaceUnavailable(Failure):
    """The Space is paused, broken, gone, or did not wake in time."""

    remedy = "elsewhere"


class SpaceBusy(Failure):
    """Queue full, too many requests, no GPU free just now."""

    remedy = "later"


class QuotaExceeded(Failure):
    """The caller's GPU quota does not cover this call."""

    remedy = "elsewhere"


class AccessRefused(Failure):
    """The Space wants a token, or another one (401, 403)."""

    remedy = "elsewhere"


class LicenceRefused(Failure):
    """The licences behind a Space do not allow what the user wants to do with its results, or do not say."""

    remedy = "elsewhere"


class EndpointMissing(Failure):
    """The Space no longer has the endpoint or parameter that the plan names."""

    remedy = "elsewhere"


class InputsRefused(Failure):
    """The arguments do not fit: by our reading of the schema, or by the Space's own validator."""

    remedy = "replan"


class AppFailed(Failure):
    """The Space's own code raised an error; the message is the Space's."""

    remedy = "again"


class CallLost(Failure):
    """The result stream broke or ended without a result; the Space may have done the work."""

    remedy = "again"


class AnswerBroken(Failure):
    """What came back is not what Gradio's protocol or the endpoint's schema promises."""

    remedy = "again"


class OutputRefused(Failure):
    """A file we will not take: too large, redirected elsewhere, encoded, endless."""

    remedy = "again"


class DeadlinePassed(Failure):
    """The step's time is over."""

    remedy = "elsewhere"


class GoalRefused(Failure):
    """The goal is empty, or nothing in the catalogue can do a part of it."""


class PlanRefused(Failure):
    """The plan does not fit the live schemas."""

    remedy = "replan"


class BudgetSpent(Failure):
    """What the user allowed to spend does not cover what comes next."""


class ModelRefused(Failure):
    """The language model cannot be asked so: no such model, no right to it, or a request that it does not take."""


class ModelUnpaid(Failure):
    """Whoever answers for the language model wants to be paid first (402)."""


class ModelBusy(Failure):
    """The language model gave no answer, and was asked again as often as its patience allows."""

    remedy = "later"


class ModelBroken(Failure):
    """The language model's answer cannot be read, or is empty."""

    remedy = "again"


class GoingInCircles(Failure):
    """The same call with the same result, over and over."""

    remedy = "replan"


class HandsNeeded(Failure):
    """Something that only a person can do has to be done first, such as choosing hardware in the settings."""


class TechnicalBlocker(Failure):
    """No Space can be made for the model without a person: what stands in the way is in the message."""


class InformationMissing(Failure):
    """Too little is known of the model to make a Space for it."""


class CodingFailed(Failure):
    """The coding agent ended without files that pass the look before the upload."""


class ConsentMissing(Failure):
    """A step publishes or spends, and nobody said yes."""


class RecordUnusable(Failure):
    """There is no such run, or its record cannot be read by this version."""


class RunBusy(Failure):
    """Another process is working on this run."""


class DiskFull(Failure):
    """The record could not be written. Nothing that was recorded is lost; resume after freeing space."""


def disk_full(error: OSError, what: str) -> DiskFull | None:
    """The failure behind an error of a write, when there was no room for it; None when it is something else."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return None
    reason = error.strerror or str(error)
    return DiskFull(f"{what} could not be written ({reason}); free some space and resume: nothing recorded is lost")


class Cancelled(Failure):
    """The user stopped the run."""
