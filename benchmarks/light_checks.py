"""What a check of a picture, a sound or a text costs: through the laboratory, and the bare work in this process.

Between two checks there is a pause, as there is between two Spaces. `bare` is processor time: measuring alone, without
a process, so that the difference is what safety costs. Aim: a median of at most 10 ms for each.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from benchmarks import rounds
from benchmarks.check_cost import painting, sound
from core.nouns import Kind
from tools.checks.laboratory import Laboratory
from tools.checks.measure import measure

AIM = 10.0
"""Milliseconds."""

PAUSE = 0.02
"""Seconds."""

AIMED = ("image", "audio", "text")

Sample = tuple[str, Kind, bytes]


def samples() -> Iterator[Sample]:
    yield "JPEG 2048 x 1536", "image", painting(2048, 1536, "JPEG")
    yield "JPEG 1024 x 1024", "image", painting(1024, 1024, "JPEG")
    yield "PNG 1100 x 1000", "image", painting(1100, 1000, "PNG")
    yield "PNG 512 x 512", "image", painting(512, 512, "PNG")
    yield "PNG 1024 x 1024, drawn", "image", drawing(1024)
    yield "WebP 1024 x 1024", "image", painting(1024, 1024, "WEBP")
    yield "WAV 20 s stereo", "audio", sound(20)
    yield from compressed()
    text = prose(2_000_000)
    yield "text", "text", text.encode()
    yield "text, not ASCII", "text", text.replace("a", "\u00e4").encode()
    yield "text of a line", "text", b"A marble floor, grey, polished."
    rows = [{"id": number, "name": f"row {number}", "value": number / 7} for number in range(38_000)]
    yield "JSON, 38,000 objects", "json", json.dumps(rows).encode()
    yield "JSON of a line", "json", b'{"name": "hall", "doors": [1, 2]}'
    lines = "\n".join(["id,name,value", *(f"{row['id']},{row['name']},{row['value']}" for row in rows)])
    yield "CSV, 38,000 rows", "table", lines.encode()


def drawing(side: int) -> bytes:
    """Flat areas, as in a diagram."""
    picture = Image.new("RGB", (side, side), "white")
    for place in range(0, side, 64):
        picture.paste((place % 255, 80, 160), (place, place // 2, place + 40, place // 2 + 90))
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def compressed() -> Iterator[Sample]:
    """Five seconds of the same sound, packed by a codec."""
    import av

    for name, codec, format in (("MP3 5 s", "libmp3lame", "mp3"), ("FLAC 5 s", "flac", "flac")):
        target = BytesIO()
        with av.open(BytesIO(sound(5))) as source, av.open(target, "w", format=format) as container:
            stream = container.add_stream(codec, rate=44100)
            for frame in source.decode(audio=0):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        yield name, "audio", target.getvalue()


def prose(length: int) -> str:
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghiklmnoprstuw", k=chance.randint(2, 10))) for _ in range(4000)]
    return " ".join(chance.choices(words, k=length // 7))[:length]


def bare(data: bytes, kind: Kind, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.process_time()
        measure(data, kind)
        taken.append(1000 * (time.process_time() - began))
    return taken


async def examined(laboratory: Laboratory, path: Path, kind: Kind, times: int) -> tuple[list[float], str]:
    taken, status = [], ""
    for number in range(-2, times):
        await asyncio.sleep(PAUSE)
        began = time.perf_counter()
        seen = await laboratory.examine(path, kind)
        status = seen.gate.status
        if number >= 0:
            taken.append(1000 * (time.perf_counter() - began))
    return taken, status


async def compare(times: int) -> bool:
    rows, medians = [], {}
    with tempfile.TemporaryDirectory() as folder:
        async with Laboratory() as laboratory:
            await laboratory.ready()
            for name, kind, data in samples():
                path = Path(folder) / name.split()[0].strip(",")
                path.write_bytes(data)
                taken, status = await examined(laboratory, path, kind, times)
                work = bare(data, kind, max(3, times // 3))
                medians[kind, name] = statistics.median(taken)
                figures = [statistics.median(taken), min(taken), max(taken), statistics.median(work), min(work)]
                rows.append((name, f"{len(data) / 1e6:.2f}", *(f"{figure:.1f}" for figure in figures), status))
    rounds.table(("file", "MB", "median ms", "best", "worst", "bare, CPU ms", "best bare", "gate"), rows)
    aimed = {name: median for (kind, name), median in medians.items() if kind in AIMED}
    return all([rounds.gate(f"{name}, median ms", median, AIM) for name, median in aimed.items()])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    rounds.introduce()
    return 0 if asyncio.run(compare(options.rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
