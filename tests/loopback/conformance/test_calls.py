"""Every call of the table does what it says, and the table knows every method, every command and every route."""

import importlib
import inspect
import re
from pathlib import Path

import click
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from starlette.routing import BaseRoute, Match, Route

from localhub.routes import ROUTES
from tests.loopback.conformance import elsewhere
from tests.loopback.conformance.table import CALLS
from tests.loopback.conformance.world import World

for module in sorted(Path(__file__).parent.glob("*_calls.py")):
    if module.stem != Path(__file__).stem:
        importlib.import_module(f"tests.loopback.conformance.{module.stem}")

# The client calls some of its own methods experimental.
pytestmark = pytest.mark.filterwarnings("ignore:.*is experimental:UserWarning")


@pytest.mark.parametrize("name", CALLS)
def test_a_call_does_what_it_says(name: str, world: World) -> None:
    error = world.outcome(CALLS[name])
    if error:
        raise error


@pytest.mark.parametrize("method", elsewhere.NOT_HERE)
def test_what_is_not_here_is_named(method: str, world: World) -> None:
    with pytest.raises(HfHubHTTPError, match=r"The local Hub has no [A-Z]+ /") as refused:
        elsewhere.NOT_HERE[method](world.api)
    assert refused.value.response.status_code == 404


def test_every_method_of_the_client_is_tried_or_has_a_reason_not_to_be() -> None:
    methods = {name for name, _ in inspect.getmembers(HfApi, inspect.isfunction) if not name.startswith("_")}
    tried = {method for call in CALLS.values() for method in call.methods}
    excused = elsewhere.NOT_HERE.keys() | elsewhere.OUTSIDE.keys()
    assert sorted(methods - tried - excused) == []
    assert sorted((tried | excused) - methods) == []
    assert sorted(tried & excused) == []


def test_every_command_of_the_command_line_is_tried_or_has_a_reason_not_to_be() -> None:
    commands = set(command_line())
    tried = {command for call in CALLS.values() for command in call.commands}
    excused = {command for command in commands for words in elsewhere.COMMANDS if f"{command} ".startswith(f"{words} ")}
    assert sorted(commands - tried - excused) == []
    assert sorted(tried - commands) == []


def test_every_route_of_the_hub_is_asked_for_by_some_call(world: World) -> None:
    for call in CALLS.values():
        world.outcome(call)
    asked = {hit for request in set(world.requests()) if (hit := answered_by(*request))}
    wanted = {(method, route.path) for route in ROUTES if isinstance(route, Route) for method in offered(route)}
    assert "\n".join(" ".join(route) for route in sorted(wanted - asked)) == ""


def offered(route: Route) -> set[str]:
    """The methods of a route; HEAD comes with GET by itself."""
    methods = set(route.methods or ())
    return methods - {"HEAD"} if "GET" in methods else methods


def answered_by(method: str, path: str) -> tuple[str, str] | None:
    """The first route that fits, as the server finds it."""
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    for route in ROUTES:
        if isinstance(route, Route) and matches(route, scope):
            return ("GET" if method == "HEAD" and "GET" in (route.methods or ()) else method), route.path
    return None


def matches(route: BaseRoute, scope: dict[str, object]) -> bool:
    return route.matches(scope)[0] is Match.FULL


def command_line() -> list[str]:
    """Every command of `hf`, in full words."""
    from huggingface_hub.cli.hf import app

    def below(command: click.Command, words: list[str]) -> list[str]:
        context = click.Context(command, info_name="hf")
        if not hasattr(command, "list_commands"):
            return [re.sub(r" \|.*", "", " ".join(words))]
        names = command.list_commands(context)
        return [leaf for name in names for leaf in below(command.get_command(context, name), [*words, name])]

    return below(app, [])
