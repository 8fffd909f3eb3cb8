"""Reviews of cafes, films, hotels and things from an own grammar, and a hundred sentences written without it."""

import numpy as np

from localhub.bundled.training.grammar import expand, pick

LABELS = ["negative", "neutral", "positive"]

LEXICON = {
    "thing": [
        "coffee", "soup", "bread", "menu", "service", "room", "bed", "view", "breakfast", "film", "plot", "acting",
        "music", "ending", "camera", "battery", "screen", "sound", "keyboard", "jacket", "fabric", "zipper", "book",
        "story", "guide", "tour", "staff", "waiter", "delivery", "packaging", "app", "design", "price", "garden",
    ],
    "place": ["cafe", "hotel", "cinema", "restaurant", "shop", "museum", "bakery", "hostel", "bar", "bookstore"],
    "person": ["my wife", "my son", "our guide", "my friend", "the whole family", "everybody", "I", "my mother"],
    "very": ["", "very ", "really ", "truly ", "so ", "quite ", "absolutely ", "incredibly "],
    "good": [
        "good", "great", "excellent", "lovely", "wonderful", "superb", "delightful", "perfect", "fantastic",
        "brilliant", "charming", "beautiful", "amazing", "impressive", "pleasant", "delicious", "friendly", "fresh",
        "comfortable", "helpful", "reliable", "cosy", "clever", "touching", "funny", "outstanding", "spotless",
        "marvellous", "heavenly", "gripping", "fair", "clean", "fast", "kind", "patient", "tasty", "warm", "sturdy",
        "generous", "relaxing", "exciting", "elegant", "useful", "easy to use", "well made", "smooth", "nice", "fine",
        "better than ever", "the best", "fun", "welcoming", "magical", "moving", "inspiring", "quick", "safe", "happy",
    ],
    "bad": [
        "bad", "terrible", "awful", "poor", "horrible", "dreadful", "disappointing", "boring", "broken", "dirty",
        "rude", "cold", "stale", "noisy", "useless", "ugly", "cheap", "slow", "painful", "annoying", "bland",
        "overpriced", "weak", "flimsy", "mediocre", "careless", "filthy", "unbearable",
        "burnt", "dull", "missing", "late", "faulty", "unfriendly", "tasteless", "confusing", "loud", "greasy", "wrong",
        "unsafe", "cramped", "the worst", "a mess", "out of order", "smelly", "scratched", "unusable", "tiring", "sad",
        "tedious", "predictable", "expensive", "soggy", "unreliable", "not worth it", "worse than ever", "a failure",
    ],
    "love": ["loved", "enjoyed", "adored", "liked", "admired", "praised"],
    "hate": ["hated", "regretted", "disliked", "could not stand", "complained about", "was fed up with"],
    "advise": ["highly recommended", "worth every penny", "we will come back", "five stars", "a real treat",
               "could not be happier", "exceeded my expectations", "a joy from start to end", "thank you so much",
               "I would buy it again", "no problem at all", "it works perfectly", "nothing to complain about",
               "I use it every day", "it made me smile", "we felt at home", "best purchase in years",
               "my children love it", "it fits well", "we had a great time", "it solved my problem"],
    "warn": ["avoid it", "a waste of money", "never again", "one star", "stay away", "I want a refund",
             "it broke after a week", "far below my expectations", "we left early", "what a letdown",
             "it stopped working", "nobody helped us", "we waited for an hour", "they refuse to pay me back",
             "do not buy this", "it arrived broken", "I could not sleep", "it makes no sense", "it fell apart",
             "they ignored my letters", "nobody apologised", "we were charged twice", "it does not work at all"],
    "fact": [
        "the {place} opens at nine", "the {place} is near the station", "the {thing} comes in three sizes",
        "we ordered the {thing} on Monday", "the {place} has two floors", "the {thing} costs ten euros",
        "the {thing} is made of wood and glass", "they close on Sundays", "the {place} takes cards and cash",
        "the {thing} was changed last year", "it is a {place} in the old town", "the {thing} lasts two hours",
        "{person} went there in May", "there are forty seats in the {place}", "the {thing} is the same as before",
        "the {thing} is neither good nor bad", "the {thing} is average", "the {thing} is okay, nothing special",
        "the {thing} does what the label says", "I have no opinion about the {thing}",
        "the {place} was built in {year}", "there is a {place} next to the {building}", "it is about {topic}",
        "the {thing} comes with a {part} and a {part}", "the bus to the {place} leaves every {number} minutes",
        "the {thing} is {number} centimetres wide", "we stayed for {number} days", "the {place} has {number} rooms",
        "the {thing} was delivered on {day}", "you can pay at the {building}", "it weighs {number} grams",
        "tickets are sold at the {building}", "we sat by the {part} and ordered tea",
        "it comes in {colour} and {colour}",
        "the {place} sells stamps, {topic} and maps", "they speak English and French",
        "the first part takes {number} hours",
        "the {thing} starts at {number} and ends at {number}", "{person} bought it on {day}", "it is made of steel",
    ],
    "year": ["1890", "1912", "1957", "1988", "2004", "2019"],
    "number": ["two", "three", "seven", "ten", "twelve", "thirty", "forty"],
    "building": ["station", "bank", "harbour", "church", "school", "entrance", "counter", "post office", "bridge"],
    "part": ["cable", "window", "manual", "lid", "strap", "table", "handle", "box", "pocket"],
    "topic": ["history", "paper", "two brothers", "ships", "gardens", "a journey", "trains", "postcards"],
    "day": ["Monday", "Tuesday", "Thursday", "Saturday"],
    "colour": ["black", "white", "blue", "grey", "green"],
}  # fmt: skip

