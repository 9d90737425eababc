"""How hard is a text to read? Two formulas, one a language, because the English one is wrong for Spanish.

English: Flesch–Kincaid grade level, 0.39 words per sentence + 11.8 syllables per word − 15.59
(Kincaid, Fishburne, Rogers, Chissom 1975). Spanish: Flesch–Szigriszt, 206.835 − 62.3 syllables per word − words per
sentence (Szigriszt Pazos 1993), read on the INFLESZ scale (Barrio-Cantalejo 2008): 65 and more is "quite easy" or easier.
"""

from __future__ import annotations

import re

ENGLISH_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d+")
SPANISH_WORD = re.compile(r"[a-záéíóúüñ]+|\d+", re.IGNORECASE)
# A line is a sentence of its own: headings and points have no full stop.
SENTENCE_END = re.compile(r"[.?:;…]+(?:[\s\"”»)]|$)|\n")
# Words whose parts read as one group of vowels, or as one too many.
IRREGULAR = {"someone": 2, "something": 2, "somewhere": 2, "quiet": 2, "sometimes": 2}
STRONG = "aeoáéó"
WEAK = "iuü"


def sentences(text: str) -> list[str]:
    """Parts of a text between stops; parts without a word do not count."""
    return [part for part in SENTENCE_END.split(text) if re.search(r"\w", part)]


def english_syllables(word: str) -> int:
    """Groups of vowels, less a silent e; at least one. A number counts as one."""
    word = re.sub(r"['’]s?$", "", word.lower())
    if not word.isalpha():
        return 1
    if word in IRREGULAR:
        return IRREGULAR[word]
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not re.search(r"[^aeiouy]le$", word) and groups > 1 and not re.search(r"[aeiouy]e$", word):
        groups -= 1
    if re.search(r"[^td]ed$", word) and not word.endswith("eed") and groups > 1:
        groups -= 1
    if re.search(r"[^cgsxz]es$|[^cs]hes$", word) and not re.search(r"(?:[^aeiouy]l|i|sh|ch)es$", word) and groups > 1:
        groups -= 1
    groups += len(re.findall(r"i[ao](?![unr]?s?$)|[^aeiouyq]ua|eo(?!us)|ia[nrl]|rio|io(?=t$)", word))
    return max(groups, 1)


def spanish_syllables(word: str) -> int:
    """Vowel groups, split where two strong vowels or an accented weak one meet; an h between vowels splits."""
    word = re.sub(r"(?<=[gq])u(?=[eiéí])", "", word.lower())
    word = re.sub(r"y$", "i", word)
    count = 0
    previous = ""
    for letter in word:
        if letter in STRONG or letter in "íú":
            joins = previous in WEAK and previous != "" and letter in STRONG
            count += 0 if joins else 1
        elif letter in WEAK:
            count += 0 if previous and (previous in STRONG or previous in WEAK) else 1
        previous = letter if letter in STRONG + WEAK + "íú" else ""
    return max(count, 1)


def grade_of_english(text: str) -> float:
    """Flesch–Kincaid grade level."""
    words = ENGLISH_WORD.findall(text)
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * syllables / len(words) - 15.59


def ease_of_spanish(text: str) -> float:
    """Flesch–Szigriszt reading ease; 65 and more is easy enough."""
    words = SPANISH_WORD.findall(text)
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.835 - 62.3 * syllables / len(words) - len(words) / len(sentences(text))
