"""How much of a foreign file we are willing to look at. Everything above is refused before it is decoded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Caps:
    """Products are capped as well as sizes: small files can ask for a lot of work."""

    file_bytes: int = 200_000_000
    image_pixels: int = 50_000_000
    """Of one frame."""
    frame_pixels: int = 200_000_000
    """Frames times pixels, of an animation."""
    texture_pixels: int = 8192 * 8192
    """Of one texture, read from its header."""
    all_texture_pixels: int = 4 * 8192 * 8192
    nodes: int = 10_000
    triangles: int = 20_000_000
    """With every instance counted."""
    vertices: int = 20_000_000
    json_depth: int = 1000
    gltf_depth: int = 64
    """Of the JSON of a glTF file."""
    frames: int = 3000
    """Of a video, decoded; the rest is counted."""
    samples: int = 60_000_000
    """Of audio, all channels together."""
    archive_entries: int = 2000
    archive_bytes: int = 200_000_000
    archive_ratio: int = 200
    rows: int = 1_000_000


CAPS = Caps()
