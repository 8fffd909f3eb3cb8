"""What no method of huggingface_hub asks for: pages for people, signing in, older clients, and clear words."""

import httpx
import pytest
from huggingface_hub.errors import HfHubHTTPError

from tests.loopback.conformance import sign_in
from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import ME, OTHER, World


@call()
def what_is_unknown_is_named_with_its_method(world: World) -> None:
    answer = world.ask("PATCH", "/api/nothing/like/this")
    assert answer.status_code == 404
    assert answer.json() == {"error": "The local Hub has no PATCH /api/nothing/like/this"}


@call()
def telemetry_is_heard_and_forgotten(world: World) -> None:
    assert world.ask("HEAD", "/api/telemetry/conformance").status_code == 200
    assert world.ask("POST", "/v1/telemetry", content=b"{}").status_code == 200
    assert world.ask("GET", "/api/agent-harnesses").json() == {"standardEnvVars": [], "harnesses": {}}


@call()
def the_pages_for_people_are_shown(world: World) -> None:
    id = world.space()
    assert id in world.ask("GET", "/").text
    for picture in ("/avatar.svg", "/favicon.ico"):
        assert world.ask("GET", picture).headers["content-type"].startswith("image/svg+xml")
    assert world.ask("GET", f"/spaces/{id}").is_redirect
    assert world.ask("GET", "/device").status_code == 401
    for address, id in (("", world.model()), ("/models", world.model()), ("/datasets", world.dataset())):
        assert id.split("/")[1] in world.ask("GET", f"{address}/{id}", follow_redirects=True).text


@call()
def what_the_command_line_prints_as_an_address_has_a_page(world: World) -> None:
    repositories = (("", world.model()), ("models/", world.model()), ("datasets/", world.dataset()))
    for prefix, id in (*repositories, ("spaces/", world.space())):
        kind = prefix or "models/"
        head = world.ask("GET", f"/api/{kind}{id}/commits/main").json()[0]
        assert head["title"] in world.ask("GET", f"/{prefix}{id}/commit/{head['id']}").text
    bucket = world.bucket(a_dot_txt="letter a")
    assert "a.txt" in world.ask("GET", f"/buckets/{bucket}").text
    assert world.ask("GET", "/settings/tokens").status_code in (200, 401)
    owner = world.model().split("/")[0]
    job = world.ask("POST", f"/api/jobs/{owner}", json={"dockerImage": "python:3.12", "command": ["true"]}).json()
    assert job["id"] in world.ask("GET", f"/jobs/{owner}/{job['id']}").text


@call("read_paper")
def a_paper_is_no_repository(world: World) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        world.api.read_paper("1706.03762")
    assert refused.value.response.status_code == 404


@call()
def a_private_space_is_opened_with_a_pass(world: World) -> None:
    id = world.space()
    world.api.update_repo_settings(id, private=True, repo_type="space")
    pass_ = world.ask("GET", f"/api/spaces/{id}/jwt").json()["token"]
    host = str(world.api.space_info(id).host)
    assert httpx.get(host).status_code == 404
    assert "<h1>Hi</h1>" in httpx.get(host, params={"__sign": pass_}, follow_redirects=True).text


@call()
def what_happens_is_heard_as_it_happens(world: World) -> None:
    space, bucket = world.space(), world.bucket()
    assert '"stage":"RUNNING"' in first(world, f"/api/spaces/{space}/events").replace(" ", "")
    assert "event: ready" in first(world, f"/api/buckets/{bucket}/events")


def first(world: World, path: str) -> str:
    """The first event of a stream that does not end."""
    headers, heard = {"authorization": f"Bearer {ME}"}, ""
    with httpx.stream("GET", world.hub.endpoint + path, headers=headers, timeout=20) as answer:
        for line in answer.iter_lines():
            if heard and not line:
                break
            heard += line + "\n"
    return heard


@call()
def a_program_without_a_browser_is_let_in(world: World) -> None:
    given = sign_in.on_a_device(world.hub, ME).json()
    assert world.api.whoami(token=given["access_token"])["auth"]["type"] == "oauth"
    form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"], "client_id": sign_in.DEVICE}
    again = world.ask("POST", "/oauth/token", token=None, data=form).json()
    assert world.api.whoami(token=again["access_token"])["name"] == "local"


@call()
def a_user_signs_in_to_a_space(world: World) -> None:
    about = world.ask("GET", "/.well-known/openid-configuration").json()
    assert (about["issuer"], world.ask("GET", "/oauth/jwks").json()["keys"][0]["alg"]) == (world.hub.endpoint, "RS256")
    host, known = sign_in.app(world.hub, world.name("door").split("/")[1])
    given = sign_in.to_a_space(world.hub, host, known, OTHER).json()
    for method in ("GET", "POST"):
        told = world.ask(method, "/oauth/userinfo", token=given["access_token"]).json()
        assert (told["preferred_username"], given["scope"]) == ("other", "openid profile email")


@call()
def a_large_file_comes_by_git_lfs(world: World) -> None:
    for kind, id in (("model", world.model()), ("dataset", world.dataset())):
        content = f"weights of {id}" * 100
        world.large_file(id, kind, "weights.bin", content.encode())
        assert world.read(id, "weights.bin", kind) == content


@call()
def the_right_to_run_jobs_is_checked(world: World) -> None:
    for path in ("/api/jobs/local/auth-check", "/api/jobs/local/auth-check/job.write"):
        assert world.ask("POST", path).status_code == 200
        assert world.ask("POST", path, token="hf_local_other").status_code == 403


@call()
def a_file_of_any_kind_of_repository_is_read_as_it_is(world: World) -> None:
    for prefix, id, path in (("", world.model(), "config.json"), ("/datasets", world.dataset(), "rows.csv")):
        assert world.ask("GET", f"{prefix}/{id}/raw/main/{path}").status_code == 200
        assert world.ask("HEAD", f"{prefix}/{id}/resolve/main/{path}").status_code in (200, 307)
        kind = prefix or "/models"
        assert world.ask("PUT", f"/api{kind}/{id}/settings", json={"gated": "auto"}).status_code == 200
        assert world.ask("POST", f"{prefix}/{id}/ask-access", token="hf_local_other").is_success


@call()
def an_older_client_of_xet_is_served(world: World) -> None:
    id = world.bucket(a_dot_txt="letter a")
    given = world.ask("GET", f"/api/buckets/{id}/xet-write-token").json()
    store, token = given["casUrl"].removeprefix(world.hub.endpoint), given["accessToken"]
    hash = world.ask("HEAD", f"/buckets/{id}/resolve/a.txt").headers["x-xet-hash"]
    for version in ("v1", "v2"):
        told = world.ask("GET", f"{store}/{version}/reconstructions/{hash}", token=token).json()
        assert told["terms"][0]["unpacked_length"] == 8
    assert world.ask("GET", f"{store}/v1/chunks/default/{'0' * 64}", token=token).status_code == 404
    assert world.ask("POST", f"{store}/v1/xorb-grants/default/{'0' * 64}", token=token).status_code == 404
    assert world.ask("POST", f"{store}/v1/shards", token=token, content=b"nonsense").status_code == 400


@call()
def a_bucket_says_where_its_bytes_are(world: World) -> None:
    id = world.bucket(deep_in_a_dot_txt="letter a")
    for path in ("tree", "tree/deep"):
        assert [entry["path"] for entry in world.ask("GET", f"/api/buckets/{id}/{path}?recursive=true").json()] == [
            "deep/a.txt"
        ]
