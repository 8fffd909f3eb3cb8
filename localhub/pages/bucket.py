"""A bucket in a browser: its files."""

import asyncio
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from localhub import hub
from localhub.buckets.folder import Entry
from localhub.pages import frame
from localhub.people import session

MOST_FILES = 500


async def show(request: Request) -> Response:
    local, user = hub.of(request), session.user_of(request)
    bucket = local.buckets.find(request.path_params["namespace"], request.path_params["name"])
    if bucket is None or not local.buckets.visible(user, bucket):
        return frame.not_found("bucket")

    def files() -> list[Entry]:
        return sorted(local.buckets.contents(bucket).folder.files())

    def place(entry: Entry) -> str:
        # A browser has no token to send, and the cookie of the pages gives no right to bytes.
        return "" if bucket.private else f"/buckets/{bucket.id}/resolve/{quote(entry.path)}"

    entries = await asyncio.to_thread(files)
    rows = [frame.row(place(entry), entry.path, f"{entry.size:,} bytes") for entry in entries[:MOST_FILES]]
    size = sum(entry.size for entry in entries)
    return frame.page(
        bucket.id,
        f"<p>{len(entries):,} files, {size:,} bytes{', private' if bucket.private else ''}.</p>"
        + frame.listed("Files", rows)
        + f'<p class="quiet">bucket · {frame.HOME}</p>',
    )
