"""Does a text tell of a person? Operations are counts, and whatever could lead to somebody is refused at the door.

A name, a phone, a plate, an address, a link to an advertisement, the age of one person: each has been printed in a press
briefing somewhere, and each is enough for a trafficker to know who spoke. So texts are few and short, and each passes here
first. The reader is suspicious on purpose: a false alarm costs somebody a rewording, a miss may cost far more. It is no
proof: a text that passes may still describe a person in plain words, so whoever enters it is told so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data"
STREET_ENDS = (
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|way|pl|place|hwy|highway|pkwy|parkway"
    r"|cir|circle)"
)
NUMBER_WORDS = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
YEARS = (
    r"(?:\d{1,2}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty)"
)

# Each rule: what it finds, the pattern, and what to do instead. The first that finds something is told.
RULES: tuple[tuple[str, str, str], ...] = (
    ("an e-mail address", r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+\s?(?:\.|\(dot\)|\[dot\])\s?\w+", "Leave it out."),
    (
        "a link",
        r"(?:https?:|hxxps?:|www\.|\b[\w-]+\.(?:com|net|org|info|xxx|me|ly|co|io|onion|gov|us)\b)",
        "Links to advertisements and profiles are not kept.",
    ),
    ("a user name", r"(?<![\w.])@\s?\w{2,}", "User names are not kept."),
    ("coordinates", r"-?\d{1,3}\.\d{3,}\s*[,; ]\s*-?\d{1,3}\.\d{3,}", "Places are not kept."),
    (
        "a date of birth",
        r"\b(?:dob|d\.o\.b|born|birth\s?date|date of birth)\b",
        "Dates of birth are not kept.",
    ),
    ("a phone number", r"(?:\+?\d[\s().\-–·/]{0,3}){7,}", "Phone numbers are not kept."),
    ("a phone number in words", rf"(?:\b{NUMBER_WORDS}\b[\s.,-]*){{5,}}", "Phone numbers are not kept."),
    (
        "a license plate",
        r"\b\d[a-z]{3}\s?\d{3}\b|\b(?:plate|tag)s?\b\W{0,3}(?:no\.?|number)?\W{0,3}(?=[a-z]*\d)[a-z0-9]{4,8}\b",
        "Plates are not kept.",
    ),
    (
        "a street address",
        rf"\b\d{{1,6}}\s*(?:block\b|(?:[nsew]\.?\s+)?(?:[\w'.-]+\s+){{0,3}}{STREET_ENDS}\b)",
        "Addresses are not kept.",
    ),
    (
        "the age of one person",
        rf"\b{YEARS}[\s-]*(?:years?|yrs?|y)\.?[\s/-]*(?:old|o)\b|\baged?\s*:?\s*{YEARS}\b|\b{YEARS}\s*y/?o\b"
        rf"|\bages\s+{YEARS}|\b(?:girl|boy|woman|man|female|male|juvenile|minor|victim|suspect)\s*[,(]\s*{YEARS}\b",
        "Ages of individuals are not kept; a count of juveniles recovered is.",
    ),
    ("a social security number", r"\b\d{3}-\d{2}-\d{4}\b|\bssn\b", "It is not kept."),
    (
        "a case number",
        r"\b(?:case|incident|report|docket|booking|cii|fbi|x-?ref)\s*(?:no\.?|number|num|nr|#|id)\W{0,3}[\w-]*\d|#\s?\d{4,}"
        r"|\b\d{2}[a-z]{2}\d{4,}\b|\b\d{2,4}-\d{5,}\b",
        "Case numbers lead to people.",
    ),
    (
        "the home of somebody",
        r"\b(?:resident of|lives? (?:in|at|on)|living (?:in|at|on)|from the (?:city|town) of|home ?town)\b",
        "Where somebody lives is not kept.",
    ),
)
COMPILED = tuple((what, re.compile(pattern, re.IGNORECASE), advice) for what, pattern, advice in RULES)
CALLED = re.compile(r"\b(?:named|name is|identified as|a\.?k\.?a\.?|alias|known as|goes by)\s+\W?\w+", re.IGNORECASE)
# Titles and "called" point at a name only before a capital letter.
TITLED = re.compile(
    r"\b(?i:called|mr|mrs|ms|miss|dr|officer|detective|det|sgt|sergeant|deputy|lt|lieutenant|captain|agent|judge)\.?\s+[A-Z][a-z]"
)
# Looks ahead, so that each word is tried with the one before it and with the one after it.
PAIR = re.compile(r"\b(?=([A-Z][a-z'’-]+|[A-Z]\.)\s+(?:[A-Z]\.\s+)?([A-Z][a-z'’-]+)\b)")
INITIALS = re.compile(r"(?:^|[\s(])[A-Z]\.\s?[A-Z]\.(?=$|[\s,;)])")


def _words(file: str) -> frozenset[str]:
    """The words of a list beside us; a line that begins with # is a remark."""
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


NO_NAMES = _words("no_names.txt")
FIRST_NAMES = _words("first_names.txt")
# Names that are everyday words too: they count only beside another capital letter.
ALSO_WORDS = frozenset(
    ("amber", "angel", "april", "dawn", "destiny", "faith", "grace", "jean", "jordan", "mark", "may", "rose")
)


@dataclass(frozen=True)
class PersonLike:
    """What was found in a text, and what to do instead. `what` never repeats the text: errors are logged and shown."""

    what: str
    advice: str

    def __str__(self) -> str:
        return f"This looks like {self.what}. {self.advice}"


def plain(text: str) -> str:
    """The text as a reader sees it: no invisible signs, other digits as ours, one kind of hyphen and space."""
    normal = unicodedata.normalize("NFKC", text)
    shown = "".join(sign for sign in normal if unicodedata.category(sign) not in {"Cf", "Mn"})
    digits = "".join(str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in shown)
    return re.sub(r"\s+", " ", re.sub(r"[‐‑‒–—−]", "-", digits))


def person_like_in(text: str, *, known: Collection[str] = ()) -> PersonLike | None:
    """What in `text` could lead to a person, or None. `known` are names of agencies and operations, which are no people's.

    Capitals are a hint, never a need: "maria" alone is refused as "Maria Example" is.
    """
    read = plain(text)
    for name in sorted(known, key=len, reverse=True):
        read = re.sub(re.escape(plain(name)), " ", read, flags=re.IGNORECASE) if name else read
    for what, pattern, advice in COMPILED:
        if pattern.search(read):
            return PersonLike(what, advice)
    if CALLED.search(read) or TITLED.search(read) or INITIALS.search(read) or _names_somebody(read):
        return PersonLike("somebody's name", "Names and initials are not kept, of nobody.")
    return None


def _names_somebody(read: str) -> bool:
    words = re.findall(r"[A-Za-z'’]+", read)
    for word in words:
        small = _own(word)
        if small in FIRST_NAMES and (small not in ALSO_WORDS) and small not in NO_NAMES:
            return True
    # The first capital of a sentence is no hint, so both of a pair have to be strange.
    return any(
        _own(first).strip(".") not in NO_NAMES and _own(second) not in NO_NAMES for first, second in PAIR.findall(read)
    )


def _own(word: str) -> str:
    """A word in small letters, without the ending of what belongs to it."""
    return word.lower().removesuffix("'s").removesuffix("’s")
