"""Spaces deployed to a real local Hub, with its table of what it refuses to whom."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from agents.space_deployer import Order, SpaceDeployer
from core.artifacts import ArtifactStore
from core.errors import AccessRefused, Failure, HubFailure, InputsRefused, SpaceUnavailable
from core.events import Event
from core.factory import CardFacts, Workspace
from core.hub import Hub, Taken
from core.scope import Scope
from localhub.bundled import FOLDER
from tests.loopback.localhub_fixtures import LocalHub, readme, running_hub
from tests.loopback.oauth_app import put_app
from tools.compile_recipe import compile_recipe
from tools.deployment.deployment import Deployment
from tools.deployment.requests import upload

PRO, FREE, FULL, RICH, BUYER = (f"hf_{name}_writes" for name in ("pro", "free", "full", "rich", "buyer"))
READER = "hf_pro_reads"

SEED = f"""
users:
  - {{name: pro, plan: pro, tokens: [{PRO}, {{secret: {READER}, role: read}}]}}
  - {{name: free, tokens: [{FREE}]}}
  - {{name: full, tokens: [{FULL}]}}
  - {{name: rich, plan: pro, can_pay: true, tokens: [{RICH}]}}
  - {{name: buyer, can_pay: true, tokens: [{BUYER}]}}
"""

APP = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

def GPU(function):
    return function

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Handler).serve_forever()
"""
SHARED = APP.replace("class Handler", "@GPU\ndef generate(): ...\n\nclass Handler")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    seed = tmp_path_factory.mktemp("seed") / "seed.yaml"
    seed.write_text(SEED)
    with running_hub(tmp_path_factory.mktemp("hub"), FOLDER, seed=seed) as running:
        for name in ("first", "second"):
            full = HfApi(endpoint=running.endpoint, token=FULL)
            full.create_repo(f"full/{name}", repo_type="space", space_sdk="gradio", space_hardware="zero-a10g")
        yield running


def workspace(name: str, app: str = SHARED, **more: str) -> Workspace:
    return Workspace(model=f"maker/{name}", files={"README.md": readme(), "app.py": app} | more, origin="given")


def scope(folder: Path) -> Scope:
    async def announce(event: Event) -> None:
        raise AssertionError(f"a deployment announces nothing: {event}")

    return Scope("deploy", "A Space", None, 1, 60.0, ArtifactStore(folder), announce, lambda event: None)


class Deploying:
    """Deploys as one user."""

    def __init__(self, hub: LocalHub, folder: Path) -> None:
        self.hub, self.folder = hub, folder

    def __call__(self, token: str | None, files: Workspace, patience: float = 60, **order: Any) -> Deployment:
        tool = SpaceDeployer(Hub(self.hub.endpoint, token), patience)
        return asyncio.run(tool.deploy(scope(self.folder), Order(workspace=files, **order)))


@pytest.fixture
def deploy(hub: LocalHub, tmp_path: Path) -> Deploying:
    return Deploying(hub, tmp_path)


def spaces_of(hub: LocalHub, token: str, name: str) -> list[str]:
    api = HfApi(endpoint=hub.endpoint, token=token)
    return sorted(space.id for space in api.list_spaces(author=api.whoami()["name"]) if name in space.id)


def test_a_pro_user_gets_zero_gpu_in_a_private_space(hub, deploy):
    done = deploy(PRO, workspace("painter"), hardware="zero-gpu")
    seen = HfApi(endpoint=hub.endpoint, token=PRO).space_info("pro/painter")
    assert done == Deployment(
        space="pro/painter",
        revision=seen.sha or "",
        address=f"{hub.endpoint}/spaces/pro/painter",
        settings=f"{hub.endpoint}/spaces/pro/painter/settings",
        stage="RUNNING",
        requested="zero-a10g",
        current="zero-a10g",
        granted=True,
        rung="built",
    )
    assert seen.private and hub.get("/api/spaces/pro/painter").status_code == 401


def test_a_free_user_gets_one_of_the_two_places_on_zero_gpu(deploy):
    done = deploy(FREE, workspace("first-place"))
    assert (done.space, done.current, done.rung) == ("free/first-place", "zero-a10g", "built")


def test_a_third_space_on_zero_gpu_is_for_a_person_to_make_room_for(hub, deploy):
    done = deploy(FULL, workspace("third"))
    assert (done.space, done.granted, done.rung) == (None, False, "manual_hardware_required")
    assert "the Hub refuses zero-a10g (403): 'You've reached your ZeroGPU quota limit" in done.reasons[0]
    assert "the Hub refuses cpu-basic (402): 'Static Spaces are free" in done.reasons[1]
    assert re.fullmatch(rf"{hub.endpoint}/spaces/full/(first|second)/settings", done.settings)
    assert f"open {done.settings}, pause a Space that is on ZeroGPU" in done.reasons[2]
    assert spaces_of(hub, FULL, "third") == []


