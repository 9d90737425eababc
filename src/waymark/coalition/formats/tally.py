"""Counting what was said, and what follows from it: pure arithmetic, the same for the page, the rule and the test.

Whoever runs a decision does not choose its outcome; the numbers do. Silence is no consent, too few agencies are no
decision, and an objection that nobody has met stands in the way of every agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """How much of the votes for and against must be in favor: `of` out of `out_of`, or more than that."""

    of: int
    out_of: int
    is_exceeded: bool

    def is_reached(self, *, yes: int, no: int) -> bool:
        """Whether so many are enough. Nobody in favor is never enough."""
        left, right = yes * self.out_of, self.of * (yes + no)
        return yes > 0 and (left > right if self.is_exceeded else left >= right)

    def in_words(self) -> str:
        if (self.of, self.out_of) == (1, 1):
            return "every vote that is not an abstention"
        how = "more than" if self.is_exceeded else "at least"
        return f"{how} {self.of} of {self.out_of} of the votes that are not abstentions"


# The shares that a form offers, by the word that it sends.
SHARES: Mapping[str, tuple[str, Share]] = {
    "half": ("More than half", Share(1, 2, True)),
    "two_thirds": ("Two thirds or more", Share(2, 3, False)),
    "three_quarters": ("Three quarters or more", Share(3, 4, False)),
    "all": ("Nobody against", Share(1, 1, False)),
}


def usual_quorum(agencies: int) -> int:
    """More than half of the agencies that can vote; at least one."""
    return agencies // 2 + 1


def consent_outcome(counts: Mapping[str, int], *, unresolved: int) -> str:
    """Agreed when somebody consents and no objection stands."""
    return "agreed" if counts.get("consent", 0) and not unresolved else "not_agreed"


def vote_outcome(counts: Mapping[str, int], *, quorum: int, share: Share) -> str:
    """Abstaining agencies took part, so they count for the quorum and not for the share."""
    yes, no, abstain = (counts.get(name, 0) for name in ("yes", "no", "abstain"))
    if yes + no + abstain < quorum:
        return "no_decision"
    return "agreed" if share.is_reached(yes=yes, no=no) else "not_agreed"
