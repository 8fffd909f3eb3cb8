"""What calls of ZeroGPU Spaces leave in the ledger."""

from pathlib import Path

import pytest

from core.artifacts import ArtifactStore
from core.errors import AppFailed, BudgetSpent
from core.events import Event
from core.ledger import Spending
from core.nouns import Space
from core.scope import Scope
from tools.gpu_account import accounted


class Account:
    def __init__(self, room: bool = True) -> None:
        self.room = room
        self.reserved: list[tuple[str, Spending]] = []
        self.settled: list[tuple[str, Spending]] = []

    async def reserve(self, key: str, what: str, amount: Spending) -> None:
        if not self.room:
            raise BudgetSpent("no room")
        self.reserved.append((key, amount))

    def scope(self, folder: Path) -> Scope:
        async def announce(event: Event) -> None: ...

        return Scope(
            step="draw",
            title="A drawing",
            item=2,
            attempt=1,
            seconds=60,
            artifacts=ArtifactStore(folder),
            announce=announce,
            mention=lambda event: None,
            reserve=self.reserve,
            settle=lambda key, amount: self.settled.append((key, amount)),
        )


def on(hardware: str | None) -> Space:
    return Space(id="me/painter", revision="1", host="", stage="RUNNING", hardware=hardware)


async def test_a_call_on_zero_gpu_reserves_a_minute_and_settles_what_it_took(tmp_path):
    account = Account()
    async with accounted(account.scope(tmp_path), on("zero-a10g"), None):
        assert account.reserved == [("draw[2].1.gpu", Spending(gpu_seconds=60))]
        assert account.settled == []
    ((key, amount),) = account.settled
    assert key == "draw[2].1.gpu" and 0 <= amount.gpu_seconds < 60


async def test_a_call_that_fails_is_settled_too(tmp_path):
    account = Account()
    with pytest.raises(AppFailed):
        async with accounted(account.scope(tmp_path), on("zero-a10g"), "trial 1"):
            raise AppFailed("it broke")
    assert [key for key, _ in account.settled] == ["draw[2].1.trial 1.gpu"]


@pytest.mark.parametrize("hardware", [None, "cpu-basic", "t4-small"])
async def test_other_hardware_costs_the_caller_nothing(tmp_path, hardware):
    account = Account(room=False)
    async with accounted(account.scope(tmp_path), on(hardware), None):
        pass
    assert account.settled == []


async def test_without_room_in_the_budget_nothing_is_called(tmp_path):
    account = Account(room=False)
    with pytest.raises(BudgetSpent):
        async with accounted(account.scope(tmp_path), on("zero-a10g"), None):
            raise AssertionError("it was called")
    assert account.settled == []
