"""Models of the local Hub: what is said of them, who may have their files, and how they are found."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import CommitOperationAdd, HfApi, HfFileSystem, ModelCard
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError

from tests.loopback.localhub_fixtures import LocalHub, run_client, running_hub

CARD = """---
license: mit
pipeline_tag: text-classification
language: [en, de]
base_model: local/base
datasets: [local/words]
tags: [tiny]
model-index: []
---
# Tiny

It classifies. See https://arxiv.org/abs/1910.01108.
"""


def safetensors(**shapes: tuple[str, list[int]]) -> bytes:
    """A file of the format with zeros for weights."""
    offset, header = 0, {}
    for name, (dtype, shape) in shapes.items():
        size = 4 if dtype == "F32" else 2
        for length in shape:
            size *= length
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(offset)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    other = {"name": "other", "tokens": [{"secret": "hf_local_other"}]}
    me = {"name": "local", "fullname": "Local user", "tokens": [{"secret": "hf_local_me"}], "pro": True}
    (data / "users.json").write_text(json.dumps([me, other]))
    with running_hub(data) as running:
        yield running


@pytest.fixture(scope="module")
def api(hub: LocalHub) -> HfApi:
    return hub.api()


@pytest.fixture(scope="module")
def other(hub: LocalHub) -> HfApi:
    return HfApi(endpoint=hub.endpoint, token="hf_local_other")


def put(api: HfApi, id: str, kind: str = "model", **files: bytes | str) -> str:
    api.create_repo(id, repo_type=kind, exist_ok=True, space_sdk="static" if kind == "space" else None)
    operations = [
        CommitOperationAdd(path.replace("_dot_", "."), content if isinstance(content, bytes) else content.encode())
        for path, content in files.items()
    ]
    api.create_commit(id, operations, commit_message="put", repo_type=kind)
    return id


@pytest.fixture(scope="module")
def tiny(api: HfApi) -> str:
    put(api, "local/base", README_dot_md="---\nlicense: mit\n---\n")
    put(api, "local/shows", "space", README_dot_md="---\nsdk: static\nmodels: [local/tiny]\n---\n")
    weights = safetensors(a=("F32", [10, 5]), b=("F16", [7]))
    config = json.dumps({"architectures": ["BertForSequenceClassification"], "model_type": "bert", "hidden": 5})
    return put(
        api, "local/tiny", README_dot_md=CARD, model_dot_safetensors=weights, config_dot_json=config, x_dot_onnx=b"x"
    )


def test_the_parameters_of_a_model_are_counted_from_its_files(api: HfApi, tiny: str) -> None:
    info = api.model_info(tiny)
    assert info.safetensors == {"parameters": {"F32": 50, "F16": 7}, "total": 57}
    assert api.get_safetensors_metadata(tiny).parameter_count == {"F32": 50, "F16": 7}


def test_the_shards_of_a_model_are_counted_together(api: HfApi) -> None:
    index = {"metadata": {"total_size": 80}, "weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    put(
        api,
        "local/sharded",
        **{
            "model.safetensors.index.json": json.dumps(index),
            "model-1.safetensors": safetensors(a=("F32", [10])),
            "model-2.safetensors": safetensors(b=("F32", [10])),
        },
    )
    assert api.model_info("local/sharded").safetensors == {"parameters": {"F32": 20}, "total": 20}
    metadata = api.get_sharded_safetensors_metadata("local/sharded")
    assert (metadata.parameter_count, metadata.metadata) == ({"F32": 20}, {"total_size": 80})


def test_a_model_has_a_page_where_nothing_of_its_card_is_run(hub: LocalHub, api: HfApi) -> None:
    put(api, "local/paged-model", README_dot_md="# Hello <script>alert(1)</script>", **{"a b.txt": "x"})
    answer = hub.get("/local/paged-model")
    assert "Hello &lt;script&gt;" in answer.text and "<script>" not in answer.text
    assert f"{hub.endpoint}/local/paged-model/resolve/main/a%20b.txt" in answer.text
    assert hub.get("/local/nothing").status_code == 404
    assert hub.get("/api/nothing").status_code == 404


def test_a_broken_weight_file_does_not_hide_its_model(api: HfApi) -> None:
    put(api, "local/cracked", model_dot_safetensors=b"\xff" * 8 + b"nothing", config_dot_json="[1]")
    assert api.model_info("local/cracked").safetensors is None


def test_a_model_is_described_by_its_card_and_its_files(api: HfApi, tiny: str) -> None:
    info = api.model_info(tiny, files_metadata=True)
    assert (info.library_name, info.pipeline_tag, info.spaces) == (
        "transformers",
        "text-classification",
        ["local/shows"],
    )
    assert info.config == {"architectures": ["BertForSequenceClassification"], "model_type": "bert"}
    assert info.transformers_info is not None
    assert info.transformers_info.auto_model == "AutoModelForSequenceClassification"
    assert info.tags == [
        *("transformers", "safetensors", "onnx", "bert", "tiny", "text-classification", "en", "de"),
        *("dataset:local/words", "arxiv:1910.01108", "base_model:local/base", "base_model:finetune:local/base"),
        *("license:mit", "region:us"),
    ]
    assert {sibling.rfilename: sibling.size for sibling in info.siblings or []}["x.onnx"] == 1


def test_only_what_is_expanded_is_told(hub: LocalHub, api: HfApi, tiny: str) -> None:
    told = hub.get(f"/api/models/{tiny}?expand=safetensors&expand=baseModels&expand=gguf").json()
    assert told.keys() == {"_id", "id", "safetensors", "baseModels"}
    assert api.model_info("local/base", expand=["childrenModelCount"]).children_model_count == 1
    assert hub.get(f"/api/models/{tiny}?expand=nonsense").status_code == 400


def test_models_are_found_by_what_they_are(api: HfApi, tiny: str) -> None:
    assert [model.id for model in api.list_models(filter=["onnx", "license:mit"], author="local")] == [tiny]
    assert [model.id for model in api.list_models(pipeline_tag="text-classification", search="TIN")] == [tiny]
    assert [model.id for model in api.list_models(num_parameters="min:50,max:0.1K")] == [tiny]
    assert [model.id for model in api.list_models(trained_dataset="local/words", cardData=True)] == [tiny]
    assert list(api.list_models(inference="warm")) == []
    assert [space.id for space in api.list_spaces(models=tiny)] == ["local/shows"]


def test_a_list_says_more_when_it_is_asked_to(api: HfApi, tiny: str) -> None:
    short, full = (next(iter(api.list_models(search="tiny", full=full))) for full in (None, True))
    carded = next(iter(api.list_models(search="tiny", cardData=True, fetch_config=True)))
    assert (short.sha, short.siblings, short.card_data, short.tags is not None) == (None, None, None, True)
    assert full.sha == api.model_info(tiny).sha
    assert carded.card_data is not None and carded.config is not None


def test_long_lists_come_in_pages(hub: LocalHub, api: HfApi) -> None:
    for number in range(3):
        api.create_repo(f"local/paged-{number}", repo_type="dataset", exist_ok=True)
    first = hub.get("/api/datasets?search=paged&sort=id&direction=1&limit=2")
    second = hub.get(first.links["next"]["url"])
    assert [row["id"] for row in first.json() + second.json()] == [f"local/paged-{number}" for number in range(3)]
    assert "next" not in second.links
    assert [one.id for one in api.list_datasets(search="paged", limit=1)] == ["local/paged-0"]


def test_lists_are_sorted_by_date_and_likes(api: HfApi, other: HfApi, hub: LocalHub) -> None:
    for name in ("sorted-a", "sorted-b"):
        api.create_repo(f"local/{name}", repo_type="dataset", exist_ok=True)
    assert httpx.post(f"{hub.endpoint}/api/datasets/local/sorted-a/like", headers=bearer("hf_local_other")).is_success
    by_date = [one.id for one in api.list_datasets(search="sorted", sort="created_at")]
    by_likes = [one.id for one in api.list_datasets(search="sorted", sort="likes")]
    assert (by_date[0], by_likes[0]) == ("local/sorted-b", "local/sorted-a")
    assert [user.username for user in api.list_repo_likers("local/sorted-a", repo_type="dataset")] == ["other"]
    assert other.list_liked_repos().datasets == ["local/sorted-a"]
    other.unlike("local/sorted-a", repo_type="dataset")
    assert other.list_liked_repos("other").total == 0


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("query", ["limit=x", "limit=0", "limit=-1", "sort=nonsense", "cursor=?", "num_parameters=all"])
def test_a_query_that_makes_no_sense_is_a_bad_request(hub: LocalHub, query: str) -> None:
    assert hub.get(f"/api/models?{query}").status_code == 400


def test_a_limit_of_any_size_is_taken(hub: LocalHub, tiny: str) -> None:
    assert hub.get(f"/api/models?limit={'9' * 4000}").status_code == 200


def test_a_model_card_is_loaded_by_its_id(hub: LocalHub, tiny: str, tmp_path: Path) -> None:
    script = f"from huggingface_hub import ModelCard; print(ModelCard.load({tiny!r}).data.license)"
    assert run_client(hub, tmp_path, script) == "mit"


@pytest.fixture(scope="module")
def gated(api: HfApi) -> str:
    put(api, "local/gated", README_dot_md="---\nlicense: mit\n---\n", weights="secret")
    api.update_repo_settings("local/gated", gated="manual")
    return "local/gated"


def test_what_is_gated_is_seen_and_its_files_are_not(
    hub: LocalHub, api: HfApi, other: HfApi, gated: str, tmp_path: Path
) -> None:
    with pytest.raises(GatedRepoError, match=r"not in the authorized list\. Visit"):
        other.hf_hub_download(gated, "weights", cache_dir=tmp_path)
    with pytest.raises(GatedRepoError, match="Please log in"):
        HfApi(endpoint=hub.endpoint, token=False).auth_check(gated)
    path = f"/{gated}/resolve/main"
    statuses = [hub.get(f"{path}/weights", token).status_code for token in (None, "hf_local_other", hub.token)]
    assert statuses == [401, 403, 200]
    assert other.model_info(gated).gated == "manual"
    assert hub.get(f"{path}/README.md").status_code == 200
    assert [model.id for model in api.list_models(gated=True)] == [gated]


def test_the_owner_lets_in_who_has_asked(hub: LocalHub, api: HfApi, other: HfApi, gated: str) -> None:
    asked = httpx.post(f"{hub.endpoint}/{gated}/ask-access", headers=bearer("hf_local_other"))
    pending = list(api.list_pending_access_requests(gated))
    with pytest.raises(GatedRepoError, match="awaiting a review"):
        other.auth_check(gated)
    api.reject_access_request(gated, "other", rejection_reason="no")
    with pytest.raises(GatedRepoError, match="rejected"):
        other.auth_check(gated)
    api.accept_access_request(gated, "other")
    other.auth_check(gated)
    assert (asked.json(), [one.username for one in pending]) == ({"status": "pending"}, ["other"])
    assert [one.username for one in api.list_accepted_access_requests(gated)] == ["other"]
    assert list(api.list_rejected_access_requests(gated)) == []
    with pytest.raises(HfHubHTTPError, match="404"):
        api.accept_access_request(gated, "other")


def test_only_the_owner_sees_and_answers_requests(other: HfApi, gated: str) -> None:
    with pytest.raises(HfHubHTTPError, match="403"):
        list(other.list_pending_access_requests(gated))
    with pytest.raises(HfHubHTTPError, match="403"):
        other.grant_access(gated, "other")


def test_an_automatic_gate_opens_for_who_asks(hub: LocalHub, api: HfApi, other: HfApi) -> None:
    put(api, "local/automatic", weights="x")
    api.update_repo_settings("local/automatic", gated="auto")
    address = f"{hub.endpoint}/local/automatic/ask-access"
    assert httpx.post(address, headers=bearer("hf_local_other")).json() == {"status": "accepted"}
    assert httpx.post(address).status_code == 401
    other.auth_check("local/automatic")


def test_access_is_granted_unasked(api: HfApi, other: HfApi) -> None:
    put(api, "local/granted", weights="x")
    api.update_repo_settings("local/granted", gated="manual")
    api.grant_access("local/granted", "other")
    other.auth_check("local/granted")
    with pytest.raises(HfHubHTTPError, match="404"):
        api.grant_access("local/granted", "nobody")


def test_what_is_not_gated_has_no_requests(api: HfApi, tiny: str) -> None:
    with pytest.raises(HfHubHTTPError, match="is not gated"):
        list(api.list_pending_access_requests(tiny))


def test_files_are_read_and_written_as_a_file_system(hub: LocalHub, api: HfApi) -> None:
    put(api, "local/files", **{"deep/a.txt": "0123456789"})
    files = HfFileSystem(endpoint=hub.endpoint, token=hub.token, skip_instance_cache=True)
    with files.open("local/files/deep/b.txt", "w") as file:
        file.write("written")
    with files.open("local/files/deep/a.txt", "rb", block_size=4) as file:
        file.seek(4)
        read = file.read(3)
    files.invalidate_cache()
    assert (read, files.cat_file("local/files/deep/b.txt")) == (b"456", b"written")
    assert files.ls("local/files/deep", detail=False) == ["local/files/deep/a.txt", "local/files/deep/b.txt"]
    files.rm("local/files/deep/a.txt")
    assert not api.file_exists("local/files", "deep/a.txt")


def test_a_whole_snapshot_is_downloaded(api: HfApi, tiny: str, tmp_path: Path) -> None:
    folder = Path(api.snapshot_download(tiny, local_dir=tmp_path / "snapshot"))
    assert (folder / "README.md").read_text() == CARD
    assert api.resolve_revision(tiny, cache_dir=tmp_path).resolved == api.model_info(tiny).sha


def test_a_range_beyond_the_end_is_refused(hub: LocalHub, tiny: str) -> None:
    answer = httpx.get(f"{hub.endpoint}/{tiny}/resolve/main/x.onnx", headers={"range": "bytes=5-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */1")


def test_the_command_line_lists_uploads_and_downloads(hub: LocalHub, tmp_path: Path) -> None:
    script = """
