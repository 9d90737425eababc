"""How a name sounds, so that Katherine is found when somebody writes Catarina.

The code is rough on purpose: it folds accents, drops vowels after the first letter, and takes for one what English and
Spanish spellings mix up (c, k and qu; b and v; s, z and soft c; h; ph and f; y, i, j and ll). It narrows a search; what it
finds is opened and shown to a person, who decides.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 6
_FOLDS = (
    ("ph", "f"),
    ("sch", "s"),
    ("ch", "x"),
    ("sh", "x"),
    ("th", "t"),
    ("ck", "k"),
    ("qu", "k"),
    ("ll", "y"),
    ("gue", "ge"),
    ("gui", "gi"),
)
_CLASSES = str.maketrans("bvpwcqgkjxzsdtyimn", "bbbbkkkkyxsstty" + "ynn")


def plain_letters(name: str) -> str:
    """Lower case, without accents and without anything but letters of the Latin alphabet and spaces between words."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"[a-z]+", "".join(letter for letter in folded if not unicodedata.combining(letter))))


def sound_of(word: str) -> str:
    """The sound of one word; empty for one without a Latin letter."""
    letters = plain_letters(word).replace(" ", "")
    if not letters:
        return ""
    for spelled, heard in _FOLDS:
        letters = letters.replace(spelled, heard)
    letters = re.sub(r"c(?=[eiy])", "s", letters)
    letters = re.sub(r"g(?=[eiy])", "y", letters).replace("h", "")
    coded = letters.translate(_CLASSES)
    first, rest = coded[:1], coded[1:]
    first = "a" if first in "aeou" else first
    rest = re.sub(r"[aeouy]", "", rest)
    return re.sub(r"(.)\1+", r"\1", first + rest)[:LONGEST]


def sounds_of(name: str) -> frozenset[str]:
    """The sounds of all words of a name."""
    return frozenset(filter(None, (sound_of(word) for word in plain_letters(name).split())))


def is_alike(one: str, other: str) -> bool:
    """Whether two names share a word by its letters or by its sound: what decides after opening."""
    here, there = plain_letters(one).split(), plain_letters(other).split()
    return bool(set(here) & set(there) or sounds_of(one) & sounds_of(other))
