"""What a Hub begins with: a file that is brought in once, and said no to in one line when it is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from localhub import seed
from tests.loopback.localhub_fixtures import ROOT, LocalHub, readme, running_hub

SEED = """
users:
  - name: ada
    fullname: Ada Lovelace
    plan: pro
    can_pay: true
    credits: 5
    tokens: [hf_ada_writes, {secret: hf_ada_reads, name: reader, role: read}]
  - name: bob
    tokens: [hf_bob_writes]
organizations:
  - name: acme
    members: [ada]
repositories:
  - id: ada/model
    private: true
    gated: manual
    files: {README.md: "# Model", deep/config.json: "{}"}
  - id: acme/app
    type: space
    from: app
    files: {extra.txt: more}
buckets:
  - id: bob/store
    private: true
    files: {logs/one.txt: first}
refusals:
  - {action: [run_job], plan: [free], status: 402, message: no Jobs for you}
"""


def write(folder: Path, text: str = SEED) -> Path:
    (folder / "app").mkdir()
    (folder / "app/README.md").write_text(readme("static"))
    (folder / "app/index.html").write_text("<h1>App</h1>")
    (folder / "app/.hidden").write_text("not taken")
    (folder / "seed.yaml").write_text(text)
    return folder / "seed.yaml"


def api(hub: LocalHub, token: str) -> HfApi:
    return HfApi(endpoint=hub.endpoint, token=token)


def test_a_model_may_come_from_a_folder_with_its_weights(tmp_path: Path) -> None:
    (tmp_path / "tides").mkdir()
    (tmp_path / "tides/model.safetensors").write_bytes(bytes(range(256)))
    (tmp_path / "seed.yaml").write_text("repositories: [{id: local/tides, type: model, from: tides}]")
    with running_hub(tmp_path / "hub", seed=tmp_path / "seed.yaml") as hub:
        path = api(hub, hub.token).hf_hub_download("local/tides", "model.safetensors", cache_dir=tmp_path / "cache")
        assert Path(path).read_bytes() == bytes(range(256))


def test_a_hub_begins_with_its_seed(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub", seed=write(tmp_path)) as hub:
        ada, reader, bob = (api(hub, token) for token in ("hf_ada_writes", "hf_ada_reads", "hf_bob_writes"))
        told = ada.whoami()
        assert (told["fullname"], told["isPro"], told["orgs"][0]["name"]) == ("Ada Lovelace", True, "acme")
        assert ada.list_repo_files("ada/model") == ["README.md", "deep/config.json"]
        assert (ada.model_info("ada/model").private, ada.model_info("ada/model").gated) == (True, "manual")
        assert bob.list_repo_files("acme/app", repo_type="space") == ["README.md", "extra.txt", "index.html"]
        assert [file.path for file in bob.list_bucket_tree("bob/store", recursive=True)] == ["logs/one.txt"]
        with pytest.raises(HfHubHTTPError) as refused:
            reader.create_repo("ada/new")
    assert refused.value.response.status_code == 403
    assert json.loads((tmp_path / "hub/refusals.json").read_text())[0]["message"] == "no Jobs for you"


def test_what_changed_since_is_left_alone(tmp_path: Path) -> None:
    seed = write(tmp_path)
    with running_hub(tmp_path / "hub", seed=seed) as hub:
        ada = api(hub, "hf_ada_writes")
        ada.upload_file(path_or_fileobj=b"mine", path_in_repo="README.md", repo_id="ada/model")
        ada.delete_repo("acme/app", repo_type="space")
        head = ada.model_info("ada/model").sha
    kept = {name: (tmp_path / "hub" / name).read_bytes() for name in ("users.json", "seeded.json", "refusals.json")}
    seed.write_text(SEED.replace("Ada Lovelace", "Somebody else") + "  - {status: 403}\n")
    with running_hub(tmp_path / "hub", seed=seed) as hub:
        ada = api(hub, "hf_ada_writes")
        assert ada.model_info("ada/model").sha == head
        assert not ada.repo_exists("acme/app", repo_type="space")
    assert {name: (tmp_path / "hub" / name).read_bytes() for name in kept} == kept


def test_the_first_user_can_be_seeded_and_keeps_its_token(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub") as hub:
        token = hub.token
    (tmp_path / "seed.json").write_text(json.dumps({"users": [{"name": "local", "plan": "free"}]}))
    with running_hub(tmp_path / "hub", seed=tmp_path / "seed.json") as hub:
        assert (hub.token, hub.api().whoami()["isPro"]) == (token, False)


BROKEN = {
    "users: [{name: ada, colour: red}]": "users.0 has no key 'colour'",
    "people: []": "the seed has no key 'people'",
    "users: [{name: a/b}]": "users.0.name: 'a/b' cannot be a name",
    "users: [{name: ada, tokens: ['short']}]": "users.0.tokens.0",
    "users: [{name: ada}, {name: ada}]": "ada is there twice",
    "users: [{name: a, tokens: [hf_same_1]}, {name: b, tokens: [hf_same_1]}]": "two tokens are the same",
    "organizations: [{name: acme, members: [eve]}]": "eve is a member of acme and not one of the users",
    "repositories: [{id: eve/model}]": "eve/model belongs to nobody",
    "repositories: [{id: model}]": "'model' is not an id",
    "repositories: [{id: local/m, files: {../x: a}}]": "'../x' cannot be a path",
    "repositories: [{id: local/m, files: {a: x, a/b: y}}]": "'a' is a file and a folder at once",
    "repositories: [{id: local/m, from: nowhere}]": "local/m: there is no folder",
    "repositories: [{id: local/s, type: space}]": "local/s is a Space without a README.md",
    "refusals: [{status: 200}]": "refusals.0.status",
    "users: [": "this is not YAML",
    "- a list": "seed.yaml: this has to be a mapping of keys to values",
    "users: ada": "users: this has to be a list",
    "users: [{name: 5}]": "users.0.name: this has to be text",
    "users: [{name: ada, plan: gold}]": "users.0.plan: this has to be 'free' or 'pro'",
    "users: [{name: ada, tokens: [5]}]": "users.0.tokens.0: this has to be text",
    "users: [{name: ada, tokens: ['shorter']}]": "users.0.tokens.0: a token has at least eight characters",
    "users: [{name: ada, tokens: [{secret: hf_long_enough, role: king}]}]": "users.0.tokens.0.role: this has to be 're",
    "organizations: [{name: acme, members: {local: king}}]": "organizations.0.members.local: this has to be 'admin' or",
    "users: 2020-99-99": "this is not YAML",
    "users: !!bool maybe": "this is not YAML",
}


@pytest.mark.parametrize("text", [*BROKEN, None])
def test_a_broken_seed_is_told_in_one_line(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "seed.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(seed.SeedError) as told:
        seed.load(path)
    message = str(told.value)
    assert BROKEN.get(text or "", "No such file") in message and "\n" not in message


def test_a_hub_does_not_begin_with_a_broken_seed(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("users: [{name: ada, colour: red}]")
    command = [sys.executable, "-m", "localhub", "--data", str(tmp_path / "hub"), "--seed", str(tmp_path / "seed.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    told = f"{tmp_path}/seed.yaml: users.0 has no key 'colour'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
    assert not (tmp_path / "hub").exists()
