"""Walks every object of a PDF, those in compressed streams too, and looks for what acts when it is opened."""

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from tools.checks.containers.passengers import archive_at_the_end
from tools.checks.finding import Finding, Unsound

OBJECTS = 300_000

_ACTS = frozenset({"/JS", "/JavaScript", "/Launch", "/SubmitForm", "/RichMedia", "/ImportData"})
_OPENS = frozenset({"/OpenAction", "/AA"})
_LEADS_ELSEWHERE = frozenset({"/GoToE", "/GoToR"})
_CARRIES = frozenset({"/EF", "/EmbeddedFile"})
_END = re.compile(rb"%%EOF")


def measure_pdf(data: bytes) -> Finding:
    """Raises Unsound for what is cut, encrypted, broken or runs something."""
    if not _END.search(data, max(0, len(data) - 2048)):
        raise Unsound("truncated", "the PDF has no end")
    if archive_at_the_end(data):
        raise Unsound("polyglot", "there is a ZIP inside the PDF")
    try:
        import pikepdf  # 20 MB, and few artifacts are PDFs
    except ImportError as error:
        raise Unsound("unread", "nothing here walks through a PDF; `pip install pikepdf` would help") from error
    logging.disable()
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Unsound("encrypted", "the PDF is encrypted")
            return _walked(pdf)
    except pikepdf.PasswordError as error:
        raise Unsound("encrypted", "the PDF asks for a password") from error
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, RuntimeError, ValueError, TypeError) as error:
        raise Unsound("corrupt", str(error) or type(error).__name__) from error


def _walked(pdf: Any) -> Finding:
    names: set[str] = set()
    for number, item in enumerate(pdf.objects):
        if number > OBJECTS:
            raise Unsound("limits", f"more than {OBJECTS} objects")
        names.update(_names(item))
    if acts := sorted(names & _ACTS):
        raise Unsound("active_content", f"the PDF has {', '.join(acts)}")
    finding = Finding({"pages": len(pdf.pages), "actions": sorted(names & (_OPENS | _LEADS_ELSEWHERE))})
    if not finding.facts["pages"]:
        raise Unsound("empty", "a PDF without a page")
    if carried := sorted(names & _CARRIES):
        finding.warn("embedded_file", f"the PDF carries other files ({', '.join(carried)})")
    if away := sorted(names & _LEADS_ELSEWHERE):
        finding.warn("external_ref", f"the PDF leads to other files ({', '.join(away)})")
    if broken := pdf.get_warnings():
        finding.warn("corrupt", f"it had to be repaired to be read: {str(broken[0])[-120:]}")
    return finding


def _names(item: Any) -> Iterator[str]:
    """Keys, and names that are values, of one object and what is written inside of it."""
    import pikepdf

    left = [item]
    while left:
        current = left.pop()
        match current:
            case pikepdf.Name():
                yield str(current)
            case pikepdf.Array():
                left.extend(part for part in current if isinstance(part, pikepdf.Object) and not part.is_indirect)
            case pikepdf.Dictionary() | pikepdf.Stream():
                for key, value in current.items():
                    yield key
                    if key == "/FontMatrix":
                        _refuse_words(value)
                    if isinstance(value, pikepdf.Object) and not value.is_indirect:
                        left.append(value)


def _refuse_words(matrix: Any) -> None:
    """A reader in browsers once wrote this matrix into a program as it stood."""
    import pikepdf

    if isinstance(matrix, pikepdf.Array) and any(isinstance(part, pikepdf.Object | str) for part in matrix):
        raise Unsound("active_content", "a font's matrix has something in it that is not a number")
