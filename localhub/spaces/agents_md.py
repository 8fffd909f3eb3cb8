"""`/spaces/{id}/agents.md`: how a program calls a Space, as the third generation of that file says it."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from localhub import hub
from localhub.repositories import cards

USAGE = """\
API schema: GET {host}/gradio_api/info
Call endpoint: POST {host}/gradio_api/call/v2/{{endpoint}} {{"param_name": value, ...}}
Poll result: GET {host}/gradio_api/call/{{endpoint}}/{{event_id}}
File inputs: POST {host}/gradio_api/upload -F "files=@file.ext", \
use as: {{"path": "<returned-path>", "meta": {{"_type": "gradio.FileData"}}, "orig_name": "file.ext"}}
Auth: Bearer $HF_TOKEN ({endpoint}/settings/tokens)
"""

MINIMAL = """\
API schema: GET {host}/gradio_api/info
Auth: Bearer $HF_TOKEN ({endpoint}/settings/tokens)
"""


async def agents_md(request: Request) -> Response:
    """How to call it once its app has said that it has endpoints; before that only where to ask."""
    local, repository = hub.of(request), hub.to_read(request)
    space = await cards.describe_space(local, repository, local.repositories.revision(repository, "main"))
    first = f"To use this application ({repository.id}: {space['shortDescription'] or space['title']}):\n"
    if space["sdk"] != "gradio":
        return PlainTextResponse(f"{first}Open: GET {space['host']}/\n")
    known = local.spaces.app(repository).endpoints()
    usage = (USAGE if known else MINIMAL).format(host=space["host"], endpoint=local.endpoint)
    return PlainTextResponse(first + usage)
