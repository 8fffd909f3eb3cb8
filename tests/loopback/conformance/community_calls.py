"""Talking about repositories: discussions, pull requests, and asking to be let in."""

import pytest
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import GatedRepoError

from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import World


@call("create_discussion", "get_discussion_details", "get_repo_discussions", "comment_discussion")
def a_discussion_is_opened_and_commented(world: World) -> None:
    id = world.model()
    opened = world.other.create_discussion(id, title="A question", description="Why?")
    world.api.comment_discussion(id, opened.num, comment="Because.")
    details = world.api.get_discussion_details(id, opened.num)
    said = [(event.author, event.content) for event in details.events if event.type == "comment"]  # type: ignore[attr-defined]
    assert (details.title, details.author, details.is_pull_request) == ("A question", "other", False)
    assert said == [("other", "Why?"), ("local", "Because.")]
    assert [found.num for found in world.api.get_repo_discussions(id)] == [opened.num]


@call("rename_discussion", "change_discussion_status", "edit_discussion_comment", "hide_discussion_comment")
def a_discussion_is_renamed_edited_and_closed(world: World) -> None:
    id = world.dataset()
    opened = world.api.create_discussion(id, title="Old", description="First words", repo_type="dataset")
    comment = world.api.comment_discussion(id, opened.num, comment="Second words", repo_type="dataset")
    world.api.rename_discussion(id, opened.num, new_title="New title", repo_type="dataset")
    edited = world.api.edit_discussion_comment(
        id, opened.num, comment.id, new_content="Other words", repo_type="dataset"
    )
    with pytest.warns(UserWarning, match="irreversible"):
        hidden = world.api.hide_discussion_comment(id, opened.num, comment.id, repo_type="dataset")
    world.api.change_discussion_status(id, opened.num, new_status="closed", comment="Done", repo_type="dataset")
    details = world.api.get_discussion_details(id, opened.num, repo_type="dataset")
    assert (details.title, details.status) == ("New title", "closed")
    assert (edited.content, edited.edited, hidden.hidden) == ("Other words", True, True)


@call("create_pull_request", "merge_pull_request")
def a_pull_request_is_merged(world: World) -> None:
    id = world.model()
    opened = world.api.create_pull_request(id, title="Add a file", description="It is missing")
    assert (opened.status, opened.git_reference) == ("draft", f"refs/pr/{opened.num}")
    world.api.create_commit(
        id, [CommitOperationAdd("pulled.txt", b"pulled")], commit_message="Add it", revision=opened.git_reference
    )
    world.api.change_discussion_status(id, opened.num, new_status="open")
    assert not world.api.file_exists(id, "pulled.txt")
    world.api.merge_pull_request(id, opened.num)
    assert world.read(id, "pulled.txt") == "pulled"
    assert world.api.get_discussion_details(id, opened.num).status == "merged"
    refs = world.api.list_repo_refs(id, include_pull_requests=True)
    assert [ref.ref for ref in refs.pull_requests or []] == [opened.git_reference]


@call()
def a_commit_makes_a_pull_request_of_its_own(world: World) -> None:
    id = world.model()
    made = world.other.create_commit(id, [CommitOperationAdd("a.txt", b"a")], commit_message="Please", create_pr=True)
    details = world.api.get_discussion_details(id, int(made.pr_num or 0))
    assert (details.title, details.is_pull_request, "+a" in (details.diff or "")) == ("Please", True, True)


@call("upload_attachment")
def a_picture_is_attached(world: World) -> None:
    picture = world.folder / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    url = world.api.upload_attachment(picture)
    assert world.ask("GET", url.removeprefix(world.hub.endpoint)).content == picture.read_bytes()


@call(
    "list_pending_access_requests",
    "accept_access_request",
    "list_accepted_access_requests",
    "cancel_access_request",
    "reject_access_request",
    "list_rejected_access_requests",
)
def a_gated_model_is_opened_to_who_was_let_in(world: World) -> None:
    id = world.model()
    world.api.update_repo_settings(id, gated="manual")
    with pytest.raises(GatedRepoError):
        world.other.hf_hub_download(id, "config.json", cache_dir=world.folder)
    world.ask("POST", f"/{id}/ask-access", token="hf_local_other").raise_for_status()
    assert [asked.username for asked in world.api.list_pending_access_requests(id)] == ["other"]
    world.api.accept_access_request(id, "other")
    world.other.hf_hub_download(id, "config.json", cache_dir=world.folder)
    assert [asked.username for asked in world.api.list_accepted_access_requests(id)] == ["other"]
    world.api.reject_access_request(id, "other", rejection_reason="No more")
    assert [asked.username for asked in world.api.list_rejected_access_requests(id)] == ["other"]
    world.api.cancel_access_request(id, "other")
    assert [asked.username for asked in world.api.list_pending_access_requests(id)] == ["other"]


@call("grant_access")
def a_user_is_let_in_without_asking(world: World) -> None:
    id = world.dataset()
    world.api.update_repo_settings(id, gated="manual", repo_type="dataset")
    world.api.grant_access(id, "other", repo_type="dataset")
    world.other.hf_hub_download(id, "rows.csv", repo_type="dataset", cache_dir=world.folder)
    listed = world.api.list_accepted_access_requests(id, repo_type="dataset")
    assert [asked.username for asked in listed] == ["other"]
