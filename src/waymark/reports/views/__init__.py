"""The pages of reports and exchange."""

from waymark.reports.views.certified import report_correct, report_detail, report_file, report_list
from waymark.reports.views.counting import quarter_choose, report_count
from waymark.reports.views.facts import case_facts
from waymark.reports.views.leaving import take_out, take_out_for_hmis
from waymark.reports.views.sheets import sheet_detail, sheet_drop, sheet_list, sheet_new

__all__ = [
    "case_facts",
    "quarter_choose",
    "report_correct",
    "report_count",
    "report_detail",
    "report_file",
    "report_list",
    "sheet_detail",
    "sheet_drop",
    "sheet_list",
    "sheet_new",
    "take_out",
    "take_out_for_hmis",
]
