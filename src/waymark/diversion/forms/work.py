"""What the program counts: sessions, mentors' meetings, progress, responses."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast

from django import forms
from django.utils import timezone

from waymark.diversion.models import Attendance, Enrollment, GroupSession, Requirement, Response
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import ClockField, DayField


class PeerMonthForm(PlainForm):
    month = DayField(label="Month", help_text="Any day of it.")
    meetings = forms.IntegerField(label="Meetings", min_value=0, max_value=99)
    minutes = forms.IntegerField(label="Minutes in all", min_value=0, max_value=9_999, initial=0)
    why = {"meetings": "A count. Who the mentor is and what was said is not written down."}


class ProgressForm(PlainForm):
    requirement = forms.ChoiceField(label="Of what")
    amount = forms.IntegerField(label="How much", min_value=1, max_value=999)
    on = DayField(label="On which day")
    is_substitute = forms.BooleanField(label="Something else was done in its place", required=False)

    def __init__(self, *args: Any, requirements: list[Requirement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(row.pk): row for row in requirements}
        choices = [(pk, f"{row.phase.name}: {row.get_kind_display()}") for pk, row in self.known.items()]
        cast(forms.ChoiceField, self.fields["requirement"]).choices = choices

    def chosen(self) -> Requirement:
        return self.known[self.cleaned_data["requirement"]]


class ResponseForm(PlainForm):
    kind = forms.ChoiceField(label="Kind", choices=Response.Kind.choices, widget=forms.RadioSelect)
    what = forms.ChoiceField(label="What", choices=[("", "Choose"), *Response.What.choices])
    on = DayField(label="On which day")
    court_ordered_on = DayField(label="The court ordered it on", required=False)
    why = {"court_ordered_on": "Only a court sanctions. The program gives incentives and changes its services."}


class SessionForm(PlainForm):
    program = forms.ChoiceField(label="Program")
    kind = forms.ChoiceField(label="Kind", choices=GroupSession.Kind.choices, initial="group")
    on = DayField(label="Day")
    at = ClockField(label="Begins")
    minutes = forms.IntegerField(label="Minutes", min_value=15, max_value=600, initial=90)

    def __init__(self, *args: Any, programs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["program"]).choices = [(str(row.pk), row.name) for row in programs]

    def starts_at(self) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"]))


class AttendanceForm(PlainForm):
    """A room: one question a person, and a key for each answer."""

    def __init__(self, *args: Any, room: list[Enrollment], names: dict[uuid.UUID, str], **kwargs: Any) -> None:
        self.room, self.names = room, names
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            str(row.pk): forms.ChoiceField(
                label=self.names.get(row.pk) or row.code,
                choices=Attendance.Mark.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            for row in self.room
        }

    def marks(self) -> dict[uuid.UUID, str]:
        return {uuid.UUID(pk): mark for pk, mark in self.cleaned_data.items() if mark}


class OrderAnswerForm(PlainForm):
    """On which day the agency's own rows were sealed, or destroyed."""

    on = DayField(label="Day")

    def __init__(self, *args: Any, done: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "Sealed on" if done == "sealed" else "Destroyed on"
