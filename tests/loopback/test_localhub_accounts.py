"""What everybody is told of users and organizations, which tags there are, and what people attach to discussions."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.loopback.localhub_fixtures import LocalHub, running_hub

ADA, READS, BOB = "hf_ada_writes", "hf_ada_reads", "hf_bob_writes"
PEOPLE = {
    "users": [
        {
            "name": "ada",
            "fullname": "Ada",
            "pro": True,
            "tokens": [{"secret": ADA}, {"secret": READS, "role": "read"}],
        },
        {"name": "bob", "tokens": [{"secret": BOB}]},
    ],
    "organizations": [{"name": "acme", "fullname": "Acme", "members": {"ada": "admin"}, "plan": "team"}],
}
PICTURE = b"\x89PNG\r\n\x1a\n"

MODEL = """---
license: mit
language: [en, de]
tags: [tiny, en-route]
datasets: [ada/rows]
pipeline_tag: text-classification
library_name: keras
---
"""
ROWS = """---
license: mit
language: en
task_categories: [text-classification]
tags: [odd]
---
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    (data / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(data) as running:
        ada = HfApi(endpoint=running.endpoint, token=ADA)
        put(ada, "ada/tiny", MODEL)
        put(ada, "ada/secret", "---\ntags: [hidden]\n---\n", private=True)
        put(ada, "ada/rows", ROWS, "dataset")
        ada.create_repo("acme/page", repo_type="space", space_sdk="static")
        ada.create_discussion("ada/tiny", title="A question", description="Why?")
        httpx.post(f"{running.endpoint}/api/models/ada/secret/like", headers={"authorization": f"Bearer {ADA}"})
        yield running


def put(api: HfApi, id: str, card: str, kind: str = "model", private: bool = False) -> None:
    api.create_repo(id, repo_type=kind, private=private)
    api.upload_file(path_or_fileobj=card.encode(), path_in_repo="README.md", repo_id=id, repo_type=kind)


def api(hub: LocalHub, token: str | bool) -> HfApi:
    return HfApi(endpoint=hub.endpoint, token=token)


def test_a_user_is_described_as_far_as_the_asking_one_sees(hub: LocalHub) -> None:
    own, foreign = (api(hub, token).get_user_overview("ada") for token in (ADA, False))
    assert (own.username, own.fullname, own.is_pro, [group.name for group in own.orgs]) == (
        "ada",
        "Ada",
        True,
        ["acme"],
    )
    assert (own.num_models, own.num_datasets, own.num_spaces, own.num_discussions, own.num_likes) == (2, 1, 0, 1, 1)
    assert (foreign.num_models, foreign.num_likes, foreign.num_followers) == (1, 0, 0)


def test_an_organization_is_described_with_its_members(hub: LocalHub) -> None:
    told = api(hub, False).get_organization_overview("acme")
    assert (told.fullname, told.num_users, told.num_spaces, told.num_models, told.plan) == ("Acme", 1, 1, 0, "team")
    assert [member.username for member in api(hub, False).list_organization_members("acme")] == ["ada"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/api/users/{name}/{what}"
            for name in ("acme", "nobody")
            for what in ("overview", "followers", "following")
        ),
        *(f"/api/organizations/ada/{what}" for what in ("overview", "members", "followers")),
    ],
)
def test_a_user_is_no_organization_and_the_other_way_round(hub: LocalHub, path: str) -> None:
    assert hub.get(path).status_code == 404


def test_the_tags_of_models_are_grouped(hub: LocalHub) -> None:
    found = api(hub, False).get_model_tags()
    ids = {type: [tag["id"] for tag in tags] for type, tags in found.items()}
    assert ids == {
        "pipeline_tag": ["text-classification"],
        "library": ["keras"],
        "dataset": ["dataset:ada/rows"],
        "language": ["de", "en"],
        "license": ["license:mit"],
        "other": ["en-route", "tiny"],
        "region": ["region:us"],
    }
    assert found["pipeline_tag"] == [
        {"id": "text-classification", "label": "Text Classification", "type": "pipeline_tag"}
    ]
    assert "hidden" in {tag["id"] for tag in hub.get("/api/models-tags-by-type", ADA).json()["other"]}


def test_the_tags_of_data_sets_are_grouped_and_one_group_can_be_asked_for(hub: LocalHub) -> None:
    found = api(hub, False).get_dataset_tags()
    assert [tag["id"] for tag in found["task_categories"]] == ["task_categories:text-classification"]
    assert hub.get("/api/datasets-tags-by-type?type=language").json() == {
        "language": [{"id": "language:en", "label": "en", "type": "language"}]
    }
    assert hub.get("/api/datasets-tags-by-type?type=nonsense").status_code == 400


def upload(hub: LocalHub, data: bytes, type: str = "image/png", token: str | None = ADA) -> httpx.Response:
    headers = {"content-type": type} | ({"authorization": f"Bearer {token}"} if token else {})
    return httpx.post(f"{hub.endpoint}/uploads", content=data, headers=headers, timeout=60)


def test_an_attachment_is_shown_to_everybody_and_cannot_act(hub: LocalHub, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(PICTURE)
    shown = hub.get(api(hub, BOB).upload_attachment(picture))
    assert (shown.content, shown.headers["content-type"]) == (PICTURE, "image/png")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("type", "size", "token", "status"),
    [
        ("text/html", 1, ADA, 415),
        ("image/svg+xml", 1, ADA, 415),
        ("", 1, ADA, 415),
        ("image/png", 0, ADA, 400),
        ("image/png", 10_000_001, ADA, 413),
        ("image/png", 1, None, 401),
        ("image/png", 1, READS, 403),
        ("video/mp4", 10_000_001, ADA, 200),
    ],
)
def test_an_attachment_has_a_type_a_size_and_an_author(
    hub: LocalHub, type: str, size: int, token: str | None, status: int
) -> None:
    assert upload(hub, bytes(size), type, token).status_code == status


@pytest.mark.parametrize("name", ["..%2Fusers.json", "0" * 32 + ".png"])
def test_only_attachments_are_found_among_them(hub: LocalHub, name: str) -> None:
    assert hub.get(f"/uploads/{name}").status_code == 404


def test_what_else_lies_in_their_folder_is_not_shown(hub: LocalHub) -> None:
    upload(hub, PICTURE)
    for name in ("page.html", ".0.png", "notes"):
        (hub.data / "uploads" / name).write_text("<script>act()</script>")
        assert hub.get(f"/uploads/{name}").status_code == 404


def test_a_read_token_says_nothing_in_a_discussion(hub: LocalHub) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        api(hub, READS).create_discussion("ada/tiny", title="More", description="Words")
    assert refused.value.response.status_code == 403
