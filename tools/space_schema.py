"""What a Gradio app says of itself, `/config` and `/info`, as typed endpoints.

Pure functions. Understands the dialects of Gradio 4 to 6, and 3 as far as it names components; a part that is not
understood becomes `json` rather than a guess. Everything in it was written by the Space's author: data, not advice.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.nouns import FILE_KINDS, Endpoint, Frozen, Kind, Output, Parameter
from core.signals import flat

_KINDS: dict[str, Kind] = {
    "annotatedimage": "image",
    "audio": "audio",
    "chatbot": "json",
    "checkbox": "boolean",
    "checkboxgroup": "text",
    "code": "text",
    "colorpicker": "text",
    "dataframe": "table",
    "datetime": "text",
    "downloadbutton": "file",
    "dropdown": "text",
    "file": "file",
    "gallery": "image",
    "html": "html",
    "image": "image",
    "imageeditor": "image",
    "imageslider": "image",
    "json": "json",
    "label": "json",
    "markdown": "text",
    "model3d": "model3d",
    "multimodaltextbox": "text",
    "number": "number",
    "radio": "text",
    "slider": "number",
    "textbox": "text",
    "uploadbutton": "file",
    "video": "video",
}
_MANY = frozenset({"checkboxgroup", "gallery", "imageslider"})
_BOILERPLATE = ("The FileData class", "A local filepath", "any valid json")


class Wire(Frozen):
    """What a call needs to know beyond the endpoint: how its values stand on the wire."""

    endpoint: str
    function: int
    """Gradio's `fn_index`."""

    protocol: str
    prefix: str
    inputs: tuple[str | None, ...]
    """The parameter of each input slot; None for slots that hold state and are sent as null."""

    outputs: tuple[bool, ...]
    """Which output slots are outputs of the endpoint; the others hold state."""

    wrapped: dict[str, str] = {}
    """Parameters whose file stands under a key of its own, with that key."""


class Api(Frozen):
    """An app's callable endpoints, and their wires in the same order."""

    endpoints: tuple[Endpoint, ...]
    wires: tuple[Wire, ...]


def read_api(config: Mapping[str, Any], info: Mapping[str, Any]) -> Api:
    """The endpoints that somebody without the author's token can call.

    Endpoints that want the caller's token for the app's own code are left out.
    """
    found = list(_endpoints(config, info.get("named_endpoints") or {}))
    return Api(endpoints=tuple(endpoint for endpoint, _ in found), wires=tuple(wire for _, wire in found))


def schema_hash(endpoint: Endpoint) -> str:
    """Equal for endpoints that take and give the same; words for people do not count."""
    shape = endpoint.model_dump(mode="json", exclude={"description"})
    for part in (*shape["parameters"], *shape["outputs"]):
        part.pop("description", None)
        part.pop("label", None)
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()


def describe_change(old: Endpoint, new: Endpoint | None) -> str | None:
    """What has become of an endpoint, in one line; None when a call cannot tell the difference."""
    if new is None:
        return f"{old.name} is gone"
    if schema_hash(old) == schema_hash(new):
        return None
    before = {parameter.name: parameter for parameter in old.parameters}
    after = {parameter.name: parameter for parameter in new.parameters}
    changes = [f"parameter '{name}' is gone" for name in before if name not in after]
    changes += [f"parameter '{name}' is new" for name in after if name not in before]
    for name in before.keys() & after.keys():
        changes += _parameter_changes(before[name], after[name])
    if [(o.kind, o.many) for o in old.outputs] != [(o.kind, o.many) for o in new.outputs]:
        changes.append(f"outputs were {_kinds(old)} and are {_kinds(new)}")
    return "; ".join(sorted(changes)) or "the order of its parameters or a component changed"


def is_file_default(value: JsonValue) -> bool:
    """Whether a default is a file of the Space: its example picture, which nobody asked for."""
    return any(True for _ in file_paths(value))


def file_paths(value: JsonValue) -> Iterator[str]:
    """Where on the Space the files of a default lie."""
    match value:
        case {"path": path}:
            yield str(path)
        case dict():
            yield from (path for item in value.values() for path in file_paths(item))
        case list():
            yield from (path for item in value for path in file_paths(item))


def _endpoints(config: Mapping[str, Any], named: Mapping[str, Any]) -> Iterator[tuple[Endpoint, Wire]]:
    components = {part["id"]: part for part in config.get("components") or () if "id" in part}
    functions = {
        str(function.get("api_name")): (function.get("id", index), function)
        for index, function in enumerate(config.get("dependencies") or ())
    }
    for name, described in named.items():
        if name.removeprefix("/") not in functions or described.get("oauth_token") == "required":
            continue
        number, function = functions[name.removeprefix("/")]
        inputs = [components.get(id) for id in function.get("inputs") or ()]
        outputs = [components.get(id) for id in function.get("outputs") or ()]
        parameters = described.get("parameters") or []
        returns = described.get("returns") or []
        shown = [part for part in inputs if not _hidden(part)]
        if len(shown) != len(parameters) or sum(not _hidden(part) for part in outputs) != len(returns):
            # The two descriptions contradict each other: whatever we sent would land in wrong slots.
            continue
        read = [_parameter(i, said, part or {}) for i, (said, part) in enumerate(zip(parameters, shown, strict=True))]
        names = iter(parameter.name for parameter in read)
        endpoint = Endpoint(
            name=name,
            description=_words(described.get("description"), 1000),
            parameters=tuple(read),
            outputs=tuple(_output(i, said) for i, said in enumerate(returns)),
        )
        yield (
            endpoint,
            Wire(
                endpoint=name,
                function=number,
                protocol=str(config.get("protocol") or ""),
                prefix=str(config.get("api_prefix") or ""),
                inputs=tuple(None if _hidden(part) else next(names) for part in inputs),
                outputs=tuple(not _hidden(part) for part in outputs),
                wrapped={p.name: "video" for p, said in zip(read, parameters, strict=True) if _in_a_dict(p, said)},
            ),
        )


