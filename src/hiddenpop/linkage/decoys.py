"""Invented people mixed into every list: they blur its size and measure the linkage.

All lists of a project derive the same invented people from its secret, put some of them among their own records, and
misspell them as their own people are misspelled. The linker cannot tell them apart until it is given the decoy key;
then it takes them out and sees how many of their known matches it missed.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np

from hiddenpop.linkage.people import Person, misremembered, synthetic_people

#: Share of the decoys that any one list holds.
SHARE = 0.6


def decoy_key(secret: bytes) -> bytes:
    """The key that tells decoys from people; the secret cannot be computed from it."""
    return hmac.digest(secret, b"hiddenpop decoys 1", hashlib.sha256)


@dataclass(frozen=True)
class Decoys:
    """A project's decoys.

    Parameters
    ----------
    key : bytes
        From :func:`decoy_key`.
    count : int
        How many different decoys the project has; each list holds about 60 % of them.
    typo, wrong_day : float
        How often a list misspells a name or misremembers a day. The share of missed matches that the decoys measure
        is right for lists that err this often, and too low for lists that err more.
    """

    key: bytes
    count: int
    typo: float = 0.15
    wrong_day: float = 0.05

    def _number(self, *words: str) -> int:
        digest = hmac.digest(self.key, "|".join(words).encode(), hashlib.sha256)
        return int.from_bytes(digest[:8], "big")

    def identity(self, list_name: str, place: int) -> int:
        """The id of a decoy's record in a list."""
        return self._number("id", list_name, str(place))

    def holds(self, list_name: str, place: int) -> bool:
        """Whether a list holds a decoy."""
        return self._number("held", list_name, str(place)) < SHARE * 2**64

    def records(self, list_name: str) -> list[tuple[Person, int]]:
        """The decoys of one list as it writes them down, with their ids."""
        people = synthetic_people(self.count, self._number("people"))
        return [
            (
                misremembered(
                    person,
                    np.random.default_rng(self._number("errors", list_name, str(place))),
                    typo=self.typo,
                    wrong_day=self.wrong_day,
                ),
                self.identity(list_name, place),
            )
            for place, person in enumerate(people)
            if self.holds(list_name, place)
        ]

    def identities(self, list_name: str) -> dict[int, int]:
        """From the id of a record to the number of the decoy, for one list."""
        return {self.identity(list_name, p): p for p in range(self.count) if self.holds(list_name, p)}
