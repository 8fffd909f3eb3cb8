"""Who there is: the asking user, others, organizations, and what they have and like."""

import pytest
from huggingface_hub.errors import HfHubHTTPError

from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import World


@call("whoami")
def the_owner_of_a_token_is_told(world: World) -> None:
    me = world.api.whoami()
    assert (me["name"], me["type"], [org["name"] for org in me["orgs"]]) == ("local", "user", ["club"])
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        world.api.whoami(token="hf_nobody")


@call("get_user_overview")
def a_user_is_described(world: World) -> None:
    world.model()
    user = world.api.get_user_overview("local")
    assert (user.username, user.fullname) == ("local", "Local user")
    assert user.num_models and user.num_models > 0


@call("get_organization_overview", "list_organization_members")
def an_organization_is_described(world: World) -> None:
    assert world.api.get_organization_overview("club").fullname == "The club"
    assert {member.username for member in world.api.list_organization_members("club")} == {"local", "other"}


@call("list_user_followers", "list_user_following", "list_organization_followers")
def nobody_follows_anybody_here(world: World) -> None:
    assert list(world.api.list_user_followers("local")) == []
    assert list(world.api.list_user_following("local")) == []
    assert list(world.api.list_organization_followers("club")) == []


@call("list_user_repos")
def the_repositories_of_an_account_are_listed(world: World) -> None:
    id = world.model()
    assert (id, "model") in {(repo.id, repo.type) for repo in world.api.list_user_repos()}
    assert list(world.api.list_user_repos(namespace="club")) == []


@call("list_liked_repos", "list_repo_likers", "unlike")
def a_like_is_given_and_taken_back(world: World) -> None:
    id = world.model()
    assert world.ask("POST", f"/api/models/{id}/like").status_code == 200
    assert id in world.api.list_liked_repos("local").models
    assert [user.username for user in world.api.list_repo_likers(id)] == ["local"]
    assert world.api.model_info(id).likes == 1
    world.api.unlike(id)
    assert id not in world.api.list_liked_repos().models
