"""Buckets: folders without a history, over Xet."""

import pytest
from huggingface_hub.errors import BucketNotFoundError

from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import World


@call("create_bucket", "bucket_info", "list_buckets", "update_bucket_settings", "delete_bucket")
def a_bucket_is_made_changed_and_deleted(world: World) -> None:
    id = world.name("pail")
    world.api.create_bucket(id, private=True)
    world.api.create_bucket(id, exist_ok=True)
    info = world.api.bucket_info(id)
    assert (info.id, info.private, info.size, info.total_files) == (id, True, 0, 0)
    assert id in [bucket.id for bucket in world.api.list_buckets()]
    with pytest.raises(BucketNotFoundError):
        world.other.bucket_info(id)
    world.api.update_bucket_settings(id, private=False)
    assert world.other.bucket_info(id).private is False
    world.api.delete_bucket(id)
    with pytest.raises(BucketNotFoundError):
        world.api.bucket_info(id)


@call("batch_bucket_files", "list_bucket_tree", "get_bucket_paths_info", "get_bucket_file_metadata")
def files_are_put_into_a_bucket_and_looked_up(world: World) -> None:
    id, source = world.bucket(), world.folder / "big.bin"
    source.write_bytes(bytes(range(256)) * 2000)
    world.api.batch_bucket_files(id, add=[(b"small", "deep/small.txt"), (b"", "empty.txt"), (source, "big.bin")])
    tree = {entry.path: getattr(entry, "size", None) for entry in world.api.list_bucket_tree(id, recursive=True)}
    assert tree == {"deep/small.txt": 5, "empty.txt": 0, "big.bin": 512_000}
    assert [entry.path for entry in world.api.list_bucket_tree(id, prefix="deep")] == ["deep/small.txt"]
    found = world.api.get_bucket_paths_info(id, ["big.bin", "gone"])
    assert [entry.path for entry in found] == ["big.bin"]
    assert world.api.get_bucket_file_metadata(id, "big.bin").size == 512_000
    world.api.batch_bucket_files(id, delete=["empty.txt"])
    assert world.api.bucket_info(id).total_files == 2


@call("download_bucket_files")
def files_are_taken_out_of_a_bucket(world: World) -> None:
    id, folder = world.bucket(a_dot_txt="letter a", deep_in_b_dot_txt="letter b"), world.folder
    world.api.download_bucket_files(id, [("a.txt", folder / "a.txt"), ("deep/b.txt", folder / "b.txt")])
    assert ((folder / "a.txt").read_text(), (folder / "b.txt").read_text()) == ("letter a", "letter b")
    assert world.ask("GET", f"/buckets/{id}/resolve/a.txt", follow_redirects=True).text == "letter a"


@call("sync_bucket")
def a_folder_and_a_bucket_are_made_alike(world: World) -> None:
    id, here, there = world.bucket(), world.folder, world.folder
    (here / "a.txt").write_text("a")
    (here / "b.txt").write_text("b")
    world.api.sync_bucket(str(here), f"hf://buckets/{id}")
    (here / "b.txt").unlink()
    world.api.sync_bucket(str(here), f"hf://buckets/{id}", delete=True)
    world.api.sync_bucket(f"hf://buckets/{id}", str(there))
    assert [file.name for file in there.iterdir()] == ["a.txt"]


@call("move_bucket")
def a_bucket_is_renamed(world: World) -> None:
    id, new = world.bucket(a_dot_txt="a"), world.name("renamed")
    world.api.move_bucket(id, new)
    assert [entry.path for entry in world.api.list_bucket_tree(new)] == ["a.txt"]


@call("copy_files")
def files_are_copied_between_buckets_and_repositories(world: World) -> None:
    model, bucket, other = world.model(), world.bucket(a_dot_txt="a"), world.bucket()
    world.api.copy_files(f"hf://buckets/{bucket}/a.txt", f"hf://buckets/{other}/copied.txt")
    world.api.copy_files(f"hf://{model}/config.json", f"hf://buckets/{other}/")
    assert {entry.path for entry in world.api.list_bucket_tree(other)} == {"copied.txt", "config.json"}
    second = world.model()
    world.api.copy_files(f"hf://{model}/config.json", f"hf://{second}/copy.json")
    assert world.read(second, "copy.json") == "{}"
