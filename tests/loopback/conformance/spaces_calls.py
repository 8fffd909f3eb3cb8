"""Spaces: their stages, hardware, secrets, variables, volumes and logs."""

import httpx
from huggingface_hub import Volume

from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import World

SILENT = "print('awake')\nimport time\ntime.sleep(600)\n"


@call("get_space_runtime", "wait_for_space")
def a_static_space_runs_at_once(world: World) -> None:
    id = world.space()
    assert world.api.get_space_runtime(id).stage == "RUNNING"
    assert world.api.wait_for_space(id, timeout=20).stage == "RUNNING"


@call("pause_space", "restart_space")
def a_space_is_paused_and_restarted(world: World) -> None:
    id = world.space("gradio", app_dot_py=SILENT)
    assert world.api.pause_space(id).stage == "PAUSED"
    assert world.api.restart_space(id).stage in ("BUILDING", "APP_STARTING", "RUNNING_BUILDING")
    assert world.api.pause_space(id).stage == "PAUSED"


@call("add_space_secret", "get_space_secrets", "delete_space_secret")
def a_secret_is_kept_and_never_told(world: World) -> None:
    id = world.space()
    world.api.add_space_secret(id, "PASSWORD", "swordfish", description="of the door")
    known = world.api.get_space_secrets(id)
    assert (list(known), known["PASSWORD"].description) == (["PASSWORD"], "of the door")
    assert "swordfish" not in world.ask("GET", f"/api/spaces/{id}/secrets").text
    world.api.delete_space_secret(id, "PASSWORD")
    assert world.api.get_space_secrets(id) == {}


@call("add_space_variable", "get_space_variables", "delete_space_variable")
def a_variable_is_kept_and_told(world: World) -> None:
    id = world.space()
    world.api.add_space_variable(id, "COLOUR", "red")
    assert world.api.add_space_variable(id, "COLOUR", "blue")["COLOUR"].value == "blue"
    assert world.api.get_space_variables(id)["COLOUR"].value == "blue"
    assert world.api.delete_space_variable(id, "COLOUR") == {}


@call()
def a_space_is_made_with_everything_it_needs(world: World) -> None:
    id = world.name("whole")
    world.api.create_repo(
        id,
        repo_type="space",
        space_sdk="gradio",
        space_hardware="cpu-upgrade",
        space_secrets=[{"key": "PASSWORD", "value": "swordfish"}],
        space_variables=[{"key": "COLOUR", "value": "red"}],
    )
    assert world.api.get_space_runtime(id).requested_hardware == "cpu-upgrade"
    assert (list(world.api.get_space_secrets(id)), list(world.api.get_space_variables(id))) == (
        ["PASSWORD"],
        ["COLOUR"],
    )


@call("request_space_hardware", "set_space_sleep_time")
def hardware_and_sleep_are_asked_for(world: World) -> None:
    id = world.space("gradio")
    assert world.api.request_space_hardware(id, "cpu-upgrade", sleep_time=3600).requested_hardware == "cpu-upgrade"
    assert world.api.set_space_sleep_time(id, 7200).sleep_time == 7200


@call("list_spaces_hardware")
def hardware_is_listed_with_its_price(world: World) -> None:
    prices = {hardware.name: hardware.unit_cost_usd for hardware in world.api.list_spaces_hardware()}
    assert (prices["cpu-basic"], "t4-small" in prices) == (0, True)


@call("get_zero_gpu_quota")
def the_quota_of_zero_gpu_is_told(world: World) -> None:
    quota = world.api.get_zero_gpu_quota()
    assert 0 <= quota.remaining <= quota.base


@call("enable_space_dev_mode", "disable_space_dev_mode")
def dev_mode_is_switched(world: World) -> None:
    id = world.space("gradio")
    world.api.enable_space_dev_mode(id)
    assert world.api.get_space_runtime(id).dev_mode
    world.api.disable_space_dev_mode(id)
    assert not world.api.get_space_runtime(id).dev_mode


@call("set_space_volumes", "delete_space_volumes")
def volumes_are_attached(world: World) -> None:
    id, bucket = world.space("gradio"), world.bucket()
    world.api.set_space_volumes(id, [Volume(type="bucket", source=bucket, mount_path="/data")])
    volumes = world.api.get_space_runtime(id).volumes or []
    assert [(volume.source, volume.mount_path) for volume in volumes] == [(bucket, "/data")]
    world.api.delete_space_volumes(id)
    assert not world.api.get_space_runtime(id).volumes


@call("fetch_space_logs")
def the_logs_of_a_space_are_read(world: World) -> None:
    id = world.space("gradio", app_dot_py="raise SystemExit('it broke')\n")
    world.ask("GET", f"/api/spaces/{id}/runtime")
    world.api.restart_space(id)
    world.api.wait_for_space(id, timeout=60, poll_interval=0.1)
    assert "it broke" in "".join(world.api.fetch_space_logs(id))
    assert isinstance(list(world.api.fetch_space_logs(id, build=True)), list)


@call("search_spaces")
def a_space_is_found_by_what_it_does(world: World) -> None:
    id = world.space(README_dot_md="---\ntitle: Umbrella folder\nsdk: static\n---\nIt folds umbrellas.\n")
    found = next(iter(world.api.search_spaces("fold an umbrella")))
    assert (found.id, found.runtime and found.runtime.stage) == (id, "RUNNING")
    assert found.semantic_relevancy_score and found.semantic_relevancy_score > 0


@call("list_space_templates")
def templates_are_listed(world: World) -> None:
    assert isinstance(world.api.list_space_templates(), list)


@call()
def a_space_tells_agents_how_to_use_it(world: World) -> None:
    id = world.space()
    answer = world.ask("GET", f"/spaces/{id}/agents.md")
    assert (answer.status_code, id in answer.text) == (200, True)


@call()
def a_static_space_shows_its_page(world: World) -> None:
    id = world.space()
    assert "<h1>Hi</h1>" in httpx.get(str(world.api.space_info(id).host), timeout=20).text
