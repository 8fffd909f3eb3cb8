"""Sentences, words and the figures of readability."""

import re
from collections import Counter

from language import guessed_language

STOP = frozenset(
    """
    a about after again all also am an and any are as at be because been before being between both but by can could
    did do does doing down during each even few for from further had has have having he her here hers him his how i if
    in into is it its itself just me more most much my no nor not now of off on once one only or other our out over own
    same she should so some such than that the their them then there these they this those through to too under until
    up upon us very was we were what when where which while who whom why will with would you your
    le la les un une des du de et est il elle nous vous que qui dans pour pas sur avec au aux ce se sont
    der die das und ist ein eine zu den von mit im nicht es auf sich auch dem für
    el los las una y en por con para como más del al
    """.split()  # noqa: SIM905 a list of quoted words would be unreadable
)
_ABBREVIATIONS = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof|St|e\.g|i\.e|etc|vs|No|Fig|approx)\.$")


def sentences(text: str) -> list[str]:
    """Split at full stops, question and exclamation marks and blank lines; common abbreviations do not end a
    sentence.
    """
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        current = ""
        for piece in re.split(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[A-ZÀ-Ý0-9])", " ".join(paragraph.split())):
            current = f"{current} {piece}".strip()
            if current and not _ABBREVIATIONS.search(current):
                found.append(current)
                current = ""
        if current:
            found.append(current)
    return found


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*", text)


def syllables(word: str) -> int:
    """Groups of vowels, without a silent final e; right for most English words, a fair guess elsewhere."""
    groups = len(re.findall(r"[aeiouyàâäéèêëîïôöùûü]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1))


def keywords(text: str, count: int = 10) -> list[dict[str, str | int]]:
    """The most frequent words that say something, with how often they occur."""
    named = Counter(
        word.lower() for word in words(text) if len(word) > 2 and word.lower() not in STOP and not word[0].isdigit()
    )
    return [
        {"word": word, "count": times}
        for word, times in sorted(named.items(), key=lambda item: (-item[1], item[0]))[:count]
    ]


def analysis(text: str) -> dict[str, object]:
    """Counts, readability (Flesch reading ease, Flesch-Kincaid grade), language, keywords."""
    said, parts = words(text), sentences(text)
    per_sentence = len(said) / max(1, len(parts))
    per_word = sum(syllables(word) for word in said) / max(1, len(said))
    language, lead = guessed_language(text)
    return {
        "characters": len(text),
        "words": len(said),
        "sentences": len(parts),
        "paragraphs": len([p for p in re.split(r"\n\s*\n", text) if p.strip()]),
        "unique_words": len({word.lower() for word in said}),
        "words_per_sentence": round(per_sentence, 2),
        "syllables_per_word": round(per_word, 2),
        "longest_sentence": max(parts, key=lambda part: len(words(part)), default=""),
        "reading_seconds": round(len(said) / 238 * 60),
        "flesch_reading_ease": round(206.835 - 1.015 * per_sentence - 84.6 * per_word, 1),
        "flesch_kincaid_grade": round(0.39 * per_sentence + 11.8 * per_word - 15.59, 1),
        "language": language,
        "language_lead": lead,
        "keywords": keywords(text),
    }
