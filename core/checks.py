"""The vocabulary of checks a plan may ask for: flat keys, unknown keys refused, nothing measured here.

An absent key is not asked. A boolean is a demand only when it is `true`: `watertight: false` means "not required".
"""

import difflib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, model_validator


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
    aspect: str | None = Field(default=None, pattern=r"^\d+:\d+$")
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
    max_extent: float | None = None


class AudioCheck(Expectation):
    check: Literal["audio"] = "audio"
    min_seconds: float | None = None
    max_seconds: float | None = None
    min_rate: int | None = None
    channels: Literal[1, 2] | None = None
    max_silence: float | None = Field(default=0.95, ge=0, le=1)
    max_clipping: float | None = Field(default=0.01, ge=0, le=1)


class TextCheck(Expectation):
    check: Literal["text"] = "text"
    min_words: int | None = 1
    max_words: int | None = None
    contains: tuple[str, ...] = ()
    refusal: Literal[False] = False


class JsonCheck(Expectation):
    check: Literal["json"] = "json"
    require: tuple[str, ...] = ()
    """Keys that the top-level object must have."""
    min_items: int | None = None


Check = Annotated[FileCheck | ImageCheck | MeshCheck | AudioCheck | TextCheck | JsonCheck, Field(discriminator="check")]

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