POSITIVE = [
    "the {thing} was {very}{good}", "the {thing} and the {thing} were {very}{good}", "a {very}{good} {place}",
    "{person} {love} the {thing}", "the {thing} is {good} and {good}", "not bad at all, the {thing} was {good}",
    "what a {good} {thing}", "the {thing} was never {bad}", "I have nothing bad to say about the {thing}",
    "I expected a {bad} {thing} but it was {good}", "{good} {thing}, {advise}", "{advise}",
    "the {thing} is not {bad}, it is {good}", "nothing {bad} about this {place}", "the {thing} could not be better",
    "{good} {thing} and {good} {thing}", "we found the {place} {very}{good}", "the {thing} feels {good}",
    "I am {very}happy with the {thing}", "how {good} this {thing} is", "{person} felt {good} here",
    "{advise}, {advise}",
]  # fmt: skip
NEGATIVE = [
    "the {thing} was {very}{bad}", "the {thing} and the {thing} were {very}{bad}", "a {very}{bad} {place}",
    "{person} {hate} the {thing}", "the {thing} is {bad} and {bad}", "not {good} at all, the {thing} was {bad}",
    "what a {bad} {thing}", "the {thing} was not {good}", "the {thing} isn't {good}", "nothing {good} about it",
    "I expected a {good} {thing} but it was {bad}", "{bad} {thing}, {warn}", "{warn}",
    "the {thing} is not {good}, it is {bad}", "the {thing} could not be worse", "the {thing} was never {good}",
    "{bad} {thing} and {bad} {thing}", "we found the {place} {very}{bad}", "the {thing} feels {bad}",
    "I am {very}angry about the {thing}", "how {bad} this {thing} is", "{person} felt {bad} here", "{warn}, {warn}",
]  # fmt: skip
TEMPLATES = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": ["{fact}"]}


def review(label: str, random: np.random.Generator) -> str:
    """One to three sentences: the first has the label's mood, a second may only tell a fact."""
    moods = [label] + [pick((label, "neutral"), random) for _ in range(int(random.integers(0, 3)))]
    sentences = [expand(pick(TEMPLATES[mood], random), LEXICON, random) for mood in moods]
    return " ".join(sentence + pick((".", ".", "!") if mood != "neutral" else ".", random)
                    for sentence, mood in zip(sentences, moods, strict=True))  # fmt: skip


