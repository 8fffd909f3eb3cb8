"""What a chat completion endpoint's answers mean: bodies become messages, refusals become failures.

Pure functions over what came back, none of which is trusted: endpoints and models both break the format.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.errors import Failure, ModelBroken, ModelBusy, ModelRefused, ModelUnpaid
from core.model_spec import ModelSpec
from core.nouns import Frozen
from core.quoting import without_quotations
from core.redact import redact
from core.signals import retry_after, say, seconds_to_wait

BILLING = "https://huggingface.co/settings/billing"
TOKENS = "https://huggingface.co/settings/tokens"

AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Statuses after which the same request may be answered."""

DEEPEST = 50_000
"""Characters of a tool call that is looked for in a text."""


class Called(Frozen):
    """One tool call as a model made it."""

    id: str
    name: str
    arguments: JsonValue
    """A dict, unless the model wrote something that is none: then its words, for the agent to complain about."""


class Answer(Frozen):
    text: str | None
    calls: tuple[Called, ...]
    finish: str
    """Why the model stopped: `stop`, `tool_calls`, `length`, or whatever the endpoint says."""
    tokens_in: int | None
    tokens_out: int | None
    dollars: float | None


def read_answer(spec: ModelSpec, body: bytes) -> Answer:
    """The answer in a body with status 200. Raises ModelBroken, or what the body says has gone wrong."""
    whole = _json(body)
    if not isinstance(whole, dict):
        raise ModelBroken(
            f"{spec.model} answered with {say(body[:80].decode('utf-8', 'replace'), 60)}, which is no JSON"
        )
    if whole.get("error"):
        raise refusal(spec, _status_of(whole["error"]), {}, body)
    choices = whole.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(message, dict):
        raise ModelBroken(f"{spec.model} answered without a message; another provider of the model may do better")
    usage = whole["usage"] if isinstance(whole.get("usage"), dict) else {}
    cost = usage.get("cost")
    return Answer(
        text=_text(message.get("content")),
        calls=tuple(_native(message.get("tool_calls"))),
        finish=str(first.get("finish_reason") or "stop")[:50],
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        dollars=float(cost) if isinstance(cost, int | float) and 0 <= cost < 1e6 else None,
    )


