"""Recorded sessions by HTTP: play one, for whoever looks at the page."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from window.page.endpoints.door import guarded
from window.page.recorded.player import Player
from window.page.visitors import Doorkeeper


class RecordedEndpoints:
    def __init__(self, door: Doorkeeper, player: Player) -> None:
        self._door = door
        self._player = player

    def routes(self) -> list[Route]:
        show = guarded(self._door, self.show)
        return [Route("/page/recorded/{name}", show, methods=["POST"], include_in_schema=False)]

    async def show(self, request: Request) -> Response:
        """The run that it is, at work or over. Nobody has to be signed in: it acts for nobody and reaches nothing."""
        showing = await self._player.show(request.path_params["name"])
        return JSONResponse(showing.model_dump(mode="json"), headers={"cache-control": "no-store"})
