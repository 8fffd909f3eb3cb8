"""Recorded sessions on the page, and what somebody sees who has not signed in to a public Space."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.page_server import Chronicle, served

pytestmark = pytest.mark.browser

NAME = "fallback"
LINKS = "[go](javascript:alert(1)) ![](data:text/html,x)"
ATTACK = f"<img src=x onerror='window.pwned=1'><script>window.pwned=1</script> {LINKS}"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def address(runs: Path) -> Iterator[str]:
    """As on a public Space, where nobody has signed in."""
    with served(runs, public=True) as at:
        yield at


def moment(tab, words: str) -> None:
    expect(tab.locator(".moment")).to_contain_text(words)


def test_a_recorded_session_is_replayed_and_looked_at_step_by_step(tab, address):
    tab.goto(address)
    tab.locator(f"#recorded-list a[href$='/recorded/{NAME}']").click()
    tab.wait_for_url(f"**/recorded/{NAME}")
    expect(tab.locator(".replayed")).to_contain_text("It came to the same again", timeout=60_000)
    expect(tab.locator(".run-status")).to_have_text("Done")
    moment(tab, "Everything is done")
    tab.get_by_role("slider").fill("0")
    moment(tab, "1 of ")
    expect(tab.locator(".step")).to_have_count(0)
    tab.get_by_role("button", name="Next").click()
    moment(tab, "A plan of 1 step was made")
    expect(tab.locator(".step-state")).to_contain_text("Waiting")
    tab.get_by_role("button", name="Next").click()
    expect(tab.locator(".step-state")).to_contain_text("Running")
    tab.get_by_role("slider").fill("1000")
    expect(tab.locator(".step-state")).to_contain_text("Repaired")
    expect(tab.locator("figure[data-kind=image]")).to_be_visible()
    assert tab.errors == []


def test_what_was_replayed_can_be_read_and_not_gone_on_with(address):
    run = httpx.post(f"{address}/page/recorded/{NAME}", timeout=60).json()["run"]
    read = [httpx.get(f"{address}/page/runs/{run}/{what}").status_code for what in ("moments", "report", "record.zip")]
    done = [httpx.post(f"{address}/page/runs/{run}/{what}").status_code for what in ("resume", "stop", "answer")]
    assert (read, done) == ([200] * 3, [401] * 3)


@pytest.mark.parametrize("name", ["nothing", "..%2fcassettes%2ffallback", "card"])
def test_only_what_is_on_the_shelf_is_played(address, name):
    assert httpx.post(f"{address}/page/recorded/{name}").status_code == 404


def test_without_a_sign_in_nothing_can_be_begun_and_the_sign_in_says_why(tab, address, runs):
    other = Chronicle(runs, "Make three things")
    other.leave()
    tab.goto(address)
    expect(tab.locator("#sign-in")).to_contain_text("sign in: every run acts with your own account")
    for hidden in ("#composer", "#examples", "#factory-offers"):
        expect(tab.locator(hidden)).to_be_hidden()
    tab.set_viewport_size({"width": 360, "height": 700})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert httpx.post(f"{address}/page/runs", data={"text": "Draw"}).status_code == 401
    assert httpx.get(f"{address}/page/runs/{other.id}/report").status_code == 401


def test_a_report_is_a_page_to_read_in_which_nothing_of_a_stranger_runs(tab, tmp_path):
    with served(tmp_path) as address:
        run = Chronicle(tmp_path, f"Make three things {ATTACK}")
        run.plan()
        run.start("words")
        run.finish("words", run.store.keep_value(ATTACK, "text", ATTACK, run.origin("words")))
        run.end("failed", reason=ATTACK)
        tab.goto(address)
        tab.get_by_role("button", name="Runs").click()
        with tab.context.expect_page() as opened:
            tab.get_by_role("link", name="Report").click()
        page = opened.value
        expect(page.get_by_role("heading", name="Provenance")).to_be_visible()
        expect(page.locator("h1")).to_contain_text("<script>window.pwned=1</script>")
        assert page.evaluate("window.pwned") is None
        assert page.locator("main script, main img, main a[href^='javascript'], main a[href^='data']").count() == 0
