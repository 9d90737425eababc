"""Words as search sees them: lower case, without accents, without endings that only grammar needs.

One light stemmer serves English and Spanish alike, because people mix both in one line. It cuts plurals and the last
vowel, so "papeles" meets "papel", "shelters" meets "shelter" and "abogada" meets "abogado". It is used for documents and
for queries, so it need not be right, only the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

STOP_WORDS = frozenset(
    """
    a about all am an and any are as at be been but by can could did do does doing don dont for from get go going got
    had has have he help her here him his how i id if ill im in into is it its ive just like looking me my need needs
    no not now of off on one or our out over people person persons please she should so some someone somewhere than
    that the their them then there these they this those to too until up us very want wants was way we were what when
    where which who why will with without would you your
    al algo alguien ante aqui ayuda ayudar como con contra cual cuando de del desde donde el ella ellos en entre era
    es esa ese eso esta este esto estoy fue gente ha hay la las le les lo los mas me mi mis muy necesito ni no nos o
    para pero persona personas por porque puedo que quien quiero se ser si sin sobre soy su sus tambien te tengo tiene
    todo tu un una uno y ya yo
    """.split()  # noqa: SIM905
)


def fold(text: str) -> str:
    """Lower case without accents: "¿Dónde?" becomes "¿donde?"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The part of a folded word that its forms share."""
    if len(word) < 4 or word.isdigit():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 6 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 5 and word.endswith("ed") and word[-3] not in "aeiou":
        word = word[:-2]
    if len(word) > 4 and word[-1] in "aeo" and word[-2] not in "aeiou":
        word = word[:-1]
    return word


def raw_words(text: str) -> list[str]:
    """Folded words in order; what follows an apostrophe goes ("boss's" is "boss")."""
    return [re.split("['’]", word)[0] for word in TOKEN.findall(fold(text))]


def stems(text: str) -> list[str]:
    """Every word's stem, in order."""
    return [stem(word) for word in raw_words(text)]


def query_stems(text: str) -> list[str]:
    """The stems that carry a query's meaning, each once; when nothing but small words was said, those."""
    words = raw_words(text)
    telling = [word for word in words if word not in STOP_WORDS] or words
    return list(dict.fromkeys(stem(word) for word in telling))
