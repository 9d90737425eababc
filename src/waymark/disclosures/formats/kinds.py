"""The closed list of what may cross from one agency to another, and the questions that each kind answers.

A kind without a permit asks closed questions only: reasons from a list, a work phone, a day. There is no line to write on,
because a line to write on would sooner or later hold somebody's name. Words about a person cross under a permit alone,
in the fields that the permit names. Two kinds ask about a household without saying whose: whether there is room, and
whether somebody can be sent. They have a short life and are deleted at its end, the sender's copy too.

A new kind is an entry here; one that needs no permit is a line in `disclosures.closed_fields` of the database as well, and
a test holds the two together.
"""

from __future__ import annotations

import datetime as dt

from waymark.disclosures.formats.questions import Kind, Question
from waymark.disclosures.formats.relief_kinds import PETITION, RELIEF_DONE, RELIEF_ORDER

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

# What agencies of a diversion program tell each other. An opaque reference stands for the person, and no field takes words:
# every one is a number, a day, a code or an answer from a list (waymark.diversion).
DAY, NUMBER = r"\d{4}-\d{2}-\d{2}", r"\d{1,4}"
REFERENCE = Question("reference", "Reference", limit=11, shape=r"R-[0-9A-HJ-NP-Z]{4}-[0-9A-HJ-NP-Z]{4}")

