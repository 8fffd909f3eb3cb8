"""The files of repositories: uploaded, listed, downloaded, checked and deleted."""

import io
import json
import struct
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError

from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import World


@call("create_commit", "list_repo_files")
def a_commit_adds_copies_and_deletes(world: World) -> None:
    id = world.model(old_dot_txt="old")
    operations = [
        CommitOperationAdd("folder/new.txt", b"new"),
        CommitOperationCopy("old.txt", "copied.txt"),
        CommitOperationDelete("config.json"),
    ]
    done = world.api.create_commit(id, operations, commit_message="Change", commit_description="Much")
    files = set(world.api.list_repo_files(id)) - {".gitattributes"}
    assert files == {"folder/new.txt", "copied.txt", "old.txt"}
    assert done.oid == world.api.model_info(id).sha
    assert world.read(id, "copied.txt") == "old"


@call()
def a_commit_on_a_stale_parent_is_refused(world: World) -> None:
    id = world.model()
    before = world.api.model_info(id).sha
    world.api.upload_file(path_or_fileobj=b"1", path_in_repo="a", repo_id=id)
    with pytest.raises(HfHubHTTPError) as refused:
        world.api.create_commit(id, [CommitOperationAdd("b", b"2")], commit_message="late", parent_commit=before)
    assert refused.value.response.status_code == 412


@call("upload_file", "file_exists", "delete_file")
def a_file_is_uploaded_and_deleted(world: World) -> None:
    id = world.dataset()
    world.api.upload_file(path_or_fileobj=b"hello", path_in_repo="deep/hello.txt", repo_id=id, repo_type="dataset")
    assert world.read(id, "deep/hello.txt", "dataset") == "hello"
    world.api.delete_file("deep/hello.txt", id, repo_type="dataset")
    assert not world.api.file_exists(id, "deep/hello.txt", repo_type="dataset")


@call("upload_folder", "delete_files", "delete_folder")
def a_folder_is_uploaded_and_parts_of_it_are_deleted(world: World) -> None:
    id, folder = world.model(), world.folder
    (folder / "logs").mkdir()
    for name in ("a.txt", "b.bin", "logs/one.log", "logs/two.log"):
        (folder / name).write_text(name)
    world.api.upload_folder(repo_id=id, folder_path=folder, ignore_patterns="*.bin")
    assert {"a.txt", "logs/one.log", "logs/two.log"} <= set(world.api.list_repo_files(id))
    world.api.delete_files(id, ["*.txt"])
    world.api.delete_folder("logs", id)
    assert set(world.api.list_repo_files(id)) == {".gitattributes", "config.json"}


@call()
def a_folder_of_many_files_is_uploaded(world: World) -> None:
    id, folder = world.model(), world.folder
    for number in range(300):
        (folder / f"{number}.txt").write_text(str(number))
    world.api.upload_folder(repo_id=id, folder_path=folder)
    assert len(list(world.api.list_repo_tree(id))) == 302


@call("preupload_lfs_files")
def a_large_file_is_sent_before_its_commit(world: World) -> None:
    id = world.model()
    addition = CommitOperationAdd("weights.bin", io.BytesIO(bytes(range(256)) * 8000))
    world.api.preupload_lfs_files(id, [addition])
    world.api.create_commit(id, [addition], commit_message="Add weights")
    answer = world.ask("GET", f"/{id}/resolve/main/weights.bin", follow_redirects=True)
    assert answer.content == bytes(range(256)) * 8000


@call("list_lfs_files", "permanently_delete_lfs_files")
def large_files_are_listed_and_forgotten(world: World) -> None:
    id = world.model()
    world.large_file(id, "model", "weights.bin", b"weights" * 100)
    files = list(world.api.list_lfs_files(id))
    assert [file.size for file in files] == [700]
    world.api.delete_file("weights.bin", id)
    world.api.permanently_delete_lfs_files(id, files)
    assert list(world.api.list_lfs_files(id)) == []


