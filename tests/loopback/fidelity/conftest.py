"""One local Hub with a little of everything in it, for every recorded answer to be compared with."""

from collections.abc import Iterator

import pytest

from tests.loopback.fidelity.furnished import Furnished, furnish, people
from tests.loopback.localhub_fixtures import running_hub


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    data = tmp_path_factory.mktemp("faithful")
    people(data)
    with running_hub(data) as running:
        furnished = furnish(running)
        yield furnished
        furnished.client.close()
