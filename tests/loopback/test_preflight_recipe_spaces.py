"""Recipes for real models, uploaded to the local Hub, run there and give right answers."""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gradio_client import Client, handle_file

from core.factory import CardFacts
from localhub.bundled import FOLDER
from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub
from tools.compile_recipe import compile_recipe
from tools.preflight.lint import lint

MODELS = FOLDER.with_name("models")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub"), FOLDER) as running:
        yield running


def known(hub: LocalHub, name: str) -> CardFacts:
    """What a card analyst finds: from the Hub, and the first Python of the card."""
    info = hub.api().model_info(f"atelier/{name}")
    card = (MODELS / name / "README.md").read_text("utf-8")
    usage = re.search(r"```python\n(.*?)```", card, re.DOTALL)
    return CardFacts(
        model=info.id,
        revision=info.sha,
        task=info.pipeline_tag,
        library=info.library_name,
        license="apache-2.0",
        hardware="cpu",
        files=tuple(one.rfilename for one in info.siblings or ()),
        usage=usage[1] if usage else None,
    )


@contextmanager
def client(hub: LocalHub, name: str) -> Iterator[Client]:
    """Of the Space made of the model, private, once it runs."""
    facts = known(hub, name)
    workspace = compile_recipe(facts)
    assert workspace is not None and lint(workspace, facts) == ()
    files = {path.replace(".", "_dot_"): text for path, text in workspace.files.items()}
    id = hub.put(name, private=True, **files)
    assert eventually(lambda: hub.runtime(id)["stage"] == "RUNNING", 90), hub.runtime(id)
    visitor = Client(hub.host(id), token=hub.token, verbose=False)
    try:
        yield visitor
    finally:
        visitor.close()


def red_square(path: Path) -> Path:
    rows = b"".join(
        b"\0" + b"".join(b"\xc8\x1e\x1e" if 14 < x < 50 and 14 < y < 50 else b"\xff\xff\xff" for x in range(64))
        for y in range(64)
    )
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path


def test_a_classifier_of_pictures_names_what_it_is_shown(hub: LocalHub, tmp_path: Path) -> None:
    with client(hub, "shape-classifier") as space:
        assert space.predict(api_name="/health")["model"] == "atelier/shape-classifier"
        star = handle_file(str(MODELS / "shape-classifier" / "examples" / "star.png"))
        square = handle_file(str(red_square(tmp_path / "square.png")))
        assert [space.predict(one, api_name="/generate")["label"] for one in (star, square)] == ["star", "square"]


@pytest.mark.slow
def test_a_classifier_of_texts_tells_good_from_bad(hub: LocalHub) -> None:
    texts = ("The soup was delicious and the staff friendly.", "A waste of money, it broke after a week.")
    with client(hub, "review-sentiment") as space:
        assert space.predict(api_name="/health")["status"] == "ok"
        labels = [space.predict(one, api_name="/generate")["label"] for one in texts]
    assert labels == ["positive", "negative"]


@pytest.mark.slow
def test_a_row_of_a_table_gets_its_value(hub: LocalHub) -> None:
    with client(hub, "apple-harvest") as space:
        good = space.predict(14, 1200, 430, 1, 1, api_name="/generate")
        young = space.predict(2, 1200, 430, 1, 1, api_name="/generate")
    assert 0 <= young < good
