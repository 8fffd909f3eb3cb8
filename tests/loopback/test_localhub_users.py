"""Who somebody is to the local Hub: users, organizations, and what each kind of token may do."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import HfApi, whoami
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from localhub import address
from tests.loopback.localhub_fixtures import LocalHub, run_client, running_hub

ADA, ADA_READS, ADA_NARROW, BOB = "hf_ada_writes", "hf_ada_reads", "hf_ada_narrow", "hf_bob_writes"

PEOPLE = {
    "users": [
        {
            "name": "ada",
            "fullname": "Ada Lovelace",
            "email": "ada@example.org",
            "pro": True,
            "can_pay": True,
            "credits": 5.0,
            "tokens": [
                {"secret": ADA, "name": "laptop", "created": "2026-02-03T04:05:06.000Z"},
                {"secret": ADA_READS, "name": "reader", "role": "read"},
                {"secret": ADA_NARROW, "name": "narrow", "role": "fineGrained", "scopes": ["jobs"]},
            ],
        },
        {"name": "bob", "tokens": [{"secret": BOB}]},
        {"name": "eve", "tokens": [{"secret": "hf_eve_writes"}]},
    ],
    "organizations": [{"name": "acme", "fullname": "Acme", "members": {"ada": "admin", "bob": "write"}}],
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    (data / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(data) as running:
        running.api().create_repo("ada/secret", private=True)
        yield running


def api(hub: LocalHub, token: str | bool) -> HfApi:
    return HfApi(endpoint=hub.endpoint, token=token)


def test_whoami_tells_what_the_real_hub_tells(hub: LocalHub) -> None:
    told = api(hub, ADA).whoami()
    acme = told["orgs"][0]
    assert {key: type(value).__name__ for key, value in told.items()} == {
        **{key: "str" for key in ("type", "id", "name", "fullname", "email", "avatarUrl")},
        **{key: "bool" for key in ("emailVerified", "canPay", "isPro")},
        **{"periodEnd": "NoneType", "orgs": "list", "auth": "dict"},
    }
    assert (told["type"], told["name"], told["fullname"], told["email"]) == (
        *("user", "ada", "Ada Lovelace"),
        "ada@example.org",
    )
    assert (told["isPro"], told["canPay"], acme["name"], acme["roleInOrg"]) == (True, True, "acme", "admin")
    assert told["auth"] == {
        "type": "access_token",
        "accessToken": {"displayName": "laptop", "role": "write", "createdAt": "2026-02-03T04:05:06.000Z"},
    }


def test_whoami_tells_the_plan_and_the_role_of_the_token(hub: LocalHub) -> None:
    bob, reader = api(hub, BOB).whoami(), api(hub, ADA_READS).whoami()
    assert (bob["isPro"], bob["canPay"], bob["email"]) == (False, False, "bob@localhost")
    assert (reader["name"], reader["auth"]["accessToken"]["role"]) == ("ada", "read")


def test_the_command_line_logs_in_and_tells_who_it_is(hub: LocalHub, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "HF_HOME": str(tmp_path / "huggingface"),
        "HF_ENDPOINT": hub.endpoint,
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    hf = str(Path(sys.executable).with_name("hf"))
    login = subprocess.run([hf, "auth", "login", "--token", ADA], env=environment, capture_output=True, text=True)
    who = subprocess.run([hf, "auth", "whoami"], env=environment, capture_output=True, text=True)
    assert (login.returncode, (tmp_path / "huggingface/token").read_text()) == (0, ADA), login.stderr
    assert "ada" in who.stdout and "acme" in who.stdout, who.stderr


def test_the_module_level_whoami_works_through_the_endpoint_alone(hub: LocalHub, tmp_path: Path) -> None:
    assert run_client(hub, tmp_path, f"import huggingface_hub as h; print(h.whoami({BOB!r})['name'])") == "bob"
    assert whoami.__module__ == "huggingface_hub.hf_api"


@pytest.mark.parametrize("token", ["hf_wrong", "mock-oauth-token-for-local-dev", "hf_oauth_unknown", "é", "  x"])
def test_a_token_that_nobody_has_is_refused(hub: LocalHub, token: str) -> None:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    for path in ("/api/whoami-v2", "/api/models/ada/secret", "/api/models"):
        answer = httpx.get(hub.endpoint + path, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (401, "Invalid username or password.")


def test_a_read_token_reads_what_is_private_and_writes_nothing(hub: LocalHub) -> None:
    reader = api(hub, ADA_READS)
    assert reader.model_info("ada/secret").private
    writes = {
        "create": lambda: reader.create_repo("ada/new"),
        "upload": lambda: reader.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="ada/secret"),
        "delete": lambda: reader.delete_repo("ada/secret"),
        "settings": lambda: reader.update_repo_settings("ada/secret", private=False),
    }
    for name, write in writes.items():
        with pytest.raises(HfHubHTTPError) as refused:
            write()
        assert (name, refused.value.response.status_code) == (name, 403)


def test_a_narrow_token_sees_only_what_it_is_for(hub: LocalHub) -> None:
    with pytest.raises(RepositoryNotFoundError):
        api(hub, ADA_NARROW).model_info("ada/secret")
    assert "ada/secret" not in [model.id for model in api(hub, ADA_NARROW).list_models()]


def test_what_is_private_is_not_there_for_another_user(hub: LocalHub) -> None:
    for token, status in ((BOB, 404), (None, 401)):
        for path in ("/api/models/ada/secret", "/ada/secret/resolve/main/.gitattributes"):
            answer = hub.get(path, token)
            assert (answer.status_code, answer.headers["x-error-code"]) == (status, "RepoNotFound")
    assert hub.get("/api/models/ada/no-such", BOB).json() == hub.get("/api/models/ada/secret", BOB).json()
    with pytest.raises(RepositoryNotFoundError) as refused:
        api(hub, BOB).model_info("ada/secret")
    assert not isinstance(refused.value, GatedRepoError)


def test_nobody_writes_to_what_belongs_to_another(hub: LocalHub) -> None:
    for id in ("ada/new", "acme/new"):
        with pytest.raises(HfHubHTTPError) as refused:
            api(hub, "hf_eve_writes").create_repo(id)
        assert refused.value.response.status_code == 403


def test_an_organization_belongs_to_its_members(hub: LocalHub) -> None:
    api(hub, BOB).create_repo("acme/shared", private=True)
    api(hub, ADA).upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="acme/shared")
    assert api(hub, ADA_READS).list_repo_files("acme/shared") == [".gitattributes", "x"]
    with pytest.raises(RepositoryNotFoundError):
        api(hub, "hf_eve_writes").model_info("acme/shared")


def test_a_free_user_is_refused_what_the_real_hub_refuses(hub: LocalHub) -> None:
    bob = api(hub, BOB)
    bob.create_repo("bob/page", repo_type="space", space_sdk="static")
    bob.create_repo("bob/model")
    with pytest.raises(HfHubHTTPError, match="requires a PRO subscription") as refused:
        bob.create_repo("bob/app", repo_type="space", space_sdk="gradio")
    assert (refused.value.response.status_code, bob.repo_exists("bob/app", repo_type="space")) == (402, False)


def test_zero_gpu_spaces_of_a_free_user_are_two(hub: LocalHub) -> None:
    bob = api(hub, BOB)
    for name in ("one", "two"):
        bob.create_repo(f"bob/{name}", repo_type="space", space_sdk="gradio", space_hardware="zero-a10g")
    with pytest.raises(HfHubHTTPError, match="2 Spaces") as refused:
        bob.create_repo("bob/three", repo_type="space", space_sdk="gradio", space_hardware="zero-a10g")
    assert refused.value.response.status_code == 403


def test_fixed_hardware_is_for_who_can_pay(hub: LocalHub) -> None:
    for token, namespace in ((ADA, "ada"), (BOB, "acme")):
        api(hub, token).create_repo(f"{namespace}/tool", repo_type="space", space_sdk="static")
    api(hub, ADA).request_space_hardware("ada/tool", "t4-small")
    with pytest.raises(HfHubHTTPError, match="You must add a payment method"):
        api(hub, BOB).request_space_hardware("acme/tool", "t4-small")


def test_the_first_start_makes_a_pro_user_who_cannot_pay(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        told = hub.api().whoami()
    file = tmp_path / "users.json"
    assert (told["name"], told["isPro"], told["canPay"]) == ("local", True, False)
    assert file.stat().st_mode & 0o777 == 0o600 and address.first_token(tmp_path) == hub.token
    assert json.loads(file.read_text())["users"][0]["credits"] == 10


def test_a_data_folder_of_before_there_were_organizations_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text(json.dumps([{"name": "old", "token": "hf_old_token", "fullname": "Old"}]))
    with running_hub(tmp_path) as hub:
        told = hub.api().whoami()
    assert (hub.token, address.first_token(tmp_path)) == ("hf_old_token", "hf_old_token")
    assert (told["name"], told["isPro"], told["auth"]["accessToken"]["role"]) == ("old", True, "write")
