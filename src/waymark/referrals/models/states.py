"""What a referral can be, and what moves it.

The four ways are ordered by how much they reveal. The table of moves stands here and once more in the database
(migrations/sql/referrals.sql), which alone moves a referral; a test walks every event in every state of every way.
"""

from __future__ import annotations

from django.db.models import TextChoices


class Way(TextChoices):
    """How another agency is asked, the least revealing first."""

    QUESTION = "question", "Question about room"
    OPAQUE = "opaque", "Referral without a name"
    CARRIED = "carried", "Letter that they carry"
    CONSENTED = "consented", "Package with their consent"


class State(TextChoices):
    REQUESTED = "requested", "Asked"
    ANSWERED = "answered", "Answered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    IN_SERVICE = "in_service", "In service"
    WAITING = "waiting", "On a waiting list"
    CONNECTED = "connected", "Connected"
    NOT_CONNECTED = "not_connected", "Not connected"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Lapsed"
    VOIDED = "voided", "Voided"


class Event(TextChoices):
    """What happens to a referral. `run_out` is the clock's."""

    ANSWER = "answer", "Answer"
    ACCEPT = "accept", "Accept"
    DECLINE = "decline", "Decline"
    ARRIVE = "arrive", "They arrived"
    START = "start", "Begin the service"
    WAIT = "wait", "Put on the waiting list"
    CONNECT = "connect", "They are connected"
    NOT_CONNECT = "not_connect", "It did not come about"
    WITHDRAW = "withdraw", "Withdraw it"
    CLOSE = "close", "Close it"
    REOPEN = "reopen", "Reopen it"
    VOID = "void", "Void it"
    RUN_OUT = "run_out", "Time ran out"


class Side(TextChoices):
    SENDER = "sender", "Who asks"
    RECIPIENT = "recipient", "Who is asked"
    CLOCK = "clock", "The clock"


class Answer(TextChoices):
    """What a provider says about room: never a number of beds."""

    YES = "yes", "Yes, there is room"
    NO = "no", "No room"
    WAITING_LIST = "waiting_list", "There is a waiting list"
    CALL_US = "call_us", "Call us"


class Reason(TextChoices):
    """Why, from a closed list: a line to write on would sooner or later hold a name."""

    NO_ROOM = "no_room", "No room"
    NOT_OUR_SERVICE = "not_our_service", "Not what we offer"
    NOT_ELIGIBLE = "not_eligible", "Our rules do not let us"
    LANGUAGE = "language", "We cannot serve the language"
    UNREACHABLE = "unreachable", "We could not reach the worker"
    DID_NOT_COME = "did_not_come", "Nobody came"
    CHANGED_MIND = "changed_mind", "They chose otherwise"
    FOUND_ELSEWHERE = "found_elsewhere", "They found help elsewhere"
    NOT_SAFE = "not_safe", "It is not safe there"
    NEEDED_AGAIN = "needed_again", "It is needed again"
    CLOSED_TOO_EARLY = "closed_too_early", "It was closed too early"
    BY_MISTAKE = "by_mistake", "Made by mistake"
    WRONG_PLACE = "wrong_place", "Sent to the wrong place"


HANDED = (Way.OPAQUE, Way.CARRIED, Way.CONSENTED)
RUNNING = (State.ACCEPTED, State.IN_SERVICE, State.WAITING)
OUTCOMES = (State.CONNECTED, State.NOT_CONNECTED)
ENDED = (State.CLOSED, State.DECLINED, State.WITHDRAWN, State.LAPSED, State.VOIDED)
OPEN = (State.REQUESTED, State.ANSWERED, *RUNNING, *OUTCOMES)

