"""Our states in the words of the health field: FHIR R4 Task.status with a businessStatus.

A partner's system that speaks FHIR reads the status; the businessStatus is our own code, so that the pair leads back to
exactly one state. Task statuses: http://hl7.org/fhir/R4/valueset-task-status.html.
"""

from __future__ import annotations

from waymark.referrals.models.states import State

TASK_STATUSES = frozenset(
    {
        "draft",
        "requested",
        "received",
        "accepted",
        "rejected",
        "ready",
        "cancelled",
        "in-progress",
        "on-hold",
        "failed",
        "completed",
        "entered-in-error",
    }
)

STATUS_OF: dict[str, str] = {
    State.REQUESTED: "requested",
    State.ANSWERED: "completed",
    State.ACCEPTED: "accepted",
    State.DECLINED: "rejected",
    State.IN_SERVICE: "in-progress",
    State.WAITING: "on-hold",
    State.CONNECTED: "completed",
    State.NOT_CONNECTED: "failed",
    State.CLOSED: "completed",
    State.WITHDRAWN: "cancelled",
    State.LAPSED: "cancelled",
    State.VOIDED: "entered-in-error",
}


def task_status(state: str, outcome: str = "") -> tuple[str, str]:
    """(Task.status, businessStatus) of a referral; one that was closed without an outcome to show has failed."""
    if state == State.CLOSED and outcome == State.NOT_CONNECTED:
        return "failed", state
    return STATUS_OF[state], state


def state_of(status: str, business: str) -> str:
    """Our state of a pair. Raises ValueError for a pair that is none of ours."""
    fits = {STATUS_OF.get(business), "failed" if business == State.CLOSED else None}
    if business not in STATUS_OF or status not in fits:
        raise ValueError(f"{status}, {business}: no state of a referral")
    return business
