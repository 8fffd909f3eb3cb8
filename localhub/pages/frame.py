"""What every page for people is set in: plain HTML without a script, in which foreign text is only text."""

from collections.abc import Iterable
from html import escape

from starlette.responses import HTMLResponse

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --line: #d8dee4; --tint: #f3f4f6; --link: #0b57d0 }}
@media (prefers-color-scheme: dark) {{
:root {{ --ink: #dfe3e8; --soft: #949ca6; --line: #32373e; --tint: #22262c; --link: #8ab4f8 }}
body {{ background: #16181c }} }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: var(--ink) }}
h1 {{ font-size: 1.6rem; line-height: 1.2 }} h2 {{ font-size: 1.1rem; margin: 2rem 0 .5rem }}
a {{ color: var(--link); text-decoration: none }} a:hover {{ text-decoration: underline }}
code, pre {{ background: var(--tint); border-radius: 6px; padding: .1em .35em; font-size: .9em }}
pre {{ padding: .7em 1em; white-space: pre-wrap; overflow-wrap: anywhere }}
ul {{ list-style: none; padding: 0; border: 1px solid var(--line); border-radius: 8px }}
li {{ display: flex; flex-wrap: wrap; gap: 0 .7rem; align-items: baseline; padding: .55rem .9rem }}
li + li {{ border-top: 1px solid var(--line) }} .quiet {{ color: var(--soft); font-size: .9rem }}
article pre code {{ padding: 0 }} article img {{ max-width: 100% }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid var(--line); padding: .2em .6em; text-align: left }}
.mark {{ border: 1px solid var(--line); border-radius: 1em; padding: 0 .6em; font-size: .75rem; color: var(--soft) }}
button, input {{ font: inherit; padding: .35em 1em; border-radius: 8px; border: 1px solid var(--line) }}
button {{ background: var(--link); color: Canvas; cursor: pointer }} .second {{ background: none; color: inherit }}
label {{ display: block; flex: 1; cursor: pointer }}
</style>
<h1>{title}</h1>
{content}
</html>
"""

HOME = '<a href="/">Local Hub</a>'

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def page(title: str, content: str, status: int = 200) -> HTMLResponse:
    """`content` is HTML; whoever makes it has escaped what came from outside."""
    return HTMLResponse(PAGE.format(title=escape(title), content=content), status, HEADERS)


def not_found(what: str) -> HTMLResponse:
    """The same for what is missing and for what is hidden."""
    return page("Not found", f"<p>There is no such {what} here, or it is private.</p><p>{HOME}</p>", 404)


def listed(title: str, rows: Iterable[str]) -> str:
    items = "".join(rows)
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>" if items else ""


def row(address: str, name: str, told: str = "", mark: str = "") -> str:
    """One line of a list: a link, or only the name without an address; a mark; a few words."""
    named = f'<a href="{escape(address)}">{escape(name)}</a>' if address else escape(name)
    shown = f'<span class="mark">{escape(mark)}</span>' if mark else ""
    return f'<li>{named}{shown}<span class="quiet">{escape(told)}</span></li>'


def rendered(markdown: str) -> str:
    """A card as HTML. What is HTML in it stays text, and pictures become links: a page loads nothing from outside."""
    from markdown_it import MarkdownIt  # 30 ms that a start without a page need not pay

    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image").render(markdown)
    return f"<article>{html}</article>"
