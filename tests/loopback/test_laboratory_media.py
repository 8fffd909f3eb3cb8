"""Sound, video and documents through the separate process: their libraries must be there before it is shut."""

import pytest
import pytest_asyncio

from tests.unit.checks_media_samples import encoded, film, moving, sog, spz
from tests.unit.checks_samples import wav
from tests.unit.test_checks_archive import pdf
from tools.checks.laboratory import Laboratory

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def laboratory():
    async with Laboratory() as warm:
        yield warm


@pytest.fixture
def file(tmp_path):
    def written(data: bytes):
        path = tmp_path / "thing"
        path.write_bytes(data)
        return path

    return written


async def test_the_first_sound_that_has_to_be_decoded_is_decoded(file):
    pytest.importorskip("av")
    async with Laboratory() as cold:
        seen = await cold.examine(file(encoded("libmp3lame", "mp3")), "audio")
    assert (seen.gate.status, round(seen.facts["seconds"])) == ("pass", 1)


@pytest.mark.parametrize("format", ["mp4", "matroska", "avi"])
async def test_a_video_is_decoded_without_a_thread_or_a_file(laboratory, file, format):
    pytest.importorskip("av")
    seen = await laboratory.examine(file(film(moving(), format)), "video")
    assert (seen.gate.status, seen.facts["frames"], seen.facts["frozen"]) == ("pass", 12, False)


async def test_a_film_in_a_container_for_sound_is_told_by_its_streams(laboratory, file):
    pytest.importorskip("av")
    seen = await laboratory.examine(file(film(moving())), "audio")
    assert (seen.gate.status, seen.gate.reason.partition(":")[0]) == ("fail", "type_mismatch")


async def test_a_document_is_walked_through(laboratory, file):
    pytest.importorskip("pikepdf")
    seen = await laboratory.examine(file(pdf("<< /S /JavaScript /JS (x) >>")), "file")
    assert seen.gate.reason == "active_content: the PDF has /JS, /JavaScript"


@pytest.mark.parametrize("data", [spz(), sog()])
async def test_splats_are_counted(laboratory, file, data):
    seen = await laboratory.examine(file(data), "model3d")
    assert (seen.gate.status, seen.facts["splats"] > 0) == ("pass", True)


async def test_a_wav_with_nothing_in_it_is_empty(laboratory, file):
    import numpy as np

    assert (await laboratory.examine(file(wav(np.zeros(0))), "audio")).gate.reason.startswith("empty:")
