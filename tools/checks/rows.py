"""Which key of a check is about which fact, by what relation, and what would help when it is not met."""

from typing import Any, Literal, NamedTuple

Status = Literal["pass", "warn", "fail", "unknown"]
Severity = Literal["error", "warn"]

FITS: dict[str, frozenset[str]] = {
    "image": frozenset({"image"}),
    "mesh": frozenset({"model3d"}),
    "splat": frozenset({"model3d"}),
    "audio": frozenset({"audio"}),
    "video": frozenset({"video"}),
    "text": frozenset({"text", "html"}),
    "json": frozenset({"json", "table"}),
    "table": frozenset({"table"}),
    "rung": frozenset({"json"}),
    "judge": frozenset({"image", "model3d", "audio", "video", "text", "html", "json", "table"}),
}
"""Kinds that a check can be about; `file` is about all of them."""

BLANK = 2.0
"""Largest standard deviation of a channel, of 0 to 255, at which nobody sees anything."""

QUIET = 1e-3
"""Root mean square of full scale below which nobody hears anything; a constant has been taken off before."""

_MORE = "ask the Space for more or choose another"
_DETAIL = "ask the Space for more detail or choose another"
_LARGER = "ask the Space for a larger picture"
_FLAT = "one flat colour: a content filter answers so; change the words or the seed"


class Row(NamedTuple):
    key: str
    relation: str
    fact: str
    hint: str
    lenient: bool = False
    """Only ever a warning."""


ROWS: dict[str, tuple[Row, ...]] = {
    "rung": (),
    "file": (
        Row("kind", "is", "kinds", "the Space gave something else than was wanted"),
        Row("max_mb", "<=", "megabytes", "ask for a smaller file"),
        Row("min_bytes", ">=", "bytes", "the Space gave next to nothing; try again"),
    ),
    "image": (
        Row("min_width", ">=", "width", _LARGER),
        Row("min_height", ">=", "height", _LARGER),
        Row("max_pixels", "<=", "pixels", "ask the Space for a smaller picture"),
        Row("aspect", "near", "aspect", "ask the Space for that width and height"),
        Row("alpha", "true", "alpha", "choose a Space that removes the background"),
        Row("max_frames", "<=", "frames", "choose a Space that gives a still picture"),
        Row("blank", "blank", "std", _FLAT),
    ),
    "mesh": (
        Row("min_faces", ">=", "faces", _DETAIL),
        Row("max_faces", "<=", "faces", "ask the Space for less detail"),
        Row("watertight", "true", "watertight", "choose a Space that makes closed surfaces"),
        Row("textured", "true", "textured", "choose a Space that makes textures"),
        Row("min_texture_px", ">=", "texture_px", "ask the Space for larger textures"),
        Row("max_texture_px", "<=", "texture_px", "ask the Space for smaller textures"),
        Row("max_bodies", "<=", "bodies", "choose a Space that makes one piece"),
        Row("max_extent", "<=", "extent", "ask for another scale"),
        Row("valid", "spec", "valid", "choose a Space whose models keep to their format's rules"),
    ),
    "splat": (
        Row("min_splats", ">=", "splats", _DETAIL),
        Row("max_splats", "<=", "splats", "ask the Space for fewer splats"),
        Row("max_extent", "<=", "extent", "ask for another scale"),
    ),
    "audio": (
        Row("min_seconds", ">=", "seconds", "ask the Space for a longer piece"),
        Row("max_seconds", "<=", "seconds", "ask the Space for a shorter piece"),
        Row("min_rate", ">=", "rate", "choose a Space with a higher sample rate"),
        Row("channels", "==", "channels", "choose a Space that gives that many channels"),
        Row("max_silence", "<=", "silence", "most of it cannot be heard; try another seed or another Space"),
        Row("max_clipping", "<=", "clipping", "it is distorted; ask for less volume"),
        Row("silent", "heard", "rms", "nothing can be heard; try another seed or another Space"),
    ),
    "video": (
        Row("min_seconds", ">=", "seconds", "ask the Space for a longer video"),
        Row("max_seconds", "<=", "seconds", "ask the Space for a shorter video"),
        Row("min_width", ">=", "width", _LARGER),
        Row("min_height", ">=", "height", _LARGER),
        Row("min_fps", ">=", "fps", "ask the Space for more frames a second"),
        Row("audio", "true", "audio", "choose a Space that makes sound too"),
        Row("frozen_ok", "false", "frozen", "every frame is the same; try another seed or another Space"),
        Row("blank", "blank", "std", _FLAT),
    ),
    "text": (
        Row("min_words", ">=", "words", _MORE),
        Row("max_words", "<=", "words", "ask for a shorter answer"),
        Row("contains", "all in", "text", "ask again, naming what must be there"),
        Row("matches", "answered", "answers", "ask again, naming the form that is wanted"),
        Row("refusal", "false", "refusal_plain", "the Space declined; change the words or choose another Space"),
        Row("refusal", "false", "failure", "this is how a program says that it broke; choose another Space"),
        Row("refusal", "false", "refusal", "it may be a refusal; look at it", lenient=True),
    ),
    "json": (
        Row("require", "all in", "names", "choose an endpoint that returns these keys"),
        Row("json_schema", "answered", "answers", "choose an endpoint that returns this shape"),
        Row("min_items", ">=", "items", _MORE),
    ),
    "table": (
        Row("min_rows", ">=", "rows", _MORE),
        Row("max_rows", "<=", "rows", "ask for fewer rows"),
        Row("columns", "all in", "names", "choose an endpoint that returns these columns"),
    ),
    "judge": (),
}

DEFAULTS: dict[str, tuple[tuple[str, str, Any, Severity], ...]] = {
    "image": (
        ("image", "blank", False, "error"),
        ("image", "min_width", 64, "warn"),
        ("image", "min_height", 64, "warn"),
    ),
    "mesh": (("mesh", "min_faces", 1, "error"),),
    "splat": (("splat", "min_splats", 1, "error"),),
    "audio": (
        ("audio", "min_seconds", 0.1, "error"),
        ("audio", "silent", False, "error"),
        ("audio", "max_silence", 0.95, "warn"),
        ("audio", "max_clipping", 0.05, "warn"),
    ),
    "video": (("video", "blank", False, "error"), ("video", "frozen_ok", False, "warn")),
    "text": (("text", "min_words", 1, "error"), ("text", "refusal", False, "error")),
    "table": (("table", "min_rows", 1, "error"),),
}
"""Check, key, value and severity of the bounds that hold when the plan does not state them, by kind of content."""
