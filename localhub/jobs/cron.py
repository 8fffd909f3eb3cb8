"""When a scheduled Job runs: cron expressions and their names, in UTC."""

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from localhub import refusal

NAMED = {
    "@annually": "0 0 1 1 *",
    "@yearly": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@hourly": "0 * * * *",
}


def check(schedule: object) -> str:
    """The schedule, refused with 400 when there is no such one or its time never comes."""
    if not isinstance(schedule, str) or len(schedule) > 200:
        raise refusal.bad_request("schedule is missing")
    if schedule not in NAMED and len(schedule.split()) != 5:
        raise refusal.bad_request(
            f"{schedule!r} is no schedule: it has to be five fields of cron, or one of {', '.join(NAMED)}"
        )
    try:
        following(schedule, datetime.now(UTC))
    except (CronSimError, StopIteration) as error:
        raise refusal.bad_request(f"{schedule!r} is no schedule: {error or 'its time never comes'}") from error
    return schedule


def following(schedule: str, after: datetime) -> datetime:
    """The first time of a schedule after a moment."""
    return next(CronSim(NAMED.get(schedule, schedule).upper(), after))
