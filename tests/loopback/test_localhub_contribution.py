"""An app with the scope contribute-repos makes repositories for somebody, and reaches no others."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.loopback.localhub_fixtures import LocalHub, running_hub
from tests.loopback.oauth_app import PEOPLE, App, put_app

SCOPE = "openid profile contribute-repos"
ADA = "hf_ada_writes"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    (data / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(data) as running:
        yield running


@pytest.fixture(scope="module")
def app(hub: LocalHub) -> App:
    return put_app(hub, "maker", hf_oauth_scopes="[contribute-repos, write-repos]")


@pytest.fixture(scope="module")
def ada(hub: LocalHub) -> HfApi:
    return HfApi(endpoint=hub.endpoint, token=ADA)


@pytest.fixture(scope="module")
def maker(hub: LocalHub, app: App) -> HfApi:
    """The app, as Ada has allowed it."""
    return HfApi(endpoint=hub.endpoint, token=app.token("ada", scope=SCOPE))


def refusal(act: Callable[[], object]) -> int:
    with pytest.raises(HfHubHTTPError) as refused:
        act()
    return refused.value.response.status_code


def write(api: HfApi, id: str, kind: str = "model", **more: bool) -> object:
    return api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=id, repo_type=kind, **more)  # type: ignore[call-overload]


def test_an_app_does_what_it_wants_with_what_it_has_made(maker: HfApi, ada: HfApi, tmp_path: Path) -> None:
    maker.create_repo("ada/made", private=True)
    write(maker, "ada/made")
    maker.create_branch("ada/made", branch="side")
    maker.update_repo_settings("ada/made", gated="manual")
    assert Path(maker.hf_hub_download("ada/made", "x.txt", cache_dir=tmp_path)).read_bytes() == b"x"
    assert [model.id for model in maker.list_models(author="ada")] == ["ada/made"]
    maker.move_repo("ada/made", "acme/made")
    maker.delete_repo("acme/made")
    assert not ada.repo_exists("acme/made")


def test_an_app_makes_a_space_for_somebody(maker: HfApi) -> None:
    maker.create_repo("ada/page", repo_type="space", space_sdk="static", private=True)
    write(maker, "ada/page", "space")
    assert maker.space_info("ada/page").private
    maker.delete_repo("ada/page", repo_type="space")


def test_what_somebody_has_made_is_out_of_the_apps_reach(maker: HfApi, ada: HfApi) -> None:
    ada.create_repo("ada/hidden", private=True)
    ada.create_repo("ada/shown")
    with pytest.raises(RepositoryNotFoundError):
        maker.model_info("ada/hidden")
    assert "ada/hidden" not in {model.id for model in maker.list_models()}
    assert maker.model_info("ada/shown").id == "ada/shown"
    assert [
        refusal(lambda: write(maker, "ada/shown")),
        refusal(lambda: write(maker, "ada/shown", create_pr=True)),
        refusal(lambda: maker.create_discussion("ada/shown", title="Hello")),
        refusal(lambda: maker.update_repo_settings("ada/shown", private=True)),
        refusal(lambda: maker.move_repo("ada/shown", "ada/taken")),
        refusal(lambda: maker.delete_repo("ada/shown")),
        refusal(lambda: maker.delete_repo("ada/hidden")),
        refusal(lambda: maker.delete_repo("ada/missing")),
        refusal(lambda: maker.create_repo("bob/made")),
    ] == [403] * 9
    assert ada.model_info("ada/hidden").private and not ada.model_info("ada/shown").private


def test_what_is_made_again_by_somebody_else_is_no_longer_the_apps(maker: HfApi, ada: HfApi) -> None:
    maker.create_repo("ada/again")
    ada.delete_repo("ada/again")
    ada.create_repo("ada/again")
    assert refusal(lambda: maker.delete_repo("ada/again")) == 403


def test_another_app_and_another_user_get_no_further(hub: LocalHub, app: App, maker: HfApi) -> None:
    maker.create_repo("ada/own", private=True)
    other = put_app(hub, "other-maker", hf_oauth_scopes="[contribute-repos]")
    for token in (other.token("ada", scope=SCOPE), app.token("bob", scope=SCOPE)):
        stranger = HfApi(endpoint=hub.endpoint, token=token)
        assert refusal(lambda api=stranger: api.model_info("ada/own")) == 404  # type: ignore[misc]
        assert refusal(lambda api=stranger: api.delete_repo("ada/own")) == 403  # type: ignore[misc]
    assert maker.model_info("ada/own").private


def test_without_the_scope_an_app_has_no_right_to_what_it_has_made(hub: LocalHub, app: App, maker: HfApi) -> None:
    maker.create_repo("ada/left", private=True)
    bare = HfApi(endpoint=hub.endpoint, token=app.token("ada", scope="openid profile"))
    writer = HfApi(endpoint=hub.endpoint, token=app.token("ada", scope="openid profile write-repos"))
    assert refusal(lambda: bare.model_info("ada/left")) == 404
    assert refusal(lambda: writer.create_repo("ada/more")) == 403
    assert refusal(lambda: writer.delete_repo("ada/left")) == 403
    write(writer, "ada/left")


def test_who_made_what_outlives_a_restart_and_is_nobodys_for_an_older_record(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(tmp_path) as hub:
        token = put_app(hub, "maker", hf_oauth_scopes="[contribute-repos]").token("ada", scope=SCOPE)
        HfApi(endpoint=hub.endpoint, token=token).create_repo("ada/made")
        HfApi(endpoint=hub.endpoint, token=token).create_repo("ada/old")
    record = tmp_path / "repos/models/ada/old/repo.json"
    kept = json.loads(record.read_bytes())
    del kept["client"]
    record.write_text(json.dumps(kept))
    with running_hub(tmp_path) as hub:
        maker = HfApi(endpoint=hub.endpoint, token=token)
        assert refusal(lambda: maker.delete_repo("ada/old")) == 403
        maker.delete_repo("ada/made")


def test_people_are_told_what_the_app_may_do(app: App) -> None:
    with app.visitor("ada") as visitor:
        assert "create repositories and change those" in app.page(visitor, scope=SCOPE).text
