"""A catalogue in memory: Spaces as they are found on the Hub, many of them beside the point."""

from dataclasses import dataclass, field

from core.errors import SpaceUnavailable
from core.nouns import Endpoint, Kind, Output, Parameter, Space
from planners.catalogue.words import content


def text(name: str = "prompt", label: str = "", **more: object) -> Parameter:
    return Parameter(name=name, label=label or name.title(), kind="text", component="Textbox", **more)


def choice(name: str, label: str, choices: list[str | int], default: str | int | None = None) -> Parameter:
    return Parameter(
        name=name,
        label=label,
        kind="text",
        component="Dropdown",
        choices=tuple(choices),
        required=False,
        default=choices[0] if default is None else default,
    )


def number(name: str, label: str, default: float, low: float | None = None, high: float | None = None) -> Parameter:
    return Parameter(
        name=name,
        label=label,
        kind="number",
        component="Slider",
        required=False,
        default=default,
        minimum=low,
        maximum=high,
    )


def switch(name: str, label: str, default: bool = False) -> Parameter:
    return Parameter(name=name, label=label, kind="boolean", component="Checkbox", required=False, default=default)


def file(name: str, kind: Kind, label: str = "", **more: object) -> Parameter:
    return Parameter(name=name, label=label or name.title(), kind=kind, component=kind.title(), **more)


def space(
    id: str,
    title: str,
    description: str,
    *parameters: Parameter,
    makes: Kind | list[Kind],
    endpoint: str = "/run",
    says: str = "",
    stage: str = "RUNNING",
    hardware: str | None = "cpu-basic",
    tags: tuple[str, ...] = (),
) -> Space:
    kinds = makes if isinstance(makes, list) else [makes]
    outputs = tuple(Output(label=kind.title(), kind=kind, component=kind.title()) for kind in kinds)
    return Space(
        id=id,
        revision="a" * 40,
        host=f"https://{id.replace('/', '-')}.hf.space",
        stage=stage,
        title=title,
        description=description,
        tags=tags,
        hardware=hardware,
        endpoints=(Endpoint(name=endpoint, description=says or description, parameters=parameters, outputs=outputs),),
    )


