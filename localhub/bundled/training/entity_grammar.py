"""Sentences with people, places and dates, whose spans are known because an own grammar wrote them.

Half of the names and places are kept for evaluation: those sentences are about people the model has never met.
"""

import re

import numpy as np

from localhub.bundled.training.grammar import expand, pick, words

Span = tuple[int, int, str]
"""Start, end and kind of an entity in its sentence, in characters."""

KINDS = ["DATE", "PER", "LOC"]
MARK = re.compile(r"<(PER|LOC|DATE)>")

FIRST = words("""
Anna Boris Clara David Elena Felix Greta Henry Irene Jonas Karin Lukas Marta Nils Olga Peter Rosa Simon Tilda Victor
Wanda Yusuf Zora Alice Bruno Celia Dorian Esther Frank Gloria Hassan Ingrid Jakob Kemal Lydia Marcel Nora Oscar
Paula Quentin Ruth Stefan Teresa Ursula Walter Amina Bilal Chiara Diego Emma Farid Georg Hanna Ivan Julia Kofi Leila
Mateo Nadia Omar Priya Rafael Sofia Tomas Vera William Ximena Yara
""")
LAST = words("""
Adler Bergman Castell Duarte Eriksen Falk Gruber Holm Iversen Jansen Keller Lindqvist Moreau Novak Okafor Petrov
Quist Romero Schmidt Tanaka Ulrich Vargas Weber Yilmaz Zimmer Abara Blanchet Costa Dahl Ekberg Fontaine Garcia
Hoffmann Ibsen Jovanovic Kowalski Larsen Mbeki Nakamura Olsen Pereira Rossi Santos Thorne Ueda Vogel Winters Young
""")
TOWNS = words("""
Lisbon Bergen Kyoto Nairobi Vienna Dublin Lima Oslo Prague Seville Tunis Utrecht Verona Warsaw Zagreb Athens Berlin
Cairo Delhi Florence Geneva Havana Istanbul Jakarta Krakow London Madrid Naples Odessa Paris Quito Riga Sofia Tokyo
Uppsala Valencia Winterthur York Antwerp Bologna Cologne Dresden Edinburgh Freiburg Ghent Hamburg Innsbruck
""")
LANDS = words("""
Portugal Norway Japan Kenya Austria Ireland Peru Poland Spain Tunisia Croatia Greece Egypt India Cuba Turkey
Indonesia Italy Latvia Sweden Belgium Chile Denmark Estonia Finland Ghana Hungary Iceland Jordan Malta
""")
MONTHS = words("""
January February March April May June July August September October November December
""")

LEXICON = {
    "verb": ["met", "visited", "called", "married", "painted", "helped", "followed", "thanked", "photographed"],
    "job": ["painter", "teacher", "engineer", "doctor", "farmer", "pilot", "composer", "baker", "mayor", "author"],
    "event": ["conference", "exhibition", "concert", "wedding", "race", "election", "trial", "festival", "meeting"],
    "work": ["novel", "bridge", "song", "portrait", "garden", "report", "letter", "ship", "museum"],
    "moved": ["moved to", "travelled to", "flew to", "returned to", "settled in", "worked in", "studied in", "left"],
    "thing": ["the old house", "a blue bicycle", "two tickets", "the contract", "some bread", "a new piano"],
    "plain": ["the weather was cold", "nobody knew the answer", "the train was late", "the market was crowded",
              "the soup was ready", "it rained all day", "the lights went out", "everybody was tired"],
}  # fmt: skip
TEMPLATES = [
    "<PER> {verb} <PER> in <LOC>.", "<PER> was born in <LOC> on <DATE>.", "On <DATE>, <PER> {moved} <LOC>.",
    "the {job} <PER> lives in <LOC>.", "<PER>, a {job} from <LOC>, {verb} <PER>.",
    "the {event} in <LOC> begins on <DATE>.",
    "<PER> and <PER> {moved} <LOC>.", "in <DATE> the {event} took place in <LOC>.", "<PER> bought {thing} in <LOC>.",
    "did <PER> write the {work} in <DATE>?", "{plain} when <PER> {moved} <LOC>.", "{plain}, and the {job} went home.",
    "my friend <PER> sent {thing} to <PER> on <DATE>.", "<LOC> is far from <LOC>.", "yesterday the {job} {verb} <PER>.",
    "the {work} by <PER> was shown in <LOC> until <DATE>.", "from <LOC> the road leads to <LOC>.", "{plain}.",
    "Dr. <PER> will speak at the {event} on <DATE>.", "Mrs. <PER> has lived in <LOC> since <DATE>.",
    "before <DATE> nobody in <LOC> had heard of <PER>.", "the {job} sold {thing} to <PER>.", "<PER> is a {job}.",
    "the {event} was moved from <DATE> to <DATE>.", "we saw <PER> near the {work} in <LOC>.",
    "<DATE> was a cold day in <LOC>.",
]  # fmt: skip