@call("list_repo_tree", "get_paths_info")
def a_tree_is_listed_and_looked_up(world: World) -> None:
    id = world.model(deep_in_a_dot_txt="1")
    assert {entry.path for entry in world.api.list_repo_tree(id)} == {".gitattributes", "config.json", "deep"}
    tree = world.api.list_repo_tree(id, recursive=True, expand=True)
    assert {entry.path: bool(entry.last_commit) for entry in tree}["deep/a.txt"]
    assert [entry.path for entry in world.api.get_paths_info(id, ["deep", "gone", "config.json"])] == [
        "deep",
        "config.json",
    ]


@call("hf_hub_download", "get_hf_file_metadata")
def a_file_is_downloaded_and_kept(world: World) -> None:
    id, cache = world.model(), world.folder
    path = world.api.hf_hub_download(id, "config.json", cache_dir=cache)
    again = world.api.hf_hub_download(id, "config.json", cache_dir=cache, local_files_only=True)
    known = world.api.get_hf_file_metadata(url=hf_hub_url(id, "config.json", endpoint=world.hub.endpoint))
    assert (Path(path).read_text(), again) == ("{}", path)
    assert (known.size, known.commit_hash) == (2, world.api.model_info(id).sha)


@call("snapshot_download", "verify_repo_checksums")
def a_snapshot_is_downloaded_and_verified(world: World) -> None:
    id, cache = world.dataset(more_in_b_dot_txt="b"), world.folder
    path = Path(world.api.snapshot_download(id, repo_type="dataset", cache_dir=cache))
    assert {file.name for file in path.rglob("*") if file.is_file()} == {".gitattributes", "rows.csv", "b.txt"}
    verified = world.api.verify_repo_checksums(id, repo_type="dataset", cache_dir=cache)
    assert (verified.checked_count, verified.mismatches) == (3, [])


@call("get_safetensors_metadata", "parse_safetensors_file_metadata")
def weights_tell_their_parameters(world: World) -> None:
    header = json.dumps({"bias": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}}).encode()
    weights = struct.pack("<Q", len(header)) + header + bytes(12)
    id = world.model()
    world.api.upload_file(path_or_fileobj=weights, path_in_repo="model.safetensors", repo_id=id)
    assert world.api.get_safetensors_metadata(id).parameter_count == {"F32": 3}
    assert list(world.api.parse_safetensors_file_metadata(id, "model.safetensors").tensors) == ["bias"]
    known = world.api.model_info(id).safetensors
    assert known and known.total == 3


@call("get_sharded_safetensors_metadata")
def weights_in_several_files_tell_their_parameters(world: World) -> None:
    id = world.model(model_dot_safetensors_dot_index_dot_json=json.dumps({"weight_map": {"bias": "one.safetensors"}}))
    header = json.dumps({"bias": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}}).encode()
    weights = struct.pack("<Q", len(header)) + header + bytes(12)
    world.api.upload_file(path_or_fileobj=weights, path_in_repo="one.safetensors", repo_id=id)
    assert world.api.get_sharded_safetensors_metadata(id).parameter_count == {"F32": 3}


@call()
def a_part_of_a_file_is_read(world: World) -> None:
    id = world.model(long_dot_txt="0123456789")
    answer = world.ask("GET", f"/{id}/resolve/main/long.txt", headers={"range": "bytes=2-5"}, follow_redirects=True)
    assert (answer.status_code, answer.text, answer.headers["content-range"]) == (206, "2345", "bytes 2-5/10")
    assert world.ask("GET", f"/{id}/raw/main/long.txt").text == "0123456789"


@call()
def a_card_is_checked_before_it_is_uploaded(world: World) -> None:
    id = world.space()
    with pytest.raises(ValueError, match="sdk"):
        world.api.upload_file(
            path_or_fileobj=b"---\nsdk: nonsense\n---\n", path_in_repo="README.md", repo_id=id, repo_type="space"
        )
