from waymark.operations.models.counts import OperationTotal, OutcomeCount, ServiceCount
from waymark.operations.models.operations import Operation, OperationAgency
from waymark.operations.models.quarters import QuarterlyFile, ServiceTotal
from waymark.operations.models.roster import AdvocateShift, ShiftAdvocate, SurgeRequest
from waymark.operations.models.work import AfterActionItem, SafetyCheck

__all__ = [
    "AdvocateShift",
    "AfterActionItem",
    "Operation",
    "OperationAgency",
    "OperationTotal",
    "OutcomeCount",
    "QuarterlyFile",
    "SafetyCheck",
    "ServiceCount",
    "ServiceTotal",
    "ShiftAdvocate",
    "SurgeRequest",
]
