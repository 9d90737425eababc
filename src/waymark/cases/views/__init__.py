"""The pages of cases: the caseload, opening one, one case with its plan, care, notes, moves and keeping, the team."""

from waymark.cases.views.access import (
    access,
    case_release,
    case_restrict,
    denial_lift,
    denial_new,
)
from waymark.cases.views.caseload import (
    case_list,
    team,
)
from waymark.cases.views.files import file_detail, file_list, file_new, file_page, file_remove, file_take
from waymark.cases.views.instruments import (
    assessment_detail,
    assessment_go_on,
    assessment_list,
    assessment_new,
    assessment_void,
)
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
from waymark.cases.views.legal import legal_change, legal_new
from waymark.cases.views.notes import (
    addendum_new,
    note_change,
    note_new,
)
from waymark.cases.views.opening import (
    case_new,
    case_new_for,
)
from waymark.cases.views.origins import case_new_from
from waymark.cases.views.plan import (
    goal_change,
    goal_new,
    need_new,
    part_drop,
    part_met,
    part_reopen,
    step_change,
    step_new,
)
from waymark.cases.views.record import (
    case_detail,
    case_move,
    case_plan,
    notice_tell,
)
from waymark.cases.views.safety import (
    safety_plan,
    safety_plan_copy,
    safety_plan_print,
    safety_plan_review,
    safety_plan_write,
)
from waymark.cases.views.services import (
    service_correct,
    service_list,
    service_new,
    service_void,
)
from waymark.cases.views.sheets import sheets_print

__all__ = [
    "access",
    "addendum_new",
    "assessment_detail",
    "assessment_go_on",
    "assessment_list",
    "assessment_new",
    "assessment_void",
    "case_detail",
    "case_keeping",
    "case_list",
    "case_move",
    "case_new",
    "case_new_for",
    "case_new_from",
    "case_plan",
    "case_release",
    "case_restrict",
    "denial_lift",
    "denial_new",
    "destroy_ask",
    "destroy_decide",
    "destroy_refuse",
    "destroy_take_back",
    "file_detail",
    "file_list",
    "file_new",
    "file_page",
    "file_remove",
    "file_take",
    "goal_change",
    "goal_new",
    "hold_lift",
    "hold_new",
    "keeping_list",
    "legal_change",
    "legal_new",
    "need_new",
    "note_change",
    "note_new",
    "notice_tell",
    "part_drop",
    "part_met",
    "part_reopen",
    "retention",
    "safety_plan",
    "safety_plan_copy",
    "safety_plan_print",
    "safety_plan_review",
    "safety_plan_write",
    "service_correct",
    "service_list",
    "service_new",
    "service_void",
    "sheets_print",
    "step_change",
    "step_new",
    "team",
]
