"""The pages of the local Hub for people: what each shows, to whom, and that foreign text is only text there."""

from collections.abc import Iterator

import httpx
import pytest

from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub

CARD = """---
license: mit
pipeline_tag: text-classification
---
# A *fine* model

<script>alert(1)</script> [bad](javascript:alert(1)) [good](https://example.com) ![picture](https://example.com/a.png)

| a | b |
|---|---|
| 1 | 2 |
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


@pytest.fixture
def owner(hub: LocalHub) -> Iterator[httpx.Client]:
    """A browser in which the Hub's user has signed in."""
    with httpx.Client(base_url=hub.endpoint, follow_redirects=True) as browser:
        browser.get(f"/?token={hub.token}")
        yield browser


def model(hub: LocalHub, name: str, private: bool = False) -> str:
    api = hub.api()
    api.create_repo(f"local/{name}", private=private)
    api.upload_file(path_or_fileobj=CARD.encode(), path_in_repo="README.md", repo_id=f"local/{name}")
    return f"local/{name}"


def test_a_card_is_shown_as_it_is_meant_and_acts_on_nothing(hub: LocalHub) -> None:
    text = hub.get(f"/{model(hub, 'carded')}").text
    assert "<em>fine</em>" in text and "<td>1</td>" in text and 'href="https://example.com"' in text
    assert "<script" not in text and 'href="javascript' not in text and "<img" not in text


def test_the_first_page_tells_its_owner_what_is_private_too(hub: LocalHub, owner: httpx.Client) -> None:
    seen, hidden = model(hub, "seen"), model(hub, "hidden", private=True)
    hub.api().create_bucket("local/kept", private=True)
    stranger, mine = hub.get("/").text, owner.get("/").text
    assert seen in stranger and hidden not in stranger and "local/kept" not in stranger
    assert all(f'href="/{place}"' in mine for place in (seen, hidden, "buckets/local/kept"))


def test_a_job_shows_its_owner_how_it_stands_and_what_it_said(hub: LocalHub, owner: httpx.Client) -> None:
    job = hub.api().run_job(image="python:3.12", command=["python", "-c", "print('<b>words</b>')"], namespace="local")
    place = f"/jobs/local/{job.id}"
    assert eventually(lambda: "COMPLETED" in owner.get(place).text)
    shown = owner.get(place)
    assert "&lt;b&gt;words&lt;/b&gt;" in shown.text and "refresh" not in shown.headers
    assert hub.get(place).status_code == 404 and place in owner.get("/").text


def test_a_bucket_lists_its_files_and_a_private_one_only_for_its_owner(hub: LocalHub, owner: httpx.Client) -> None:
    for name, private in (("listed", False), ("hidden", True)):
        hub.api().create_bucket(f"local/{name}", private=private)
        hub.api().batch_bucket_files(f"local/{name}", add=[(b"some bytes", "folder/thing.txt")])
    shown = hub.get("/buckets/local/listed").text
    assert 'href="/buckets/local/listed/resolve/folder/thing.txt"' in shown and "1 files, 10 bytes" in shown
    assert "folder/thing.txt" in owner.get("/buckets/local/hidden").text
    assert hub.get("/buckets/local/hidden").status_code == hub.get("/buckets/local/none").status_code == 404


def test_the_address_that_an_upload_answers_with_shows_the_commit(hub: LocalHub) -> None:
    id = model(hub, "committed")
    made = hub.api().upload_file(
        path_or_fileobj=b"x", path_in_repo="new <file>", repo_id=id, commit_message="A <b>title</b>"
    )
    text = hub.get(made.commit_url).text
    assert "A &lt;b&gt;title&lt;/b&gt;" in text
    assert "new &lt;file&gt;" in text and "added" in text and "README.md" not in text
    file = f"{hub.endpoint}/{id}/resolve/{made.oid}/new%20%3Cfile%3E"
    assert f'href="{file}"' in text and hub.get(file).text == "x"
    hub.api().delete_file("new <file>", id)
    assert "deleted" in hub.get(f"/{id}/commit/{hub.api().model_info(id).sha}").text


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_a_commit_of_every_kind_has_a_page(hub: LocalHub, kind: str) -> None:
    sdk = {"space_sdk": "static"} if kind == "space" else {}
    hub.api().create_repo("local/kinds", repo_type=kind, **sdk)
    made = hub.api().upload_file(path_or_fileobj=b"x", path_in_repo="a", repo_id="local/kinds", repo_type=kind)
    assert made.oid in hub.get(made.commit_url).text


def test_a_private_commit_is_shown_to_its_owner_only(hub: LocalHub, owner: httpx.Client) -> None:
    address = f"/{model(hub, 'concealed', private=True)}/commit/main"
    assert hub.get(address).status_code == 404
    assert "README.md" in owner.get(address).text
    assert owner.get(f"/local/concealed/commit/{'0' * 40}").status_code == 404


def test_a_gated_commit_is_not_shown_to_strangers(hub: LocalHub) -> None:
    id = model(hub, "behind-a-gate")
    hub.api().update_repo_settings(id, gated="manual")
    assert hub.get(f"/{id}/commit/main").status_code == 404


def test_the_page_that_clients_send_people_to_for_a_token_is_there(hub: LocalHub) -> None:
    assert "HF_TOKEN" in hub.get("/settings/tokens").text
