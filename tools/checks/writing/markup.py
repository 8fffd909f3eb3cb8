"""Looks for what acts in HTML and SVG: scripts, handlers, frames, addresses outside the file.

This decides whether to refuse, it does not clean: foreign markup is never shown from our own page.
Element names are compared after parsing, because `<a:script xmlns:a="…">` passes every search for `<script`.
"""

import re
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from tools.checks.finding import Finding, Unsound
from tools.checks.writing.text import measure_text_file

_ACTIVE = {"script", "object", "embed", "applet", "base", "foreignobject", "handler", "set", "portal"}
_OUTSIDE = {"iframe", "frame", "link"}
_LOADS = {"src", "srcset", "data", "poster", "background", "action", "formaction"}
_ADDRESS = re.compile(r"\s*(https?:|//|/|file:|ftp:|\.\.)", re.I)
_LONGEST_ENTITY = 500
_STYLE = re.compile(r"@import|url\(\s*[\"']?(?!#|data:image/)", re.I)


def measure_html(data: bytes) -> Finding:
    """Facts of an HTML page or fragment. Raises Unsound for what runs or loads something from elsewhere."""
    finding = measure_text_file(data)
    reader = _Page(finding)
    reader.feed(data.decode("utf-8-sig"))
    reader.close()
    finding.facts |= {"elements": reader.elements, "links": reader.links}
    if reader.links:
        finding.warn("external_ref", f"{reader.links} links lead elsewhere")
    return finding


def measure_svg(data: bytes) -> Finding:
    """Facts of an SVG. Raises Unsound for what runs, loads or is no XML."""
    drawing = _Drawing()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.characters
    parser.EntityDeclHandler = _refuse_entity
    parser.ProcessingInstructionHandler = _refuse_stylesheet
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Unsound("corrupt", f"not XML: {error}") from error
    size = {key: value for key, value in drawing.size.items() if value}
    return Finding({"frames": 1, "format": "svg", "elements": drawing.elements, **size})


class _Page(HTMLParser):
    def __init__(self, finding: Finding) -> None:
        super().__init__(convert_charrefs=True)
        self.finding = finding
        self.elements = self.links = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        _refuse_element(tag)
        for name, value in attrs:
            _refuse_attribute(tag, name, value or "")
            self.links += name == "href" and bool(_ADDRESS.match(value or ""))
        if tag == "meta" and ("http-equiv", "refresh") in [(name, (value or "").lower()) for name, value in attrs]:
            raise Unsound("active_content", "the page sends its reader elsewhere")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style" and _STYLE.search(data):
            raise Unsound("external_ref", "its style loads something from elsewhere")


class _Drawing:
    def __init__(self) -> None:
        self.elements = 0
        self.style: list[str] | None = None
        """Pieces of the style that is being read; a comment may stand in the middle of a word."""
        self.size: dict[str, Any] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("}")[2].lower()
        if self.elements == 0:
            self.size = {key: _pixels(attributes.get(key, "")) for key in ("width", "height")}
        self.elements += 1
        self.style = [] if local == "style" else None
        _refuse_element(local)
        for key, value in attributes.items():
            key = key.rpartition("}")[2].lower()
            _refuse_attribute(local, key, value)
            if key == "attributename" and re.fullmatch(r"\s*(?:\w+:)?(?:href|on\w+)\s*", value, re.I):
                raise Unsound("active_content", f"<{local}> changes {value[:40]!r}")
            if key == "href" and not value.strip().startswith(("#", "data:image/")):
                raise Unsound("external_ref", f"<{local}> refers to {value[:80]!r}")

    def end(self, _: str) -> None:
        if self.style is not None and _STYLE.search("".join(self.style)):
            raise Unsound("external_ref", "its style loads something from elsewhere")
        self.style = None

    def characters(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)


def _refuse_element(name: str) -> None:
    if name in _ACTIVE:
        raise Unsound("active_content", f"there is a <{name}> in it")
    if name in _OUTSIDE:
        raise Unsound("external_ref", f"there is a <{name}> in it")


def _refuse_attribute(element: str, name: str, value: str) -> None:
    if name.startswith("on") or re.sub(r"[\s\0]", "", value).lower().startswith(("javascript:", "vbscript:")):
        raise Unsound("active_content", f"<{element}> has {name}={value[:40]!r}")
    if name in _LOADS and _ADDRESS.match(value):
        raise Unsound("external_ref", f"<{element}> loads {value[:80]!r}")
    if "url(" in value.lower() and _STYLE.search(value):
        raise Unsound("external_ref", f"<{element}> loads something by its {name}")


def _refuse_entity(name: str, parameter: bool, value: str | None, *_: Any) -> None:
    """Drawing programs shorten addresses with plain entities; one that contains another, or a file, is an attack."""
    if parameter or value is None or len(value) > _LONGEST_ENTITY or set(value) & set("&%<"):
        raise Unsound("bomb", f"it declares the entity {name[:40]!r}")


def _refuse_stylesheet(target: str, _: str) -> None:
    if target.lower() == "xml-stylesheet":
        raise Unsound("external_ref", "it names a style sheet")


def _pixels(length: str) -> int | None:
    found = re.match(r"\s*(\d{1,6})(\.\d+)?(px)?\s*$", length)
    return int(found[1]) if found else None
