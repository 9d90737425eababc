"""The pages of operations, on the staff site only."""

from django.urls import path

from waymark.operations.views import counts, operations, publication, quarters, roster, work

app_name = "operations"
urlpatterns = [
    path("", operations.operation_list, name="list"),
    path("new/", operations.operation_add, name="add"),
    path("quarters/", quarters.quarter_list, name="quarter_list"),
    path("quarters/<int:year>/<int:quarter>/services/", quarters.quarter_services, name="quarter_services"),
    path("quarters/<int:year>/<int:quarter>/make/", quarters.quarter_make, name="quarter_make"),
    path("quarters/<int:year>/<int:quarter>/file.csv", quarters.quarter_file, name="quarter_file"),
    path("<uuid:pk>/", operations.operation_detail, name="detail"),
    path("<uuid:pk>/edit/", operations.operation_edit, name="edit"),
    path("<uuid:pk>/agencies/new/", operations.agency_add, name="agency_add"),
    path("<uuid:pk>/agencies/<uuid:part>/remove/", operations.agency_remove, name="agency_remove"),
    path("<uuid:pk>/counts/new/", counts.outcome_add, name="outcome_add"),
    path("<uuid:pk>/counts/import/", counts.outcome_import, name="outcome_import"),
    path("<uuid:pk>/counts/<uuid:row>/edit/", counts.outcome_edit, name="outcome_edit"),
    path("<uuid:pk>/counts/<uuid:row>/remove/", counts.outcome_remove, name="outcome_remove"),
    path("<uuid:pk>/totals/new/", counts.total_add, name="total_add"),
    path("<uuid:pk>/totals/<uuid:row>/edit/", counts.total_edit, name="total_edit"),
    path("<uuid:pk>/services/", counts.service_counts, name="service_counts"),
    path("<uuid:pk>/safety/", work.safety, name="safety"),
    path("<uuid:pk>/roster/new/", roster.shift_add, name="shift_add"),
    path("<uuid:pk>/roster/<uuid:shift>/remove/", roster.shift_remove, name="shift_remove"),
    path("<uuid:pk>/surge/", roster.surge, name="surge"),
    path("<uuid:pk>/surge/take-back/", roster.surge_take_back, name="surge_take_back"),
    path("<uuid:pk>/publish/", publication.publish, name="publish"),
    path("<uuid:pk>/publish/correct/", publication.publication_correct, name="publication_correct"),
    path("<uuid:pk>/after-action/new/", work.after_action_add, name="after_action_add"),
    path("<uuid:pk>/after-action/<uuid:row>/turn/", work.after_action_turn, name="after_action_turn"),
]
