"""Runs from the chat page: asked for, answered, stopped, repaired, found again; with the real runner behind it."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.studio import Studio
from tests.loopback.localhub_fixtures import eventually

pytestmark = pytest.mark.browser


@pytest.fixture
def address(page: str) -> str:
    return page


@pytest.fixture
def painters(made: Studio) -> Iterator[Studio]:
    made.painter.open.set()
    made.spare.open.set()
    yield made
    made.painter.blank = made.spare.blank = 0


def ask(tab, address: str, goal: str) -> None:
    tab.goto(address)
    tab.get_by_label("What do you want?").fill(goal)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/runs/*")


def status(tab, word: str) -> None:
    expect(tab.locator(".run-status").last).to_have_text(word, timeout=30_000)


def test_a_goal_becomes_a_picture_with_its_verdicts_and_its_record(tab, address, painters):
    ask(tab, address, "Draw a picture of a lighthouse")
    status(tab, "Done")
    result = tab.locator("figure[data-kind=image]")
    assert eventually(lambda: tab.evaluate("document.querySelector('figure img').naturalWidth") == 512)
    expect(result).to_contain_text("Made by they/")
    expect(result.locator("summary")).to_contain_text("checks passed")
    link = tab.get_by_role("link", name="Download the record").get_attribute("href")
    record = zipfile.ZipFile(io.BytesIO(httpx.get(link).content))
    assert {"events.jsonl", "ro-crate-metadata.json"} <= {Path(name).name for name in record.namelist()}


def test_nothing_is_published_before_a_yes_and_a_no_is_kept_to(tab, address, painters):
    ask(tab, address, "Draw a picture of a castle and publish it on a web page")
    status(tab, "Waiting for you")
    card = tab.locator(".ask")
    expect(card).to_contain_text("private Space")
    expect(card).to_contain_text("no GPU time, no money")
    published = set(painters.hub.files)
    card.get_by_role("button", name="No").click()
    status(tab, "Held back")
    assert set(painters.hub.files) == published
    expect(tab.locator("figure[data-kind=image]")).to_be_visible()
    tab.get_by_role("button", name="Ask me again").click()
    tab.locator(".ask").get_by_role("button", name="Yes, publish it").click()
    status(tab, "Done")
    assert len(painters.hub.files) == len(published) + 1
    expect(tab.locator(".page-card")).to_contain_text("A private Space")


def test_stop_stops_within_a_second_and_the_run_can_be_gone_on_with(tab, address, painters):
    painters.painter.open.clear()
    painters.spare.open.clear()
    ask(tab, address, "Draw a picture of a windmill")
    expect(tab.locator(".step-state").first).to_contain_text("1 before it")
    began = time.monotonic()
    tab.get_by_role("button", name="Stop").click()
    status(tab, "Stopped")
    assert time.monotonic() - began < 1.0
    painters.painter.open.set()
    painters.spare.open.set()
    tab.get_by_role("button", name="Go on with it").click()
    status(tab, "Done")


def test_a_space_that_fails_is_repaired_in_sight(tab, address, painters):
    painters.painter.blank = painters.spare.blank = 1
    ask(tab, address, "Draw a picture of a bridge")
    status(tab, "Done")
    expect(tab.locator(".step-state").first).to_contain_text("Repaired, try 2")
    expect(tab.locator(".repair")).to_contain_text("failed")


@pytest.mark.slow
def test_a_reload_in_the_middle_and_another_tab_find_the_run_at_work(tab, address, painters):
    painters.painter.open.clear()
    painters.spare.open.clear()
    ask(tab, address, "Draw a picture of a boat")
    expect(tab.locator(".step-state").first).to_contain_text("1 before it")
    tab.reload()
    expect(tab.locator(".step-state").first).to_contain_text("1 before it")
    other = tab.context.new_page()
    ask(other, address, "Draw a picture of a train")
    expect(other.locator(".step-state").first).to_contain_text("1 before it")
    tab.close()
    painters.painter.open.set()
    painters.spare.open.set()
    status(other, "Done")
    rows = httpx.get(f"{address}/page/runs").json()["runs"]
    assert eventually(
        lambda: all(row["status"] != "running" for row in httpx.get(f"{address}/page/runs").json()["runs"])
    )
    assert {"boat", "train"} <= {row["goal"].split()[5] for row in rows}


def test_a_file_goes_with_the_goal(tab, address, painters):
    tab.goto(address)
    picture = {"name": "notes <b>.txt", "mimeType": "text/plain", "buffer": b"a quiet harbour at dawn"}
    tab.locator("#files").set_input_files(picture)
    expect(tab.locator("#chips")).to_contain_text("notes <b>.txt")
    tab.get_by_label("What do you want?").fill("Draw a picture of what the text says")
    tab.get_by_role("button", name="Make it").click()
    expect(tab.locator(".goal-said li")).to_have_text("notes <b>.txt", timeout=30_000)


def test_an_empty_goal_and_an_unknown_run_are_refused_in_one_line(address):
    empty = httpx.post(f"{address}/page/runs", data={"text": "  "})
    unknown = httpx.post(f"{address}/page/runs/20260101-000000-nobody/stop")
    assert (empty.status_code, unknown.status_code) == (422, 404)
    assert json.loads(empty.text)["error"].startswith("the goal is empty")


def test_a_wish_in_the_same_chat_changes_what_it_names(tab, address, painters):
    ask(tab, address, "Draw a picture of a harbour")
    status(tab, "Done")
    first = tab.locator("[data-step] .step-where").inner_text().split()[0]
    tab.get_by_label("What do you want?").fill("use another Space for the image")
    expect(tab.get_by_label("Change this")).to_be_checked()
    tab.keyboard.press("Enter")
    expect(tab.locator(".talk")).to_have_count(2)
    status(tab, "Done")
    second = tab.locator(".talk").last.locator(".step-where").inner_text().split()[0]
    assert {first, second} == {"they/painter", "they/spare-painter"}
    tab.reload()
    expect(tab.locator(".talk")).to_have_count(2)
    tab.get_by_label("What do you want?").fill("again")
    tab.keyboard.press("Enter")
    expect(tab.locator(".talk").last.locator(".step-state")).to_contain_text("Known already", timeout=30_000)


def test_the_form_for_testing_a_space_begins_a_run_of_that(tab, address, painters):
    tab.goto(f"{address}/validate")
    form = tab.get_by_role("dialog")
    form.get_by_label("Space").fill("they/nobody")
    form.get_by_role("button", name="Test it").click()
    tab.wait_for_url("**/runs/*")
    expect(tab.locator(".goal-said")).to_have_text("Validate they/nobody")
    expect(tab.locator(".outcome, .ending.bad").first).to_be_visible(timeout=60_000)
