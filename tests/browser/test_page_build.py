"""The form that builds a Space from a model, on the local Hub with its bundled models."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from localhub.bundled import FOLDER
from tests.browser.page_process import page_process
from tests.loopback.localhub_fixtures import LocalHub, running_hub

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 240_000
"""Milliseconds for a Space to be built and proved."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub"), FOLDER, fork=True) as running:
        yield running


@pytest.fixture(scope="module")
def address(hub: LocalHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with page_process(tmp_path_factory.mktemp("home"), "--endpoint", hub.endpoint, HF_TOKEN=hub.token) as at:
        yield at


def ended(tab) -> None:
    """Says yes to whatever is asked until the run is over."""
    over = tab.locator(".talk[data-status=passed], .talk[data-status=failed], .talk[data-status=crashed]")
    yes = tab.locator(".ask .primary:enabled")
    while True:
        expect(over.or_(yes).first).to_be_visible(timeout=PATIENCE)
        if over.count():
            return
        yes.first.click()
        expect(yes.or_(over).first).to_be_visible(timeout=PATIENCE)


def test_the_form_makes_a_private_space_and_says_how_far_it_is_proved(tab, address, hub):
    tab.goto(f"{address}/build")
    form = tab.get_by_role("dialog")
    form.get_by_label("Model").fill("atelier/shape-classifier")
    form.get_by_label("Hardware").select_option("cpu")
    form.get_by_role("button", name="Build it").click()
    tab.wait_for_url("**/runs/*")
    expect(tab.locator(".ask").first).to_contain_text("private Space", timeout=PATIENCE)
    assert [space.id for space in hub.api().list_spaces(author="local")] == []
    ended(tab)
    expect(tab.locator(".outcome")).to_contain_text("full_inference_success")
    (made,) = [space.id for space in hub.api().list_spaces(author="local")]
    expect(tab.locator(".outcome").get_by_role("link", name=made)).to_be_visible()
    assert hub.space(made)["private"] is True
