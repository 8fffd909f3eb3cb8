"""The chat page reads a journal: every state of a step, in time, without moving what is already there."""

import io
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from core.events import AttemptFailed, CallProgressed, StepSkipped
from core.nouns import Fault
from tests.browser.page_server import Chronicle
from tests.loopback.localhub_fixtures import eventually

pytestmark = pytest.mark.browser

SHIFTS = """
window.shifted = 0;
window.movers = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  window.shifted += entry.value;
  window.movers.push(...entry.sources.map((source) => source.node?.className ?? source.node?.nodeName));
}))
  .observe({ type: 'layout-shift', buffered: true });
"""


@pytest.fixture
def runs(written: Path) -> Path:
    return written


@pytest.fixture
def address(reader: str) -> str:
    return reader


@pytest.fixture
def run(runs: Path) -> Iterator[Chronicle]:
    chronicle = Chronicle(runs)
    yield chronicle
    chronicle.leave()


def picture(colour: str = "teal") -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def see(tab, step: str, words: str) -> None:
    expect(tab.locator(f"[data-step={step}] .step-state")).to_contain_text(words)


def queued(step: str, item: int | None = None, **more: object) -> CallProgressed:
    return CallProgressed.model_validate({"step": step, "item": item, "attempt": 1, "stage": "queued", **more})


def failed(step: str, message: str, item: int | None = None) -> AttemptFailed:
    fault = Fault(kind="AppFailed", message=message)
    return AttemptFailed(step=step, item=item, attempt=1, fault=fault, seconds=1.5)


def test_the_plan_is_there_before_it_runs_and_fills_in_as_it_does(tab, address, run):
    tab.goto(f"{address}/runs/{run.id}")
    tab.get_by_text("Looking for the Spaces it takes").wait_for()
    run.plan()
    see(tab, "draw", "3 waiting")
    run.start("words")
    run.tell(queued("words", position=2))
    see(tab, "words", "2 before it")
    run.tell(queued("words", stage="running", fraction=0.4))
    see(tab, "words", "Working 40 %")
    run.start("draw", 0)
    run.finish("draw", run.keep(picture(), "image", "Tower", ".png", item=0), item=0)
    see(tab, "draw", "1 of 3")
    assert eventually(lambda: tab.evaluate("document.querySelector('.tile.passed img')?.naturalWidth > 0"), 15)
    assert tab.errors == []


def test_what_failed_and_was_repaired_and_what_was_known_is_told(tab, address, run):
    run.plan()
    tab.goto(f"{address}/runs/{run.id}")
    run.start("words")
    run.tell(failed("words", "the Space gave a blank page"))
    see(tab, "words", "Trying again")
    run.start("words", attempt=2, space="they/spare")
    see(tab, "words", "Try 2")
    run.finish("words", space="they/spare")
    see(tab, "words", "Repaired")
    said = tab.locator("[data-step=words] .repair").inner_text()
    assert "the Space gave a blank page" in said and "they/spare took its place" in said
    run.tell(StepSkipped(step="publish", key="k", artifacts=(), source="another"))
    see(tab, "publish", "Known already")


def test_nothing_that_stands_on_the_page_moves_while_events_arrive(tab, address, run):
    run.plan()
    tab.add_init_script(SHIFTS)
    tab.goto(f"{address}/runs/{run.id}")
    see(tab, "draw", "3 waiting")
    for item in range(3):
        run.start("draw", item)
        run.tell(queued("draw", item, position=1))
        run.finish("draw", run.keep(picture(), "image", f"Thing {item}", ".png", item=item), item=item)
        see(tab, "draw", f"{item + 1} of 3")
    for item in range(3):
        run.start("model", item, space="they/solid")
        run.finish("model", run.keep(b"glTF" * item, "model3d", "Thing", ".glb", "model", item), item=item)
        see(tab, "model", f"{item + 1} of 3")
    run.start("words")
    run.finish("words", run.store.keep_value("Three things.", "text", "Words", run.origin("words")))
    see(tab, "words", "Checked")
    run.end()
    tab.locator("[data-status=passed]").wait_for()
    assert tab.evaluate("[window.shifted < 0.02, window.shifted < 0.02 ? [] : window.movers]") == [True, []]


@pytest.mark.slow
def test_an_event_reaches_the_page_soon_after_it_was_written(tab, address, run):
    run.plan()
    tab.goto(f"{address}/runs/{run.id}")
    see(tab, "words", "Waiting")
    run.start("words")
    late = []
    for position in range(40, 20, -1):
        watch = f"""new Promise((done) => {{
          const look = () => {{
            if (document.querySelector('[data-step=words] .step-state').innerText.includes('{position} before'))
              done(Date.now());
            else requestAnimationFrame(look);
          }};
          look();
        }})"""
        tab.evaluate(f"window.seen = {watch}; 1")
        written = run.tell(queued("words", position=position)).time
        late.append(tab.evaluate("window.seen") / 1000 - written)
    assert statistics.median(late) <= 0.3


def test_a_reload_in_the_middle_finds_the_run_again(tab, address, run):
    run.plan()
    tab.goto(f"{address}/runs/{run.id}")
    run.start("words")
    see(tab, "words", "Running")
    tab.reload()
    see(tab, "words", "Running")
    assert tab.get_by_text("Another program works on this run").is_visible()


def test_a_run_whose_program_has_ended_can_be_gone_on_with(tab, address, run):
    run.plan()
    run.start("words")
    run.leave()
    tab.goto(f"{address}/runs/{run.id}")
    tab.get_by_role("button", name="Go on with it").wait_for()
    assert tab.locator(".run-status").inner_text() == "Interrupted"


def test_a_run_that_is_not_there_is_said_so(tab, address):
    tab.goto(f"{address}/runs/20260101-000000-nobody-knows-it")
    tab.get_by_text("There is no such run of yours.").wait_for()