# Which reasons fit which event; an event that is not here takes none.
REASONS: dict[str, tuple[Reason, ...]] = {
    Event.DECLINE: (
        Reason.NO_ROOM,
        Reason.NOT_OUR_SERVICE,
        Reason.NOT_ELIGIBLE,
        Reason.LANGUAGE,
        Reason.UNREACHABLE,
    ),
    Event.NOT_CONNECT: (
        Reason.DID_NOT_COME,
        Reason.CHANGED_MIND,
        Reason.NO_ROOM,
        Reason.NOT_ELIGIBLE,
        Reason.UNREACHABLE,
    ),
    Event.WITHDRAW: (Reason.CHANGED_MIND, Reason.FOUND_ELSEWHERE, Reason.NOT_SAFE),
    Event.REOPEN: (Reason.NEEDED_AGAIN, Reason.CLOSED_TOO_EARLY),
    Event.VOID: (Reason.BY_MISTAKE, Reason.WRONG_PLACE),
}


def _table() -> dict[tuple[str, str, str], tuple[str, str]]:
    moves: dict[tuple[str, str, str], tuple[str, str]] = {
        (Way.QUESTION, State.REQUESTED, Event.ANSWER): (Side.RECIPIENT, State.ANSWERED),
        (Way.QUESTION, State.ANSWERED, Event.ANSWER): (Side.RECIPIENT, State.ANSWERED),
        (Way.QUESTION, State.REQUESTED, Event.WITHDRAW): (Side.SENDER, State.WITHDRAWN),
        (Way.QUESTION, State.ANSWERED, Event.WITHDRAW): (Side.SENDER, State.WITHDRAWN),
        (Way.QUESTION, State.REQUESTED, Event.RUN_OUT): (Side.CLOCK, State.LAPSED),
        (Way.QUESTION, State.ANSWERED, Event.RUN_OUT): (Side.CLOCK, State.CLOSED),
        (Way.CARRIED, State.REQUESTED, Event.ARRIVE): (Side.RECIPIENT, State.CONNECTED),
    }
    for way in (Way.OPAQUE, Way.CONSENTED):
        moves[way, State.REQUESTED, Event.ACCEPT] = (Side.RECIPIENT, State.ACCEPTED)
        moves[way, State.REQUESTED, Event.DECLINE] = (Side.RECIPIENT, State.DECLINED)
    for way in HANDED:
        moves[way, State.REQUESTED, Event.RUN_OUT] = (Side.CLOCK, State.LAPSED)
        moves[way, State.ACCEPTED, Event.START] = (Side.RECIPIENT, State.IN_SERVICE)
        moves[way, State.WAITING, Event.START] = (Side.RECIPIENT, State.IN_SERVICE)
        moves[way, State.ACCEPTED, Event.WAIT] = (Side.RECIPIENT, State.WAITING)
        moves[way, State.IN_SERVICE, Event.WAIT] = (Side.RECIPIENT, State.WAITING)
        for state in RUNNING:
            moves[way, state, Event.CONNECT] = (Side.RECIPIENT, State.CONNECTED)
            moves[way, state, Event.NOT_CONNECT] = (Side.RECIPIENT, State.NOT_CONNECTED)
            moves[way, state, Event.RUN_OUT] = (Side.CLOCK, State.LAPSED)
        for state in (State.REQUESTED, *RUNNING):
            moves[way, state, Event.WITHDRAW] = (Side.SENDER, State.WITHDRAWN)
            moves[way, state, Event.VOID] = (Side.SENDER, State.VOIDED)
        for state in OUTCOMES:
            moves[way, state, Event.CLOSE] = (Side.SENDER, State.CLOSED)
            moves[way, state, Event.RUN_OUT] = (Side.CLOCK, State.CLOSED)
            moves[way, state, Event.VOID] = (Side.SENDER, State.VOIDED)
        moves[way, State.CLOSED, Event.REOPEN] = (Side.SENDER, State.IN_SERVICE)
        moves[way, State.CLOSED, Event.VOID] = (Side.SENDER, State.VOIDED)
    return moves


# (way, state, event) → (whose event it is, the state that follows).
MOVES = _table()


def events_from(way: str, state: str, side: str) -> list[Event]:
    """What one side can do with a referral in this state, in the order of the work."""
    return [event for event in Event if MOVES.get((way, state, event), ("", ""))[0] == side]
