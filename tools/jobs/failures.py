"""What can go wrong with a Job that another try would not mend by itself."""

from core.errors import Failure


class JobRefused(Failure):
    """The Hub runs no Job for this user: no credits, no plan, no right."""


class JobStuck(Failure):
    """The Job did not start, or did not end, in the time that it had; it was cancelled."""

    remedy = "later"


class JobFailed(Failure):
    """The script ended without a result. Trying again would cost again."""
