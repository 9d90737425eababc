"""The pages of cases: the caseload, opening one, one case with its notes and moves, what colleagues carry."""

from waymark.cases.views.access import access, case_release, case_restrict, denial_lift, denial_new
from waymark.cases.views.caseload import case_list, team
from waymark.cases.views.keeping import (
    case_keeping,
    destroy_ask,
    destroy_decide,
    destroy_refuse,
    destroy_take_back,
    hold_lift,
    hold_new,
    keeping_list,
    retention,
)
from waymark.cases.views.notes import addendum_new, note_change, note_new
from waymark.cases.views.opening import case_new
from waymark.cases.views.record import case_detail, case_move, case_plan, notice_tell

__all__ = [
    "access",
    "addendum_new",
    "case_detail",
    "case_keeping",
    "case_list",
    "case_move",
    "case_new",
    "case_plan",
    "case_release",
    "case_restrict",
    "denial_lift",
    "denial_new",
    "destroy_ask",
    "destroy_decide",
    "destroy_refuse",
    "destroy_take_back",
    "hold_lift",
    "hold_new",
    "keeping_list",
    "note_change",
    "note_new",
    "notice_tell",
    "retention",
    "team",
]
