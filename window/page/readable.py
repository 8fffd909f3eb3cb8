"""A run's report as a page: its Markdown made HTML in which no text of a stranger is more than text."""

import html
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.nouns import FILE_KINDS
from core.record import RunFolder
from planners.report import report, shown
from window.page.picture.shortening import line


def readable(folder: RunFolder) -> tuple[str, str]:
    """Title and body, as HTML. Told anew from the journal: `report.md` itself is a reading that may be gone.

    Raises RecordUnusable for a run whose journal cannot be read.
    """
    run = folder.run()
    pictures = {
        artifact.sha256: f"/page/runs/{folder.id}/thumbnails/{artifact.sha256}"
        for artifact in shown(run)
        if artifact.kind in FILE_KINDS and artifact.kind in ("image", "model3d", "video")
    }
    return html.escape(line(run.goal.text, 80)), markdown().render(report(run, pictures))


def markdown() -> MarkdownIt:
    """CommonMark with tables, without HTML; links lead to web addresses, pictures are the page's own."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.validateLink = lambda url: url.startswith(("http://", "https://", "/page/runs/"))  # type: ignore[method-assign]  # meant to be replaced
    made.add_render_rule("fence", _fence)
    made.add_render_rule("link_open", _link)
    return made


def _fence(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:  # markdown-it's own
    text = html.escape(tokens[index].content)
    if tokens[index].info.strip() == "mermaid":
        return f"<details><summary>The plan for Mermaid</summary><pre><code>{text}</code></pre></details>\n"
    return f"<pre><code>{text}</code></pre>\n"


def _link(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:  # markdown-it's own
    address = html.escape(str(tokens[index].attrGet("href") or ""))
    return f'<a href="{address}" rel="noopener noreferrer nofollow">'
