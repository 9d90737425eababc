"""What a person said is wrong in the parts that leave: their words go along, whoever gets the parts.

Of two files that were found to be of one person both are asked: which of them somebody had open when the person spoke is
chance, and they spoke of themselves.
"""

from __future__ import annotations

from collections.abc import Collection

from waymark.consent.formats.scopes import labels_of, words_of
from waymark.people.models import Person
from waymark.people.selectors.disagreements import statements_in_all_files
from waymark.vault.selectors import OpenVault

# The code under which it comes along (waymark.disclosures.formats.kinds.PACKAGE) and stands in the ledger of copies.
SAID = "statement"


def said_aloud(person: Person, codes: Collection[str], *, vault: OpenVault, language: str) -> list[str]:
    """The same for their own screen, before they say yes: the parts in their language, their words as they said them."""
    return [
        f"{'; '.join(words_of([one.part], language))}: {one.text}" if one.part else one.text
        for one in statements_in_all_files(person, vault=vault)
        if one.goes_with(codes)
    ]


def said_along(person: Person, codes: Collection[str], *, vault: OpenVault) -> dict[str, str]:
    """Their words against any of these parts, each naming its part; nothing where nothing was said."""
    said = [
        f"{'; '.join(labels_of([one.part]))}: {one.text}" if one.part else one.text
        for one in statements_in_all_files(person, vault=vault)
        if one.goes_with(codes)
    ]
    return {SAID: "\n\n".join(said)} if said else {}
