"""Guesses the language of a text by comparing its letter trigrams with those of a sample of each language.

The samples are the first article of the Universal Declaration of Human Rights and a line of everyday words. Good for
whole sentences, not for single words.
"""

import math
import re
from collections import Counter

SAMPLES = {
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason and "
    "conscience and should act towards one "
    "another in a spirit of brotherhood. The day was long, and there is a little that I have not said to you "
    "about what they were doing with it.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison "
    "et de conscience et doivent agir les uns "
    "envers les autres dans un esprit de fraternité. Il y a une petite maison dans la rue, et nous avons mangé "
    "avec eux pour la première fois.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen "
    "begabt und sollen einander im Geist der "
    "Brüderlichkeit begegnen. Das ist ein kleines Haus in der Straße, und wir haben nicht gewusst, dass es "
    "auch für uns sein könnte.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de "
    "razón y conciencia, deben comportarse "
    "fraternalmente los unos con los otros. Hay una casa pequeña en la calle, y nosotros hemos comido con "
    "ellos. ¿Dónde está? No lo sé, pero ella quiere saber qué hace la gente aquí.",
    "it": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione e "
    "di coscienza e devono agire gli uni "
    "verso gli altri in spirito di fratellanza. C'è una piccola casa nella strada, e noi abbiamo mangiato con "
    "loro per la prima volta.",
    "pt": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de "
    "consciência, devem agir uns para com os "
    "outros em espírito de fraternidade. Há uma casa pequena na rua, e nós não sabíamos que também era para os "
    "meninos da cidade.",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd met "
    "verstand en geweten, en behoren zich jegens "
    "elkander in een geest van broederschap te gedragen. Er is een klein huis in de straat, en wij hebben het "
    "niet gezien voor het te laat was.",
    "sv": "Alla människor är födda fria och lika i värde och rättigheter. De har utrustats med förnuft och "
    "samvete och bör handla gentemot varandra "
    "i en anda av gemenskap. Det finns ett litet hus på gatan, och vi har inte sett att det också var för oss. "
    "Jag vet inte var du är, men jag kan gå dit när stationen är öppen.",
}


def trigrams(text: str) -> Counter[str]:
    padded = " " + " ".join(re.findall(r"[^\W\d_]+", text.lower())) + " "
    return Counter(padded[i : i + 3] for i in range(len(padded) - 2))


def similarity(a: Counter[str], b: Counter[str]) -> float:
    """Cosine of two counts, 0 to 1."""
    shared = sum(count * b[gram] for gram, count in a.items())
    return shared / math.sqrt(sum(c * c for c in a.values()) * sum(c * c for c in b.values()) or 1)


def guessed_language(text: str) -> tuple[str, float]:
    """The two-letter code and how far it leads over the runner-up (0 to 1); "unknown" for text too short or too
    strange.
    """
    grams = trigrams(text)
    ranked = sorted(((similarity(grams, trigrams(sample)), code) for code, sample in SAMPLES.items()), reverse=True)
    (best, code), (second, _) = ranked[0], ranked[1]
    if best < 0.08:
        return "unknown", 0.0
    return code, round(1 - second / best, 3)