def test_a_gpu_that_nobody_pays_for_leads_to_the_settings(hub, deploy):
    done = deploy(PRO, workspace("unpaid"), hardware="t4-small")
    assert (done.space, done.stage, done.requested) == ("pro/unpaid", "RUNNING", "cpu-basic")
    assert (done.granted, done.rung) == (False, "manual_hardware_required")
    assert "the Hub refuses t4-small (403): 'You must add a payment method" in done.reasons[0]
    assert done.reasons[-1] == f"open {done.settings}, choose t4-small under 'Space Hardware' and confirm"


def test_a_gpu_that_can_be_paid_is_granted_and_sleeps_when_nobody_uses_it(hub, deploy):
    done = deploy(RICH, workspace("paid"), hardware="t4-small")
    assert (done.current, done.granted, done.rung, done.reasons) == ("t4-small", True, "built", ())
    assert HfApi(endpoint=hub.endpoint, token=RICH).get_space_runtime("rich/paid").sleep_time == 1800


def test_the_allowed_gpu_takes_the_place_of_a_refused_zero_gpu(hub, deploy):
    api = HfApi(endpoint=hub.endpoint, token=BUYER)
    for name in ("one", "two"):
        api.create_repo(f"buyer/{name}", repo_type="space", space_sdk="gradio", space_hardware="zero-a10g")
    done = deploy(BUYER, workspace("instead"), fixed_gpu_allowed="l4x1")
    assert (done.current, done.granted, done.rung) == ("l4x1", True, "built")
    assert [reason[:33] for reason in done.reasons] == [
        "the Hub refuses zero-a10g (403): ",
        "the Hub refuses cpu-basic (402): ",
    ]


def test_for_hardware_that_there_is_not_no_space_is_made(hub, deploy):
    with pytest.raises(InputsRefused, match="the Hub has no hardware 'quantum' for Spaces"):
        deploy(PRO, workspace("quantum"), hardware="quantum")
    assert spaces_of(hub, PRO, "quantum") == []


def test_a_gpu_of_its_own_that_nobody_allowed_is_not_asked_for(deploy):
    done = deploy(RICH, workspace("heavy"), facts=CardFacts(hardware="gpu"))
    assert (done.requested, done.rung) == ("cpu-basic", "manual_hardware_required")
    assert done.reasons[0].startswith("the model needs a GPU of its own and none was allowed; open ")


def test_a_plain_machine_without_a_paid_plan_is_one_plain_line(hub, deploy):
    with pytest.raises(HubFailure, match=r"refuses cpu-basic \(402\).*PRO\s+subscription.*free/plain cannot be made"):
        deploy(FREE, workspace("plain", APP), hardware="cpu")
    assert spaces_of(hub, FREE, "plain") == []


def test_without_a_paid_plan_an_app_for_zero_gpu_goes_there_instead(deploy):
    done = deploy(FREE, workspace("shared"), hardware="cpu")
    assert (done.requested, done.granted, done.rung) == ("zero-a10g", True, "built")


def test_a_token_that_may_not_write_is_refused(deploy):
    with pytest.raises(AccessRefused, match="does not let this token create pro/forbidden"):
        deploy(READER, workspace("forbidden"))
    with pytest.raises(AccessRefused, match="nobody is signed in"):
        deploy(None, workspace("forbidden"))


def test_somebody_elses_namespace_is_refused(deploy):
    with pytest.raises(Failure, match="rich/foreign"):
        deploy(PRO, workspace("foreign"), namespace="rich")


@pytest.mark.parametrize("scope", ["manage-repos read-repos write-repos", "contribute-repos"])
def test_the_hardware_that_a_signed_in_app_cannot_change_is_left_to_a_person(hub, deploy, scope):
    app = put_app(hub, "factory", hf_oauth_scopes="[manage-repos, read-repos, write-repos, contribute-repos]")
    token = app.token("pro", scope=f"openid profile {scope}")
    name = f"handed-{scope.split()[0]}"
    done = deploy(token, workspace(name), hardware="t4-small")
    assert (done.space, done.requested, done.rung) == (f"pro/{name}", "cpu-basic", "manual_hardware_required")
    assert "the Hub refuses t4-small (401): 'Invalid username or password.'" in done.reasons
    assert deploy(token, workspace(name), hardware="t4-small").space == done.space


