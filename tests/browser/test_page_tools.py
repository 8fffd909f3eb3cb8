"""The page as an MCP server, asked by a real MCP client."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.browser.studio import Studio, picture

mcp = pytest.importorskip("mcp")


@pytest.fixture
def address(made: Studio, page: str) -> str:
    made.painter.open.set()
    made.spare.open.set()
    return page


@asynccontextmanager
async def session(address: str) -> AsyncIterator[Any]:
    from mcp.client.streamable_http import streamable_http_client

    async with (
        streamable_http_client(f"{address}/gradio_api/mcp/") as (reading, writing, _),
        mcp.ClientSession(reading, writing) as client,
    ):
        await client.initialize()
        yield client


async def call(client: Any, tool: str, **arguments: str) -> Any:
    answer = await client.call_tool(tool, arguments)
    text = answer.content[0].text
    return text if answer.isError else json.loads(text)


async def test_an_agent_finds_the_tools_and_what_they_are_for(address):
    async with session(address) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"ask", "plan", "build", "validate", "check", "look"}
    assert "chains the Hugging Face Spaces" in tools["ask"].description
    assert set(tools["ask"].inputSchema["properties"]) == {"goal"}


async def test_an_agent_plans_and_asks_and_gets_the_result(address):
    async with session(address) as client:
        plan = await call(client, "plan", goal="Draw a picture of a lighthouse")
        ended = await call(client, "ask", goal="Draw a picture of a lighthouse")
        again = await call(client, "look", run=ended["run"])
    assert [step["call"]["arguments"]["space"] for step in plan["steps"]] == ["they/painter"]
    assert (ended["status"], [made["kind"] for made in ended["results"]]) == ("passed", ["image"])
    assert httpx.get(ended["results"][0]["address"]).content.startswith(b"\x89PNG")
    assert again == ended


async def test_an_agent_cannot_publish_by_its_own_word(address, made):
    before = set(made.hub.files)
    async with session(address) as client:
        ended = await call(client, "ask", goal="Draw a picture of a castle and publish it on a web page")
    assert ended["status"] == "asking" and ended["page"].startswith(address)
    assert set(made.hub.files) == before
    httpx.post(f"{address}/page/runs/{ended['run']}/stop")


async def test_an_agent_has_a_file_checked(address):
    async with session(address) as client:
        fine, blank = [
            await call(
                client, "check", content=base64.b64encode(picture(blank=each)).decode(), name="a.png", kind="image"
            )
            for each in (False, True)
        ]
    assert (fine["status"], blank["status"]) == ("pass", "fail")


async def test_a_failure_is_one_line(address):
    async with session(address) as client:
        said = await call(client, "look", run="20260101-000000-nobody")
    assert "you have no run" in said and "Traceback" not in said


def test_another_site_reaches_none_of_it(address):
    answer = httpx.post(
        f"{address}/gradio_api/call/ask", json={"data": ["x"]}, headers={"origin": "http://evil.example"}
    )
    assert answer.status_code == 403
