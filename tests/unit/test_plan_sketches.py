"""What the planner sketches of a request: by what it asks for, by what the tools say, and by earlier plans."""

from itertools import pairwise

import pytest

from core.nouns import Endpoint, Kind, Output, Parameter, Space
from planners.catalogue.offers import Offer, offers_of
from planners.catalogue.sketch.precedents import Precedent
from planners.catalogue.sketch.sketcher import Sketcher


def tool(title: str, description: str, takes: Kind = "text", gives: Kind = "text") -> Offer:
    name = title.lower().replace(" ", "-")
    endpoint = Endpoint(
        name="/run",
        description=description,
        parameters=(Parameter(name="input", label="Input", kind=takes),),
        outputs=(Output(label="Output", kind=gives),),
    )
    found = Space(
        id=f"t/{name}",
        revision="a" * 40,
        host="https://t.hf.space",
        stage="RUNNING",
        title=title,
        description=description,
        endpoints=(endpoint,),
    )
    return offers_of(found)[0]


TOOLS = (
    tool("Speech Recognition", "Writes down what is said", "audio"),
    tool("Automatic Speech Recognition", "Turns speech into text", "audio"),
    tool("Translation", "Puts a text into another language"),
    tool("Text to Speech", "Says a text", "text", "audio"),
    tool("Image Classification", "Says what class a picture is of", "image"),
    tool("Object Detection", "Finds the things in a picture", "image"),
    tool("Parcel Tracking", "Track a parcel by its number"),
    tool("Parcel Cancelling", "Cancel the delivery of a parcel"),
    tool("Garden Booking", "Book a gardener for a day"),
)
KEYS = {offer.name: offer.key for offer in TOOLS}


def precedent(request: str, *names: str) -> Precedent:
    keys = [KEYS[name] for name in names]
    return Precedent(request=request, offers=tuple(keys), links=tuple(pairwise(keys)))


def names(keys: tuple[str, ...]) -> list[str]:
    return [name for key in keys for name, other in KEYS.items() if other == key]


def test_what_a_request_asks_for_is_done_in_its_order_and_handed_on() -> None:
    sketch = Sketcher(TOOLS).sketch("Please transcribe talk.wav, translate it into Dutch and read it aloud.")
    assert names(sketch.offers) == ["Automatic Speech Recognition", "Translation", "Text to Speech"]
    assert sketch.links == tuple(pairwise(sketch.offers))


def test_words_inside_a_quotation_ask_for_nothing() -> None:
    sketch = Sketcher(TOOLS).sketch("Translate 'please transcribe this and detect the objects' into Polish.")
    assert names(sketch.offers) == ["Translation"]


def test_what_is_only_said_to_be_there_asks_for_less_than_what_is_wished_for() -> None:
    sketch = Sketcher(TOOLS).sketch("I have a spoken message, note.wav. Please classify the picture cat.png.")
    assert names(sketch.offers) == ["Image Classification"]


def test_a_tool_that_names_no_task_is_found_by_its_own_words() -> None:
    sketch = Sketcher(TOOLS).sketch("Cancel the delivery of the parcel 4711.")
    assert names(sketch.offers) == ["Parcel Cancelling"]


def test_a_link_is_only_drawn_where_the_kinds_fit() -> None:
    sketch = Sketcher(TOOLS).sketch("Detect the objects in a.png, then classify the image b.png.")
    assert set(names(sketch.offers)) == {"Object Detection", "Image Classification"}
    assert sketch.links == ()


def test_links_that_the_catalogue_does_not_allow_are_not_drawn() -> None:
    request = "Translate the translation into Dutch, then track my parcel by its number"
    joined, apart = Sketcher(TOOLS).sketch(request), Sketcher(TOOLS, joins=()).sketch(request)
    assert names(joined.offers) == names(apart.offers) == ["Translation", "Parcel Tracking"]
    assert (len(joined.links), len(apart.links)) == (1, 0)


def test_earlier_plans_teach_what_no_description_says() -> None:
    earlier = [
        precedent(f"My {thing} is overdue, sort the hedge out on {day}", "Parcel Tracking", "Garden Booking")
        for thing in ("box", "crate", "lamp", "chair")
        for day in ("Monday", "Tuesday", "Friday")
    ]
    others = [precedent(f"Say {word} in Dutch", "Translation") for word in ("cup", "tree", "boat", "house", "stone")]
    taught = Sketcher(TOOLS, [*earlier, *others]).sketch("My table is overdue, sort the hedge out on Sunday")
    assert names(taught.offers) == ["Parcel Tracking", "Garden Booking"]
    assert names(Sketcher(TOOLS).sketch("My table is overdue, sort the hedge out on Sunday").offers) != [
        "Parcel Tracking",
        "Garden Booking",
    ]


def test_a_plan_of_an_endpoint_that_is_gone_is_not_given_as_the_nearest() -> None:
    left = [offer for offer in TOOLS if offer.name != "Garden Booking"]
    sketcher = Sketcher(left, [precedent("Trim the hedge", "Parcel Tracking", "Garden Booking")])
    assert sketcher.nearest("Trim the hedge") is None


def test_the_nearest_plan_is_given_as_it_was_with_how_near_it_is() -> None:
    earlier = precedent("Trim the hedge on Monday", "Parcel Tracking", "Garden Booking")
    nearest = Sketcher(TOOLS, [earlier, precedent("Say cup in Dutch", "Translation")]).nearest("Trim the hedge")
    assert nearest is not None
    assert (nearest.offers, nearest.links) == (earlier.offers, earlier.links)
    assert 0.3 < nearest.nearness < 1


def test_the_same_request_gives_the_same_sketch_whatever_the_order_of_the_offers() -> None:
    request = "Transcribe talk.wav, translate it into Dutch, and track the parcel 7"
    assert Sketcher(TOOLS).sketch(request) == Sketcher(TOOLS[::-1]).sketch(request)


@pytest.mark.parametrize("request_", ["", "?", "日本語", "a" * 5000, "I have an image."])
def test_any_request_gets_a_sketch(request_: str) -> None:
    assert Sketcher(TOOLS).sketch(request_).offers