def refusal(spec: ModelSpec, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """The failure behind a status that is not 200, in one line that says what to do about it."""
    said, code = _complaint(body)
    words = f"{said} {code}".lower()
    because = f": {say(said, 200)}" if said else ""
    ours = spec.kind == "hf"
    if status == 402 or "insufficient_quota" in words or (status == 403 and "credit" in words):
        where = f"buy credits at {BILLING}" if ours else "pay for the account, or use another model"
        return ModelUnpaid(f"{spec.model} is not answered without payment ({status}){because}; {where}")
    if status == 401:
        where = (
            f"make one at {TOKENS} and set HF_TOKEN" if ours else "set SPACEWRIGHT_MODEL_KEY to a key of this endpoint"
        )
        return ModelRefused(f"{_place(spec)} does not accept the key, or wants one (401); {where}")
    if status == 403:
        where = (
            f"give the token the right to call Inference Providers at {TOKENS}" if ours else "ask for the right to it"
        )
        return ModelRefused(f"{spec.model} is not allowed with this key (403){because}; {where}")
    if status in (404, 405):
        return ModelRefused(f"{_place(spec)} has no model {spec.model} ({status}){because}; look at the spec {spec}")
    if status == 413 or "context length" in words or "context_length" in words or "maximum context" in words:
        return ModelRefused(
            f"the request is longer than {spec.model} takes{because}; use a model with a longer context"
        )
    if status in AGAIN:
        wait = retry_after(headers)
        asked = wait if wait is not None else seconds_to_wait(said)
        reason = "asks for patience, too many requests" if status == 429 else "has trouble"
        return ModelBusy(f"{spec.model} {reason} ({status}){because}", asked)
    return ModelRefused(f"{spec.model} does not take the request ({status}){because}; another model or endpoint may")


def read_arguments(written: object) -> JsonValue:
    """The arguments of a call as a dict; what cannot be read as one stays the words that it is.

    Models leave line breaks inside strings, write Python instead of JSON, encode twice, or add words after the end.
    """
    if written is None or written == "":
        return {}
    if not isinstance(written, str):
        return _sound(written) if isinstance(written, dict) else json.dumps(written, default=str)
    for read in (_json, _python, _first_object):
        value = read(written.strip())
        if isinstance(value, str):
            value = _json(value)
        if isinstance(value, dict):
            return _sound(value)
    return _sound(written)


def calls_in_text(text: str, names: Iterable[str]) -> tuple[Called, ...]:
    """The calls of these tools that a model wrote down as words instead of making them.

    Only where a call would stand: tagged, fenced, or as the beginning or the end of the text. What was quoted to the
    model is left out, so that a call which somebody put into a card is not made because the model repeats the card.
    """
    known = set(names)
    spoken = re.sub(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", "", without_quotations(text), flags=re.DOTALL)
    for places in (_tagged, _fenced, _ends):
        found = [call for part in places(spoken) for call in _written(part) if call[0] in known]
        if found:
            return tuple(
                Called(id=f"call_{place}", name=name, arguments=read_arguments(arguments))
                for place, (name, arguments) in enumerate(found)
            )
    return ()


def _native(calls: object) -> Iterator[Called]:
    """Calls without a name are no calls; ids are made where they are missing or not unique."""
    seen: set[str] = set()
    for place, call in enumerate(calls if isinstance(calls, list) else []):
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict):
            continue
        name = function.get("name")
        if not isinstance(name, str) or not name.strip():
            continue
        given = call.get("id")
        id = given if isinstance(given, str) and given and given not in seen else f"call_{place}"
        seen.add(id)
        yield Called(id=id[:200], name=name.strip()[:200], arguments=read_arguments(function.get("arguments")))


def _written(part: str) -> Iterator[tuple[str, object]]:
    value = read_arguments(part) if part.startswith("{") else _json(part) or _python(part)
    for call in value if isinstance(value, list) else [value]:
        inner = call.get("function") if isinstance(call, dict) else None
        call = inner if isinstance(inner, dict) else call
        if not isinstance(call, dict):
            continue
        name = next((call[key] for key in ("name", "tool_name", "tool", "function") if key in call), None)
        arguments = next((call[key] for key in ("arguments", "tool_arguments", "parameters") if key in call), None)
        if isinstance(name, str):
            yield name, arguments


def _tagged(text: str) -> list[str]:
    return [part.strip() for part in re.findall(r"<tool_call>(.*?)(?:</tool_call>|\Z)", text, re.DOTALL)]


def _fenced(text: str) -> list[str]:
    return [part.strip() for part in re.findall(r"```(?:json|tool_call)?[ \t]*\n(.*?)```", text, re.DOTALL)]


def _ends(text: str) -> list[str]:
    """Where a call begins the text, where one ends it, and what follows the words of an agent's own history."""
    bare = text.strip()
    after = bare.rpartition("Calling tools:")[2].strip()
    if bare[:1] in ("{", "[") or after != bare:
        return [_balanced(after)]
    starts = [found.start() for found in re.finditer(r"[{\[]", bare[-DEEPEST:])][:50]
    tail = bare[-DEEPEST:]
    whole = (tail[start:] for start in starts)
    return [part for part in whole if isinstance(_json(part), dict | list)][:1]


def _balanced(text: str) -> str:
    """The JSON value that the text begins with, without the words after it; the text when there is none."""
    try:
        _, end = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return text
    return text[:end]


def _first_object(text: str) -> Any:
    start = text.find("{")
    return _json(_balanced(text[start:])) if start >= 0 else None


def _json(text: str | bytes) -> Any:
    """The value, or None when it is no JSON: what comes from outside is never worth a traceback."""
    try:
        return json.loads(text, strict=False, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _python(text: str) -> Any:
    """A Python literal, as small models write. Only data can come of it; long ones are not tried."""
    if len(text) > DEEPEST or not text.startswith(("{", "[")):
        return None
    try:
        value = ast.literal_eval(text)
        return json.loads(json.dumps(value, allow_nan=False))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _text(content: object) -> str | None:
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "\n".join(part for part in parts if isinstance(part, str))
    return str(_sound(content)) if isinstance(content, str) and content.strip() else None


def _sound(value: JsonValue) -> JsonValue:
    """The value without halves of characters, which no file and no further request could hold."""
    sound: JsonValue = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return sound


def _count(number: object) -> int | None:
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 10**12 else None


def _status_of(error: object) -> int:
    """The status inside an error that came with status 200; one that names none is trouble."""
    code = str(error.get("code") or error.get("status")) if isinstance(error, dict) else ""
    return int(code) if re.fullmatch("[45][0-9][0-9]", code) else 500


def _complaint(body: bytes) -> tuple[str, str]:
    """What an error's body says for people, and its code; a page of HTML says nothing."""
    whole = _json(body)
    error = whole.get("error", whole) if isinstance(whole, dict) else whole
    if isinstance(error, dict):
        message = error.get("message") or error.get("detail") or ""
        return redact(str(message)), str(error.get("code") or error.get("type") or "")
    if isinstance(error, str):
        return redact(error), ""
    plain = body[:300].decode("utf-8", "replace").strip()
    return ("" if plain.startswith("<") else redact(plain)), ""


def _place(spec: ModelSpec) -> str:
    return "Hugging Face" if spec.kind == "hf" else str(spec.base_url)
