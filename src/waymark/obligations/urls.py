"""Papers of courts, reports, incidents, and a person's own record, on the staff site only. No address holds a name."""

from django.urls import path

from waymark.obligations.views import incidents, own_record, processes, releases, reports

app_name = "obligations"
urlpatterns = [
    path("door/", processes.door, name="door"),
    path("counsel/", processes.counsel, name="counsel"),
    path("papers/", processes.process_list, name="process_list"),
    path("papers/<uuid:pk>/", processes.process_detail, name="process_detail"),
    path("papers/<uuid:pk>/move/<slug:move>/", processes.process_move, name="process_move"),
    path("papers/<uuid:pk>/privilege/", processes.process_privilege, name="process_privilege"),
    path("papers/<uuid:pk>/told/", processes.process_telling, name="process_telling"),
    path("papers/<uuid:pk>/given/new/", releases.release_ask, name="release_ask"),
    path("papers/<uuid:pk>/given/<uuid:release>/answer/", releases.release_answer, name="release_answer"),
    path("papers/<uuid:pk>/given/<uuid:release>/hand-over/", releases.release_hand_over, name="release_hand_over"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/<uuid:pk>/", reports.report_detail, name="report_detail"),
    path("reports/<uuid:pk>/change/", reports.report_change, name="report_change"),
    path("reports/<uuid:pk>/phone/", reports.report_phone, name="report_phone"),
    path("reports/<uuid:pk>/send/", reports.report_send, name="report_send"),
    path("reports/<uuid:pk>/drop/", reports.report_drop, name="report_drop"),
    path("incidents/", incidents.incident_list, name="incident_list"),
    path("incidents/new/", incidents.incident_new, name="incident_new"),
    path("incidents/<uuid:pk>/", incidents.incident_detail, name="incident_detail"),
    path("incidents/<uuid:pk>/change/", incidents.incident_change, name="incident_change"),
    path("incidents/<uuid:pk>/move/<slug:move>/", incidents.incident_move, name="incident_move"),
    path("incidents/<uuid:pk>/people/new/", incidents.reached_new, name="reached_new"),
    path("incidents/<uuid:pk>/people/<uuid:reached>/", incidents.reached_told, name="reached_told"),
    path("people/<uuid:pk>/", own_record.person, name="person"),
    path("people/<uuid:pk>/papers/new/", processes.process_new, name="process_new"),
    path("people/<uuid:pk>/reports/new/", reports.report_new, name="report_new"),
    path("people/<uuid:pk>/seen/", own_record.seen, name="seen"),
    path("people/<uuid:pk>/seen/print/", own_record.seen_print, name="seen_print"),
    path("people/<uuid:pk>/copy/", own_record.copy, name="copy"),
    path("people/<uuid:pk>/statements/new/", own_record.statement_new, name="statement_new"),
    path("people/<uuid:pk>/statements/<uuid:statement>/back/", own_record.statement_back, name="statement_back"),
]
