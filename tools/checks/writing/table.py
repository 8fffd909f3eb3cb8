"""Measures tables: CSV files, and the JSON that Gradio uses for its data frames."""

import csv
import re
from io import StringIO
from itertools import islice
from typing import Any

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound
from tools.checks.writing.json_value import refuse_nonfinite

_CONTROL = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f]")


def measure_csv(data: bytes) -> Finding:
    """Raises Unsound unless every row is as long as the header and no two columns share a name."""
    finding = Finding()
    text = _decoded(data, finding)
    if _CONTROL.search(text):
        raise Unsound("type_mismatch", "control characters in a table")
    try:
        lines = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        rows = list(islice(filter(None, lines), CAPS.rows + 2))
    except csv.Error as error:
        raise Unsound("corrupt", str(error)) from error
    return _measured(rows, finding)


def measure_frame(value: Any) -> Finding:
    """A data frame as JSON: `{"headers": […], "data": [[…]]}`, or a list of rows, or a list of objects."""
    refuse_nonfinite(value)
    match value:
        case {"data": list() as rows}:
            names = value.get("headers") or []
            return _measured([names, *rows], Finding()) if names else _counted(rows)
        case [dict() as first, *_]:
            return Finding({"rows": len(value), "columns": len(first)}, content=list(first)[:200])
        case list():
            return _counted(value)
        case _:
            raise Unsound("type_mismatch", "this JSON is no table")


def _measured(rows: list[Any], finding: Finding) -> Finding:
    if not rows:
        raise Unsound("empty", "there is no table")
    if len(rows) > CAPS.rows:
        raise Unsound("limits", f"{len(rows)} rows, at most {CAPS.rows}")
    header = [str(name).strip() for name in rows[0]]
    ragged = next((number for number, row in enumerate(rows) if len(row) != len(header)), None)
    if ragged is not None:
        raise Unsound("ragged", f"row {ragged} has {len(rows[ragged])} cells, the header {len(header)}")
    named = [name for name in header if name]
    if len(set(named)) < len(named):
        raise Unsound("ambiguous", "two columns share a name")
    if len(named) < len(header):
        finding.warn("ambiguous", f"{len(header) - len(named)} columns have no name")
    finding.facts |= {"rows": len(rows) - 1, "columns": len(header)}
    finding.content = header[:200]
    return finding


def _counted(rows: list[Any]) -> Finding:
    widths = {len(row) if isinstance(row, list) else 1 for row in rows}
    if len(widths) > 1:
        raise Unsound("ragged", f"rows of {min(widths)} to {max(widths)} cells")
    return Finding({"rows": len(rows), "columns": max(widths, default=0)})


def _delimiter(text: str) -> str:
    """A comma, unless the header has none and is full of something else that spreadsheets write."""
    header = text.partition("\n")[0]
    return "," if "," in header else max(",;\t|", key=lambda sign: (header.count(sign), sign == ","))


def _decoded(data: bytes, finding: Finding) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        finding.warn("encoding", "not UTF-8 but UTF-16")
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        finding.warn("encoding", "not UTF-8; read as Windows-1252")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unsound("encoding", "neither UTF-8 nor Windows-1252") from error
