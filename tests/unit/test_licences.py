"""What a chain's licences allow: the least of the permissions, the union of the duties, and unknown stays unknown."""

import pytest

from core.nouns import Artifact, Licensed, Origin
from tools.licences.table import find
from tools.licences.terms import chain, terms


def model(name: str, license: str | None) -> Licensed:
    return Licensed(what=f"owner/{name}", role="model", license=license)


def space(name: str, license: str | None = "apache-2.0") -> Licensed:
    return Licensed(what=f"owner/{name}", role="space", license=license)


def artifact(name: str, *licensed: Licensed, inputs: tuple[str, ...] = ()) -> Artifact:
    origin = Origin(tool="call_space", licensed=licensed, inputs=inputs)
    return Artifact(kind="text", sha256=name, size=1, name=name, value="x", origin=origin)


def test_free_licences_along_the_way_allow_commercial_use():
    assert terms([space("app"), model("painter", "mit")]).commercial == "yes"


def test_one_non_commercial_model_decides_and_is_named():
    found = terms([space("app"), model("painter", "cc-by-nc-4.0"), model("other", None)])
    assert str(found) == "commercial use: no, because owner/painter is cc-by-nc-4.0"


@pytest.mark.parametrize("license", [None, "", "other", "unknown", "my-own-words"])
def test_what_nobody_stated_never_becomes_a_yes(license):
    found = terms([space("app"), model("painter", license)])
    assert found.commercial == "unknown" and "owner/painter" in found.reason


def test_nothing_known_is_unknown():
    assert terms([]).commercial == "unknown"


def test_a_condition_is_weaker_than_a_yes_and_stronger_than_the_unknown():
    assert terms([model("a", "mit"), model("b", "llama3.1")]).commercial == "conditional"
    assert terms([model("b", "llama3.1"), model("c", None)]).commercial == "unknown"


def test_the_duties_of_all_are_owed_together():
    found = terms([model("a", "creativeml-openrail-m"), model("b", "cc-by-4.0"), space("app", "mit")])
    assert found.duties == (
        "credit owner/a (creativeml-openrail-m)",
        "pass on the use policy of owner/a (creativeml-openrail-m)",
        "credit owner/b (cc-by-4.0)",
    )


def test_the_code_of_an_app_asks_nothing_of_what_it_makes():
    found = terms([space("app", "gpl-3.0"), model("a", "mit")])
    assert (found.commercial, found.duties, found.conflicts) == ("yes", (), ())


def test_two_share_alike_licences_that_differ_conflict():
    found = terms([model("a", "cc-by-sa-4.0"), model("b", "cc-by-nc-sa-4.0")])
    assert len(found.conflicts) == 1 and "cc-by-sa-4.0" in found.conflicts[0]
    assert terms([model("a", "cc-by-sa-4.0"), model("b", "cc-by-sa-4.0")]).conflicts == ()


def test_a_licence_without_changes_conflicts_with_a_chain():
    assert "no changed works" in terms([model("a", "cc-by-nd-4.0")]).conflicts[0]


def test_a_chain_counts_everybody_behind_its_inputs_once():
    first = artifact("1", space("drawer"), model("painter", "mit"))
    second = artifact("2", space("drawer"), inputs=("1",))
    third = artifact("3", space("framer"), inputs=("1", "2", "missing"))
    found = chain([third], [first, second, third])
    assert [part.what for part in found] == ["owner/framer", "owner/drawer", "owner/painter"]


def test_a_licence_is_found_however_its_case():
    assert find("CC-BY-4.0") == find("cc-by-4.0") != find("apache-2.0")
