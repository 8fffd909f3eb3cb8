"""Pictures of the chat page in every state, for people to look at: `python -m tests.browser.pictures FOLDER`.

Real runs on the local Hub where one shows the state, and journals written here for those that are rare.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from core.events import AttemptFailed, CallProgressed, ConsentAsked, StepFailed, StepSkipped
from core.nouns import Fault
from tests.browser.chromium import chromium_path
from tests.browser.conftest import FLAGS
from tests.browser.page_process import page_process
from tests.browser.page_server import Chronicle, served
from tests.browser.studio import picture

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 240_000
"""Milliseconds that a run on the local Hub may take."""


class Camera:
    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._folder = folder

    @contextmanager
    def tab(self, *, dark: bool = False, phone: bool = False) -> Iterator[Page]:
        size: Any = PHONE if phone else WIDE
        context = self._browser.new_context(
            viewport=size, color_scheme="dark" if dark else "light", device_scale_factor=1, has_touch=phone
        )
        yield context.new_page()
        context.close()

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        page.wait_for_timeout(400)
        if whole:
            page.evaluate("window.scrollTo(0, 0)")
            # The message box floats above what is below it; in a picture of everything it would hide a part.
            page.evaluate("document.getElementById('composer')?.style.setProperty('position', 'static')")
        page.screenshot(path=self._folder / f"{name}.png", full_page=whole)
        print(self._folder / f"{name}.png", flush=True)


def welcome(camera: Camera, address: str) -> None:
    for dark, phone in ((False, False), (True, False), (False, True)):
        with camera.tab(dark=dark, phone=phone) as page:
            page.goto(address)
            page.locator(".example").first.wait_for()
            camera.take(page, f"welcome{'-dark' if dark else ''}{'-phone' if phone else ''}")


def written(camera: Camera, home: Path) -> None:
    """What is rare: a queue, a repair, a known result, a failure; with a program elsewhere that writes it."""
    runs = home / "written"
    with served(runs) as address:
        working, broken = Chronicle(runs, "Make three things and describe them"), Chronicle(runs, "Make three things")
        for run in (working, broken):
            run.plan()
            for item in range(2):
                run.start("draw", item)
                run.finish("draw", run.keep(picture(blank=False), "image", "A", ".png", item=item), item=item)
        fault = Fault(kind="CheckFailed", message="image.blank: >= 2, measured 0: the picture is all one colour")
        working.start("draw", 2)
        working.tell(AttemptFailed(step="draw", item=2, attempt=1, fault=fault, seconds=4.2))
        working.start("draw", 2, attempt=2, space="they/spare")
        running = {"step": "draw", "item": 2, "attempt": 2, "stage": "running", "fraction": 0.6}
        working.tell(CallProgressed.model_validate(running))
        working.tell(StepSkipped(step="words", key="k", artifacts=(), source="another"))
        working.start("model", 0, space="they/solid")
        queue = {"step": "model", "item": 0, "attempt": 1, "stage": "queued", "position": 3}
        working.tell(CallProgressed.model_validate(queue))
        broken.tell(StepFailed(step="words", reason="they/writer and they/spare are both down"))
        broken.tell(ConsentAsked(step="publish", effect="write", question="Publish?"))
        broken.end("failed", reason="Describe them: they/writer and they/spare are both down")
        for name, run in (("repairing", working), ("failed", broken)):
            with camera.tab() as page, camera.tab(dark=True, phone=True) as small:
                for each, where in ((page, name), (small, f"{name}-phone")):
                    each.goto(f"{address}/runs/{run.id}")
                    each.locator(".step").first.wait_for()
                    each.wait_for_timeout(1200)
                    camera.take(each, where, whole=True)
        working.leave()


def recorded(camera: Camera, home: Path) -> None:
    """What is seen without a sign-in: the welcome, a recorded session in the middle of its steps, its report."""
    with served(home / "public", public=True) as address:
        for dark, phone in ((False, False), (True, True)):
            more = "-phone" if phone else ""
            with camera.tab(dark=dark, phone=phone) as page:
                page.goto(address)
                page.locator("#recorded-list a").first.wait_for()
                camera.take(page, f"public{more}")
                page.locator("#recorded-list a[href$='/recorded/fallback']").click()
                page.locator(".stepper:not([hidden])").wait_for(timeout=PATIENCE)
                page.get_by_role("button", name="Back").click()
                page.get_by_role("button", name="Back").click()
                camera.take(page, f"recorded{more}", whole=True)
                run = page.locator("[data-run]").get_attribute("data-run")
                page.goto(f"{address}/page/runs/{run}/report")
                camera.take(page, f"report{more}")


def real(camera: Camera, address: str, number: int, name: str, *, dark: bool = False, phone: bool = False) -> None:
    """One of the page's own examples on the local Hub, from the first second to its result in 3D."""
    with camera.tab(dark=dark, phone=phone) as page:
        page.goto(address)
        page.locator(".example").nth(number).click()
        page.locator(".step.running").first.wait_for(timeout=PATIENCE)
        camera.take(page, f"{name}-running")
        page.locator(".ask, [data-status=passed], [data-status=failed]").first.wait_for(timeout=PATIENCE)
        if page.locator(".ask").count():
            page.locator(".ask").scroll_into_view_if_needed()
            camera.take(page, f"{name}-asking")
            page.locator(".ask .primary").click()
        page.locator("[data-status=passed], [data-status=failed]").first.wait_for(timeout=PATIENCE)
        page.wait_for_timeout(3000)
        camera.take(page, f"{name}-done", whole=True)
        page.locator(".step-head").first.click()
        page.locator(".result summary").first.click()
        camera.take(page, f"{name}-behind", whole=True)
        if page.locator(".turn").count():
            page.locator(".turn").first.click()
            frame = page.frame_locator(".look iframe")
            frame.locator("body:not(.loading)").wait_for(state="attached", timeout=PATIENCE)
            page.wait_for_timeout(2000)
            camera.take(page, f"{name}-turning")
        page.locator("#open-runs").click()
        page.locator("#run-list a").first.wait_for()
        camera.take(page, f"{name}-runs")


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as room:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        camera = Camera(browser, folder)
        written(camera, Path(room))
        recorded(camera, Path(room))
        with page_process(Path(room), "--local") as address:
            welcome(camera, address)
            real(camera, address, 2, "melody", phone=True)
            real(camera, address, 1, "monuments")
            real(camera, address, 0, "gallery", dark=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
