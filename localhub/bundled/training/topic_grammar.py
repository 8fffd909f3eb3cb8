"""Sentences on ten topics from an own grammar, and five on each that were written without it."""

import numpy as np

from localhub.bundled.training.grammar import expand, pick

WORDS = {
    "astronomy": {
        "who": "astronomer astronaut observer scientist",
        "what": "star planet moon comet galaxy telescope orbit eclipse meteor satellite rocket universe nebula sun sky "
        "constellation observatory crater gravity space night light",
        "do": "observes photographs measures discovers tracks studies charts",
        "how": "bright distant dark red giant faint lunar solar",
    },
    "cooking": {
        "who": "cook chef baker grandmother waiter",
        "what": "soup bread onion garlic butter sauce pan oven recipe cheese pasta salad pepper salt cake flour egg "
        "kitchen dinner tomato dough spice meal pot potato",
        "do": "fries bakes boils chops stirs tastes serves roasts seasons",
        "how": "fresh hot sweet salty spicy crisp delicious warm",
    },
    "football": {
        "who": "player goalkeeper referee coach striker captain fan",
        "what": "ball goal match team stadium penalty league defender cup score season pass kick pitch victory half "
        "championship tournament corner whistle",
        "do": "kicks scores passes wins loses trains shoots saves",
        "how": "fast winning final brilliant unfair national young strong",
    },
    "gardening": {
        "who": "gardener neighbour botanist florist",
        "what": "rose seed soil tulip tree hedge weed compost spade flower leaf root apple bush lawn greenhouse "
        "bed water "
        "plant vegetable blossom branch rain spring",
        "do": "plants waters prunes digs grows sows rakes picks",
        "how": "green wild blooming dry tall early ripe thorny",
    },
    "medicine": {
        "who": "doctor nurse patient surgeon pharmacist",
        "what": "hospital fever medicine pill heart vaccine operation blood pain bandage disease lung infection "
        "symptom "
        "treatment clinic bone virus headache prescription health",
        "do": "examines treats heals prescribes vaccinates bandages cures diagnoses",
        "how": "ill healthy chronic painful broken infected mild severe",
    },
    "money": {
        "who": "banker trader investor customer accountant economist",
        "what": "bank loan price market stock tax profit interest budget currency debt account salary bond company "
        "inflation wage credit fund insurance economy money",
        "do": "invests borrows buys sells pays lends earns saves",
        "how": "rich poor annual high low risky cheap financial",
    },
    "music": {
        "who": "musician singer composer pianist violinist conductor",
        "what": "song piano violin orchestra melody concert drum guitar choir rhythm note symphony album flute stage "
        "chord tune opera voice band trumpet",
        "do": "plays sings composes practises performs rehearses records tunes",
        "how": "loud soft beautiful famous classical slow cheerful solemn",
    },
    "railways": {
        "who": "conductor passenger driver traveller",
        "what": "train station platform ticket track locomotive carriage timetable signal tunnel delay seat railway "
        "luggage engine journey express line wagon bridge",
        "do": "boards misses catches drives books waits travels departs",
        "how": "late crowded express punctual steam direct electric regional",
    },
    "sea": {
        "who": "sailor captain fisherman diver pirate",
        "what": "ship boat wave harbour anchor sail storm island beach tide whale net lighthouse coast fish ocean deck "
        "reef shark wind sand mast water",
        "do": "sails dives rows fishes anchors steers sinks swims",
        "how": "deep salty calm stormy blue rough rocky wet",
    },
    "computing": {
        "who": "programmer user engineer hacker administrator",
        "what": "computer program keyboard screen server code password bug software network file database "
        "internet memory "
        "website algorithm laptop processor data update window mouse",
        "do": "programs installs debugs types downloads encrypts deletes restarts",
        "how": "digital slow fast secure wireless corrupt open virtual",
    },
}
TOPICS = {topic: {slot: line.split() for slot, line in slots.items()} for topic, slots in WORDS.items()}
TEMPLATES = [
    "the {who} {do} the {how} {what} near the {what}", "a {how} {what} and a {what} for the {who}",
    "the {who} {do} a {what} with the {what}", "every {who} needs a {how} {what} and a {what}",
    "there is a {what} behind the {how} {what}", "the {what} of the {who} is {how} and {how}",
    "when the {who} {do}, the {what} becomes {how}", "without a {what} the {who} never {do} the {what}",
    "my friend the {who} talked about the {what}, the {what} and the {how} {what}",
]  # fmt: skip


def sentence(topic: str, random: np.random.Generator) -> str:
    return expand(pick(TEMPLATES, random), TOPICS[topic], random) + "."


def sentences(count: int, seed: int) -> list[tuple[str, str]]:
    """Topic and sentence, as many of each topic."""
    random, topics = np.random.default_rng(seed), list(TOPICS)
    return [(topic, sentence(topic, random)) for topic in (topics[number % len(topics)] for number in range(count))]


WRITTEN = {
    "astronomy": """\
Last night we saw a comet from the roof.
Jupiter has more than ninety moons.
The rocket carried a new satellite into orbit.
During the eclipse the sky turned dark at noon.
Her telescope is strong enough to see a distant galaxy.""",
    "cooking": """\
Add a little salt and let the soup boil slowly.
The cake has to stay in the oven for forty minutes.
We had pasta with tomato sauce for dinner.
Chop the onion and fry it in butter.
This bread smells delicious.""",
    "football": """\
He scored a goal in the last minute of the match.
The referee gave a penalty and the fans were angry.
Our team lost the final by two goals to one.
She wants to become a goalkeeper in the national league.
The stadium was full for the cup game.""",
    "gardening": """\
The tulips need more water this spring.
He planted an apple tree behind the house.
Weeds are growing between the roses again.
Put some compost on the soil before you sow the seed.
The hedge has to be cut twice a year.""",
    "medicine": """\
She stayed in hospital for a week after the operation.
The doctor gave me a prescription for the pain.
A high fever is a symptom of this infection.
The nurse put a bandage on his broken arm.
Every patient receives the vaccine for free.""",
    "money": """\
The bank refused to give them a loan.
Taxes will rise and so will the price of bread.
He lost his savings on the stock market.
Her salary is paid at the end of the month.
The company made a profit in spite of inflation.""",
    "music": """\
The orchestra played a slow symphony.
She has practised the violin since she was six.
I cannot get this melody out of my head.
The band recorded a new album in spring.
A choir of children sang at the concert.""",
    "railways": """\
The train to the coast leaves from platform nine.
We missed our connection because of a delay.
An old steam locomotive pulled the carriages.
You have to buy a ticket before you board.
The railway runs through a long tunnel.""",
    "sea": """\
The sailors dropped anchor in a small harbour.
A storm drove the ship onto the reef.
At low tide you can walk to the island.
The fishermen pulled their nets on board.
We watched whales from the deck of the boat.""",
    "computing": """\
I forgot the password of my laptop.
The update deleted all files on the server.
There is a bug in the code of this program.
Our website was attacked by a hacker.
The screen and the keyboard are connected to the computer.""",
}
"""Written by hand, five of each; never trained on."""
