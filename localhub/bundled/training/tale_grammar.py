"""Short animal tales from an own grammar, and three fables written without it."""

import numpy as np

from localhub.bundled.training.grammar import Lexicon, expand, pick, words

HEROES = words("""
fox hare wolf bear crow owl mouse cat dog goat hen duck frog snail hedgehog badger otter beaver squirrel swan lamb
donkey horse raven stork tortoise mole rabbit sparrow heron
""")
NAMES = words("""
Tom Lena Otto Mira Jack Nell Hugo Ida Ben Rosa Finn Greta Paul Wilma Kit Dora
""")

LEXICON: Lexicon = {
    "trait": ["old", "young", "little", "clever", "lazy", "brave", "hungry", "proud", "shy", "merry", "gentle",
              "curious", "greedy", "patient", "lonely"],
    "place": ["deep forest", "green valley", "old mill", "quiet lake", "high mountain", "dark cave", "wide meadow",
              "small village", "stone bridge", "cold river", "warm barn", "hollow tree", "sandy shore", "wild garden"],
    "thing": ["golden key", "silver bell", "red apple", "small lantern", "warm coat", "wooden boat", "loaf of bread",
              "jar of honey", "blue feather", "old map", "sharp knife", "basket of nuts", "piece of cheese",
              "shining stone", "woollen hat"],
    "when": ["Once upon a time", "Long ago", "One cold winter", "One bright morning", "In the days of the old king",
             "Many years ago", "One evening in autumn", "When the world was young"],
    "weather": ["the sun was shining", "the wind was howling", "snow fell on the hills", "the rain would not stop",
                "the moon stood over the trees", "the first flowers were in bloom", "fog lay on the fields"],
    "want": ["find a {thing}", "see the {place}", "be stronger than all the others", "learn how to sing",
             "build a house near the {place}", "sleep through the whole winter", "cross the {place}",
             "make a friend", "eat something sweet", "know what lay behind the {place}"],
    "trouble": ["the path was lost under the snow", "a great storm came up", "the bridge had fallen down",
                "there was nothing left to eat", "a thief had taken the {thing}", "the door was locked",
                "the night was dark and full of noises", "the water was far too deep", "the fire had gone out"],
    "felt": ["was afraid", "was very sad", "did not give up", "began to cry", "sat down to think", "laughed aloud",
             "grew angry", "did not know what to do", "took a deep breath"],
    "moral": ["A small friend can be a great help.", "Who shares his bread is never alone.",
              "Pride comes before a fall.", "Patience is stronger than teeth.", "A kind word opens every door.",
              "Who asks the way does not get lost.", "What is given comes back.", "Haste makes a long road longer.",
              "Even the smallest light is seen in the dark.", "He who laughs last laughs best."],
    "moved": ["went", "walked", "ran", "wandered", "hurried", "crept"],
}  # fmt: skip

OPENINGS = [
    "{when} there was a {trait} {hero} who lived by the {place}.",
    "{when} a {trait} {hero} named {name} lived near the {place}.",
    "{when}, when {weather}, a {trait} {hero} {moved} through the {place}.",
    "There once was a {hero} so {trait} that everybody in the {place} had heard of it.",
]
WISHES = [
    "More than anything the {hero} wanted to {want}.",
    "The {hero} had only one wish: to {want}.",
    '"I should like to {want}," said the {hero} every morning.',
    "All day long the {hero} thought of nothing but how to {want}.",
]
JOURNEYS = [
    "So the {hero} took a {thing} and {moved} to the {place}.",
    "One day, when {weather}, the {hero} {moved} to the {place}.",
    "The {hero} {moved} for three days and three nights until it came to the {place}.",
    "At last the {hero} left home and {moved} towards the {place}.",
]
TROUBLES = [
    "But {trouble}, and the {hero} {felt}.",
    "There {trouble}. The {hero} {felt}.",
    "Then {trouble}, and nobody could help. The {hero} {felt}.",
    "But when it came there, {trouble}.",
]
MEETINGS = [
    'Just then a {trait} {friend} came by. "Why are you so sad?" asked the {friend}.',
    "Behind the {place} sat a {trait} {friend} with a {thing}.",
    '"Who is there?" called a voice. It was a {friend}, {trait} and all alone.',
    "A {friend} heard this and {moved} to the {hero} as fast as it could.",
]
BARGAINS = [
    '"Give me your {thing}," said the {friend}, "and I will show you the way."',
    '"If you help me, I will help you," said the {hero}. The {friend} agreed.',
    '"I have a {thing}," said the {friend}. "Let us share it."',
    '"I am too {trait} to go alone," said the {friend}. "May I come with you?"',
]
ENDINGS = [
    "Together they {moved} to the {place}, and there they found a {thing}.",
    "From that day on the {hero} and the {friend} were the best of friends.",
    "So the {hero} got what it wanted, and the {friend} got half of it.",
    "The {friend} kept its word, and before the sun went down they were home.",
    "And if they have not left the {place}, they are living there still.",
]
BEATS = [OPENINGS, WISHES, JOURNEYS, TROUBLES, MEETINGS, BARGAINS, ENDINGS]


def tale(random: np.random.Generator) -> str:
    """One paragraph: the same hero and the same friend from the beginning to the moral."""
    hero, friend = (str(animal) for animal in random.choice(HEROES, 2, replace=False))
    lexicon = {**LEXICON, "hero": [hero], "friend": [friend], "name": [pick(NAMES, random)]}
    sentences = [expand(pick(beat, random), lexicon, random) for beat in BEATS]
    return " ".join([*sentences, expand(pick(ENDINGS, random), lexicon, random), pick(LEXICON["moral"], random)])


def tales(count: int, seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    return [tale(random) for _ in range(count)]


WRITTEN = """\
A crow found a mirror in the grass and took it for another crow. It shared its supper with the stranger, who ate \
nothing and never spoke. In the morning the bread lay there still. "What a polite guest," said the crow, and was glad.

Two goats met on a narrow plank above a stream. Neither would go back. They stood there until it was dark and both \
of them were cold. Then the older one lay down, the younger one stepped over it, and each was home for supper.

The mole had heard so much of the stars that it asked the owl to bring one down. The owl thought for a while and \
brought a glow-worm. The mole could not see it, but it felt that somebody had come a long way, and was content.
"""
