"""A Chromium for the tests of a file with a fresh profile for each, and the pages that all files share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import chromium_path
from tests.browser.page_process import page_process
from tests.browser.page_server import served
from tests.browser.studio import Studio, studio

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
)


# Not one for all files: Playwright's loop would run on beneath tests that are asynchronous themselves.
@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api")
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    """A page of 1280 × 900 in a profile of its own; `tab.errors` is what went wrong in it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture(scope="session")
def made() -> Iterator[Studio]:
    """The small Hub whose Spaces draw when a test says so."""
    with studio() as running:
        yield running


@pytest.fixture(scope="session")
def page(made: Studio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page as people start it, with the small Hub behind it."""
    home = tmp_path_factory.mktemp("home")
    with page_process(home, "--endpoint", made.hub.endpoint, HF_TOKEN="hf_studio_writes_0123456789") as at:
        yield at


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the runs whose journals the tests write themselves."""
    return tmp_path_factory.mktemp("written")


@pytest.fixture(scope="session")
def reader(written: Path) -> Iterator[str]:
    """A page that reads what lies in `written`."""
    with served(written) as at:
        yield at
