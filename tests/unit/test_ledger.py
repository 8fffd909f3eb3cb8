"""The ledger: what is reserved, what it came to, and when the budget has no more room."""

from core.events import RunStarted, SpendingReserved, SpendingSettled
from core.ledger import Ledger, Spending
from core.nouns import Budget, Goal
from core.run import Run, fold


def run_of(*events: SpendingReserved | SpendingSettled) -> Run:
    start = RunStarted(run="r", goal=Goal(text="a goal"), planner="p", endpoint="http://127.0.0.1:1")
    return fold((event, float(number)) for number, event in enumerate((start, *events)))


def reserved(key: str, **amount: float) -> SpendingReserved:
    return SpendingReserved(key=key, what=f"the {key}", amount=Spending.model_validate(amount))


def settled(key: str, **amount: float) -> SpendingSettled:
    return SpendingSettled(key=key, amount=Spending.model_validate(amount))


def test_what_is_reserved_counts_until_it_is_settled():
    assert run_of(reserved("job", job_minutes=20)).ledger.spent.job_minutes == 20
    assert run_of(reserved("job", job_minutes=20), settled("job", job_minutes=1.5)).ledger.spent.job_minutes == 1.5


def test_what_a_dead_process_left_open_counts_as_spent():
    ledger = run_of(reserved("job", dollars=0.5), reserved("model", dollars=0.25)).ledger
    assert ledger.open("job")
    assert ledger.spent.dollars == 0.75


def test_a_second_try_at_the_same_thing_is_paid_on_top_of_the_first():
    tries = [reserved("pi", tokens=1000), settled("pi", tokens=400), reserved("pi", tokens=1000)]
    assert run_of(*tries).ledger.spent.tokens == 1400
    assert run_of(*tries, settled("pi", tokens=100)).ledger.spent.tokens == 500


def test_an_amount_that_does_not_fit_is_told_with_what_is_spent():
    ledger = Ledger().reserved("job", "a Job", Spending(job_minutes=25)).settled("job", Spending(job_minutes=25))
    excess = ledger.excess(Spending(job_minutes=10), Budget(job_minutes=30))
    assert excess == "minutes of Jobs: 25 of 30 are spent or reserved, and this may take 10"
    assert ledger.excess(Spending(job_minutes=5), Budget(job_minutes=30)) is None


def test_what_is_not_limited_or_not_needed_never_exceeds():
    ledger = Ledger().reserved("model", "a model", Spending(tokens=10**9))
    assert ledger.excess(Spending(tokens=10**9), Budget()) is None
    assert ledger.excess(Spending(dollars=1), Budget(tokens=5, dollars=1)) is None


def test_a_budget_of_nothing_allows_nothing():
    assert Ledger().excess(Spending(dollars=0.01), Budget(dollars=0)) is not None


def test_what_is_left_leaves_out_what_is_about_the_same_thing():
    ledger = run_of(
        reserved("code.1.ab.model", tokens=600), reserved("job.code.1.ab", job_minutes=20), reserved("other", tokens=50)
    ).ledger
    budget = Budget(tokens=700, job_minutes=30)
    assert ledger.left(budget, "code.1.ab") == Budget(tokens=650, job_minutes=30)
    assert ledger.left(budget, "code.2") == Budget(tokens=50, job_minutes=10)
    assert ledger.left(Budget(), "code.2") == Budget()
