"""What models use up is reserved before it is used, and settled after."""

import threading

import pytest

from core.errors import BudgetSpent
from core.meter import Meter, Price, Usage, priced

SMALL = Usage(requests=1, tokens_in=10, tokens_out=5)


def test_what_is_reserved_counts_until_it_is_settled():
    meter = Meter(tokens=20)
    meter.reserve(SMALL)
    with pytest.raises(BudgetSpent, match="15 of 20 tokens are used and it may take 15"):
        meter.reserve(SMALL)
    meter.settle(SMALL, Usage(requests=1, tokens_in=3, tokens_out=1))
    meter.reserve(SMALL)
    assert meter.totals.tokens == 4


def test_a_refused_request_costs_nothing_and_is_not_told():
    told: list[float] = []
    meter = Meter(tokens=15, spend=lambda *used: told.append(used[2]))
    meter.reserve(SMALL)
    meter.release(SMALL)
    meter.reserve(SMALL)
    assert (told, meter.totals) == ([], Usage())


def test_dollars_are_limited_too():
    meter = Meter(dollars=1.0)
    dear = priced(1_000_000, 0, Price(tokens_in=0.6, tokens_out=0))
    meter.reserve(dear)
    meter.settle(dear, dear)
    with pytest.raises(BudgetSpent, match=r"0.6 of 1 dollars are used and it may take 0.6"):
        meter.reserve(dear)


def test_what_has_no_price_is_said_to_have_none():
    assert priced(3, 2, None) == Usage(requests=1, tokens_in=3, tokens_out=2, unpriced=5)
    assert priced(3, 2, None, 0.5) == Usage(requests=1, tokens_in=3, tokens_out=2, dollars=0.5)


def test_many_threads_never_pass_the_limit_together():
    meter, refused = Meter(tokens=150), []

    def use() -> None:
        for _ in range(5):
            try:
                meter.reserve(SMALL)
            except BudgetSpent:
                refused.append(1)
            else:
                meter.settle(SMALL, SMALL)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (meter.totals.tokens, len(refused)) == (150, 30)
