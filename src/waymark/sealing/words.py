"""Comparing two public keys by voice: six pronounceable words.

A person who is told the wrong key seals to the wrong people, so the first time two agencies exchange anything they
read six words to each other. The words are proquints (D. S. Wilkerson, arXiv:0901.4016): two consonants and vowels
alternating, 16 bits a word, the same in every language and with no list to ship. Six words hold 96 bits of a hash
over both keys: a look-alike key would take about 2^96 tries.
"""

from __future__ import annotations

import hashlib
import hmac

from waymark.sealing.places import framed

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
WORDS = 6


def _word(bits: int) -> str:
    return "".join(
        (
            _CONSONANTS[bits >> 12 & 15],
            _VOWELS[bits >> 10 & 3],
            _CONSONANTS[bits >> 6 & 15],
            _VOWELS[bits >> 4 & 3],
            _CONSONANTS[bits & 15],
        )
    )


def six_words(owner: str, seal_public: bytes, sign_public: bytes) -> str:
    """The words of an owner's two public keys, as they are read aloud."""
    digest = hashlib.sha256(framed("waymark words 1", owner, seal_public, sign_public)).digest()
    return " ".join(_word(int.from_bytes(digest[2 * place : 2 * place + 2], "big")) for place in range(WORDS))


def words_of_member(agency: bytes, *, user: str, public: bytes) -> str:
    """The words of a member's key and an agency's newest statement (`agency`, its digest), equal on both screens."""
    return six_words(f"member {user}", agency, public)


def words_between(one: bytes, other: bytes) -> str:
    """The words of two agencies' newest statements (their digests): one reading compares both ways."""
    first, second = sorted((one, other))
    return six_words("two agencies", first, second)


def are_same_words(expected: str, typed: str) -> bool:
    """True when a person typed the expected words, whatever the case, spacing or dashes."""

    def plain(text: str) -> bytes:
        return " ".join(text.lower().replace("-", " ").split()).encode()

    return hmac.compare_digest(plain(expected), plain(typed))
