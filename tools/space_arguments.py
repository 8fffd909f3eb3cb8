"""A plan's arguments as an endpoint wants them: checked first, then encoded.

Only an `Artifact` becomes a file. A string that looks like a path stays a string, and JSON that imitates Gradio's
file references is refused: no answer of one Space can name a file for the next.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue

from core.artifacts import ArtifactStore
from core.errors import EndpointMissing, InputsRefused
from core.nouns import FILE_KINDS, Artifact, Endpoint, Parameter
from tools.space_schema import Wire

FILE_MARK = "gradio.FileData"

Ready = dict[str, Any]
"""By parameter; JSON with an `Artifact` wherever a file goes."""


def arrange(endpoint: Endpoint, inputs: Mapping[str, Any], store: ArtifactStore) -> Ready:
    """The arguments of a call, complete: what was left out has its default, or null for files.

    Raises InputsRefused or EndpointMissing, naming the parameter and what it takes.
    """
    if not isinstance(inputs, Mapping):
        raise InputsRefused(f"the inputs of {endpoint.name} must be an object of arguments by parameter name")
    for name in inputs:
        if endpoint.parameter(name) is None:
            offers = ", ".join(parameter.name for parameter in endpoint.parameters) or "nothing"
            raise EndpointMissing(f"{endpoint.name} has no parameter '{name}'; it takes {offers}")
    return {parameter.name: _argument(endpoint.name, parameter, inputs, store) for parameter in endpoint.parameters}


def encode(ready: Ready, endpoint: Endpoint, wire: Wire, place: Callable[[Artifact], str]) -> list[JsonValue]:
    """The value of every input slot. `place` says where the Space keeps an uploaded artifact."""
    values: dict[str, JsonValue] = {}
    for parameter in endpoint.parameters:
        value = _with_files(ready[parameter.name], lambda artifact: _file(artifact, place(artifact)))
        values[parameter.name] = _shape(parameter, ready[parameter.name], value, wire.wrapped.get(parameter.name))
    return [None if name is None else values[name] for name in wire.inputs]


def files(ready: Any) -> list[Artifact]:
    """Every artifact that has to be uploaded."""
    match ready:
        case Artifact():
            return [ready]
        case dict():
            return [artifact for value in ready.values() for artifact in files(value)]
        case list():
            return [artifact for value in ready for artifact in files(value)]
    return []


def made_from(inputs: Any) -> tuple[str, ...]:
    """sha256 of every artifact among the inputs, in order."""
    return tuple(dict.fromkeys(artifact.sha256 for artifact in files(inputs)))


def upload_name(artifact: Artifact) -> str:
    """A harmless name with the right suffix."""
    suffix = {"html": ".html", "text": ".txt"}.get(artifact.kind, ".json")
    return artifact.file or f"{artifact.sha256[:16]}{suffix}"


def written_out(artifact: Artifact) -> bytes:
    """A value as the content of a file."""
    value = artifact.value
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


def _argument(endpoint: str, parameter: Parameter, inputs: Mapping[str, Any], store: ArtifactStore) -> Any:
    given = inputs.get(parameter.name)
    if parameter.name not in inputs or (given is None and not parameter.required):
        if parameter.required:
            raise _refused(parameter, "must be given", endpoint)
        return parameter.default
    if given is None:
        raise _refused(parameter, "cannot be null", endpoint)
    if isinstance(given, tuple):
        given = list(given)
    if parameter.kind in FILE_KINDS:
        return _file_argument(endpoint, parameter, given)
    if parameter.component.lower() == "multimodaltextbox":
        return _message(endpoint, parameter, given, store)
    return _value(endpoint, parameter, _plain(endpoint, parameter, given, store))


def _file_argument(endpoint: str, parameter: Parameter, given: Any) -> Artifact | list[Artifact]:
    listed = given if isinstance(given, list) else [given]
    for item in listed:
        if not isinstance(item, Artifact):
            raise _refused(parameter, f"takes a file that a step made, not {_name(item)}", endpoint)
        if not _fits(item, parameter):
            raise _refused(parameter, f"takes {parameter.kind}; '{item.name}' is {item.kind}", endpoint)
    if parameter.many:
        return listed
    if len(listed) != 1:
        raise _refused(parameter, f"takes one file, not {len(listed)}", endpoint)
    only: Artifact = listed[0]
    return only


def _fits(artifact: Artifact, parameter: Parameter) -> bool:
    if parameter.kind == "file":
        return True
    if parameter.component.lower() == "gallery":
        return artifact.kind in ("image", "video", "file")
    return artifact.kind in (parameter.kind, "file")


def _message(endpoint: str, parameter: Parameter, given: Any, store: ArtifactStore) -> dict[str, Any]:
    """A chat message: plain text, or text with artifacts as {"text": …, "files": […]}."""
    if not isinstance(given, dict):
        given = {"text": given, "files": []}
    text = _plain(endpoint, parameter, given.get("text", ""), store)
    attached = given.get("files") or []
    if set(given) - {"text", "files"} or not isinstance(text, str) or not isinstance(attached, list):
        raise _refused(parameter, 'takes text, or {"text": …, "files": […]}', endpoint)
    if not all(isinstance(item, Artifact) for item in attached):
        raise _refused(parameter, "takes files that steps made, nothing else", endpoint)
    return {"text": text, "files": attached}


def _plain(endpoint: str, parameter: Parameter, given: Any, store: ArtifactStore) -> JsonValue:
    """JSON, with what each artifact says in its place."""
    match given:
        case Artifact():
            if given.kind in FILE_KINDS:
                raise _refused(parameter, f"takes {parameter.kind}; '{given.name}' is {given.kind}", endpoint)
            return _plain(endpoint, parameter, store.value(given), store)
        case dict():
            if given.get("_type") == FILE_MARK:
                raise _refused(parameter, "contains a reference to a file, which only a step may make", endpoint)
            return {str(key): _plain(endpoint, parameter, value, store) for key, value in given.items()}
        case list():
            return [_plain(endpoint, parameter, value, store) for value in given]
        case float() if not math.isfinite(given):
            raise _refused(parameter, "must be a finite number", endpoint)
        case str() | int() | float() | bool() | None:
            return given
    raise TypeError(f"{type(given).__name__} is not a value a plan can hold")


def _value(endpoint: str, parameter: Parameter, value: JsonValue) -> JsonValue:
    match parameter.kind:
        case "number":
            _check_number(endpoint, parameter, value)
        case "boolean" if not isinstance(value, bool):
            raise _refused(parameter, f"takes true or false, not {_name(value)}", endpoint)
        case "text" | "html":
            value = _text(endpoint, parameter, value)
    return value


def _check_number(endpoint: str, parameter: Parameter, value: JsonValue) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _refused(parameter, f"takes a number, not {_name(value)}", endpoint)
    low, high = parameter.minimum, parameter.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        limits = f"from {low:g}" if high is None else f"up to {high:g}" if low is None else f"{low:g} to {high:g}"
        raise _refused(parameter, f"takes {limits}, not {value:g}", endpoint)


def _text(endpoint: str, parameter: Parameter, value: JsonValue) -> JsonValue:
    if parameter.many:
        listed = value if isinstance(value, list) else [value]
        return [_one_text(endpoint, parameter, item) for item in listed]
    return _one_text(endpoint, parameter, value)


def _one_text(endpoint: str, parameter: Parameter, value: JsonValue) -> JsonValue:
    if parameter.choices:
        if isinstance(value, bool) or value not in parameter.choices:
            offers = ", ".join(str(choice) for choice in parameter.choices[:20])
            raise _refused(parameter, f"takes one of {offers}; not {_name(value)}", endpoint)
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return json.dumps(value)
    if not isinstance(value, str):
        raise _refused(parameter, f"takes text, not {_name(value)}", endpoint)
    return value


def _with_files(ready: Any, file: Callable[[Artifact], JsonValue]) -> JsonValue:
    match ready:
        case Artifact():
            return file(ready)
        case dict():
            return {key: _with_files(value, file) for key, value in ready.items()}
        case list():
            return [_with_files(value, file) for value in ready]
    value: JsonValue = ready
    return value


def _file(artifact: Artifact, path: str) -> JsonValue:
    return {"path": path, "meta": {"_type": FILE_MARK}, "orig_name": upload_name(artifact)}


def _shape(parameter: Parameter, ready: Any, value: JsonValue, key: str | None) -> JsonValue:
    """Some components want their files in a frame of their own."""
    if not files(ready):
        return value
    match parameter.component.lower():
        case "gallery":
            kinds = ["video" if artifact.kind == "video" else "image" for artifact in files(ready)]
            listed = value if isinstance(value, list) else [value]
            return [{kind: item, "caption": None} for kind, item in zip(kinds, listed, strict=True)]
        case "imageeditor":
            return {"background": value, "layers": [], "composite": value}
    return {key: value, "subtitles": None} if key else value


def _refused(parameter: Parameter, why: str, endpoint: str) -> InputsRefused:
    return InputsRefused(f"parameter '{parameter.name}' of {endpoint} {why}")


def _name(value: Any) -> str:
    match value:
        case str():
            return f"the text '{value[:40]}{'…' if len(value) > 40 else ''}'"
        case Artifact():
            return value.kind
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value:g}"
        case list():
            return "a list"
        case None:
            return "null"
    return "an object"
