"""The chat page as a Space: people sign in with their own accounts, and nobody sees anybody else's runs."""

import json
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.loopback.localhub_fixtures import ROOT, LocalHub, readme, running_hub
from tests.loopback.oauth_app import PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

APP = f"""
import os, runpy, sys
sys.path.insert(0, {str(ROOT)!r})
sys.argv = ["app.py", "--runs", "runs"]
runpy.run_path({str(ROOT / "app.py")!r}, run_name="__main__")
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    (data / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(data) as running:
        yield running


@pytest.fixture(scope="module")
def host(hub: LocalHub) -> str:
    card = readme(hf_oauth="true", hf_oauth_scopes="[contribute-repos]")
    return hub.host(hub.put("spacewright", README_dot_md=card, app_dot_py=APP))


def sign_in(tab, host: str, user: str) -> None:
    tab.set_default_timeout(60_000)
    tab.goto(host, timeout=120_000)
    tab.get_by_role("link", name="Sign in with Hugging Face").click()
    tab.locator("input[name=token]").fill(f"hf_{user}_writes")
    tab.locator("button[value=enter]").click()
    tab.locator("button[value=allow]").click()
    expect(tab.locator("#person")).to_contain_text(user, timeout=30_000)


def own_runs(tab) -> list[str]:
    return [row["id"] for row in tab.evaluate("fetch('/page/runs').then((answer) => answer.json())")["runs"]]


def asked(tab, path: str) -> int:
    return int(tab.evaluate("(path) => fetch(path).then((answer) => answer.status)", path))


def test_two_people_act_for_themselves_and_see_their_own_runs_only(chromium, hub, host):
    ada, bob = (chromium.new_context().new_page() for _ in range(2))
    sign_in(ada, host, "ada")
    sign_in(bob, host, "bob")
    ada.get_by_label("What do you want?").fill("Draw a picture of a lighthouse")
    ada.get_by_role("button", name="Make it").click()
    ada.wait_for_url("**/runs/*")
    run = ada.url.rpartition("/")[2]
    expect(ada.locator(".run-status")).to_have_text("Failed", timeout=60_000)
    assert (own_runs(ada), own_runs(bob)) == ([run], [])
    paths = [f"/page/runs/{run}/{what}" for what in ("events", "record.zip", "open", "files/0", "view/0")]
    assert [asked(bob, path) for path in [*paths, f"/page/runs/ada/{run}/events"]] == [404] * 6
    assert [asked(bob, f"/page/runs/..%2fada%2f{run}/events"), asked(ada, paths[0])] == [404, 200]
    assert "hf_oauth_" not in ada.content() + bob.content()
    ada.get_by_role("link", name="Sign out").click()
    expect(ada.get_by_role("link", name="Sign in with Hugging Face").first).to_be_visible()
    assert asked(ada, paths[0]) == 401
    kept = [path for path in hub.data.rglob("*") if path.is_file() and "runs" in path.parts]
    assert kept and not [path for path in kept if b"hf_oauth_" in path.read_bytes()]


def test_who_has_not_signed_in_can_look_at_the_page_and_do_nothing(hub, host):
    page = httpx.get(host, timeout=120)
    assert page.status_code == 200 and '"may_act": false' in page.text
    refused = [httpx.post(f"{host}/page/runs", data={"text": "Draw"}), httpx.get(f"{host}/page/runs")]
    assert [answer.status_code for answer in refused] == [401, 401]
