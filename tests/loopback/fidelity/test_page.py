"""The page about the local Hub tells what there is."""

from tests.loopback.fidelity import page


def test_the_page_lists_every_route_and_what_it_was_compared_with() -> None:
    told = page.PAGE.read_text()
    assert told == page.with_table(told), "python -m tests.loopback.fidelity.page writes the table anew"


def test_every_recorded_answer_belongs_to_a_route_of_the_hub() -> None:
    routes = {name: answer["route"] for name, answer in page.ANSWERS.items() if name != "unknown"}
    lost = [name for name, route in routes.items() if not page.answered_by(*page.asked(route))]
    assert lost == []
