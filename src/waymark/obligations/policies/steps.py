"""Which steps there are from here, and what a shaken worker does first."""

from __future__ import annotations

from waymark.obligations.models import JUDGED, MOVES, LegalProcess, Machine, Move

Kind = LegalProcess.Kind

# What somebody does who has a paper in hand, or somebody at the door. In this order.
AT_THE_DOOR: tuple[tuple[str, str], ...] = (
    ("Breathe. You do not have to hand over anything now.", "Not a file, not a name, not whether somebody is here."),
    (
        "Say this sentence.",
        "“I cannot confirm or deny that anybody is or was here. Please leave the paper with me. Somebody will answer you.”",
    ),
    ("Take the paper.", "Note who brought it, the hour, and what it is called at the top. Sign only that you received it."),
    (
        "Look who signed it.",
        "A judge's name and a court, or an officer's? An immigration officer's own warrant (form I-200 or I-205) "
        "opens no door that is closed to the public, and no file.",
    ),
    ("Delete nothing, change nothing.", "What is asked for stays as it is until counsel has answered."),
    ("Write it down here, and call counsel.", "Whoever answers courts for you is told at once, without any name."),
    (
        "If they come in all the same, do not stand in the way.",
        "Say “I do not consent to a search”, note names, call counsel.",
    ),
)

WHAT_IT_IS: dict[str, str] = {
    Kind.SUBPOENA: "A subpoena is not an order of a judge, even if it looks like one: a lawyer or a clerk can "
    "send it. Nothing is "
    "given. Counsel answers it, claims the privilege and can ask the judge to quash it.",
    Kind.COURT_ORDER: "A judge's order has to be answered by its day, and it can still be contested. Counsel "
    "reads what it names. "
    "Only that is given, and only after a second person here has approved it.",
    Kind.WARRANT: "A judge's warrant is carried out at once. Do not stand in the way; say that you do not "
    "consent, that records are "
    "privileged, and ask for time to call counsel. Give nothing that it does not name.",
    Kind.ADMIN_WARRANT: "An officer signed this, and no judge. It opens neither a room that is closed to the "
    "public nor a file. "
    "Nothing is ever given on it.",
    Kind.RECORDS_REQUEST: "Whoever asks under a records act is answered in writing. What may say who somebody "
    "is stays closed by "
    "federal law (34 USC 12291(b)(2)), and this agency gives nothing of it.",
}


def moves_from(machine: str, state: str, kind: str = "") -> list[Move]:
    """The steps from this state, in the order of the work. What no judge stands behind is never ordered."""
    return [
        move
        for move in Move
        if (machine, state, move.value) in MOVES
        and not (machine == Machine.PROCESS and move is Move.ORDER and kind not in JUDGED)
    ]
