"""What the real Hub refuses to whom, and tables of one's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from localhub.people.policy import Patterns, Policy, Row
from localhub.people.users import Credential, Organization, Token, User, Users
from localhub.refusal import Refusal


def person(**facts: object) -> User:
    return User.model_validate({"name": "ada", "tokens": [Token(secret="hf_ada")], **facts})


Check = Callable[..., tuple[int, str] | None]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Asks a policy; the answer is the refusal's status and message, or None."""

    def ask(
        action: str,
        user: User,
        kind: str = "access_token",
        namespace: str = "ada",
        spaces: int = 0,
        rows: tuple[Row, ...] = (),
        **facts: str,
    ) -> tuple[int, str] | None:
        users = Users(tmp_path / "users.json")
        users.put(user, Organization(name="acme", plan="team", credits=3, members={"ada": "admin"}))
        policy = Policy(tmp_path / "refusals.json", users, lambda namespace, flavors: spaces)
        policy.put_first(rows)
        try:
            policy.check(action, Credential.model_validate({"user": user, "kind": kind}), namespace, **facts)
        except Refusal as refused:
            return refused.status, refused.message
        return None

    return ask


def test_a_free_user_hosts_static_spaces_only(check: Check) -> None:
    free, pro = person(), person(pro=True)
    told = check("create_space", free, sdk="gradio", hardware="cpu-basic")
    assert told == (
        402,
        "Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO "
        "subscription. Subscribe at https://huggingface.co/pro",
    )
    assert check("create_space", free, sdk="docker") == told
    assert check("create_space", free, sdk="static") is None
    assert check("create_space", pro, sdk="gradio") is None


@pytest.mark.parametrize(("plan", "most"), [({}, 2), ({"pro": True}, 10)])
def test_zero_gpu_spaces_are_counted_by_plan(check: Check, plan: dict[str, bool], most: int) -> None:
    facts = {"sdk": "gradio", "hardware": "zero-a10g"}
    assert check("create_space", person(**plan), spaces=most - 1, **facts) is None
    assert (check("create_space", person(**plan), spaces=most, **facts) or [])[0] == 403
    assert (check("hardware", person(**plan), spaces=most, flavor="zero-a10g") or [])[0] == 403


def test_only_spaces_on_the_hardware_in_question_are_counted(tmp_path: Path) -> None:
    asked: list[tuple[str, Patterns]] = []

    def count(namespace: str, flavors: Patterns) -> int:
        asked.append((namespace, flavors))
        return 0

    policy = Policy(tmp_path / "refusals.json", Users(tmp_path / "users.json"), count)
    policy.check("create_space", Credential(user=person()), "ada", sdk="gradio", hardware="zero-a10g")
    policy.check("create_space", Credential(user=person(pro=True)), "ada", sdk="gradio")
    assert asked == [("ada", ("zero-*",))]


@pytest.mark.parametrize("action", ["hardware", "restart", "sleeptime"])
def test_an_oauth_token_does_not_move_the_hardware(check: Check, action: str) -> None:
    rich = person(pro=True, can_pay=True)
    assert check(action, rich, "oauth", flavor="t4-small") == (401, "Invalid username or password.")
    assert check(action, rich, flavor="t4-small") is None


def test_fixed_hardware_needs_a_way_to_pay(check: Check) -> None:
    told = check("hardware", person(pro=True), flavor="t4-small")
    assert told and told[0] == 403 and told[1].startswith("You must add a payment method to your account to upgrade")
    assert check("create_space", person(pro=True), sdk="gradio", hardware="cpu-upgrade") == told
    assert check("hardware", person(can_pay=True), flavor="t4-small") is None
    assert check("hardware", person(), flavor="cpu-basic") is None


def test_jobs_need_credits_of_whom_they_are_for(check: Check) -> None:
    told = check("run_job", person(pro=True), flavor="cpu-basic")
    assert told and told[0] == 402 and "insufficient pre-paid credits" in told[1]
    assert check("run_job", person(credits=0.01), flavor="t4-small") is None
    assert check("run_job", person(), namespace="acme", flavor="t4-small") is None


def test_the_first_row_that_fits_decides_and_ones_own_come_first(check: Check) -> None:
    full = Row(action=("hardware",), flavor=("a100-*",), status=503, message="not enough hardware capacity")
    rich = person(can_pay=True)
    assert check("hardware", rich, rows=(full,), flavor="a100-large") == (503, "not enough hardware capacity")
    assert check("hardware", rich, rows=(full,), flavor="t4-small") is None
    assert check("run_job", person(), rows=(Row(),), flavor="t4-small") is None


def test_rows_of_ones_own_are_kept(tmp_path: Path) -> None:
    users = Users(tmp_path / "users.json")
    Policy(tmp_path / "refusals.json", users, lambda *_: 0).put_first([Row(action=("restart",), status=429, code="X")])
    with pytest.raises(Refusal) as refused:
        Policy(tmp_path / "refusals.json", users, lambda *_: 0).check("restart", Credential(user=person()), "ada")
    assert (refused.value.status, refused.value.code) == (429, "X")


@pytest.mark.parametrize("wrong", [{"status": 200}, {"status": 504}, {"colour": "red"}, {"plan": ["gold"]}])
def test_a_row_that_cannot_be_meant_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Row.model_validate(wrong)
