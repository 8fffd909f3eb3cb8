"""Requests about scheduled Jobs."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import read_json
from localhub.jobs import cron, job_requests, rights, specification
from localhub.jobs.job import new_id
from localhub.jobs.schedule import Schedule
from localhub.repositories.repository import now


def to_read(request: Request) -> Schedule:
    return rights.readable(request, "Scheduled Job", hub.of(request).schedules.find)


def to_change(request: Request) -> Schedule:
    schedule = to_read(request)
    rights.writer(request)
    return schedule


def told(request: Request, schedule: Schedule) -> Response:
    return JSONResponse(schedule.told(hub.of(request).endpoint, datetime.now(UTC)))


async def create(request: Request) -> Response:
    credential, body = rights.writer(request), await read_json(request)
    if not isinstance(body.get("jobSpec"), dict):
        raise refusal.bad_request("jobSpec is missing")
    asked, secrets = specification.read(body["jobSpec"])
    job_requests.allow(request, credential, asked)
    schedule = Schedule(
        id=new_id(),
        namespace=request.path_params["namespace"],
        owned_by=rights.kind_of(request),
        specification=asked,
        initiator=job_requests.initiator(credential),
        created=now(),
        times=cron.check(body.get("schedule")),
        suspended=bool(body.get("suspend")),
        concurrent=bool(body.get("concurrency")),
    )
    return told(request, await hub.of(request).schedules.create(schedule, secrets))


async def listing(request: Request) -> Response:
    rights.reader(request)
    wanted = [label.partition("=")[::2] for label in request.query_params.getlist("label")]
    found = hub.of(request).schedules.of(request.path_params["namespace"])
    endpoint, moment = hub.of(request).endpoint, datetime.now(UTC)
    return JSONResponse(
        [schedule.told(endpoint, moment) for schedule in found if job_requests.labelled(schedule.specification, wanted)]
    )


async def inspect(request: Request) -> Response:
    return told(request, to_read(request))


async def delete(request: Request) -> Response:
    """Its Jobs go on."""
    await hub.of(request).schedules.delete(to_change(request))
    return JSONResponse({})


async def suspend(request: Request) -> Response:
    return told(request, await hub.of(request).schedules.change(to_change(request), suspended=True))


async def resume(request: Request) -> Response:
    return told(request, await hub.of(request).schedules.change(to_change(request), suspended=False))


async def reschedule(request: Request) -> Response:
    schedule = to_change(request)
    times = cron.check((await read_json(request)).get("schedule"))
    return told(request, await hub.of(request).schedules.change(schedule, times=times))


async def label(request: Request) -> Response:
    schedule = to_change(request)
    labels = specification.labels((await read_json(request)).get("labels"))
    changed = schedule.specification.model_copy(update={"labels": labels})
    return told(request, await hub.of(request).schedules.change(schedule, specification=changed))


async def trigger(request: Request) -> Response:
    """Run it once more, now. The next time stays what it was."""
    schedule, credential = to_change(request), rights.writer(request)
    job_requests.allow(request, credential, schedule.specification)
    return job_requests.told(request, await hub.of(request).schedules.fire(schedule))
