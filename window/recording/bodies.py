"""Bodies as a cassette shows them: JSON and text readable, everything else in base64, nothing large twice.

A form is a JSON value with one key that says what it is. Requests are compared by their forms, so a large file in one
is only its hash; an answer's form gives its bytes back.
"""

import base64
import hashlib
import json
import lzma
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from core.redact import MASK
from window.recording.names import Names, without_secrets

Form: TypeAlias = dict[str, Any]
"""`json`, `spaced`, `lines`, `parts`, `text`, `base64`, `xz`, `again` or `sha256`."""

READABLE_JSON = 8_000
"""Characters of an answer up to which its JSON is laid out; longer ones stand on one line."""

SMALL_FILE = 2_000
"""Bytes of a file in a request that are shown; of larger ones the hash."""

_TIGHT = (",", ":")


def asked_form(url: str, content_type: str, data: bytes, names: Names) -> Form | None:
    """The body of a request, the same in every session that asks for the same."""
    if not data:
        return None
    if content_type.startswith("multipart/") and (boundary := _boundary(content_type, data)):
        parts = data.split(b"--" + boundary)[1:-1]
        return {"parts": [_part(part.removeprefix(b"\r\n").removesuffix(b"\r\n"), names) for part in parts]}
    text = _text(data)
    if text is None:
        return _file(data, names)
    text = names.asked(text)
    path = urlsplit(url).path
    if ("/commit/" in path or path.endswith("/batch")) and (lines := _lines(text)) is not None:
        return {"lines": [_line(line, names) for line in lines]}
    value = _value(text)
    if isinstance(value, dict | list):
        if urlsplit(url).path.endswith("/secrets") and isinstance(value, dict):
            value = {**value, "value": MASK}
        return {"json": without_secrets(value)}
    return {"text": text} if len(text) <= READABLE_JSON else _file(text.encode(), names)


def told_form(data: bytes, names: Names) -> Form | None:
    """The body of an answer; `content` makes the same bytes of it, but for what was renamed."""
    if not data:
        return None
    text = _text(data)
    if text is None:
        data = names.data(data)
        packed = lzma.compress(data, preset=9)
        if len(packed) < 0.9 * len(data):
            return {"xz": base64.b64encode(packed).decode()}
        return {"base64": base64.b64encode(data).decode()}
    text = names.text(text)
    value = _value(text)
    if not isinstance(value, dict | list):
        return {"text": text}
    safe = without_secrets(value)
    if safe != value:
        value, text = safe, _tight(safe)
    # Only where the very same bytes can be made of it: an answer may be a file whose hash counts.
    if len(text) <= READABLE_JSON and text.isprintable():
        for form, write in _WRITERS.items():
            if write(value) == text:
                return {form: value}
    return {"text": text}


def content(form: Form | None) -> bytes:
    """The bytes of an answer."""
    match form:
        case None:
            return b""
        case {"json": value}:
            return _tight(value).encode()
        case {"spaced": value}:
            return json.dumps(value).encode()
        case {"text": str() as text}:
            return text.encode()
        case {"base64": str() as text}:
            return base64.b64decode(text)
        case {"xz": str() as text}:
            return lzma.decompress(base64.b64decode(text))
    raise ValueError(f"no body can be made of {sorted(form)}")


def _part(data: bytes, names: Names) -> Form:
    head, _, body = data.partition(b"\r\n\r\n")
    return {"head": names.asked(head.decode("utf-8", "replace")).replace("\r\n", "\n"), **_file(body, names)}


def _file(data: bytes, names: Names) -> Form:
    """A part of a request: short text readable, the rest by its hash."""
    text = _text(data)
    if text is not None:
        text = names.asked(text)
        data = text.encode()
        if len(data) <= SMALL_FILE:
            return {"text": text}
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _line(line: Any, names: Names) -> Any:
    """One line of a commit, with the file in it shown as a file; of a bucket's, without the time, which is a number."""
    if isinstance(line, dict) and "xetHash" in line:
        return {name: part for name, part in line.items() if name != "mtime"}
    value = line.get("value") if isinstance(line, dict) else None
    if not isinstance(value, dict) or value.get("encoding") != "base64":
        return without_secrets(line)
    try:
        data = base64.b64decode(str(value["content"]), validate=True)
    except (ValueError, KeyError):
        return without_secrets(line)
    rest = {name: part for name, part in value.items() if name not in ("content", "encoding")}
    return {**line, "value": {**rest, "file": _file(data, names)}}


def _lines(text: str) -> list[Any] | None:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return None


def _boundary(content_type: str, data: bytes) -> bytes | None:
    for word in content_type.split(";"):
        name, _, value = word.strip().partition("=")
        if name.lower() == "boundary" and value.strip('"').encode() in data:
            return value.strip('"').encode()
    return None


def _text(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _value(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _tight(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=_TIGHT)


_WRITERS: dict[str, Callable[[Any], str]] = {"json": _tight, "spaced": json.dumps}
"""How servers write JSON: JavaScript's and most of Python's without spaces, Python's own with them."""
