"""The arguments of a trial: files made where one is wanted, and how they are told in the record."""

from typing import Any

from pydantic import JsonValue

from core.errors import InputsRefused
from core.nouns import FILE_KINDS, Artifact, Origin
from core.scope import Scope
from tools.proof.drawing import drawn
from tools.proof.inputs import Drawn

MAKER = "validator"
"""Who made them, as their origin says."""


def made(scope: Scope, value: Any) -> Any:
    """The value with its files made and kept in the run."""
    match value:
        case list():
            return [made(scope, item) for item in value]
        case Drawn():
            found = drawn(value.kind, value.subject, value.near)
            if found is None:
                raise InputsRefused(f"no {value.kind} can be made; give one with --file")
            data, ending = found
            path = scope.artifacts.incoming()
            path.write_bytes(data)
            name = f"{value.kind} {value.subject + 1}{' again, a little otherwise' if value.near else ''}"
            return scope.artifacts.keep_file(path, value.kind, name, ending, Origin(tool=MAKER, step=scope.step))
    return value


def told(value: Any) -> JsonValue:
    match value:
        case Artifact():
            return f"artifact:{value.sha256}"
        case list():
            return [told(item) for item in value]
    plain: JsonValue = value
    return plain


def files(value: Any) -> list[Artifact]:
    match value:
        case Artifact() if value.kind in FILE_KINDS:
            return [value]
        case list():
            return [part for item in value for part in files(item)]
    return []
