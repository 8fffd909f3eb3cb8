"""Every address of the page."""

from pathlib import Path

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from core.settings import Settings
from window.page.endpoints.files import FileEndpoints
from window.page.endpoints.front import Front
from window.page.endpoints.readings import ReadingEndpoints
from window.page.endpoints.recorded import RecordedEndpoints
from window.page.endpoints.runs import RunEndpoints
from window.page.recorded.player import Player
from window.page.visitors import Doorkeeper
from window.page.works import Works

STATIC = Path(__file__).parent / "static"


def routes(door: Doorkeeper, settings: Settings, works: Works, player: Player) -> list[BaseRoute]:
    return [
        *Front(door, settings, player.shelf).routes(),
        *RunEndpoints(door, works).routes(),
        *FileEndpoints(door, works).routes(),
        *ReadingEndpoints(door).routes(),
        *RecordedEndpoints(door, player).routes(),
        Mount("/page/static", StaticFiles(directory=STATIC)),
    ]
