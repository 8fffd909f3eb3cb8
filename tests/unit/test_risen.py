import pytest

from core.checks import RungCheck
from tools.checks.risen import risen


def test_a_space_that_reached_what_is_wanted_passes():
    assert risen(RungCheck(at_least="built"), {"rung": "api_alive", "reasons": []}).status == "pass"


def test_one_that_did_not_fails_with_the_reasons_it_was_given():
    verdict = risen(RungCheck(), {"rung": "built", "reasons": ["its app crashed", "no module named torch"]})
    assert verdict.status == "fail"
    assert "wanted full_inference_success, reached built: its app crashed; no module named torch" in verdict.reason
    assert verdict.facts["rung"] == "built"


def test_a_warning_does_not_stop_the_chain():
    assert risen(RungCheck(severity="warn"), {"rung": "built"}).status == "warn"


@pytest.mark.parametrize("value", [None, "built", {}, {"rung": "excellent"}, ["full_inference_success"]])
def test_what_names_no_rung_is_refused(value):
    assert risen(RungCheck(at_least="insufficient_information"), value).status == "fail"


def test_a_space_that_waits_for_hardware_is_nothing_to_go_on_with():
    waiting = {"rung": "manual_hardware_required", "reasons": ["choose hardware in the settings"]}
    assert risen(RungCheck(at_least="built"), waiting).status == "fail"
    assert risen(RungCheck(at_least="manual_hardware_required"), waiting).status == "pass"