def _parameter(index: int, said: Mapping[str, Any], part: Mapping[str, Any]) -> Parameter:
    props = part.get("props") or {}
    kind, many = _kind(said)
    default = said.get("parameter_default")
    optional = bool(said.get("parameter_has_default")) and not is_file_default(default)
    return Parameter(
        name=str(said.get("parameter_name") or f"param_{index}"),
        label=_words(said.get("label"), 100),
        kind=kind,
        component=str(said.get("component") or ""),
        required=not optional,
        default=default if optional else None,
        choices=_choices(said, props),
        minimum=_number(props.get("minimum")),
        maximum=_number(props.get("maximum")),
        many=many,
        description=_description(said, props),
        examples=tuple(file_paths(default)),
    )


def _output(index: int, said: Mapping[str, Any]) -> Output:
    kind, many = _kind(said)
    label = _words(said.get("label"), 100) or f"output {index}"
    return Output(label=label, kind=kind, component=str(said.get("component") or ""), many=many)


def _kind(said: Mapping[str, Any]) -> tuple[Kind, bool]:
    """By the component, the only place where an image differs from a sound; by the type for components unknown."""
    component = str(said.get("component") or "").lower()
    schema = said.get("type")
    python = _python_type(said)
    listed = component in _MANY or (isinstance(schema, dict) and schema.get("type") == "array")
    if component in _KINDS:
        return _KINDS[component], listed and _KINDS[component] in FILE_KINDS | {"text"}
    if python.startswith(("filepath", "list[filepath]", "dict(video: filepath")):
        named = next((kind for kind in ("image", "audio", "video", "model3d") if kind in component), "file")
        return _KINDS[named], python.startswith("list[")
    plain: dict[str, Kind] = {"str": "text", "float": "number", "int": "number", "bool": "boolean"}
    return plain.get(python, "json"), False


def _choices(said: Mapping[str, Any], props: Mapping[str, Any]) -> tuple[str | int | float, ...]:
    """The values allowed; empty where others are allowed too."""
    if props.get("allow_custom_value"):
        return ()
    listed = [choice[-1] if isinstance(choice, list) else choice for choice in props.get("choices") or ()]
    if not listed and isinstance(said.get("type"), dict):
        listed = said["type"].get("enum") or (said["type"].get("items") or {}).get("enum") or []
    return tuple(choice for choice in listed if isinstance(choice, str | int | float))


def _description(said: Mapping[str, Any], props: Mapping[str, Any]) -> str:
    schema = said.get("type")
    own = props.get("info") or (schema.get("description") if isinstance(schema, dict) else "")
    words = "" if str(own or "").startswith(_BOILERPLATE) else _words(own, 300)
    if props.get("allow_custom_value") and props.get("choices"):
        some = ", ".join(str(choice[-1] if isinstance(choice, list) else choice) for choice in props["choices"][:10])
        words = f"{words} For example: {_words(some, 200)}".strip()
    return words


def _in_a_dict(parameter: Parameter, said: Mapping[str, Any]) -> bool:
    """Gradio 4 and 5 want a video beside its subtitles: {"video": file, "subtitles": null}."""
    python = _python_type(said)
    return parameter.kind == "video" and python.startswith("dict(video")


def _python_type(said: Mapping[str, Any]) -> str:
    """The compact type; Gradio 4 wrote `Dict(…)` and `List[…]`."""
    return str((said.get("python_type") or {}).get("type") or "").lower()


def _hidden(part: Mapping[str, Any] | None) -> bool:
    if part is None:
        return False
    return bool(part.get("skip_api", part.get("type") in ("state", "browserstate")))


def _parameter_changes(old: Parameter, new: Parameter) -> Iterator[str]:
    if (old.kind, old.many) != (new.kind, new.many):
        yield f"parameter '{old.name}' took {old.kind} and takes {new.kind}"
    if new.required and not old.required:
        yield f"parameter '{old.name}' must be given now"
    if old.choices != new.choices:
        lost = [str(choice) for choice in old.choices if choice not in new.choices]
        yield f"choices of '{old.name}' changed" + (f", without {', '.join(lost[:5])}" if lost else "")
    if (old.minimum, old.maximum) != (new.minimum, new.maximum):
        yield f"the range of '{old.name}' is {new.minimum} to {new.maximum}"
    if old.default != new.default:
        yield f"the default of '{old.name}' changed"


def _kinds(endpoint: Endpoint) -> str:
    return ", ".join(f"{output.kind} list" if output.many else output.kind for output in endpoint.outputs) or "none"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _words(value: Any, longest: int) -> str:
    return flat(value or "", longest)
