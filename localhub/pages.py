"""The few pages for people: what this server is, and where a Space is."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from localhub import cards, hub

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #222 }}
code, pre {{ background: #f3f3f3; border-radius: 4px; padding: .1em .3em; white-space: pre-wrap }}
li {{ margin: .4rem 0 }} .quiet {{ color: #666 }}
@media (prefers-color-scheme: dark) {{ body {{ background: #16181c; color: #ddd }} code, pre {{ background: #24272d }}
a {{ color: #8ab4f8 }} .quiet {{ color: #999 }} }}
</style>
<h1>{title}</h1>
{content}
</html>
"""

AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#d97706"/>'
    '<circle cx="16" cy="12" r="5" fill="#fff"/><path d="M6 28a10 9 0 0 1 20 0z" fill="#fff"/></svg>'
)


def page(title: str, content: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(PAGE.format(title=escape(title), content=content), status)


async def index(request: Request) -> Response:
    local = hub.of(request)
    rows = []
    for repository in local.repositories.all("space"):
        if not repository.private:
            facts = cards.front_matter(local, local.repositories.revision(repository, "main"))
            told = escape(str(facts.get("short_description") or facts.get("title") or ""))
            rows.append(f'<li><a href="/spaces/{repository.id}">{repository.id}</a> <span class="quiet">{told}</span>')
    return page(
        "Local Hub",
        "<p>A small server on this machine that speaks enough of the Hugging Face Hub's HTTP for huggingface_hub "
        "and gradio_client. Nothing here leaves the machine.</p>"
        f"<p>To use it from a shell:</p><pre>export HF_ENDPOINT={escape(local.endpoint)}</pre>"
        f"<h2>Spaces</h2><ul>{''.join(rows)}</ul>"
        '<p class="quiet">A Space starts with the first request to it. Private Spaces are not listed.</p>',
    )


async def space(request: Request) -> Response:
    """Leads to the app if it runs; else says how the Space is."""
    local, repository = hub.of(request), hub.to_read(request)
    described = await cards.describe_space(local, repository, local.repositories.revision(repository, "main"))
    runtime = described["runtime"]
    if runtime["stage"] == "RUNNING":
        return RedirectResponse(described["host"], 302)
    reason = f"<pre>{escape(runtime['errorMessage'])}</pre>" if runtime.get("errorMessage") else ""
    link = f'<p><a href="{described["host"]}">Open {described["host"]}</a></p>'
    return page(
        described["title"],
        f"<p>{escape(described['shortDescription'])}</p><p>Stage: <code>{runtime['stage']}</code></p>{reason}"
        f'{link}<p class="quiet">{repository.id}</p>',
    )


async def avatar(request: Request) -> Response:
    return Response(AVATAR, media_type="image/svg+xml")
