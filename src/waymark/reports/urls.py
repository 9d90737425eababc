"""The screens of reports and exchange, on the staff site only. No address holds a name or a number."""

from django.urls import path

from waymark.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("count/", views.quarter_choose, name="choose"),
    path("count/<slug:code>/<slug:day>/", views.report_count, name="count"),
    path("<uuid:pk>/", views.report_detail, name="detail"),
    path("<uuid:pk>/correct/", views.report_correct, name="correct"),
    path("<uuid:pk>/file/<slug:form>/", views.report_file, name="file"),
    path("sheets/", views.sheet_list, name="sheets"),
    path("sheets/new/", views.sheet_new, name="sheet_new"),
    path("sheets/take-out/", views.take_out, name="take_out"),
    path("sheets/hmis/", views.take_out_for_hmis, name="hmis"),
    path("sheets/<uuid:pk>/", views.sheet_detail, name="sheet"),
    path("sheets/<uuid:pk>/drop/", views.sheet_drop, name="sheet_drop"),
    path("cases/<uuid:pk>/", views.case_facts, name="facts"),
]
