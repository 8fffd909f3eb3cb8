"""The vocabulary of checks a plan may ask for: flat keys, unknown keys refused, nothing measured here.

An absent key is not asked. A boolean is a demand only when it is `true`: `watertight: false` means "not required".
"""

import difflib
import json
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo

from core.rungs import RUNGS, Rung

LONGEST_SCHEMA = 8000


class Expectation(BaseModel):
    """What every check shares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Literal["error", "warn"] = "error"
    note: str = Field(default="", max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _name_the_near_miss(cls, values: Any, info: ValidationInfo) -> Any:
        if not isinstance(values, dict):
            return values
        for key in sorted(set(values) - set(cls.model_fields)):
            near = difflib.get_close_matches(key, cls.model_fields, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(cls.model_fields)}"
            raise ValueError(f"check '{values.get('check')}' has no key '{key}'; {hint}")
        return values


class FileCheck(Expectation):
    check: Literal["file"] = "file"
    kind: str | None = None
    max_mb: float | None = None
    min_bytes: int | None = Field(default=None, ge=0)


class ImageCheck(Expectation):
    check: Literal["image"] = "image"
    min_width: int | None = None
    min_height: int | None = None
    max_pixels: int | None = None
    aspect: str | None = Field(default=None, pattern=r"^\d+:\d+$", examples=["16:9"])
    alpha: bool | None = None
    max_frames: int | None = None
    blank: Literal[False] = False


class MeshCheck(Expectation):
    check: Literal["mesh"] = "mesh"
    min_faces: int | None = 1
    max_faces: int | None = None
    watertight: bool | None = None
    textured: bool | None = None
    min_texture_px: int | None = None
    """The longer side of the largest texture, in pixels, must be at least this."""
    max_texture_px: int | None = None
    """The longer side of the largest texture, in pixels, must be at most this."""
    max_bodies: int | None = None
    """Parts that hang together, at most."""
    max_extent: float | None = None
    valid: Literal["spec", "loads"] = "loads"
    """`spec`: without a single error against its format's rules; `loads`: what the gate sees to anyhow."""


class SplatCheck(Expectation):
    check: Literal["splat"] = "splat"
    min_splats: int | None = 1
    max_splats: int | None = None
    max_extent: float | None = None
    """The longest side of the box around the middles of the splats, in the file's own unit."""


class AudioCheck(Expectation):
    check: Literal["audio"] = "audio"
    min_seconds: float | None = None
    max_seconds: float | None = None
    min_rate: int | None = None
    channels: Literal[1, 2] | None = None
    max_silence: float | None = Field(default=0.95, ge=0, le=1)
    max_clipping: float | None = Field(default=0.01, ge=0, le=1)
    silent: Literal[False] = False


class VideoCheck(Expectation):
    check: Literal["video"] = "video"
    min_seconds: float | None = None
    max_seconds: float | None = None
    min_width: int | None = None
    """As shown: a video that is turned by its metadata has its sides swapped."""
    min_height: int | None = None
    min_fps: float | None = None
    audio: bool | None = None
    frozen_ok: bool | None = False
    blank: Literal[False] = False


class TextCheck(Expectation):
    check: Literal["text"] = "text"
    min_words: int | None = 1
    max_words: int | None = None
    contains: tuple[str, ...] = ()
    matches: str | None = Field(default=None, min_length=1, max_length=200)
    """A regular expression that is found somewhere in the text. Looked for with a time limit."""
    refusal: Literal[False] = False


class JsonCheck(Expectation):
    check: Literal["json"] = "json"
    require: tuple[str, ...] = ()
    """Keys that the top-level object must have."""
    json_schema: dict[str, JsonValue] | None = None
    """Of draft 2020-12 unless it names another; at most 8000 characters; references only inside of itself."""
    min_items: int | None = None

    @field_validator("json_schema")
    @classmethod
    def _short(cls, schema: dict[str, JsonValue] | None) -> dict[str, JsonValue] | None:
        if schema is not None and len(json.dumps(schema)) > LONGEST_SCHEMA:
            raise ValueError(f"json_schema is longer than {LONGEST_SCHEMA} characters")
        return schema


class TableCheck(Expectation):
    check: Literal["table"] = "table"
    min_rows: int | None = 1
    max_rows: int | None = None
    columns: tuple[str, ...] = ()
    """Names that the header must have, in any order."""


class RungCheck(Expectation):
    """How far a Space has to be proved, of what the deployer or the validator says about it."""

    check: Literal["rung"] = "rung"
    at_least: Rung = Field(default=RUNGS[-1], examples=[RUNGS[-1]])


class JudgeCheck(Expectation):
    """A question for a vision or language model. Asked after everything else has passed; warns by default."""

    check: Literal["judge"] = "judge"
    severity: Literal["error", "warn"] = "warn"
    question: str = Field(min_length=8, max_length=300)
    min_score: float = Field(default=0.5, ge=0, le=1)


Check = Annotated[
    FileCheck
    | ImageCheck
    | MeshCheck
    | SplatCheck
    | AudioCheck
    | VideoCheck
    | TextCheck
    | JsonCheck
    | TableCheck
    | RungCheck
    | JudgeCheck,
    Field(discriminator="check"),
]

Facts = dict[str, JsonValue]
"""What was measured of one artifact, flat: {"faces": 150112, "texture_px": 2048, …}."""


class Verdict(BaseModel):
    """What one check said of one artifact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: str
    status: Literal["pass", "warn", "fail", "unknown"]
    reason: str
    facts: Facts = {}

    @property
    def passed(self) -> bool:
        """`unknown` is not passed: nobody looked."""
        return self.status in ("pass", "warn")


def vocabulary() -> str:
    """The checks as a planner's prompt names them: one line each, made from the models, at most about 200 tokens."""
    union = get_args(Check)[0]
    lines = [f"{model.model_fields['check'].default}: {', '.join(_keys(model))}" for model in get_args(union)]
    shared = [_spoken(name, field) for name, field in Expectation.model_fields.items()]
    return "\n".join([*lines, f"every check: {', '.join(shared)}"])


def _keys(model: type[Expectation]) -> Iterator[str]:
    """A key with a single allowed value cannot be chosen, so it is not named."""
    for name, field in model.model_fields.items():
        if name not in Expectation.model_fields and len(_choices(field)) != 1:
            yield _spoken(name, field)


def _spoken(name: str, field: FieldInfo) -> str:
    if field.examples:
        return f'{name}("{field.examples[0]}")'
    choices = _choices(field)
    return f"{name}({'|'.join(map(str, choices))})" if choices else name


def _choices(field: FieldInfo) -> tuple[Any, ...]:
    whole = field.annotation
    parts = get_args(whole) if get_origin(whole) in (Union, types.UnionType) else (whole,)
    return tuple(value for part in parts if get_origin(part) is Literal for value in get_args(part))
