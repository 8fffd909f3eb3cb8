"""A Job in a browser: how it stands, and what it has said."""

import asyncio
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from localhub import hub
from localhub.pages import frame
from localhub.people import session

MOST_BYTES = 200_000
"""Of the log, from its end."""


async def show(request: Request) -> Response:
    """For who owns the namespace. It shows itself anew while the Job is under way."""
    local, user = hub.of(request), session.user_of(request)
    job = local.jobs.find(request.path_params["namespace"], request.path_params["id"])
    if job is None or user is None or not user.owns(job.namespace):
        return frame.not_found("Job")
    said = await asyncio.to_thread(tail, local.jobs.records.log(job))
    told = job.told(local.endpoint)
    seconds = told["durations"]["totalSecs"]
    reason = f"<p>{escape(job.message)}</p>" if job.message else ""
    answer = frame.page(
        f"Job {job.id}",
        f'<p><span class="mark">{job.stage}</span> {seconds} s on {escape(job.specification.flavor)}</p>{reason}'
        f"<pre>{escape(' '.join(job.specification.command))}</pre>"
        f"<h2>Log</h2><pre>{escape(said) or 'nothing yet'}</pre>"
        f'<p class="quiet">{escape(job.namespace)} · {frame.HOME}</p>',
    )
    if not job.terminal:
        answer.headers["Refresh"] = "2"
    return answer


def tail(log: Path) -> str:
    """The end of a log, without the time that stands before every line."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - MOST_BYTES))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(line.partition("\t")[2] for line in text.splitlines())
