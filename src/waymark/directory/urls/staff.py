"""The stewardship screens, on the staff site only."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from waymark.directory.views import changes, checks, help_lines, lists, parts, records


class EntityConverter(StringConverter):
    """The three kinds of listing; any other word is an unknown address."""

    regex = "service|organization|location"


register_converter(EntityConverter, "listing")

app_name = "directory"
urlpatterns = [
    path("services/", lists.service_list, name="service_list"),
    path("services/<uuid:pk>/", records.service_detail, name="service_detail"),
    path("services/<uuid:pk>/hours/", checks.service_hours, name="service_hours"),
    path("services/<uuid:pk>/reports/", checks.report_resolve, name="report_resolve"),
    path("organizations/", lists.organization_list, name="organization_list"),
    path("organizations/<uuid:pk>/", records.organization_detail, name="organization_detail"),
    path("places/", lists.location_list, name="location_list"),
    path("places/<uuid:pk>/", records.location_detail, name="location_detail"),
    path("places/<uuid:pk>/confidential/", checks.location_confidential, name="location_confidential"),
    path("phones/", lists.phone_list, name="phone_list"),
    path("hours/", lists.hours_list, name="hours_list"),
    path("to-check/", lists.stale_list, name="stale_list"),
    path("reports/", lists.report_list, name="report_list"),
    path("changes/", lists.change_list, name="change_list"),
    path("changes/<uuid:pk>/", changes.change_detail, name="change_detail"),
    path("changes/<uuid:pk>/refuse/", changes.change_refuse, name="change_refuse"),
    path("changes/<uuid:pk>/withdraw/", changes.change_withdraw, name="change_withdraw"),
    path("help-lines/", help_lines.help_line_list, name="help_line_list"),
    path("help-lines/new/", help_lines.help_line_add, name="help_line_add"),
    path("help-lines/<slug:slug>/", help_lines.help_line_detail, name="help_line_detail"),
    path("help-lines/<slug:slug>/edit/", help_lines.help_line_edit, name="help_line_edit"),
    path("help-lines/<slug:slug>/put-up/", help_lines.help_line_put_up, name="help_line_put_up"),
    path("help-lines/<slug:slug>/take-down/", help_lines.help_line_take_down, name="help_line_take_down"),
    path("help-lines/<slug:slug>/propose-again/", help_lines.help_line_propose_again, name="help_line_propose_again"),
    path("help-lines/<slug:slug>/check/", help_lines.help_line_verify, name="help_line_verify"),
    path("<listing:entity>/new/", records.listing_add, name="listing_add"),
    path("<listing:entity>/<uuid:pk>/edit/", records.listing_edit, name="listing_edit"),
    path("<listing:entity>/<uuid:pk>/check/", checks.listing_verify, name="listing_verify"),
    path("<listing:entity>/<uuid:pk>/history/", records.listing_history, name="listing_history"),
    path("<listing:entity>/<uuid:pk>/words/new/", parts.translation_add, name="translation_add"),
    path("<listing:entity>/<uuid:pk>/words/<int:row_pk>/", parts.translation_edit, name="translation_edit"),
    path("<listing:entity>/<uuid:pk>/<slug:kind>/new/", parts.part_add, name="part_add"),
    path("<listing:entity>/<uuid:pk>/<slug:kind>/<slug:row_pk>/edit/", parts.part_edit, name="part_edit"),
    path("<listing:entity>/<uuid:pk>/<slug:kind>/<slug:row_pk>/remove/", parts.part_remove, name="part_remove"),
]
