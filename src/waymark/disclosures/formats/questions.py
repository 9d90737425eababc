"""A kind of packet and the questions that it answers, as such; which kinds there are stands in `kinds`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One field of a packet. With `answers` it is a closed list, with `shape` (a regular expression) a number, a day or a
    code; otherwise it is text of at most `limit` characters. With `many` several answers are given, joined by commas.
    """

    code: str
    label: str
    limit: int = 200
    hint: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    shape: str = ""
    many: bool = False

    def takes(self, text: str) -> bool:
        """Whether a text is one of the answers, or has the shape, where the question asks for that."""
        if self.many:
            given = text.split(",")
            return len(set(given)) == len(given) and set(given) <= dict(self.answers).keys()
        if self.answers:
            return text in dict(self.answers)
        return not self.shape or re.fullmatch(self.shape, text, re.ASCII) is not None


@dataclass(frozen=True)
class Kind:
    """One kind of packet."""

    code: str
    label: str
    needs_permit: bool
    questions: tuple[Question, ...]
    # What the log calls it, and by what its readings are counted: a court reads a whole list of reports in one morning.
    called: str = "packet"
    # The longest life of a kind that is deleted at its end, at both agencies; other kinds are kept.
    lasts: dt.timedelta | None = None
    # Another app's pages show it, to fewer people than read the mail.
    is_mail: bool = True
    # What comes along sealed with the fields and is none: nothing of it is about the person, so no header names it.
    carries: tuple[Question, ...] = ()

    def question(self, code: str) -> Question | None:
        return next((question for question in self.questions if question.code == code), None)

    def carried(self, code: str) -> Question | None:
        return next((question for question in self.carries if question.code == code), None)