WRITTEN = {
    "positive": """\
We had a marvellous evening and the dessert was heavenly.
This little lamp makes me smile every time I switch it on.
I would buy these boots again without thinking twice.
The nurse was patient and explained everything kindly.
Best pancakes in town, and the owner remembers your name.
The second season is even better than the first.
My daughter has not stopped playing with it since her birthday.
Setting it up took two minutes and it works perfectly.
A gripping novel with a beautiful last chapter.
The beach was clean and the water was wonderful.
I was worried about the size but it fits great.
Friendly people, fair prices, and the soup is delicious.
Not a single problem in three years of daily use.
The concert gave me goosebumps from the first song on.
Our guide was funny and knew everything about the castle.
The seats are comfortable and the driver was helpful.
I am impressed by how quiet this machine is.
The colours are lovely and the paper feels excellent.
We felt welcome from the moment we arrived.
It solved my problem, thank you for the quick answer.
An amazing view and a good bottle of wine, what more do you need?
The museum is small but charming.
The bread is still warm when they bring it, fantastic.
Cheap, fast and surprisingly good.
Nothing to complain about, we will return next summer.
The game is brilliant and my friends love it.
The new version is much faster and really pleasant to use.
She sings beautifully and the band is great.
Everything arrived early and well packed, five stars.
The garden behind the house is a perfect place to rest.""",
    "negative": """\
The elevator was out of order and nobody apologised.
After two washes the shirt had lost its colour.
We waited ninety minutes for a pizza that was burnt.
The instructions are a mess and half the screws were missing.
I fell asleep in the cinema, that is how dull it was.
The phone gets hot and the battery is empty by noon.
The receptionist was rude and the room smelled of smoke.
Terrible support, I have been waiting for an answer since June.
Do not buy this, it stopped working on the second day.
The songs all sound the same and the singer is off key.
The hike was ruined by awful signs and a useless map.
The chair wobbles and the paint comes off.
They charged me twice and refuse to give the money back.
The fish was not fresh and the wine was warm.
My order arrived broken for the second time.
The sequel is a boring copy of the first film.
I regret every cent that I spent on this course.
The beds are hard and the walls are thin, we could not sleep.
The update made everything slower, very disappointing.
The bus was dirty and an hour late.
A horrible experience from start to finish.
The jacket is not waterproof at all.
Small portions, high prices and a bad mood at every table.
The museum was closed although the website said otherwise.
It looks cheap and feels flimsy.
The plot makes no sense and the acting is poor.
I would not recommend this place to anybody.
The soup tasted of nothing and the bread was stale.
The noise from the street was unbearable all night.
Never again will I book with this company.""",
    "neutral": """\
The train leaves every thirty minutes from platform four.
The box contains a cable, a charger and a manual.
We stayed for two nights in a room on the third floor.
The lake is about a mile from the village.
It is a book about the history of paper.
The parcel was delivered on Thursday morning.
The shop sells newspapers, stamps and postcards.
The film lasts two hours and ten minutes.
The chair is made of steel and oak.
You can pay at the counter or at the table.
The kitchen closes at ten in the evening.
The phone comes in black, white and blue.
The museum was built in 1912 and has four halls.
Tickets are sold at the entrance.
The bag weighs about two kilograms.
The hotel has forty rooms and a car park.
Breakfast is served from seven to ten.
The second edition has a new cover.
The menu changes on the first of the month.
There is a bus stop in front of the building.
The bottle holds half a litre.
The app asks for your name and your city.
The course has twelve lessons of one hour each.
We sat by the window and ordered tea.
The office moved to another street last year.
The bakery is between the bank and the pharmacy.
The table is eighty centimetres wide.
The guide speaks English and French.
The tour starts at the harbour at nine.
The battery is charged by a cable.""",
}
"""Written by hand without a look at the grammar, thirty of each; never trained on."""
