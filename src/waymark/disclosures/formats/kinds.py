"""The closed list of what may cross from one agency to another, and the questions that each kind answers.

A kind without a permit asks closed questions only: reasons from a list, a work phone, a day. There is no line to write on,
because a line to write on would sooner or later hold somebody's name. Words about a person cross under a permit alone,
in the fields that the permit names.

A new kind is an entry here; one that needs no permit is a line in `disclosures.closed_fields` of the database as well, and
a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One field of a packet. With `answers` it is a closed list; otherwise it is text of at most `limit` characters."""

    code: str
    label: str
    limit: int = 200
    hint: str = ""
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of packet."""

    code: str
    label: str
    needs_permit: bool
    questions: tuple[Question, ...]

    def question(self, code: str) -> Question | None:
        return next((question for question in self.questions if question.code == code), None)


CALL = Kind(
    code="call",
    label="Please call us",
    needs_permit=False,
    questions=(
        Question("ask_for", "Ask for", limit=120),
        Question("by_day", "Call by", limit=10),
        Question("phone", "Work phone", limit=40),
        Question(
            "reason",
            "What it is about",
            answers=(
                ("agreement", "An agreement or a meeting"),
                ("duty", "A duty roster or a shift"),
                ("listing", "A listing or a help line"),
                ("packet", "A packet between our agencies"),
                ("training", "A training"),
                ("other", "Something else, to be said by phone"),
            ),
        ),
    ),
)

PERSONAL = Kind(
    code="personal",
    label="About a person",
    needs_permit=True,
    questions=(
        Question("appointment", "Appointment", limit=300, hint="Day, time and what for."),
        Question("contact", "Safe way to reach them", limit=300, hint="Only what was agreed as safe."),
        Question("contact_times", "When it is safe to reach them", limit=200),
        Question("household", "Who comes along", limit=300, hint="How many adults and children; no more than is needed."),
        Question("language", "Language and interpreter", limit=200),
        Question("name_to_use", "Name to use", limit=120, hint="The name that they want to be called by."),
        Question("needs", "What they ask for", limit=2000, hint="In their words. Nothing from privileged notes."),
        Question("worker", "Whom to call about this", limit=200, hint="A colleague's work name and work phone."),
    ),
)

KINDS: dict[str, Kind] = {kind.code: kind for kind in (CALL, PERSONAL)}

# Why something about a person is handed over. A packet's purpose is its permit's, word for word.
PURPOSES: tuple[tuple[str, str], ...] = (
    ("benefits", "Benefits"),
    ("compensation", "Compensation and restitution"),
    ("court", "A report to the court"),
    ("health", "Health care"),
    ("housing", "Housing and shelter"),
    ("legal", "Legal help"),
    ("safety", "Safety"),
    ("services", "Arranging a service"),
)


def label_of(kind: str, field: str) -> str:
    """The words for a field of a kind; a code that is not known is shown as it is."""
    found = KINDS[kind].question(field) if kind in KINDS else None
    return found.label if found else field


def answer_in_words(kind: str, field: str, value: str) -> str:
    """An answer as a person reads it: the words of a closed list instead of its code."""
    found = KINDS[kind].question(field) if kind in KINDS else None
    return dict(found.answers).get(value, value) if found else value