def halves(words: list[str], known: bool) -> list[str]:
    """Every second word for training, the others for evaluation."""
    return words[0 if known else 1 :: 2]


def entity(kind: str, known: bool, random: np.random.Generator) -> str:
    if kind == "PER":
        first, last = pick(halves(FIRST, known), random), pick(halves(LAST, known), random)
        return pick([first, last, f"{first} {last}", f"{first} {last}", f"{first[0]}. {last}"], random)
    if kind == "LOC":
        town, land = pick(halves(TOWNS, known), random), pick(halves(LANDS, known), random)
        return pick([town, town, land, f"New {town}", f"Mount {town}", f"Lake {town}"], random)
    day, month, year = random.integers(1, 29), pick(MONTHS, random), random.integers(1850, 2031)
    return pick([f"{day} {month} {year}", f"{month} {day}", f"{month} {year}", f"{day} {month}", str(year),
                 f"{year}-{random.integers(1, 13):02}-{day:02}", f"the {day}th of {month}"], random)  # fmt: skip


def sentence(known: bool, random: np.random.Generator) -> tuple[str, list[Span]]:
    """A sentence and its entities, with names of the known half or of the other."""
    parts = MARK.split(expand(pick(TEMPLATES, random), LEXICON, random))
    text, spans = "", []
    for number, part in enumerate(parts):
        if number % 2:
            start, part = len(text), entity(part, known, random)
            spans.append((start, start + len(part), parts[number]))
        text += part
    return text, spans


WRITTEN = """\
[Marie Curie](PER) was the first woman to win the prize.
The ferry from [Dover](LOC) to [Calais](LOC) takes ninety minutes.
We will meet again on [3 March 2027](DATE).
[Leonardo](PER) left [Milan](LOC) in [1499](DATE).
Have you ever been to [Mount Fuji](LOC)?
The letter is dated [14 July 1789](DATE).
According to [Johnson](PER), the results are not yet final.
She grew up in [Patagonia](LOC) with her brother [Pablo](PER).
The library opens at nine and closes at six.
[Ada Lovelace](PER) wrote the first program in [1843](DATE).
There are many lakes in [Finland](LOC).
My grandmother never spoke about the war.
[Chopin](PER) died in [Paris](LOC) on [17 October 1849](DATE).
The [Smiths](PER) have a cottage near [Lake Como](LOC).
In [1969](DATE) two men walked on the moon.
[Frida Kahlo](PER) and [Diego Rivera](PER) married twice.
The next solar eclipse over [Iceland](LOC) is in [August 2026](DATE).
Please send the invoice to [Mr. Okonkwo](PER).
[Amundsen](PER) reached the pole before [Scott](PER).
The painting hangs in a small church in [Toledo](LOC).
[Sunita](PER) asked [Ravi](PER) for help.
Between [1914](DATE) and [1918](DATE) the factory made shoes.
The road to [Samarkand](LOC) was long.
He bought apples, pears and a loaf of bread.
[Elizabeth](PER) became queen on [6 February 1952](DATE).
The capital of [Australia](LOC) is [Canberra](LOC).
[Nelson Mandela](PER) was released in [February 1990](DATE).
Nobody has seen [Agnes](PER) since [Monday](DATE).
The bridge in [Sydney](LOC) was opened in [1932](DATE).
[Galileo](PER) looked at the moons of the planet.
Our train stops in [Lyon](LOC), [Avignon](LOC) and [Marseille](LOC).
The report of [2021-06-30](DATE) was signed by [H. Meyer](PER).
Can [Tom](PER) bring the salad?
The mountains of [Nepal](LOC) are the highest of all.
[Beethoven](PER) was born in [Bonn](LOC).
The concert was cancelled because of the storm.
[Rosa Parks](PER) refused to stand up on [1 December 1955](DATE).
They sailed from [Genoa](LOC) to [Malta](LOC) in [May](DATE).
"""
"""Sentences written by hand without the grammar; never trained on."""


def written() -> list[tuple[str, list[Span]]]:
    cases = []
    for line in WRITTEN.splitlines():
        parts = re.split(r"\[(.+?)\]\((\w+)\)", line)
        text, spans = parts[0], []
        for word, kind, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            spans.append((len(text), len(text) + len(word), kind))
            text += word + after
        cases.append((text, spans))
    return cases
