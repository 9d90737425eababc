"""An event in words: one sentence a verb, which a test holds complete against every verb that the code uses.

The sentence goes on after the name of who did it: "Ana Invented" + "suspended a membership".
"""

from __future__ import annotations

from waymark.audit.formats.sentences.a_to_l import A_TO_L
from waymark.audit.formats.sentences.m_to_z import M_TO_Z

SENTENCES: dict[str, str] = {**A_TO_L, **M_TO_Z}


_NOBODY = {
    "command": "The server's administrator",
    "invited": "Somebody invited",
    "system": "The system",
    "visitor": "Somebody not signed in",
}


def in_words(verb: str) -> str:
    """What was done; a verb of a later version reads as itself."""
    return SENTENCES.get(verb) or verb.replace(".", " ").replace("_", " ")


def name_of(actor: str, names: dict[str, str]) -> str:
    """Who did it: a member's name, or what stands for nobody. A number tells strangers apart, never who they are."""
    kind, colon, rest = actor.partition(":")
    if not colon:
        return names.get(actor, "A member whose account is gone")
    if actor == "visitor:*":
        return "Several people not signed in"
    return f"{_NOBODY.get(kind, 'Somebody')} ({rest[:12] if kind == 'visitor' else rest})"
