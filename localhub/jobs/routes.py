"""The addresses of Jobs; the words that could be a namespace come first."""

from starlette.routing import Route

from localhub.jobs import job_requests, schedule_requests

JOBS = "/api/jobs/{namespace}"
JOB = JOBS + "/{id}"
SCHEDULES = "/api/scheduled-jobs/{namespace}"
SCHEDULE = SCHEDULES + "/{id}"

ROUTES = [
    Route("/api/jobs/hardware", job_requests.flavors, methods=["GET"]),
    Route(JOBS, job_requests.run, methods=["POST"]),
    Route(JOBS, job_requests.listing, methods=["GET"]),
    Route(JOBS + "/auth-check", job_requests.check_rights, methods=["POST"]),
    Route(JOBS + "/auth-check/{permission}", job_requests.check_rights, methods=["POST"]),
    Route(JOB, job_requests.inspect, methods=["GET"]),
    Route(JOB + "/cancel", job_requests.cancel, methods=["POST"]),
    Route(JOB + "/duplicate", job_requests.rerun, methods=["POST"]),
    Route(JOB + "/labels", job_requests.label, methods=["PUT"]),
    Route(JOB + "/expose", job_requests.expose, methods=["PUT"]),
    Route(JOB + "/logs", job_requests.follow_logs, methods=["GET"]),
    Route(JOB + "/metrics", job_requests.follow_metrics, methods=["GET"]),
    Route(SCHEDULES, schedule_requests.create, methods=["POST"]),
    Route(SCHEDULES, schedule_requests.listing, methods=["GET"]),
    Route(SCHEDULE, schedule_requests.inspect, methods=["GET"]),
    Route(SCHEDULE, schedule_requests.delete, methods=["DELETE"]),
    Route(SCHEDULE + "/suspend", schedule_requests.suspend, methods=["POST"]),
    Route(SCHEDULE + "/resume", schedule_requests.resume, methods=["POST"]),
    Route(SCHEDULE + "/schedule", schedule_requests.reschedule, methods=["POST"]),
    Route(SCHEDULE + "/run", schedule_requests.trigger, methods=["POST"]),
    Route(SCHEDULE + "/labels", schedule_requests.label, methods=["PUT"]),
]
