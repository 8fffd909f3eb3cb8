"""Spaces as the language model reads them: a few lines each, all of it foreign text that goes into a quotation."""

from collections.abc import Iterable, Iterator

from core.nouns import Endpoint, Output, Parameter, Space

MOST_CHOICES = 8
MOST_ENDPOINTS = 6


def listed(spaces: Iterable[Space], whole: bool = False) -> str:
    """`whole` leaves nothing out but length: for one Space that is looked at."""
    return "\n".join(line for space in spaces for line in _space(space, whole))


def _space(space: Space, whole: bool) -> Iterator[str]:
    about = _short(space.description, 600 if whole else 140)
    machine = f" [{space.hardware}]" if space.hardware else ""
    yield f"{space.id} - {_short(space.title, 60)}{machine}: {about}".rstrip(": ")
    endpoints = [endpoint for endpoint in space.endpoints if endpoint.outputs]
    for endpoint in endpoints if whole else endpoints[:MOST_ENDPOINTS]:
        yield f"  {_endpoint(endpoint, whole)}"
    if not space.endpoints:
        yield "  (its endpoints could not be read)"


def _endpoint(endpoint: Endpoint, whole: bool) -> str:
    parameters = ", ".join(_parameter(parameter, whole) for parameter in endpoint.parameters)
    outputs = ", ".join(_output(output) for output in endpoint.outputs)
    about = _short(endpoint.description, 600 if whole else 200)
    return f"{endpoint.name}({parameters}) -> {outputs}" + (f" : {about}" if about else "")


def _parameter(parameter: Parameter, whole: bool) -> str:
    kind = f"list of {parameter.kind}" if parameter.many else parameter.kind
    words = f"{parameter.name}: {kind}"
    if parameter.choices:
        shown = parameter.choices if whole else parameter.choices[:MOST_CHOICES]
        words += f" {'|'.join(map(str, shown))}{'|…' if len(shown) < len(parameter.choices) else ''}"
    if parameter.minimum is not None or parameter.maximum is not None:
        words += f" {_figure(parameter.minimum)}..{_figure(parameter.maximum)}"
    if not parameter.required:
        words += f" = {_short(str(parameter.default), 40)}" if parameter.default not in (None, "") else " (optional)"
    if whole and parameter.description:
        words += f" ({_short(parameter.description, 200)})"
    return words


def _output(output: Output) -> str:
    return f"list of {output.kind}" if output.many else output.kind


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"