def test_deploying_again_goes_on_with_the_same_space(hub, deploy):
    first = deploy(PRO, workspace("again"), hardware="cpu")
    assert deploy(PRO, workspace("again"), hardware="cpu") == first
    assert spaces_of(hub, PRO, "again") == ["pro/again"]


def test_a_space_that_was_created_and_not_filled_is_gone_on_with(hub, deploy):
    api = HfApi(endpoint=hub.endpoint, token=PRO)
    api.create_repo("pro/cut", repo_type="space", space_sdk="gradio", private=True)
    done = deploy(PRO, workspace("cut"), hardware="zero-gpu")
    assert (done.space, done.current) == ("pro/cut", "zero-a10g")


def test_a_deployment_that_ran_out_of_time_is_gone_on_with(hub, deploy):
    with pytest.raises(SpaceUnavailable, match=r"pro/hurried is still .* deploy it again to go on"):
        deploy(PRO, workspace("hurried"), hardware="cpu", patience=0)
    assert deploy(PRO, workspace("hurried"), hardware="cpu").space == "pro/hurried"
    assert spaces_of(hub, PRO, "hurried") == ["pro/hurried"]


class Mortal(Hub):
    """Its process dies after so many requests."""

    lives = 0

    async def ask(self, *words: Any, **more: Any) -> Any:
        answer = await super().ask(*words, **more)
        self.lives -= 1
        if not self.lives:
            raise asyncio.CancelledError
        return answer


@pytest.mark.parametrize("lives", range(1, 8))
async def test_wherever_it_was_interrupted_there_is_one_space_in_the_end(hub, tmp_path, lives):
    files = workspace(f"mortal-{lives}")
    order, mortal = Order(workspace=files, hardware="t4-small", fixed_gpu_allowed="l4x1"), Mortal(hub.endpoint, RICH)
    mortal.lives = lives
    with pytest.raises(asyncio.CancelledError):
        await SpaceDeployer(mortal, 60).deploy(scope(tmp_path), order)
    done = await SpaceDeployer(Hub(hub.endpoint, RICH), 60).deploy(scope(tmp_path), order)
    assert (done.space, done.current, done.rung) == (f"rich/mortal-{lives}", "t4-small", "built")
    assert spaces_of(hub, RICH, f"mortal-{lives}") == [done.space]


def test_another_space_of_that_name_is_left_as_it_is(hub, deploy):
    first = deploy(PRO, workspace("taken"), hardware="cpu")
    second = deploy(PRO, workspace("taken", SHARED + "# another\n"), hardware="cpu")
    assert (first.space, second.space) == ("pro/taken", "pro/taken-2")
    assert HfApi(endpoint=hub.endpoint, token=PRO).space_info("pro/taken").sha == first.revision


def test_a_public_space_that_is_still_empty_is_left_as_it_is(hub, deploy):
    HfApi(endpoint=hub.endpoint, token=PRO).create_repo("pro/open", repo_type="space", space_sdk="gradio")
    assert deploy(PRO, workspace("open"), hardware="cpu").space == "pro/open-2"


def test_a_space_with_the_same_files_that_was_made_public_is_not_handed_out_as_private(hub, deploy):
    first = deploy(PRO, workspace("opened"), hardware="cpu")
    api = HfApi(endpoint=hub.endpoint, token=PRO)
    api.update_repo_settings(str(first.space), repo_type="space", private=False)
    done = deploy(PRO, workspace("opened"), hardware="cpu")
    assert done.space == "pro/opened-2" and api.space_info("pro/opened-2").private
    assert api.space_info("pro/opened").sha == first.revision


def test_repaired_files_take_the_place_of_those_that_were_deployed(hub, deploy):
    broken = workspace("mended", "raise SystemExit", **{"old.txt": "old"})
    first = deploy(PRO, broken, hardware="cpu")
    second = deploy(PRO, workspace("mended"), hardware="cpu", space=first.space)
    api = HfApi(endpoint=hub.endpoint, token=PRO)
    assert (first.stage, second.stage, second.space) == ("RUNTIME_ERROR", "RUNNING", "pro/mended")
    assert set(api.list_repo_files("pro/mended", repo_type="space")) == {".gitattributes", "README.md", "app.py"}
    assert deploy(PRO, workspace("mended"), hardware="cpu", space=first.space) == second


def test_what_a_person_changed_since_is_not_replaced(hub, deploy):
    first = deploy(PRO, workspace("touched"), hardware="cpu")
    api = HfApi(endpoint=hub.endpoint, token=PRO)
    api.upload_file(path_or_fileobj=b"mine", path_in_repo="notes.md", repo_id="pro/touched", repo_type="space")
    with pytest.raises(HubFailure, match="pro/touched was changed since it was deployed"):
        deploy(PRO, workspace("touched", APP), hardware="cpu", space=first.space)


