"""What a plain model knows of releases: who said what in which order, and nothing of a database.

A release lets go what it names, to whom it names, from its begin to the end of its last day, while nobody stopped it and no
other file of the same person is stricter. Where it names single records these go as long as they stand, and what is added
later never.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

# Two groups of records and two single things; each file has so many records of a group when its story begins.
OF_RECORDS = ("care.needs", "care.services")
SOME = ("person.name", "person.languages", *OF_RECORDS)
AT_FIRST, MOST = 3, 5


@dataclass(frozen=True)
class Sign:
    """Somebody signs: which of two files, what, for whom, and from when to when, in hours around now."""

    file: int
    scopes: frozenset[str]
    recipient: int
    purpose: str
    starts: int
    lasts: int
    # Of which groups only which records go, by their number in the file; the last of all may not be there yet.
    only: tuple[tuple[str, frozenset[int]], ...] = ()

    @property
    def named(self) -> dict[str, frozenset[int]]:
        return {scope: numbers for scope, numbers in self.only if scope in self.scopes}


@dataclass(frozen=True)
class Add:
    """One more record of a group is written down in one of the files."""

    file: int
    scope: str


@dataclass(frozen=True)
class Withdraw:
    """A record ends, or turns out to be a mistake."""

    file: int
    scope: str
    number: int


@dataclass(frozen=True)
class Widen:
    """Somebody who writes past every page adds a record to a release that is signed, or names it whole."""

    which: int
    scope: str
    number: int


@dataclass(frozen=True)
class Stop:
    """They say stop to one of the releases that there are."""

    which: int


@dataclass(frozen=True)
class Expire:
    """The job writes the end of one down, if its last day is over."""

    which: int


@dataclass(frozen=True)
class Merge:
    """The two files turn out to be one person's, or two people's again."""


@dataclass(frozen=True)
class Question:
    """May these fields go to this recipient under that release, so many hours and a half from now, with these records?"""

    which: int
    fields: frozenset[str]
    recipient: int
    hours: int
    # Scope, file and number.
    records: frozenset[tuple[str, int, int]] = frozenset()
    # And all that the release names besides.
    with_named: bool = True


FILES, GROUPS, NUMBER = st.integers(0, 1), st.sampled_from(OF_RECORDS), st.integers(0, MOST - 1)
# Whole, or these; none of them is a list too.
NAMED_OR_WHOLE = st.none() | st.frozensets(NUMBER, max_size=3)
SIGNS = st.builds(
    Sign,
    file=st.integers(0, 1),
    scopes=st.frozensets(st.sampled_from(SOME), min_size=1),
    recipient=st.integers(0, 1),
    purpose=st.sampled_from(["housing", "legal"]),
    starts=st.integers(-48, 12),
    lasts=st.integers(1, 90),
    only=st.tuples(*(NAMED_OR_WHOLE.map(lambda said, scope=scope: (scope, said)) for scope in OF_RECORDS)).map(
        lambda pairs: tuple((scope, said) for scope, said in pairs if said is not None)
    ),
)
WHICH = st.integers(0, 5)
STORIES = st.lists(
    st.one_of(
        *(SIGNS, SIGNS, SIGNS, st.builds(Stop, WHICH), st.builds(Expire, WHICH), st.just(Merge())),
        *(
            st.builds(Add, FILES, GROUPS),
            st.builds(Withdraw, FILES, GROUPS, NUMBER),
            st.builds(Widen, WHICH, GROUPS, NUMBER),
        ),
    ),
    min_size=1,
    max_size=9,
)
QUESTIONS = st.builds(
    Question,
    which=WHICH,
    fields=st.frozensets(st.sampled_from(SOME), max_size=3),
    recipient=st.integers(0, 1),
    hours=st.integers(-60, 90),
    records=st.frozensets(st.tuples(GROUPS, FILES, NUMBER), max_size=2),
    with_named=st.booleans(),
)


@dataclass
class Known:
    """What the model remembers of one release; moments are the numbers of the story's steps."""

    said: Sign
    signed: int
    state: str = "active"
    ended: int = 0
    # What was in the file when it was signed, of what it was meant to name.
    named: dict[str, frozenset[int]] = field(default_factory=dict)


def at_first() -> dict[tuple[int, str], list[bool]]:
    return {(file, scope): [True] * AT_FIRST for file in range(2) for scope in OF_RECORDS}


@dataclass
class Model:
    """Who said what in which order, and nothing of a database."""

    releases: list[Known] = field(default_factory=list)
    merged: int | None = None
    # Of each file and group, record by record, whether it stands.
    stands: dict[tuple[int, str], list[bool]] = field(default_factory=at_first)

    def is_there(self, file: int, scope: str, number: int) -> bool:
        here = self.stands[file, scope]
        return number < len(here) and here[number]

    def named_now(self, one: Known, fields: frozenset[str]) -> set[tuple[str, int, int]]:
        """What a release names of these fields and is still there."""
        return {
            (scope, one.said.file, number)
            for scope, numbers in one.named.items()
            for number in numbers
            if scope in fields and self.is_there(one.said.file, scope, number)
        }

    def goes(self, one: Known, question: Question) -> set[tuple[str, int, int]]:
        """The records that the question speaks of; what was never written down cannot be spoken of."""
        asked = {record for record in question.records if record[2] < len(self.stands[record[1], record[0]])}
        return asked | (self.named_now(one, question.fields) if question.with_named else set())

    def lets_go(self, question: Question) -> bool:
        if not self.releases:
            return False
        one = self.releases[question.which % len(self.releases)]
        at = question.hours + 0.5
        ends = one.said.starts + one.said.lasts
        if one.state != "active" or question.recipient != one.said.recipient:
            return False
        if not question.fields or not question.fields <= one.said.scopes or not one.said.starts <= at < ends:
            return False
        goes = self.goes(one, question)
        if not goes <= self.named_now(one, question.fields):
            return False
        if any(scope in question.fields and scope not in {record[0] for record in goes} for scope in one.named):
            return False
        return not any(self._is_stricter(other, one, question, at) for other in self.releases)

    def _is_stricter(self, other: Known, one: Known, question: Question, at: float) -> bool:
        """Whether a release of the other file says less, or stop."""
        if self.merged is None or other.said.file == one.said.file or other.said.recipient != one.said.recipient:
            return False
        if other.state == "revoked":
            return one.signed < max(self.merged, other.ended)
        both_before = other.signed < self.merged and one.signed < self.merged
        ends = other.said.starts + other.said.lasts
        # The story is told within a second: what ended in an earlier hour was over when the files became one.
        if not both_before or other.said.purpose != one.said.purpose or ends <= 0:
            return False
        if question.fields & other.named.keys():
            # The other file's release names records of its own, and so none of this file's.
            return True
        return not question.fields <= other.said.scopes or not other.said.starts <= at < ends
