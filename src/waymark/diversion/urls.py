"""Addresses of diversion, on the staff site only. No address tells who somebody is."""

import datetime as dt

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from waymark.diversion import views


class DayConverter(StringConverter):
    """A day, as `2026-12-01`; anything else is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:  # type: ignore[override]
        return dt.date.fromisoformat(value)

    def to_url(self, value: object) -> str:
        return value.isoformat() if isinstance(value, dt.date) else str(value)


register_converter(DayConverter, "court_day")

app_name = "diversion"
urlpatterns = [
    path("", views.enrollment_list, name="enrollment_list"),
    path("find/", views.enrollment_find, name="enrollment_find"),
    path("programs/", views.program_list, name="program_list"),
    path("programs/new/", views.program_new, name="program_new"),
    path("programs/<uuid:pk>/", views.program_detail, name="program_detail"),
    path("programs/<uuid:pk>/measures/", views.program_measures, name="program_measures"),
    path("programs/<uuid:pk>/fairness/", views.fairness, name="fairness"),
    path("programs/<uuid:pk>/fairness/sheet/", views.fairness_sheet, name="fairness_sheet"),
    path("programs/<uuid:pk>/fairness/count/", views.fairness_count, name="fairness_count"),
    path("programs/<uuid:pk>/fairness/device/", views.fairness_hand_over, name="fairness_hand_over"),
    path("programs/<uuid:pk>/phases/<uuid:phase>/", views.phase_change, name="phase_change"),
    path("programs/<uuid:pk>/rules/new/", views.rule_new, name="rule_new"),
    path("programs/<uuid:pk>/rules/<uuid:rule>/end/", views.rule_end, name="rule_end"),
    path("fairness/<str:token>/", views.fairness_device, name="fairness_device"),
    path("referrals/", views.referral_list, name="referral_list"),
    path("referrals/new/", views.referral_new, name="referral_new"),
    path("referrals/<uuid:pk>/", views.referral_detail, name="referral_detail"),
    path("referrals/<uuid:pk>/decide/", views.referral_decide, name="referral_decide"),
    path("referrals/<uuid:pk>/enroll/", views.referral_enroll, name="referral_enroll"),
    path("mail/", views.mail_take_in, name="mail_take_in"),
    path("sessions/", views.session_list, name="session_list"),
    path("sessions/new/", views.session_new, name="session_new"),
    path("sessions/<uuid:pk>/", views.session_detail, name="session_detail"),
    path("sessions/<uuid:pk>/cancel/", views.session_cancel, name="session_cancel"),
    path("hearings/", views.hearing_list, name="hearing_list"),
    path("reports/", views.report_list, name="report_list"),
    path("alumni/", views.alumnus_list, name="alumnus_list"),
    path("reminders/", views.reminder_sheet, name="reminder_sheet"),
    path("rights/<slug:language>/", views.rights_sheet, name="rights_sheet"),
    path("contests/<uuid:pk>/", views.contest_settle, name="contest_settle"),
    path("people/<uuid:pk>/", views.enrollment_detail, name="enrollment_detail"),
    path("people/<uuid:pk>/change/", views.enrollment_change, name="enrollment_change"),
    path("people/<uuid:pk>/moves/<slug:move>/", views.enrollment_move, name="enrollment_move"),
    path("people/<uuid:pk>/hearing/", views.hearing_new, name="hearing_new"),
    path("people/<uuid:pk>/hearing/decide/", views.hearing_decide, name="hearing_decide"),
    path("people/<uuid:pk>/end/", views.exit_new, name="exit_new"),
    path("people/<uuid:pk>/alumnus/", views.alumnus_change, name="alumnus_change"),
    path("people/<uuid:pk>/alumnus/<slug:after>/", views.check_in, name="check_in"),
    path("people/<uuid:pk>/peer/", views.peer_month, name="peer_month"),
    path("people/<uuid:pk>/progress/", views.progress_new, name="progress_new"),
    path("people/<uuid:pk>/responses/", views.response_new, name="response_new"),
    path("people/<uuid:pk>/permit/", views.permit_attach, name="permit_attach"),
    path("people/<uuid:pk>/report/", views.report_new, name="report_new"),
    path("people/<uuid:pk>/put-away/", views.enrollment_put_away, name="enrollment_put_away"),
    path("orders/", views.order_list, name="order_list"),
    path("orders/<uuid:pk>/", views.order_detail, name="order_detail"),
    path("orders/<uuid:pk>/take-up/", views.order_take_up, name="order_take_up"),
    path("orders/<uuid:pk>/<slug:done>/", views.order_answer, name="order_answer"),
    path("put-away/", views.put_away_list, name="put_away_list"),
    path("put-away/<slug:kind>/<uuid:pk>/", views.row_destroy, name="row_destroy"),
    path("matters/", views.matter_list, name="matter_list"),
    path("matters/find/", views.matter_find, name="matter_find"),
    path("matters/new/", views.matter_new, name="matter_new"),
    path("matters/<uuid:pk>/", views.matter_detail, name="matter_detail"),
    path("matters/<uuid:pk>/change/", views.matter_change, name="matter_change"),
    path("matters/<uuid:pk>/put-away/", views.matter_put_away, name="matter_put_away"),
    path("matters/<uuid:pk>/refer/", views.matter_refer, name="matter_refer"),
    path("matters/<uuid:pk>/decide/", views.matter_decide, name="matter_decide"),
    path("matters/<uuid:pk>/report/", views.matter_report, name="matter_report"),
    path("matters/<uuid:pk>/contest/", views.contest_new, name="contest_new"),
    path("matters/<uuid:pk>/docket/", views.docket_add, name="docket_add"),
    path("docket/", views.docket_list, name="docket_list"),
    path("docket/<court_day:on>/", views.docket_day, name="docket_day"),
    path("docket/<court_day:on>/reports/", views.docket_reports, name="docket_reports"),
    path("docket/<court_day:on>/reports.pdf", views.docket_paper, name="docket_paper"),
    path("docket/entries/<uuid:pk>/", views.docket_outcome, name="docket_outcome"),
]
