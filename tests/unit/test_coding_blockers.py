"""What keeps a Space from being made, by the facts and by the coding agent's word."""

import pytest

from core.errors import InformationMissing, TechnicalBlocker
from core.factory import Blocker, CardFacts, Evidence
from tools.coding.blockers import read_blockers, refuse, unnamed


def facts(*kinds: str, **more: object) -> CardFacts:
    where = Evidence(where="README.md:7", text="needs it")
    found = [{"kind": kind, "evidence": where, "remedy": "something else"} for kind in kinds]
    return CardFacts.model_validate({"model": "someone/small", "blockers": found} | more)


@pytest.mark.parametrize(
    "kind", ["multi_gpu", "docker_only", "comfyui_only", "external_api_key", "missing_base_model", "too_large"]
)
@pytest.mark.parametrize("with_model", [True, False])
def test_what_no_code_can_solve_ends_at_once_and_says_what_would_help(kind, with_model):
    with pytest.raises(TechnicalBlocker) as failure:
        refuse(facts("gated", kind), with_model)
    told = str(failure.value)
    assert all(words in told for words in (kind.replace("_", " "), "README.md:7", "something else"))
    assert "gated" not in told


@pytest.mark.parametrize("kind", ["custom_cuda", "non_pytorch_runtime", "remote_code"])
def test_what_code_can_solve_ends_only_where_nobody_writes_code(kind):
    refuse(facts(kind), with_model=True)
    with pytest.raises(TechnicalBlocker, match=kind.replace("_", " ")):
        refuse(facts(kind), with_model=False)


def test_a_gated_model_and_one_that_ships_its_module_are_no_obstacle():
    refuse(facts("gated"), with_model=False)
    refuse(facts("remote_code", library="numpy"), with_model=False)


def test_several_machines_are_an_obstacle_without_a_blocker_too():
    with pytest.raises(TechnicalBlocker, match="multi-gpu"):
        refuse(facts(hardware="multi-gpu"), with_model=True)


def test_too_little_information_is_told_apart():
    with pytest.raises(InformationMissing, match="needs it"):
        refuse(facts("insufficient_information"), with_model=True)
    with pytest.raises(InformationMissing):
        refuse(CardFacts(), with_model=True)


def test_the_agents_blockers_are_read_line_by_line():
    text = (
        "# Blockers\n\n- custom_cuda: a kernel has to be compiled | a prebuilt wheel\n2. `gated`: no access\n\nSorry.\n"
    )
    named, others = read_blockers(text)
    assert named == (
        Blocker(
            kind="custom_cuda",
            evidence=Evidence(where="BLOCKERS.md", text="a kernel has to be compiled"),
            remedy="a prebuilt wheel",
        ),
        Blocker(kind="gated", evidence=Evidence(where="BLOCKERS.md", text="no access")),
    )
    assert others == ("Sorry.",)
    assert unnamed(others)[0].kind == "insufficient_information"


@pytest.mark.parametrize("text", ["", "\n\n", "# None\n", "x" * 100_000, "\x1b[2J- gated: " + "y" * 5_000])
def test_any_text_is_read_without_harm(text):
    named, others = read_blockers(text)
    assert all(len(one.evidence.text) <= 300 for one in (*named, *unnamed(others)))
