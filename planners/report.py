"""report.md: a run told for people. A reading of the fold; foreign text is escaped, never interpreted."""

import html
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from core.ledger import Ledger, Spending
from core.nouns import FILE_KINDS, Artifact, Cost, Plan, Step
from core.run import Run, Unit
from tools.licences.terms import Terms, chain, terms

MARKS = {"passed": "✓", "skipped": "✓ known", "failed": "✗", "running": "…", "waiting": "·"}

FIGURES = (
    ("faces", "Polygon count"),
    ("vertices", "Vertices"),
    ("texture_px", "Texture resolution (px)"),
    ("watertight", "Watertight"),
    ("width", "Width (px)"),
    ("height", "Height (px)"),
    ("seconds", "Length (s)"),
    ("rate", "Sample rate (Hz)"),
    ("words", "Words"),
    ("bytes", "Size (bytes)"),
)
"""Facts that are shown side by side, in this order, when an artifact has them."""


def report(run: Run, thumbnails: Mapping[str, str]) -> str:
    """The whole page. `thumbnails` gives a path below the run folder for an artifact's sha256."""
    return "\n".join(_lines(run, thumbnails)) + "\n"


def _lines(run: Run, thumbnails: Mapping[str, str]) -> Iterator[str]:
    yield f"# {escape(run.goal.text)}"
    yield ""
    yield f"**{run.status.capitalize()}**{': ' + escape(run.reason) if run.reason else ''} · run `{run.id}`"
    began = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(run.started))
    yield f"· {began} · {run.seconds:.1f} s · {run.calls} calls · planner `{run.planner}` · Hub {run.endpoint}"
    yield ""
    if run.address:
        yield f"**Look at it:** <{quote(run.address, safe=':/?#[]@!$&()*+,;=%')}>"
        yield ""
    for artifact in shown(run):
        if artifact.sha256 in thumbnails:
            yield f"![{escape(artifact.name)}]({thumbnails[artifact.sha256]})"
            yield ""
        elif artifact.kind not in FILE_KINDS and artifact.value is not None:
            yield from _quoted(artifact)
    if run.plan is None:
        return
    yield "## Plan"
    yield ""
    yield "```mermaid"
    yield from mermaid(run.plan, run)
    yield "```"
    yield ""
    yield from (f"- {escape(reason)}" for reason in run.plan.reasons)
    yield ""
    yield from _costs(run.costs)
    yield from _spending(run.ledger)
    yield from _figures(run, run.plan)
    yield from _steps(run, run.plan)
    yield from _provenance(run)
    yield from _licences(run)


def shown(run: Run) -> Iterator[Artifact]:
    """The results that are there to be looked at themselves; a published page is its address."""
    for artifact in run.results:
        if artifact.origin.tool != "publish_viewer":
            yield artifact


def mermaid(plan: Plan, run: Run | None = None) -> Iterator[str]:
    """The plan as a Mermaid flow chart, each step with its state."""
    yield "flowchart LR"
    yield '  goal(["goal"])'
    for step in plan.steps:
        space = step.call.arguments.get("space")
        called = isinstance(space, str)
        target = f"{space} {step.call.arguments.get('endpoint', '')}" if called else step.call.tool
        spread = " × each" if step.each is not None else ""
        yield f'  {step.id}["{_label(step.title)}{spread}<br/><small>{_label(str(target))}</small>{_state(step, run)}"]'
    for step in plan.steps:
        sources = dict.fromkeys(place.step for place in step.reads()) or {"goal": None}
        yield from (f"  {source} --> {step.id}" for source in sources)
    yield from (f'  {place.step} --> result{number}(["result"])' for number, place in enumerate(plan.results))


def escape(text: str) -> str:
    """Foreign text as Markdown shows it, letter by letter: no tags, no links, no headings."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return re.sub(r"([\\`*_\[\]#|!~])", r"\\\1", html.escape(flat, quote=False))


def figures_table(run: Run, plan: Plan) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """What the steps of each kind measured, side by side: a heading row and a row a figure."""
    columns = [(step, artifact) for step in plan.steps for artifact in _leading(run, step)]
    heading = ("measured", *(step.title for step, _ in columns))
    rows = []
    for fact, words in FIGURES:
        values = [artifact.facts.get(fact) for _, artifact in columns]
        if any(value is not None for value in values):
            rows.append((words, *("" if value is None else figure(value) for value in values)))
    return heading, rows


def figure(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.2f}"
    return str(value)


def _leading(run: Run, step: Step) -> Iterator[Artifact]:
    """The first file a finished step made; for a step over a list, its first item's stands for all."""
    for unit in run.of(step.id):
        files = [artifact for artifact in unit.artifacts if artifact.kind in FILE_KINDS]
        if unit.done and files:
            yield files[0]
            return


def _figures(run: Run, plan: Plan) -> Iterator[str]:
    heading, rows = figures_table(run, plan)
    if not rows:
        return
    yield "## Figures side by side"
    yield ""
    yield from _table(heading, rows)


