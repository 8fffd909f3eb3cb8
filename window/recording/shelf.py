"""How a cassette stands on disk: a header, then one YAML document for each exchange, in the order of the answers.

It is vcrpy's persister: vcrpy calls it to load a cassette and to save one. An exchange that reads something and is
followed by the same one, answer included, stands there once with `times`: polling takes no room.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from vcr.persisters.filesystem import CassetteNotFoundError

from core.errors import Failure
from window.recording.bodies import Form, content, told_form
from window.recording.exchange import Asked, Told, asked, body_told, kept_headers, plain
from window.recording.job_readings import newest
from window.recording.names import Names
from window.recording.readings import together

FORMAT = 1

LARGE = 2_000
"""Characters of a body from which on it is written once, and referred to by its hash where it comes again."""

Document = dict[str, Any]


class CassetteUnusable(Failure):
    """It is not there, or is no cassette."""


class _Dumper(yaml.CSafeDumper):  # type: ignore[misc]  # PyYAML has no types
    """Text of several lines as lines."""


def _lines(dumper: Any, text: str) -> Any:  # PyYAML's own
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _lines)


class Shelf:
    """One cassette's file. `names` is what renames a session when it is saved."""

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or Names()

    def load_cassette(self, path: str, serializer: object) -> tuple[list[Asked], list[Told], Document]:
        """What vcrpy asks for: requests, answers, metadata."""
        if not Path(path).is_file():
            raise CassetteNotFoundError
        header, exchanges = read(Path(path))
        return [one for one, _ in exchanges], [told for _, told in exchanges], header

    def save_cassette(self, path: str, cassette: Document, serializer: object) -> None:
        exchanges = zip(cassette["requests"], cassette["responses"], strict=True)
        documents = [self._document(request, plain(response)) for request, response in exchanges]
        header = {"cassette": FORMAT, **cassette.get("metadata", {})}
        text = written([header, *_once(together(newest(documents)))])
        draft = Path(path).with_suffix(".draft")
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, "utf-8")
        draft.replace(path)

    def _document(self, request: Any, response: Told) -> Document:
        one = asked(request, self._names)
        form = told_form(body_told(response), self._names)
        headers = kept_headers(one.method, response["headers"], self._names)
        status = f"{response['status']['code']} {response['status']['message'] or ''}".strip()
        document: Document = {"ask": one.line}
        document |= {"type": one.kind} if one.kind else {}
        document |= {"range": one.extent} if one.extent else {}
        document |= {"body": one.form} if one.form else {}
        document |= {"answer": status}
        document |= {"headers": {name: v[0] if len(v) == 1 else v for name, v in headers.items()}} if headers else {}
        return document | ({"told": form} if form else {})


def read(path: Path) -> tuple[Document, list[tuple[Asked, Told]]]:
    """The header, and every exchange as often as it happened. Raises CassetteUnusable."""
    try:
        text = path.read_text("utf-8")
        header, *documents = yaml.load_all(text, Loader=yaml.CSafeLoader)
        if header["cassette"] != FORMAT:
            raise CassetteUnusable(f"{path} has format {header['cassette']}, this reads {FORMAT}; record it anew")
        return header, list(_exchanges(documents))
    except OSError as error:
        raise CassetteUnusable(f"cannot read the cassette {path}: {error.strerror}") from error
    except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CassetteUnusable(
            f"{path} is no cassette of Spacewright: {type(error).__name__}; record it anew"
        ) from error


def written(documents: list[Document]) -> str:
    text: str = yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text


def _exchanges(documents: list[Document]) -> Iterator[tuple[Asked, Told]]:
    bodies: dict[str, bytes] = {}
    for document in documents:
        method, _, url = document["ask"].partition(" ")
        one = Asked(method, url, document.get("type", ""), document.get("range", ""), document.get("body"))
        form = document.get("told")
        data = bodies[form["again"]] if form and "again" in form else content(form)
        bodies[_digest(data)] = data
        code, _, message = str(document["answer"]).partition(" ")
        headers = {name: v if isinstance(v, list) else [str(v)] for name, v in document.get("headers", {}).items()}
        told = {"status": {"code": int(code), "message": message}, "headers": headers, "body": {"string": data}}
        for _ in range(document.get("times", 1)):
            yield one, told


def _once(documents: list[Document]) -> Iterator[Document]:
    seen: set[str] = set()
    for document in documents:
        form: Form | None = document.get("told")
        digest = _digest(content(form))
        large = form is not None and any(isinstance(part, str) and len(part) > LARGE for part in form.values())
        yield {**document, "told": {"again": digest}} if large and digest in seen else document
        seen.add(digest)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:24]