async def test_two_who_fill_the_same_empty_space_do_not_mix_their_files(hub):
    api = HfApi(endpoint=hub.endpoint, token=PRO)
    api.create_repo("pro/raced", repo_type="space", space_sdk="gradio", private=True)
    begun = api.space_info("pro/raced").sha
    ours = Hub(hub.endpoint, PRO)
    await upload(ours, "pro/raced", workspace("raced").files, begun)
    with pytest.raises(Taken):
        await upload(ours, "pro/raced", workspace("raced", APP).files, begun)


def test_a_build_that_fails_says_why_in_the_hubs_words(deploy):
    done = deploy(PRO, workspace("unbuilt", **{"requirements.txt": "-e ./nothing\n"}), hardware="cpu")
    assert (done.stage, done.rung) == ("BUILD_ERROR", "generated")
    assert done.reasons[0].startswith("pro/unbuilt is BUILD_ERROR: '")
    assert "its build log ends with '" in done.reasons[1] and "\n" not in done.reasons[1]


def test_an_app_that_crashes_is_built_and_says_why(deploy):
    done = deploy(PRO, workspace("crashed", "raise SystemExit('the tea is cold')"), hardware="cpu")
    assert (done.stage, done.rung, done.granted) == ("RUNTIME_ERROR", "built", True)
    assert "its run log ends with '" in done.reasons[1] and "the tea is cold" in done.reasons[1]


def test_a_paused_space_of_its_own_is_for_a_person_to_start(hub, deploy):
    deploy(PRO, workspace("resting"), hardware="cpu")
    HfApi(endpoint=hub.endpoint, token=PRO).pause_space("pro/resting")
    done = deploy(PRO, workspace("resting"), hardware="cpu")
    assert (done.stage, done.rung) == ("PAUSED", "manual_hardware_required")
    assert done.reasons[-1] == f"open {done.settings} and click 'Restart this Space'"


@pytest.mark.parametrize(("path", "text"), [("app.py", APP), ("README.md", readme())])
def test_files_that_make_no_space_are_not_deployed(hub, deploy, path, text):
    with pytest.raises(InputsRefused, match="README.md" if path == "app.py" else "app.py"):
        deploy(PRO, Workspace(model="maker/bare", files={path: text}, origin="given"))
    assert spaces_of(hub, PRO, "bare") == []


async def test_what_costs_money_is_asked_for_with_its_price(hub):
    tool = SpaceDeployer(Hub(hub.endpoint, PRO))
    asked = await tool.question({"fixed_gpu_allowed": "l4x1"})
    assert asked and "l4x1 ($0.80 an hour)" in asked
    assert await tool.question({"hardware": "zero-gpu"}) is None


async def test_the_answer_is_one_json_artifact(hub, tmp_path):
    ours, tool = scope(tmp_path), SpaceDeployer(Hub(hub.endpoint, PRO))
    with pytest.raises(InputsRefused, match="nothing that can be deployed"):
        await tool.work(ours, workspace={"files": 3})
    artifact, named = await tool.work(ours, workspace=workspace("kept").model_dump(mode="json"), hardware=None)
    done = Deployment.model_validate(ours.artifacts.value(artifact))
    assert (done.rung, artifact.origin.space, artifact.origin.revision) == ("built", "pro/kept", done.revision)
    assert (named.kind, named.value, named.origin.output) == ("text", "pro/kept", 1)
    assert PRO not in json.dumps(artifact.model_dump(mode="json"))


@pytest.mark.slow
def test_a_recipe_for_a_model_runs(hub, deploy):
    info = HfApi(endpoint=hub.endpoint, token=False).model_info("atelier/shape-classifier")
    card = (FOLDER.with_name("models") / "shape-classifier" / "README.md").read_text("utf-8")
    usage = re.search(r"```python\n(.*?)```", card, re.DOTALL)
    facts = CardFacts(
        model=info.id,
        revision=info.sha,
        task=info.pipeline_tag,
        library=info.library_name,
        hardware="cpu",
        files=tuple(one.rfilename for one in info.siblings or ()),
        usage=usage[1] if usage else None,
    )
    made = compile_recipe(facts)
    assert made
    done = deploy(PRO, made, patience=120, facts=facts)
    assert (done.space, done.stage, done.requested, done.rung) == (
        "pro/shape-classifier",
        "RUNNING",
        "cpu-basic",
        "built",
    ), done.reasons