def _costs(costs: tuple[Cost, ...]) -> Iterator[str]:
    if not costs:
        return
    yield "### Cost sheet"
    yield ""
    rows = [
        (c.step, c.space, str(c.calls), c.hardware, f"{c.gpu_seconds:g}", f"{c.dollars:g}", c.effect) for c in costs
    ]
    yield from _table(("step", "Space", "calls", "hardware", "GPU seconds", "dollars", "effect"), rows)


def _spending(ledger: Ledger) -> Iterator[str]:
    if not ledger.entries:
        return
    yield "### Spent"
    yield ""
    entries = [
        (entry.what + ("" if entry.settled is not None else " (reserved, never settled)"), entry.counted)
        for entry in ledger.entries.values()
    ]
    rows = [(what, *_amounts(amount)) for what, amount in [*entries, ("together", ledger.spent)]]
    yield from _table(("what", "minutes of Jobs", "tokens", "GPU seconds", "dollars"), rows)


def _amounts(amount: Spending) -> tuple[str, ...]:
    return (
        f"{amount.job_minutes:.1f}",
        f"{amount.tokens:,}",
        f"{amount.gpu_seconds:.0f}",
        f"{amount.dollars:.4f}",
    )


def _steps(run: Run, plan: Plan) -> Iterator[str]:
    yield "## Steps"
    yield ""
    for step in plan.steps:
        yield f"### {escape(step.title)}"
        yield ""
        for unit in run.of(step.id):
            yield from _unit(unit)
        yield ""


def _unit(unit: Unit) -> Iterator[str]:
    where = "" if unit.item is None else f" item {unit.item + 1}"
    yield f"- {MARKS[unit.standing]}{where} {unit.standing} in {unit.seconds:.2f} s{_because(unit.reason)}"
    for attempt in unit.attempts:
        if attempt.fault:
            yield f"  - attempt {attempt.number} failed: {escape(attempt.fault.message)}"
    for verdict in unit.verdicts:
        yield f"  - {verdict.status}: {escape(verdict.check)}: {escape(verdict.reason)}"


def _provenance(run: Run) -> Iterator[str]:
    made = {artifact.sha256: artifact for unit in run.units.values() if unit.done for artifact in unit.artifacts}
    if not made:
        return
    yield "## Provenance"
    yield ""
    yield "Which Space at which revision made which bytes from what."
    yield ""
    rows = []
    for artifact in made.values():
        origin = artifact.origin
        revision = (origin.revision or "unknown")[:12]
        maker = f"{origin.space}@{revision} {origin.endpoint or ''}" if origin.space else origin.tool
        inputs = ", ".join(sha256[:12] for sha256 in origin.inputs) or "the goal"
        models = ", ".join(origin.models) or "none named"
        rows.append((artifact.sha256[:12], artifact.kind, maker, inputs, models, origin.license or "unknown"))
    yield from _table(("sha256", "kind", "made by", "from", "models", "licence"), rows)


def licence_terms(run: Run) -> Terms:
    """What may be done with the results, by everything that took part in making them."""
    made = [artifact for unit in run.units.values() if unit.done for artifact in unit.artifacts]
    return terms(chain(run.results, made))


def _licences(run: Run) -> Iterator[str]:
    found = licence_terms(run)
    if not found.licensed:
        return
    yield "## Licences"
    yield ""
    yield f"**{escape(str(found)).capitalize()}.** This tells what was stated; it does not settle who owns an output."
    yield ""
    yield from (f"- conflict: {escape(conflict)}" for conflict in found.conflicts)
    yield from (f"- {escape(duty)}" for duty in found.duties)
    yield ""
    rows = [(part.what, part.role, part.license or "states none") for part in found.licensed]
    yield from _table(("what took part", "as", "licence"), rows)


def _quoted(artifact: Artifact) -> Iterator[str]:
    value = artifact.value
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    yield f"**{escape(artifact.name)}**"
    yield ""
    yield "~~~~text"
    shown = "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in text[:4000])
    yield shown.replace("~~~~", "~ ~ ~ ~")
    yield "~~~~"
    yield ""


def _table(heading: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(escape(cell) for cell in heading) + " |"
    yield "|" + " --- |" * len(heading)
    yield from ("| " + " | ".join(escape(cell) for cell in row) + " |" for row in rows)
    yield ""


def _state(step: Step, run: Run | None) -> str:
    units = run.of(step.id) if run else ()
    if not units:
        return ""
    done = sum(unit.done for unit in units)
    if len(units) > 1:
        return f"<br/>{done} of {len(units)}"
    return f"<br/>{MARKS[units[0].standing]}"


def _label(text: str) -> str:
    return re.sub(r"[^\w\s/.,:×'()-]", " ", html.escape(text, quote=True).replace("&#x27;", "'"))[:70]


def _because(reason: str) -> str:
    return f": {escape(reason)}" if reason else ""