import subprocess, sys, pathlib
hf = str(pathlib.Path(sys.executable).with_name("hf"))
pathlib.Path("up.txt").write_text("up")
def run(*words):
    done = subprocess.run([hf, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
run("repos", "create", "local/from-shell", "--exist-ok")
run("upload", "local/from-shell", "up.txt")
run("download", "local/from-shell", "up.txt", "--local-dir", "down")
print(pathlib.Path("down/up.txt").read_text())
"""
    assert run_client(hub, tmp_path, script) == "up"


def test_what_is_gated_and_who_was_let_in_outlives_a_restart(tmp_path: Path) -> None:
    other = {"name": "other", "tokens": [{"secret": "hf_local_other"}]}
    me = {"name": "local", "tokens": [{"secret": "hf_local_me"}]}
    (tmp_path / "users.json").write_text(json.dumps([me, other]))
    with running_hub(tmp_path) as hub:
        put(hub.api(), "local/kept", weights="x")
        hub.api().update_repo_settings("local/kept", gated="manual")
        hub.api().grant_access("local/kept", "other")
    with running_hub(tmp_path) as hub:
        HfApi(endpoint=hub.endpoint, token="hf_local_other").auth_check("local/kept")
        assert hub.get("/local/kept/resolve/main/weights").status_code == 401


def test_the_front_matter_is_a_value_that_survives_its_reader(api: HfApi, tiny: str) -> None:
    assert ModelCard(CARD).data.to_dict() == api.model_info(tiny).card_data.to_dict()  # type: ignore[union-attr]
