"""Other doors of the clients: file systems, cards, schedulers, and gradio_client, which know the Hub by HF_ENDPOINT."""

from huggingface_hub import CommitScheduler, HfFileSystem

from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import ME, World
from tests.loopback.localhub_fixtures import GREETER


def file_system(world: World) -> HfFileSystem:
    return HfFileSystem(endpoint=world.hub.endpoint, token=ME, skip_instance_cache=True)


@call()
def a_repository_is_a_file_system(world: World) -> None:
    files, id = file_system(world), world.dataset()
    assert files.ls(f"datasets/{id}", detail=False) == [f"datasets/{id}/.gitattributes", f"datasets/{id}/rows.csv"]
    with files.open(f"datasets/{id}/written.txt", "w") as file:
        file.write("written")
    assert files.cat(f"datasets/{id}/written.txt") == b"written"
    assert files.read_block(f"datasets/{id}/rows.csv", 2, 3) == b"b\n1"
    files.rm(f"datasets/{id}/written.txt")
    assert not files.exists(f"datasets/{id}/written.txt")


@call()
def a_bucket_is_a_file_system(world: World) -> None:
    files, id = file_system(world), world.bucket(a_dot_txt="letter a")
    with files.open(f"buckets/{id}/deep/b.txt", "w") as file:
        file.write("letter b")
    assert sorted(files.find(f"buckets/{id}")) == [f"buckets/{id}/a.txt", f"buckets/{id}/deep/b.txt"]
    assert (files.cat(f"buckets/{id}/deep/b.txt"), files.info(f"buckets/{id}/a.txt")["size"]) == (b"letter b", 8)
    target = world.folder / "a.txt"
    files.get_file(f"buckets/{id}/a.txt", str(target))
    files.rm(f"buckets/{id}/a.txt")
    assert (target.read_text(), files.exists(f"buckets/{id}/a.txt")) == ("letter a", False)


@call()
def a_folder_is_committed_now_and_then(world: World) -> None:
    id, folder = world.dataset(), world.folder
    (folder / "log.txt").write_text("line\n")
    scheduler = CommitScheduler(repo_id=id, repo_type="dataset", folder_path=folder, every=60, hf_api=world.api)
    scheduler.trigger().result(timeout=30)
    scheduler.stop()
    assert world.read(id, "log.txt", "dataset") == "line\n"


CARD = """
from huggingface_hub import ModelCard, DatasetCard, SpaceCard, metadata_update
import sys
id = sys.argv[1] if len(sys.argv) > 1 else "{id}"
card = ModelCard("---\\nlicense: mit\\n---\\n# A card\\n")
card.push_to_hub(id)
metadata_update(id, {{"tags": ["added"]}})
card = ModelCard.load(id)
print(card.data.license, card.data.tags, card.text.strip())
"""


@call()
def a_card_is_pushed_and_loaded(world: World) -> None:
    assert world.python(CARD.format(id=world.model())) == "mit ['added'] # A card"


PREDICT = """
from gradio_client import Client
client = Client("{id}", verbose=False)
print(client.predict("you", None, api_name="/greet")[0])
client.close()
"""


@call()
def a_space_is_called_by_its_id(world: World) -> None:
    id = world.space("gradio", app_dot_py=GREETER)
    world.api.wait_for_space(id, timeout=60, poll_interval=0.2)
    assert world.python(PREDICT.format(id=id)) == "Hello you"
    world.api.pause_space(id)
