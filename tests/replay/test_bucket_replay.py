"""Files that go to a bucket by hf_xet, below everything that vcrpy sees, and come back by HTTP."""

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi, get_session

from tests.loopback.localhub_fixtures import LocalHub, running_hub
from tools.jobs.scripts import sources
from window.recording import recorder

BUCKET = "local/runs"
FIRST, SECOND = "20260102-030405-a-goal-0a1b2c", "20260607-080910-a-goal-3d4e5f"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub"), None) as running:
        yield running


def session(run: str, text: str) -> Callable[[list[str]], int]:
    """A command that puts two files into a bucket, and says what the Hub has of them then."""

    def main(words: list[str]) -> int:
        api = HfApi(endpoint=os.environ["HF_ENDPOINT"], token=os.environ["HF_TOKEN"])
        api.create_bucket(BUCKET, private=True, exist_ok=True)
        script = sources("smoke_test")["job.py"]
        add: list[Any] = [(f"{text} in {run}".encode(), f"runs/{run}/order.txt"), (script, f"runs/{run}/job.py")]
        api.batch_bucket_files(BUCKET, add=add)
        told = {
            file.path: file.size
            for file in api.list_bucket_tree(BUCKET, f"runs/{run}/", recursive=True)
            if file.type == "file"
        }
        address = f"{api.endpoint}/buckets/{BUCKET}/resolve/runs/{run}/order.txt"
        back = get_session().get(address, headers={"authorization": f"Bearer {api.token}"})
        print(sorted(told), back.text)
        assert told[f"runs/{run}/order.txt"] == len(back.content) and run in back.text
        return 0

    return main


@pytest.fixture
def cassette(hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "uploads.yaml"
    monkeypatch.setenv("HF_TOKEN", hub.token)
    words = ["--", "ask", "--endpoint", hub.endpoint, "a goal"]
    options = Namespace(cassette=str(path), rest=words, note="", seed=None, runs=None)
    assert recorder.record(options, session(FIRST, "draw")) == 0
    return path


def test_an_upload_comes_to_the_same_when_the_hub_is_gone(cassette: Path) -> None:
    assert recorder.play(cassette, session(FIRST, "draw")).same


def test_in_another_run_the_answers_speak_of_that_run(cassette: Path) -> None:
    assert recorder.play(cassette, session(SECOND, "draw")).same


def test_an_upload_of_something_else_fails_and_says_what_changed(cassette: Path) -> None:
    done = recorder.play(cassette, session(SECOND, "paint"))
    assert "-text: draw in <run>" in done.missed[0] and "+text: paint in <run>" in done.missed[0]


def test_a_script_of_ours_stands_in_the_cassette_by_its_name(cassette: Path) -> None:
    text = cassette.read_text("utf-8")
    assert "text: jobs/smoke_test/job.py" in text and "import gradio_client" not in text
