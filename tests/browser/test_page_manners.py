"""The chat page with what it cannot trust, on a phone, in the dark, without a mouse."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from core.nouns import Artifact, Call, From, Plan, Step
from tests.browser.page_server import Chronicle, call, reads
from tests.loopback.localhub_fixtures import eventually

pytestmark = pytest.mark.browser

ATTACK = "<img src=x onerror='window.top.pwned=1'><script>window.top.pwned=1</script>"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="window.top.pwned=1">'
    '<script>window.top.pwned=1</script><rect width="40" height="30" fill="teal"/></svg>'
)

CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")


@pytest.fixture
def runs(written: Path) -> Path:
    return written


@pytest.fixture
def address(reader: str) -> str:
    return reader


@pytest.fixture
def run(runs: Path) -> Iterator[Chronicle]:
    chronicle = Chronicle(runs, f"Make three things {ATTACK}")
    yield chronicle
    chronicle.leave()


def told(run: Chronicle, *made: Artifact) -> None:
    """A whole run of one step that has made all this."""
    outputs = tuple(
        a.model_copy(update={"origin": a.origin.model_copy(update={"output": n})}) for n, a in enumerate(made)
    )
    places = tuple(From.model_validate({"from": "draw", "output": number}) for number in range(len(made)))
    step = Step(id="draw", title=f"Draw {ATTACK}", call=call("they/painter", prompt=ATTACK))
    run.plan(Plan(steps=(step,), results=places, planner="catalogue", reasons=(ATTACK,)))
    run.start("draw")
    run.finish("draw", *outputs)
    run.end("passed", *outputs)


def test_what_a_space_gives_back_is_shown_and_never_run(tab, address, run):
    page = run.store.keep_value(
        f"<a href='javascript:window.top.pwned=1'>go</a>{ATTACK}", "html", ATTACK, run.origin("draw")
    )
    drawing = run.keep(SVG.encode(), "image", "Drawing", ".svg")
    sheet = run.store.keep_value({"headers": [ATTACK], "data": [[ATTACK]]}, "table", "Sheet", run.origin("draw"))
    told(run, page, drawing, sheet)
    tab.goto(f"{address}/runs/{run.id}")
    expect(tab.locator("figure[data-kind=html] pre")).to_contain_text("onerror=")
    tab.locator("figure[data-kind=image]").scroll_into_view_if_needed()
    assert eventually(lambda: tab.evaluate("document.querySelector('[data-kind=image] img')?.naturalWidth") == 40, 15)
    tab.locator("figure summary").first.click()
    assert tab.evaluate("window.pwned") is None
    assert tab.locator("a[href^='javascript'], main script, main img[onerror]").count() == 0


@pytest.mark.parametrize("suffix", [".html", ".svg"])
def test_a_file_that_could_run_is_saved_and_not_opened(address, run, suffix):
    made = run.keep(SVG.encode(), "file", "Page", suffix)
    told(run, made)
    answer = httpx.get(f"{address}/page/runs/{run.id}/files/{made.sha256}")
    assert "html" not in answer.headers["content-type"]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert (answer.headers["x-content-type-options"], "sandbox" in answer.headers["content-security-policy"]) == (
        "nosniff",
        True,
    )


def test_five_megabytes_of_text_are_shown_by_their_beginning(tab, address, run):
    made = run.keep(b"All work and no play. " * 240_000, "file", "Book", ".txt")
    told(run, made)
    tab.goto(f"{address}/runs/{run.id}")
    expect(tab.locator(".cut")).to_contain_text("the download has all")
    assert len(tab.locator("figure pre").inner_text()) < 21_000


def test_a_run_of_another_folder_and_a_file_of_another_run_are_not_there(address, run, runs):
    other = Chronicle(runs, "Another")
    made = other.keep(b"secret", "file", "Secret", ".txt")
    told(other, made)
    told(run)
    asked = [
        f"{run.id}/files/{made.sha256}",
        f"..%2f{run.id}/events",
        f"{run.id}/files/..%2fevents.jsonl",
        "%2e%2e/events",
    ]
    assert {httpx.get(f"{address}/page/runs/{path}").status_code for path in asked} == {404}


def test_another_site_can_neither_begin_nor_stop_a_run(address, run):
    for path in ("/page/runs", f"/page/runs/{run.id}/stop"):
        assert (
            httpx.post(address + path, data={"text": "x"}, headers={"origin": "http://evil.example"}).status_code == 403
        )
    assert httpx.get(address, headers={"host": "evil.example"}).status_code == 403


def test_another_site_cannot_read_what_a_visitor_may_read(address, run):
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}):
        assert httpx.get(f"{address}/page/runs", headers=headers).status_code == 403
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert httpx.get(address, headers=link).status_code == 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read_in_both_schemes(tab, address, run, scheme):
    tab.emulate_media(color_scheme=scheme)
    told(run, run.store.keep_value({"loudness": -14.2}, "json", "Figures", run.origin("draw")))
    for place in ("/", f"/runs/{run.id}"):
        tab.goto(address + place)
        tab.locator(".example:visible, .run-foot:visible").first.wait_for()
        assert tab.evaluate(CONTRAST) == []


def test_it_fits_a_phone(tab, address, run):
    tab.set_viewport_size({"width": 360, "height": 700})
    run.plan()
    run.start("draw", 0)
    tab.goto(address)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.goto(f"{address}/runs/{run.id}")
    expect(tab.locator("[data-step=draw]")).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_it_works_by_keyboard(tab, address, run):
    told(run, run.store.keep_value("Three.", "text", "Words", run.origin("draw")))
    tab.goto(f"{address}/runs/{run.id}")
    head = tab.locator("[data-step=draw] .step-head")
    head.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-step=draw] .step-more")).to_contain_text("64 × 64 px, nothing blank")
    tab.locator("#open-runs").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#run-list a").first).to_be_visible()
    tab.locator("#filter-words").fill("no run is called that")
    expect(tab.locator("#run-list-note")).to_have_text("No run fits these filters.")
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    expect(tab.locator("#runs")).to_be_hidden()


def test_the_first_words_are_painted_at_once(tab, address):
    tab.goto(address)
    assert tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") < 2000
    assert tab.locator(".example").count() == 3


def test_the_page_names_what_was_published(tab, address, run):
    publish = Step(
        id="publish",
        title="Publish",
        call=Call(tool="publish_viewer", arguments={"title": "T", "exhibits": reads("draw")}),
    )
    step = Step(id="draw", title="Draw", call=call("they/painter"))
    run.plan(Plan(steps=(step, publish), results=(reads("publish"),), planner="catalogue"))
    value = {"address": "javascript:alert(1)", "space": "me/things-1", "private": True}
    origin = run.origin("publish").model_copy(update={"tool": "publish_viewer", "space": "me/things-1"})
    run.finish("publish", run.store.keep_value(value, "json", "T", origin))
    run.end()
    tab.goto(f"{address}/runs/{run.id}")
    expect(tab.locator(".page-card")).to_contain_text("A private Space: me/things-1")
    assert "javascript" not in tab.locator(".page-card a").get_attribute("href")