SPACES = (
    space(
        "studio/scene-builder",
        "Scene Builder",
        "Builds a raw 3D scene of a room from words",
        text(),
        choice("room", "Room", ["gallery", "library", "chapel", "salon"]),
        choice("style", "Architectural style", ["beaux-arts", "gothic", "modern"]),
        choice("windows", "Window shape", ["rectangular", "arched", "round"]),
        choice("resolution", "Resolution", ["low", "medium", "high"], "high"),
        number("seed", "Seed", 0, 0, 2**31 - 1),
        makes="model3d",
        endpoint="/build_scene",
        says="Builds a raw 3D scene of a room's interior from a text prompt as GLB. About 120,000 triangles, plain "
        "materials with 512 px textures.",
    ),
    space(
        "studio/room-sketcher",
        "Room Sketcher",
        "A simple 3D room in seconds",
        text(),
        number("seed", "Seed", 0, 0, 10_000),
        makes="model3d",
        endpoint="/sketch_room",
        says="Sketches a plain 3D room with few triangles.",
    ),
    space(
        "studio/texture-artist",
        "Texture Artist",
        "Gives a 3D scene high-resolution materials and hangs paintings",
        file("scene", "model3d"),
        text("prompt", "Wishes", required=False, default=""),
        choice("floor", "Floor material", ["wood", "marble", "stone"]),
        choice("walls", "Wall material", ["plaster", "brick", "marble"]),
        choice("painting_style", "Painting style", ["abstract", "impressionist", "baroque"]),
        switch("add_paintings", "Add paintings"),
        choice("texture_size", "Texture size", [1024, 2048, 4096], 2048),
        number("seed", "Seed", 0),
        makes="model3d",
        endpoint="/texture_scene",
        says="Refines a 3D scene: textures of 2048 px for floor and walls, framed paintings, about 150,000 triangles.",
    ),
    space(
        "maker/image-maker",
        "Image Maker",
        "Draws one object or monument from words, on a plain background",
        text(),
        choice("style", "Style", ["natural", "clay", "sketch"]),
        number("width", "Width", 768, 64, 1536),
        number("height", "Height", 768, 64, 1536),
        number("seed", "Seed", 0),
        makes="image",
        endpoint="/make_image",
    ),
    space(
        "ink/illustrator",
        "Ink Illustrator",
        "Ink drawings from words",
        text(),
        number("seed", "Seed", 0),
        makes="image",
        endpoint="/draw_ink",
        says="Draws what you describe with pen and ink on paper.",
    ),
    space(
        "shape/image-to-3d",
        "Image to 3D Model",
        "Turns one picture into a 3D model",
        file("image", "image"),
        number("seed", "Seed", 0),
        makes="model3d",
        endpoint="/image_to_model",
        says="Makes a 3D model of the object in a picture. Works best on a plain background.",
        hardware="zero-a10g",
    ),
    space(
        "relief/carver",
        "Relief Carver",
        "Carves a picture as a 3D relief",
        file("picture", "image"),
        number("depth", "Depth", 0.2, 0, 1),
        makes=["html", "model3d"],
        endpoint="/carve",
    ),
    space(
        "tones/melody-composer",
        "Melody Composer",
        "Composes a short melody",
        text("mood", "Mood in words"),
        choice("key", "Key", ["C", "C#", "D", "E", "F", "G", "A", "B"]),
        choice("scale", "Scale", ["major", "minor"]),
        choice("instrument", "Instrument", ["strings", "piano", "flute"]),
        number("seconds", "Seconds", 8, 2, 60),
        number("tempo", "Tempo (bpm)", 100, 40, 200),
        number("seed", "Seed", 0),
        makes="audio",
        endpoint="/compose",
        says="Composes a melody for one instrument and plays it as WAV.",
    ),
    space(
        "tones/sound-meter",
        "Sound Meter",
        "Measures sound",
        file("audio", "audio"),
        makes="json",
        endpoint="/measure",
        says="Measures a recording: loudness, tempo, pitch and length.",
    ),
    space(
        "voices/speaker",
        "Speaker",
        "Reads text aloud",
        text("text", "Text to speak"),
        choice("voice", "Voice", ["Anna", "Bernard"]),
        makes="audio",
        endpoint="/speak",
        says="Text to speech in English and French.",
    ),
    space(
        "words/text-analyst",
        "Text Analyst",
        "Summarises a text",
        text("text", "Text"),
        number("sentences", "Number of sentences", 3, 1, 10),
        makes=["text", "json"],
        endpoint="/summarise",
        says="Summarises a text in a few sentences and lists its keywords.",
    ),
    space(
        "eyes/captioner",
        "Captioner",
        "Describes a picture in one sentence",
        file("image", "image"),
        makes="text",
        endpoint="/caption",
    ),
    space(
        "cut/background-remover",
        "Background Remover",
        "Removes the background of a photo",
        file("image", "image"),
        makes="image",
        endpoint="/remove_background",
    ),
    space(
        "film/video-maker",
        "Video Maker",
        "Makes a video from words",
        text(),
        makes="video",
        stage="PAUSED",
        hardware="zero-a10g",
    ),
    space(
        "mesh/simplifier",
        "Mesh Simplifier",
        "Makes a 3D model lighter",
        file("mesh", "model3d"),
        number("faces", "Number of faces", 10_000, 100, 200_000),
        makes="model3d",
        endpoint="/simplify",
        says="Simplifies a mesh to fewer polygons.",
    ),
    space(
        "secret/painter",
        "Secret Painter",
        "Paints anything in any style",
        text(),
        text("api_key", "API key"),
        makes="image",
        stage="RUNTIME_ERROR",
    ),
)


@dataclass
class Shelf:
    """A SpaceCatalogue over a list. The relevance is the share of the query's words that a Space speaks of."""

    spaces: tuple[Space, ...] = SPACES
    unreadable: tuple[str, ...] = ()
    queries: list[str] = field(default_factory=list)

    async def search(self, text: str, limit: int = 20) -> tuple[Space, ...]:
        self.queries.append(text)
        ranked = sorted(self.spaces, key=lambda found: (-self._relevance(text, found), found.id))
        return tuple(
            found.model_copy(update={"endpoints": (), "relevance": self._relevance(text, found)})
            for found in ranked[:limit]
        )

    async def read(self, space_id: str) -> Space:
        for found in self.spaces:
            if found.id == space_id and space_id not in self.unreadable:
                return found
        raise SpaceUnavailable(f"there is no Space {space_id}")

    def without(self, *ids: str) -> "Shelf":
        return Shelf(tuple(found for found in self.spaces if found.id not in ids))

    @staticmethod
    def _relevance(text: str, found: Space) -> float:
        words = content(text)
        spoken = set(content(f"{found.title} {found.description} {found.endpoints[0].description}"))
        return len(spoken & set(words)) / max(len(words), 1)
