"""Requests about Jobs: run, list, inspect, cancel, rerun, logs, metrics, labels, ports, hardware."""

from email.utils import formatdate
from time import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hardware, hub, logs, refusal
from localhub.bodies import read_json
from localhub.jobs import metrics, rights, specification
from localhub.jobs.execution import memory
from localhub.jobs.job import Initiator, Job
from localhub.people.users import Credential, object_id
from localhub.repositories import paging

PAGE = 100
"""Jobs on one page of a list."""


def to_read(request: Request) -> Job:
    return rights.readable(request, "Job", hub.of(request).jobs.find)


def to_change(request: Request) -> Job:
    job = to_read(request)
    rights.writer(request)
    return job


def told(request: Request, job: Job, status: int = 200) -> Response:
    return JSONResponse(job.told(hub.of(request).endpoint), status)


def initiator(credential: Credential) -> Initiator:
    return Initiator(type="user", id=object_id("user", credential.user.name), name=credential.user.name)


def allow(request: Request, credential: Credential, asked: specification.Specification) -> None:
    """Refuse what this user may not run: by the table of refusals, or for its volumes or its Space."""
    local, namespace = hub.of(request), request.path_params["namespace"]
    local.policy.check("run_job", credential, namespace, flavor=asked.flavor)
    local.jobs.check(asked, credential.user)
    if asked.space:
        owner, _, name = asked.space.partition("/")
        space = local.repositories.find("space", owner, name)
        if space is None or not hub.visible(credential.user, space):
            raise refusal.no_repository(signed_in=True)


async def run(request: Request) -> Response:
    credential = rights.writer(request)
    asked, secrets = specification.read(await read_json(request))
    allow(request, credential, asked)
    job = await hub.of(request).jobs.submit(
        request.path_params["namespace"], asked, secrets, initiator(credential), rights.kind_of(request)
    )
    return told(request, job)


async def rerun(request: Request) -> Response:
    """A new Job like an old one, with its secrets."""
    old, credential, jobs = to_change(request), rights.writer(request), hub.of(request).jobs
    allow(request, credential, old.specification)
    begun_by = Initiator(type="duplicated-job", id=old.id)
    secrets = jobs.records.secrets(old)
    return told(request, await jobs.submit(old.namespace, old.specification, secrets, begun_by, old.owned_by))


async def listing(request: Request) -> Response:
    """The newest first; with `stage` any of these, with `label` all of these."""
    rights.reader(request)
    stages = {stage.upper() for stage in request.query_params.getlist("stage")}
    wanted = [label.partition("=")[::2] for label in request.query_params.getlist("label")]
    found = (
        job.told(hub.of(request).endpoint)
        for job in hub.of(request).jobs.of(request.path_params["namespace"])
        if (not stages or job.stage in stages) and labelled(job.specification, wanted)
    )
    return paging.respond(request, *paging.cut(request, found, PAGE))


def labelled(asked: specification.Specification, wanted: list[tuple[str, str]]) -> bool:
    return all(asked.labels.get(key) == value for key, value in wanted)


async def inspect(request: Request) -> Response:
    return told(request, to_read(request))


async def cancel(request: Request) -> Response:
    return told(request, await hub.of(request).jobs.cancel(to_change(request)))


async def label(request: Request) -> Response:
    job = to_change(request)
    labels = specification.labels((await read_json(request)).get("labels"))
    return told(request, await hub.of(request).jobs.respecify(job, labels=labels))


async def expose(request: Request) -> Response:
    job = to_change(request)
    if job.terminal:
        raise refusal.Refusal(409, f"the ports of a Job can be changed while it runs, and this one is {job.stage}")
    ports = specification.expose(await read_json(request))
    return told(request, await hub.of(request).jobs.respecify(job, expose=ports if ports.ports else None))


async def follow_logs(request: Request) -> Response:
    job, jobs = to_read(request), hub.of(request).jobs
    tail = request.query_params.get("tail")
    if tail is not None and not (tail.isascii() and tail.isdigit()):
        raise refusal.bad_request("tail is not a number")
    events = logs.follow(
        jobs.records.log(job),
        int(tail[:9]) if tail else None,
        alive=lambda: not jobs.jobs[job.id].terminal,
        style=logs.JOB,
        pause=lambda seconds: jobs.rest(job.id, seconds),
    )
    # Without it huggingface_hub reads the log of a running Job for as long as there is something new.
    headers = {"Cache-Control": "no-cache", "Date": formatdate(time(), usegmt=True)}
    return hub.of(request).followers.answer(events, headers)


async def follow_metrics(request: Request) -> Response:
    job, jobs = to_read(request), hub.of(request).jobs
    if job.terminal:
        raise refusal.Refusal(406, f"a Job has metrics while it runs, and this one is {job.stage}")

    def pid() -> int | None:
        execution = jobs.executions.get(job.id)
        return execution.pid if execution else None

    for _ in range(50):
        if pid() or jobs.jobs[job.id].terminal:
            break
        await jobs.rest(job.id, 0.1)
    cores = hardware.FLAVORS[job.specification.flavor].cores
    events = metrics.follow(pid, cores, memory(job), job.id[-5:])
    return hub.of(request).followers.answer(events, {"Cache-Control": "no-cache"})


async def flavors(request: Request) -> Response:
    return JSONResponse(hardware.listing("job"))


async def check_rights(request: Request) -> Response:
    """200 for whoever may do with the namespace's Jobs what is asked for: `read`, or `write` when nothing is said."""
    (rights.reader if request.path_params.get("permission") == "read" else rights.writer)(request)
    return JSONResponse({})
