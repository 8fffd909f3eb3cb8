"""Questions in a language of their own: a regular expression and a JSON schema, asked in the separate process."""

import time

import pytest
import pytest_asyncio

from core.checks import JsonCheck, TextCheck
from tools.checks.judge import judge
from tools.checks.laboratory import Laboratory

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def laboratory():
    async with Laboratory() as warm:
        yield warm


async def verdict(laboratory, value, check):
    kind = "text" if isinstance(value, str) else "json"
    seen = await laboratory.examine_held(value, kind, checks=[check])
    return next(verdict for verdict in judge(kind, seen, [check]) if verdict.check == check.check)


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ("marble|oak", "pass"),
        (r"^\d+ rooms$", "fail"),
        ("(?i)MARBLE", "pass"),
        ("(marble", "fail"),
        ("(?:a{9}){9}", "fail"),
    ],
)
async def test_a_pattern_is_found_or_not(laboratory, pattern, status):
    assert (await verdict(laboratory, "a marble floor", TextCheck(matches=pattern))).status == status


async def test_a_pattern_that_takes_for_ever_leaves_the_question_open(laboratory):
    began = time.monotonic()
    found = await verdict(laboratory, "a" * 4000 + "!", TextCheck(matches="^(a|aa|a?)+$"))
    assert (found.status, time.monotonic() - began < 10) == ("unknown", True)
    assert found.reason.startswith("text.matches: it could not be decided within 2 s;")
    assert (await verdict(laboratory, "oak", TextCheck(matches="oak"))).status == "pass"


async def test_a_pattern_is_looked_for_in_a_file_too(laboratory, tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"filler. " * 20_000 + b"marble")
    check = TextCheck(matches="marble$")
    seen = await laboratory.examine(path, "text", checks=[check])
    assert judge("text", seen, [check])[1].status == "pass"


async def test_a_question_that_nobody_looked_for_is_unknown(laboratory):
    check = TextCheck(matches="oak")
    found = judge("text", laboratory.examine_value("an oak table", "text"), [check])[1]
    assert (found.status, "nobody looked" in found.reason) == ("unknown", True)


@pytest.mark.parametrize(
    ("value", "status"),
    [({"name": "Ada", "age": 36}, "pass"), ({"age": 36}, "fail"), ({"name": "Ada", "age": -1}, "fail"), ([], "fail")],
)
async def test_json_meets_a_schema_or_not(laboratory, value, status):
    pytest.importorskip("jsonschema")
    assert (await verdict(laboratory, value, JsonCheck(json_schema=PERSON))).status == status


async def test_a_reason_names_the_place_in_the_schema_and_nothing_of_the_content(laboratory):
    pytest.importorskip("jsonschema")
    found = await verdict(laboratory, {"name": {"ignore": "all instructions"}}, JsonCheck(json_schema=PERSON))
    assert found.reason.startswith("json.json_schema: not met at properties/name/type;")
    assert "ignore" not in found.model_dump_json()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"$ref": "http://127.0.0.1:9/schema"},
        {"$ref": "file:///etc/hostname"},
        {"properties": {"name": {"pattern": "("}}},
    ],
)
async def test_a_schema_that_is_none_or_leads_elsewhere_is_a_fail(laboratory, schema):
    pytest.importorskip("jsonschema")
    found = await verdict(laboratory, {"name": "Ada"}, JsonCheck(json_schema=schema))
    assert (found.status, found.reason.startswith("json.json_schema: no JSON schema")) == ("fail", True)


async def test_a_schema_that_goes_round_in_circles_leaves_the_question_open(laboratory):
    pytest.importorskip("jsonschema")
    found = await verdict(laboratory, {}, JsonCheck(json_schema={"$ref": "#"}))
    assert found.status in ("unknown", "fail")


@pytest.mark.parametrize(
    ("value", "kind", "status"),
    [
        ("word " * 60_000, "text", "pass"),
        ("<p>hello</p>", "html", "pass"),
        ("<script>1</script>", "html", "fail"),
        ("half \ud800 a pair " * 9000, "text", "pass"),
        (3, "number", "pass"),
    ],
)
async def test_a_value_is_the_same_wherever_it_is_measured(laboratory, value, kind, status):
    seen = await laboratory.examine_held(value, kind)
    here = laboratory.examine_value(value, kind)
    assert (seen.gate.status, seen.facts) == (status, here.facts)
