"""Routes that run Spaces: runtime, pause, restart, hardware, sleep time, dev mode."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hardware, hub, refusal
from localhub.bodies import is_true, read_json
from localhub.people.passes import place_of
from localhub.repositories import commits
from localhub.spaces import settings
from localhub.spaces.changes import allowed, app_of, not_static, save, told, updated


async def runtime(request: Request) -> Response:
    return await told(request, hub.to_read(request))


async def commit(request: Request) -> Response:
    """A commit as to any repository; then the Space is built and started at once, as on the real Hub."""
    before = hub.to_read(request)
    answer = await commits.commit(request)
    after = hub.to_read(request)
    if after.head != before.head:
        hub.of(request).spaces.committed(after)
    return answer


async def pause(request: Request) -> Response:
    repository, _ = allowed(request)
    save(request, repository, updated(paused=True))
    await app_of(request, repository).stop()
    return await told(request, repository)


async def restart(request: Request) -> Response:
    """Ends a pause, forgets a failure and starts at once; with `factory` its environment is built from nothing."""
    repository, credential = allowed(request)
    hub.of(request).policy.check("restart", credential, repository.namespace)
    save(request, repository, updated(paused=False))
    await app_of(request, repository).restart(factory=is_true(request.query_params.get("factory")))
    return await told(request, repository)


async def change_hardware(request: Request) -> Response:
    """Every flavor is this machine. `current` follows `requested` when the app has started again."""
    repository, credential = allowed(request)
    body = await read_json(request)
    flavor = hardware.flavor(body.get("flavor"), "space")
    hub.of(request).policy.check("hardware", credential, repository.namespace, flavor=flavor.name)
    app = not_static(request, repository, "hardware")
    if flavor.name == hardware.ZERO and app.card(app.head()).get("sdk") != "gradio":
        raise refusal.bad_request("ZeroGPU is there for Spaces of the Gradio SDK only")
    sleep = settings.seconds(body.get("sleepTimeSeconds"))
    before = app.settings().hardware
    save(request, repository, updated(hardware=flavor.name, **({} if sleep is None else {"sleep_seconds": sleep})))
    if before != flavor.name:
        app.renew()
    app.idleness.look_later()
    return await told(request, repository)


async def sleep_time(request: Request) -> Response:
    """On free hardware the answer still says two days: there it cannot be changed."""
    repository, credential = allowed(request)
    hub.of(request).policy.check("sleeptime", credential, repository.namespace)
    app = not_static(request, repository, "sleep time")
    body = await read_json(request)
    seconds = settings.seconds(body.get("seconds"))
    if seconds is None:
        raise refusal.bad_request("seconds is missing")
    if app.settings().hardware == hardware.ZERO:
        raise refusal.bad_request(f"Cannot change the sleep time for {hardware.ZERO} Spaces.")
    save(request, repository, updated(sleep_seconds=seconds))
    app.idleness.look_later()
    return await told(request, repository)


async def dev_mode(request: Request) -> Response:
    """Noted and told, without effect: whoever could use an editor beside the app has this machine already."""
    repository, _ = allowed(request)
    body = await read_json(request)
    if not isinstance(body.get("enabled"), bool):
        raise refusal.bad_request("enabled is missing: true or false")
    not_static(request, repository, "dev mode")
    save(request, repository, updated(dev_mode=body["enabled"]))
    return await told(request, repository)


async def sign(request: Request) -> Response:
    """A pass for the caller, who may see the Space, to its address in a browser: `?__sign=<token>`."""
    repository, local = hub.to_read(request), hub.of(request)
    user = local.users.asking(request.headers)
    if user is None:
        raise refusal.sign_in()
    return JSONResponse({"token": local.passes.issue(user.name, place_of(repository))})
