"""The hardware of Spaces: what there is, what it costs, who may have it, and what the app is told of it."""

import json
from collections.abc import Iterator

import httpx
import pytest
from huggingface_hub import HfApi, SpaceHardware, Volume
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from tests.loopback.localhub_fixtures import LocalHub, eventually, readme, running_hub

APP = """
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        if os.path.isdir("/data-of-a-bucket"):
            open("/data-of-a-bucket/seen", "a").write("seen")
        elif os.environ.get("PLACE"):
            open(os.environ["PLACE"] + "/seen", "a").write("seen")
        self.wfile.write(json.dumps(dict(os.environ)).encode())

HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


@pytest.fixture(scope="module")
def api(hub: LocalHub) -> HfApi:
    return hub.api()


def test_all_hardware_of_spaces_is_offered_with_its_price(api: HfApi) -> None:
    offered = {each.name: each for each in api.list_spaces_hardware()}
    assert set(offered) == {each.value for each in SpaceHardware}
    free, small = offered["cpu-basic"], offered["t4-small"]
    assert (free.cpu, free.ram, free.unit_cost_usd, free.accelerator) == ("2 vCPU", "16 GB", 0, None)
    assert (round(small.unit_cost_usd * 60, 2), small.unit_label) == (0.40, "minute")
    assert small.accelerator and (small.accelerator.model, small.accelerator.vram) == ("T4", "16 GB")


def test_unknown_hardware_is_refused_with_what_there_is(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("plain", app_dot_py=APP)
    for flavor in ("quantum", "h200", None):
        with pytest.raises(BadRequestError, match="cpu-basic, cpu-upgrade"):
            api.request_space_hardware(id, flavor)  # type: ignore[arg-type]
    assert api.get_space_runtime(id).requested_hardware == "cpu-basic"


def test_hardware_that_has_to_be_paid_needs_a_payment_method(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("poor", app_dot_py=APP)
    with pytest.raises(HfHubHTTPError, match="add a payment method") as caught:
        api.request_space_hardware(id, "a100-large")  # type: ignore[arg-type]
    assert caught.value.response.status_code == 403
    assert api.get_space_runtime(id).requested_hardware == "cpu-basic"


def test_a_static_space_has_no_hardware(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("page", sdk="static", index_dot_html="<p>")
    with pytest.raises(BadRequestError, match="static Space"):
        api.request_space_hardware(id, "zero-a10g")  # type: ignore[arg-type]
    runtime = api.get_space_runtime(id)
    assert (runtime.hardware, runtime.requested_hardware) == (None, None)


def test_the_app_is_told_who_it_is_and_what_it_runs_on(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("told", app_dot_py=APP, README_dot_md=readme(hf_oauth="true"))
    told = json.loads(hub.get(hub.host(id)).text)
    expected = {
        **{"SPACE_ID": id, "SPACE_AUTHOR_NAME": "local", "SPACE_REPO_NAME": "told", "SPACE_TITLE": "Greeter"},
        **{"SPACE_CREATOR_USER_ID": api.whoami()["id"], "SYSTEM": "spaces", "OPENID_PROVIDER_URL": hub.endpoint},
        **{"ACCELERATOR": "none", "CPU_CORES": "2", "MEMORY": "16Gi"},
    }
    assert {name: told.get(name) for name in expected} == expected
    assert told["OAUTH_CLIENT_ID"] and "SPACE_HOST" not in told


def test_a_secret_cannot_take_a_space_out_of_its_folder(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("homeless", app_dot_py=APP)
    api.add_space_secret(id, "HOME", "/")
    assert json.loads(hub.get(hub.host(id)).text)["HOME"] == str(hub.data / "work/local--homeless")


def test_dev_mode_is_noted(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("developed", app_dot_py=APP)
    assert api.enable_space_dev_mode(id).dev_mode and not api.disable_space_dev_mode(id).dev_mode


def test_the_zero_gpu_quota_is_that_of_the_plan(hub: LocalHub, api: HfApi) -> None:
    quota = api.get_zero_gpu_quota()
    assert (quota.base, quota.remaining, quota.resets_at, quota.overquota_used) == (2400, 2400, None, 0)
    assert hub.get("/api/spaces/zero-gpu/quota").status_code == 401


def test_templates_are_the_public_spaces_that_say_so(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("pattern", app_dot_py=APP, README_dot_md=readme(tags="[template]"))
    hub.put("secret-pattern", private=True, README_dot_md=readme(tags="[template]"))
    assert [(each.repo_id, each.sdk) for each in api.list_space_templates()] == [(id, "gradio")]


def test_a_bucket_is_seen_by_the_app_at_its_path(hub: LocalHub, api: HfApi) -> None:
    api.create_bucket("local/kept")
    id = hub.put("writer", app_dot_py=APP)
    api.add_space_variable(id, "PLACE", "/data-of-a-bucket")
    api.set_space_volumes(id, [Volume(type="bucket", source="local/kept", mount_path="/data-of-a-bucket")])
    assert hub.get(hub.host(id)).status_code == 200
    assert any(path.read_text().startswith("seen") for path in (hub.data / "buckets").rglob("seen"))
    volumes = api.get_space_runtime(id).volumes
    assert volumes and (volumes[0].source, volumes[0].mount_path) == ("local/kept", "/data-of-a-bucket")
    api.delete_space_volumes(id)
    assert api.get_space_runtime(id).volumes is None
    with pytest.raises(BadRequestError):
        api.delete_space_volumes(id)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"source": "local/nobody"}, 404),
        ({"mountPath": "data"}, 400),
        ({"mountPath": "/data/../etc"}, 400),
        ({"path": "../.."}, 400),
        ({"path": "/etc"}, 400),
        ({"type": "disk"}, 400),
    ],
)
def test_a_volume_that_cannot_be_is_refused(hub: LocalHub, api: HfApi, change: dict[str, str], status: int) -> None:
    api.create_bucket("local/there", exist_ok=True)
    api.create_repo("local/careless", repo_type="space", space_sdk="gradio", exist_ok=True)
    hub.put("careless", app_dot_py=APP)
    volume = {"type": "bucket", "source": "local/there", "mountPath": "/data"} | change
    headers = {"authorization": f"Bearer {hub.token}"}
    address = f"{hub.endpoint}/api/spaces/local/careless/volumes"
    assert httpx.put(address, json={"volumes": [volume]}, headers=headers).status_code == status


def test_ten_spaces_that_are_committed_at_once_all_run(hub: LocalHub) -> None:
    ids = [hub.put(f"crowd-{number}", app_dot_py=APP) for number in range(10)]
    assert eventually(lambda: all(hub.runtime(id)["stage"] == "RUNNING" for id in ids), seconds=60)
    assert [json.loads(hub.get(hub.host(id)).text)["SPACE_ID"] for id in ids] == ids
