"""Repositories as wholes: made, found, described, changed, moved, copied and deleted."""

import pytest
from huggingface_hub import RepoUrl
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import World


@call("create_repo", "repo_exists", "delete_repo")
def a_repository_is_made_and_deleted(world: World) -> None:
    id = world.name("made")
    url = world.api.create_repo(id, private=True)
    again = world.api.create_repo(id, exist_ok=True)
    assert (RepoUrl(url, endpoint=world.hub.endpoint).repo_id, again) == (id, url)
    world.api.delete_repo(id)
    world.api.delete_repo(id, missing_ok=True)
    assert not world.api.repo_exists(id)


@call("model_info", "repo_info")
def a_model_is_described(world: World) -> None:
    id = world.model(README_dot_md="---\nlicense: mit\ntags: [small]\n---\n# Hi\n")
    info = world.api.model_info(id, files_metadata=True)
    sizes = {sibling.rfilename: sibling.size for sibling in info.siblings or []}
    assert (info.id, info.author, info.private, info.gated, info.tags) == (id, "local", False, False, info.tags)
    assert {"small", "license:mit"} <= set(info.tags or [])
    assert sizes["config.json"] == 2
    assert world.api.repo_info(id, revision=info.sha).sha == info.sha
    assert world.api.model_info(id, securityStatus=True).security_repo_status == {
        "scansDone": True,
        "filesWithIssues": [],
    }
    assert world.api.model_info(id, expand=["cardData"]).card_data["license"] == "mit"


@call("dataset_info")
def a_data_set_is_described(world: World) -> None:
    id = world.dataset()
    info = world.api.dataset_info(id, files_metadata=True)
    assert (info.id, info.author, "rows.csv" in {sibling.rfilename for sibling in info.siblings or []}) == (
        id,
        "local",
        True,
    )


@call("space_info")
def a_space_is_described(world: World) -> None:
    info = world.api.space_info(world.space())
    assert (info.sdk, info.runtime and info.runtime.stage) == ("static", "RUNNING")
    assert str(info.host).startswith("http://127.0.0.1:")


@call("list_models", "list_datasets", "list_spaces")
def repositories_are_listed_by_author_words_and_tags(world: World) -> None:
    model = world.model(README_dot_md="---\ntags: [rare-tag]\npipeline_tag: text-classification\n---\n")
    dataset, space = world.dataset(), world.space()
    assert [info.id for info in world.api.list_models(filter="rare-tag")] == [model]
    assert model in [info.id for info in world.api.list_models(author="local", pipeline_tag="text-classification")]
    assert dataset in [info.id for info in world.api.list_datasets(author="local")]
    assert space in [info.id for info in world.api.list_spaces(search=space.split("/")[1])]
    assert len(list(world.api.list_models(limit=1))) == 1


@call("update_repo_settings")
def a_repository_is_made_private_and_gated(world: World) -> None:
    id = world.model()
    world.api.update_repo_settings(id, private=True)
    with pytest.raises(RepositoryNotFoundError):
        world.other.model_info(id)
    world.api.update_repo_settings(id, private=False, gated="manual")
    assert world.api.model_info(id).gated == "manual"


@call("auth_check")
def the_right_to_read_and_to_write_is_checked(world: World) -> None:
    id = world.model()
    world.api.auth_check(id, write=True)
    world.other.auth_check(id)
    with pytest.raises(HfHubHTTPError) as refused:
        world.other.auth_check(id, write=True)
    assert refused.value.response.status_code == 403


@call("move_repo")
def a_repository_is_moved_and_its_old_name_leads_to_the_new(world: World) -> None:
    id, new = world.model(), world.name("moved")
    world.api.move_repo(id, new)
    assert world.api.model_info(new).id == new
    assert world.read(new, "config.json") == "{}"
    assert world.api.model_info(id).id == new


@call("duplicate_repo")
def a_repository_is_duplicated(world: World) -> None:
    id, copy = world.space(), world.name("copy")
    world.api.duplicate_repo(id, copy, repo_type="space", private=True)
    assert world.api.space_info(copy).private
    assert world.read(copy, "index.html", "space") == world.read(id, "index.html", "space")


@call("create_branch", "delete_branch", "list_repo_refs", "revision_exists")
def a_branch_grows_apart_from_main(world: World) -> None:
    id = world.model()
    world.api.create_branch(id, branch="try")
    world.api.upload_file(path_or_fileobj=b"new", path_in_repo="new.txt", repo_id=id, revision="try")
    assert [branch.name for branch in world.api.list_repo_refs(id).branches] == ["main", "try"]
    assert (world.api.file_exists(id, "new.txt"), world.api.file_exists(id, "new.txt", revision="try")) == (False, True)
    world.api.delete_branch(id, branch="try")
    assert not world.api.revision_exists(id, "try")


@call("create_tag", "delete_tag")
def a_tag_stays_where_it_was_put(world: World) -> None:
    id = world.model()
    before = world.api.model_info(id).sha
    world.api.create_tag(id, tag="v1", tag_message="The first")
    world.api.upload_file(path_or_fileobj=b"new", path_in_repo="new.txt", repo_id=id)
    assert world.api.model_info(id, revision="v1").sha == before
    world.api.delete_tag(id, tag="v1")
    with pytest.raises(RevisionNotFoundError):
        world.api.model_info(id, revision="v1")


@call("list_repo_commits", "super_squash_history")
def a_history_is_told_and_squashed(world: World) -> None:
    id = world.model()
    world.api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=id, commit_message="Add a")
    assert [commit.title for commit in world.api.list_repo_commits(id)] == ["Add a", "Begin", "initial commit"]
    world.api.super_squash_history(id, commit_message="All in one")
    assert [commit.title for commit in world.api.list_repo_commits(id)] == ["All in one"]
    assert world.read(id, "a.txt") == "1"


@call("resolve_revision")
def a_revision_is_pinned(world: World) -> None:
    id = world.model()
    pinned = world.api.resolve_revision(id, revision="main", cache_dir=world.folder)
    assert (pinned, pinned.resolved) == ("main", world.api.model_info(id).sha)


@call("get_full_repo_name")
def a_name_is_completed_with_the_users_own(world: World) -> None:
    assert world.api.get_full_repo_name("thing") == "local/thing"


@call("get_model_tags", "get_dataset_tags")
def the_known_tags_are_listed_by_kind(world: World) -> None:
    assert isinstance(world.api.get_model_tags(), dict)
    assert isinstance(world.api.get_dataset_tags(), dict)
