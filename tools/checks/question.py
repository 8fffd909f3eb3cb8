"""Questions that a plan asks in a language of its own: a regular expression, a JSON schema.

Answered inside the separate process, each in a fork with a short time: either may take for ever. What an answer says
is made of the plan's own words, never of the content's.
"""

import re
from typing import Any

from tools.checks.finding import Unsound
from tools.checks.writing.json_value import strict_json

SECONDS = 2.0
"""For one question."""

Answer = dict[str, str]
"""`status` and `reason`."""


def answered(data: bytes, key: str, wanted: Any) -> Answer:
    """Never raises for what is wrong with the bytes or with the question."""
    try:
        return _of_schema(data, wanted) if key == "json_schema" else _of_pattern(data, wanted)
    except (MemoryError, RecursionError) as error:
        return {"status": "unknown", "reason": f"{type(error).__name__} while it was looked for"}
    except Unsound as unsound:
        return {"status": "unknown", "reason": str(unsound)}


def _of_pattern(data: bytes, pattern: str) -> Answer:
    try:
        found = re.search(pattern, data.decode("utf-8-sig", "replace"))
    except (re.error, OverflowError) as error:
        return {"status": "fail", "reason": f"no regular expression: {error}"}
    return {"status": "pass", "reason": "found"} if found else {"status": "fail", "reason": "not found"}


def _of_schema(data: bytes, schema: Any) -> Answer:
    try:
        import jsonschema  # type: ignore[import-untyped] # it has no types; 10 MB, and few plans have a schema
        from referencing import Registry
    except ImportError:
        return {"status": "unknown", "reason": "nothing here knows schemas; `pip install jsonschema` would help"}
    value = strict_json(data)[0]
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(schema)
        # An empty registry: a reference to another address is an error and not a download.
        worst = jsonschema.exceptions.best_match(kind(schema, registry=Registry()).iter_errors(value))
    except jsonschema.SchemaError as error:
        return {"status": "fail", "reason": f"no JSON schema: {error.json_path} does not meet {error.validator!r}"}
    except Exception as error:  # references that lead nowhere, patterns that are none: every kind has its own class
        return {"status": "fail", "reason": f"no JSON schema that can be used here: {type(error).__name__}"}
    if worst is None:
        return {"status": "pass", "reason": "met"}
    place = "/".join(map(str, worst.absolute_schema_path))
    return {"status": "fail", "reason": f"not met at {place}"[:300]}
