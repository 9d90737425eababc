"""A diversion program: what it asks, who agreed, who is in it, what was done, and what the court is told.

Nobody shares a row. The agency that gives the program keeps enrollments, attendance and reports; court, prosecution and
defense keep a matter each, with their own decisions and docket. What they need of each other travels as packets.
"""

from waymark.diversion.models.enrollments import (
    Alumnus,
    Enrollment,
    EnrollmentMove,
    EnrollmentPermit,
    Exit,
    Hearing,
)
from waymark.diversion.models.fairness import FairnessCount, FairnessRound
from waymark.diversion.models.orders import ReliefTotal, SealTask
from waymark.diversion.models.parties import DocketEntry, Matter, MatterPacket, PartyDecision, Referral
from waymark.diversion.models.programs import EligibilityRule, Phase, Program, Requirement
from waymark.diversion.models.reports import ComplianceReport, ReportContest, ReportPacket
from waymark.diversion.models.work import Attendance, GroupSession, PeerMonth, Progress, Response

__all__ = [
    "Alumnus",
    "Attendance",
    "ComplianceReport",
    "DocketEntry",
    "EligibilityRule",
    "Enrollment",
    "EnrollmentMove",
    "EnrollmentPermit",
    "Exit",
    "FairnessCount",
    "FairnessRound",
    "GroupSession",
    "Hearing",
    "Matter",
    "MatterPacket",
    "PartyDecision",
    "PeerMonth",
    "Phase",
    "Program",
    "Progress",
    "Referral",
    "ReliefTotal",
    "ReportContest",
    "ReportPacket",
    "Requirement",
    "Response",
    "SealTask",
]
