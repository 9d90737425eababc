"""What law and courts ask of an agency about a person, what the agency owes the person, and what went wrong."""

from waymark.obligations.models.incidents import Incident, PersonReached
from waymark.obligations.models.machines import (
    JUDGED,
    MOVES,
    WITH_REASON,
    IncidentState,
    Machine,
    Move,
    ProcessState,
    ReportState,
    Step,
)
from waymark.obligations.models.processes import CompelledRelease, Counsel, LegalProcess, Telling
from waymark.obligations.models.reports import MandatedReport
from waymark.obligations.models.statements import Statement

__all__ = [
    "JUDGED",
    "MOVES",
    "WITH_REASON",
    "CompelledRelease",
    "Counsel",
    "Incident",
    "IncidentState",
    "LegalProcess",
    "Machine",
    "MandatedReport",
    "Move",
    "PersonReached",
    "ProcessState",
    "ReportState",
    "Statement",
    "Step",
    "Telling",
]
