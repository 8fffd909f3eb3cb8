"""The page as a Space: where it listens, whose Hub it means, and where its runs are kept."""

import re
from pathlib import Path

import pytest
import yaml

from core.settings import HUB, Settings
from window.page.hosting import hosted, on_a_space, place

ROOT = Path(__file__).parents[2]
SPACE = {"SPACE_ID": "ada/spacewright", "SYSTEM": "spaces"}


@pytest.fixture
def card() -> dict[str, object]:
    front = (ROOT / "README.md").read_text("utf-8").split("---\n")[1]
    told: dict[str, object] = yaml.safe_load(front)
    return told


def test_at_home_the_page_listens_on_loopback_alone():
    assert (place({}, None), place({}, 7999)) == (("127.0.0.1", None), ("127.0.0.1", 7999))


def test_a_space_listens_where_the_proxy_of_the_hub_looks():
    assert place(SPACE, None) == ("0.0.0.0", 7860)
    told = {**SPACE, "GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": "40123"}
    assert place(told, None) == ("127.0.0.1", 40123)


def test_a_space_means_its_own_hub_and_acts_with_no_token_of_its_owner(tmp_path):
    mine = Settings(token="hf_" + "o" * 30, consent=True)
    there = hosted(mine, SPACE, mount=tmp_path / "none")
    assert (there.endpoint, there.token, there.consent, there.runs) == (HUB, None, False, Path("runs"))
    assert hosted(mine, SPACE | {"HF_ENDPOINT": "http://127.0.0.1:9"}).endpoint == "http://127.0.0.1:9"
    assert (on_a_space(SPACE), on_a_space({})) == (True, False)


def test_runs_are_kept_in_a_mounted_bucket_unless_the_owner_has_chosen_another_place(tmp_path):
    assert hosted(Settings(), SPACE, mount=tmp_path).runs == tmp_path / "runs"
    assert hosted(Settings(runs=tmp_path / "x"), SPACE, chosen=True, mount=tmp_path).runs == tmp_path / "x"


def test_the_card_asks_for_the_gradio_of_the_lock_and_for_the_least_of_scopes(card):
    locked = re.search(r"^gradio==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    assert locked and card["sdk_version"] == locked[1]
    assert (card["sdk"], card["app_file"], card["hf_oauth"]) == ("gradio", "app.py", True)
    assert card["hf_oauth_scopes"] == ["contribute-repos"]
    assert len(str(card["short_description"])) <= 60
