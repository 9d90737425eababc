from waymark.operations.models.counts import OperationTotal, OutcomeCount, ServiceCount
from waymark.operations.models.operations import Operation, OperationAgency
from waymark.operations.models.work import AfterActionItem, SafetyCheck

__all__ = [
    "AfterActionItem",
    "Operation",
    "OperationAgency",
    "OperationTotal",
    "OutcomeCount",
    "SafetyCheck",
    "ServiceCount",
]