COURT_REFERRAL = Kind(
    code="court_referral",
    label="Referral to a diversion program",
    needs_permit=False,
    questions=(
        Question("adult", "18 or older on the day of the offense", answers=(("yes", "Yes"),)),
        Question("charge", "Charge", limit=40, shape=r"([A-Z]{1,3}|\d{1,2} [A-Z]{1,4}) \d[0-9A-Za-z.()]{0,30}"),
        Question("counsel", "Counsel agrees that the program calls", answers=(("yes", "Yes"), ("not_yet", "Not yet"))),
        Question("language", "Language", limit=3, shape=r"[a-z]{2,3}"),
        Question("offense_on", "Day of the offense", limit=10, shape=DAY),
        Question("program", "Who gives the program", limit=36, shape=r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        REFERENCE,
    ),
)

PARTY_DECISION = Kind(
    code="party_decision",
    label="Decision about a referral",
    needs_permit=False,
    questions=(
        Question("decided_on", "Decided on", limit=10, shape=DAY),
        Question(
            "reason",
            "Reason",
            answers=(
                ("charge", "The program is not for this charge"),
                ("full", "No place now"),
                ("other_way", "Another way is better"),
                ("person", "The person does not want to now"),
                ("place", "Another county’s case"),
            ),
        ),
        REFERENCE,
        Question("verdict", "Decision", answers=(("agrees", "Agrees"), ("not_now", "Not now"))),
    ),
)

COURT_OUTCOME = Kind(
    code="court_outcome",
    label="Outcome of a court day",
    needs_permit=False,
    questions=(
        Question("held_on", "Court day", limit=10, shape=DAY),
        Question("next_on", "Next court day", limit=10, shape=DAY),
        Question(
            "outcome",
            "Outcome",
            answers=(
                ("continues", "Diversion continues"),
                ("excused", "Appearance excused"),
                ("missed", "Did not appear"),
                ("put_over", "Put over"),
                ("dismissed", "Completed and dismissed"),
                ("terminated", "Terminated after hearing"),
            ),
        ),
        REFERENCE,
    ),
)

REPORT_CONTEST = Kind(
    code="report_contest",
    label="Counsel contests a number of a report",
    needs_permit=False,
    questions=(
        Question(
            "field",
            "Number",
            answers=(
                ("appointments", "Appointments kept"),
                ("hours", "Hours"),
                ("sessions_attended", "Sessions attended"),
            ),
        ),
        Question("for_day", "Court day of the report", limit=10, shape=DAY),
        REFERENCE,
        Question("says", "Counsel has", limit=4, shape=NUMBER),
    ),
)

COMPLIANCE_REPORT = Kind(
    code="compliance_report",
    label="Report to the court",
    needs_permit=True,
    called="report",
    questions=(
        Question("appointments", "Appointments kept", limit=4, shape=NUMBER),
        Question("enrolled", "Enrolled", answers=(("yes", "Yes"), ("no", "No"))),
        Question("for_day", "For the court day", limit=10, shape=DAY),
        Question("hours", "Hours", limit=4, shape=NUMBER),
        Question("next_on", "Next date", limit=10, shape=DAY),
        Question("phase", "Phase", limit=4, shape=NUMBER),
        REFERENCE,
        Question("sessions_attended", "Sessions attended", limit=4, shape=NUMBER),
        Question("sessions_required", "Sessions required", limit=4, shape=NUMBER),
        Question("status", "Status", answers=(("on_track", "On track"), ("needs_attention", "Needs attention"))),
    ),
)

# What a survivor's release lets go from their file. The codes are those of the scopes that a release can name; only
# `consent` writes such a packet, and the database holds each to its release.
PACKAGE = Kind(
    code="package",
    label="From a person’s file",
    needs_permit=True,
    questions=(
        Question("care.goals", "Goals and next steps", limit=8000),
        Question("care.needs", "Needs", limit=8000),
        Question("care.services", "Services received", limit=8000),
        Question("case.asked_for", "What they asked for", limit=4000),
        Question("case.worker", "Whom to call about this", limit=200),
        Question("person.address", "Mailing address", limit=600),
        Question("person.born", "Date of birth", limit=40),
        Question("person.contact", "Safe ways and times to reach them", limit=2000),
        Question("person.household", "Who is with them", limit=600),
        Question("person.languages", "Languages", limit=200),
        Question("person.legal_name", "Name on papers", limit=200),
        Question("person.name", "Name to use", limit=120),
        Question("referral.request", "What they ask you for", limit=4000),
        Question("relief.legal", "Legal applications", limit=8000),
    ),
    carries=(
        Question("statement", "What they say is wrong in it", limit=24_000),
        Question("terms.release", "The release that it came under", limit=4000),
        Question("terms.notice", "Notice that federal law asks for", limit=4000),
    ),
)

# What is asked for, in the words of the public directory: each code is the slug of one of its needs.
NEEDS: tuple[tuple[str, str], ...] = (
    ("safe-tonight", "A safe place tonight"),
    ("place-to-live", "A place to live"),
    ("rent", "Rent and bills"),
    ("hungry", "Food"),
    ("shower-clothes", "Shower and clothes"),
    ("doctor", "A doctor"),
    ("feel-bad", "Counseling"),
    ("stop-drugs", "Help with drugs or alcohol"),
    ("pregnant", "Care in pregnancy"),
    ("lawyer", "A lawyer"),
    ("status", "Papers or status"),
    ("old-record", "An old record"),
    ("benefits", "Money for daily life"),
    ("find-work", "A job"),
    ("learn", "School"),
    ("childcare", "Child care"),
    ("ride", "A ride"),
    ("with-me", "Somebody to come along"),
)
SIZES: tuple[tuple[str, str], ...] = (
    ("1", "1 person"),
    *((str(number), f"{number} people") for number in range(2, 8)),
    ("8", "8 people or more"),
)
LANGUAGES: tuple[tuple[str, str], ...] = (
    ("en", "English"),
    ("es", "Spanish"),
    ("ar", "Arabic"),
    ("zh", "Chinese"),
    ("fa", "Farsi or Dari"),
    ("hmn", "Hmong"),
    ("ko", "Korean"),
    ("pa", "Punjabi"),
    ("ru", "Russian"),
    ("tl", "Tagalog"),
    ("uk", "Ukrainian"),
    ("vi", "Vietnamese"),
    ("ase", "Sign language"),
    ("other", "Another one; we bring an interpreter"),
)
HOUSEHOLD = Question("household", "How many people", limit=1, answers=SIZES)
ONE_DAY = dt.timedelta(hours=24)
PHONE = r"[0-9+().\-/ *#]{3,40}"

CAPACITY_QUESTION = Kind(
    code="capacity_question",
    label="Is there room?",
    needs_permit=False,
    questions=(
        HOUSEHOLD,
        Question("languages", "Languages", answers=LANGUAGES, many=True),
        Question("need", "What for", limit=40, answers=NEEDS),
        Question(
            "when",
            "When",
            limit=20,
            answers=(
                ("now", "Now"),
                ("tonight", "Tonight"),
                ("tomorrow", "Tomorrow"),
                ("this_week", "Within a week"),
                ("this_month", "Within a month"),
            ),
        ),
    ),
    lasts=ONE_DAY,
    is_mail=False,
)

OPAQUE_REFERRAL = Kind(
    code="opaque_referral",
    label="Can you take somebody?",
    needs_permit=False,
    questions=(
        Question("ask_for", "Ask for", limit=120),
        HOUSEHOLD,
        Question("needs", "What for", limit=300, answers=NEEDS, many=True),
        Question("phone", "Call back", limit=40, shape=PHONE),
        Question(
            "urgency",
            "How soon",
            limit=20,
            answers=(("now", "Now"), ("today", "Today"), ("this_week", "Within a week")),
        ),
    ),
    lasts=ONE_DAY,
    is_mail=False,
)

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        CALL,
        PERSONAL,
        CAPACITY_QUESTION,
        OPAQUE_REFERRAL,
        COURT_REFERRAL,
        PARTY_DECISION,
        COURT_OUTCOME,
        REPORT_CONTEST,
        COMPLIANCE_REPORT,
        PACKAGE,
        PETITION,
        RELIEF_ORDER,
        RELIEF_DONE,
    )
}
MAIL_KINDS = tuple(kind.code for kind in KINDS.values() if kind.is_mail)

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
    found = (KINDS[kind].question(field) or KINDS[kind].carried(field)) if kind in KINDS else None
    return found.label if found else field


def answer_in_words(kind: str, field: str, value: str) -> str:
    """An answer as a person reads it: the words of a closed list instead of its code."""
    found = KINDS[kind].question(field) if kind in KINDS else None
    if found is None or not found.answers:
        return value
    words = dict(found.answers)
    return ", ".join(words.get(code, code) for code in (value.split(",") if found.many else [value]))
