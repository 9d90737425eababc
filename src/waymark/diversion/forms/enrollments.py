"""What the program types about somebody: what was done, on which day, and never what was said."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast

from django import forms
from django.utils import timezone

from waymark.diversion.actions.enrollments import REPORT_FIELDS, UNDER_18
from waymark.diversion.forms.fields import OFF, AgencyChoice, NoRecordNumber
from waymark.diversion.models import ComplianceReport, Exit, Hearing
from waymark.diversion.models.enrollments import Authority
from waymark.diversion.selectors import programs as known
from waymark.pages.offers import offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import ClockField, DayField


class EnrollForm(PlainForm):
    name = forms.CharField(label="What they want to be called", max_length=120, widget=forms.TextInput(attrs=OFF))
    initials = NoRecordNumber(
        label="Initials", max_length=6, widget=forms.TextInput(attrs={**OFF, "class": "usa-input clock"})
    )
    safe_times = forms.CharField(
        label="When and how it is safe to reach them", max_length=200, required=False, widget=forms.TextInput(attrs=OFF)
    )
    was_adult = forms.BooleanField(label="They were 18 or older on the day of the offense", required=False)
    defense = AgencyChoice(label="Counsel", required=False, empty_label="Counsel outside the coalition; gets paper")
    counsel_met_on = DayField(label="They met counsel on")
    immigration_advice_on = DayField(label="They got advice about immigration on")
    counsel_asked_on = DayField(label="Counsel was asked about dismissal or Penal Code 236.23 on")
    rights_told_on = DayField(label="You went through the rights sheet on")
    authority = forms.ChoiceField(label="Under what law", choices=Authority.choices)
    started_on = DayField(label="First day")
    max_end_on = DayField(label="Last day that the law allows")
    next_court_on = DayField(label="Next court day", required=False)
    wants_paper_reminders = forms.BooleanField(label="They want reminders on paper", required=False)
    sections = (
        ("Who", ("name", "initials", "safe_times", "was_adult")),
        (
            "Done before the first day",
            ("defense", "counsel_met_on", "immigration_advice_on", "counsel_asked_on", "rights_told_on"),
        ),
        ("The program", ("authority", "started_on", "max_end_on", "next_court_on", "wants_paper_reminders")),
    )
    why = {
        "counsel_met_on": "Written down as done. What was said stays between them.",
        "immigration_advice_on": "Diversion can count in immigration court. Advice comes first.",
        "counsel_asked_on": "Somebody who was forced may have a defense, and need no program.",
        "was_adult": UNDER_18,
        "wants_paper_reminders": "Only when they ask. A reminder names no court and no program. Texts are not sent: who "
        "carries a text would learn of it, and that needs a release of its own.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "defense", known.defenses())

    def clean_was_adult(self) -> bool:
        if not self.cleaned_data["was_adult"]:
            raise forms.ValidationError(UNDER_18)
        return True

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "initials", "safe_times")}

    def open_values(self) -> dict[str, Any]:
        hidden = {"name", "initials", "safe_times", "was_adult"}
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden}


class EnrollmentChangeForm(PlainForm):
    name = forms.CharField(label="What they want to be called", max_length=120, widget=forms.TextInput(attrs=OFF))
    initials = NoRecordNumber(
        label="Initials", max_length=6, widget=forms.TextInput(attrs={**OFF, "class": "usa-input clock"})
    )
    safe_times = forms.CharField(
        label="When and how it is safe to reach them", max_length=200, required=False, widget=forms.TextInput(attrs=OFF)
    )
    defense = AgencyChoice(label="Counsel", required=False, empty_label="Counsel outside the coalition; gets paper")
    next_court_on = DayField(label="Next court day", required=False)
    wants_paper_reminders = forms.BooleanField(label="They want reminders on paper", required=False)
    why = {"wants_paper_reminders": EnrollForm.why["wants_paper_reminders"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "defense", known.defenses())

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "initials", "safe_times")}


class MoveForm(PlainForm):
    on = DayField(label="On which day")
    max_end_on = DayField(label="New last day that the law allows")

    def __init__(self, *args: Any, is_re_entry: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_re_entry:
            del self.fields["max_end_on"]


class HearingForm(PlainForm):
    set_for = DayField(label="Day of the hearing")
    noticed_on = DayField(label="The person was told on")
    counsel_noticed_on = DayField(label="Counsel was told on")
    why = {"noticed_on": "Without notice to both before the day, nobody can be terminated (Penal Code 1001.4)."}


class HearingDecisionForm(PlainForm):
    outcome = forms.ChoiceField(
        label="What the court decided", choices=[row for row in Hearing.Outcome.choices if row[0]], widget=forms.RadioSelect
    )
    held_on = DayField(label="Held on", required=False, help_text="Leave it empty when it was taken back.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "outcome" in cleaned and (cleaned["outcome"] == "taken_back") != (cleaned.get("held_on") is None):
            self.add_error("held_on", "Give the day on which it was held, or none when it was taken back.")
        return cleaned


class ExitForm(PlainForm):
    kind = forms.ChoiceField(
        label="How it ended", choices=[row for row in Exit.Kind.choices if row[0] != "terminated"], widget=forms.RadioSelect
    )
    on = DayField(label="On which day")
    why = {"kind": "A termination is not here: it comes from a hearing that was noticed and held."}


class AlumnusForm(PlainForm):
    wants = forms.BooleanField(label="They want to stay in touch", required=False)
    is_mentor = forms.BooleanField(label="They want to be a mentor to others", required=False)


class PermitForm(PlainForm):
    permit = forms.ChoiceField(label="Permit")

    def __init__(self, *args: Any, permits: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(row.pk): row for row in permits if set(row.fields) >= REPORT_FIELDS}
        choices = [
            (pk, f"{row.recipient.name}, until {timezone.localdate(row.ends_at):%B %-d, %Y}")
            for pk, row in self.known.items()
        ]
        cast(forms.ChoiceField, self.fields["permit"]).choices = [("", "Choose"), *choices]


class ReportForm(PlainForm):
    page = forms.UUIDField(widget=forms.HiddenInput)
    for_day = DayField(label="For the court day")
    status = forms.ChoiceField(label="Status", choices=ComplianceReport.Status.choices, widget=forms.RadioSelect)
    next_on = DayField(label="Next date in the program", required=False)
    counsel_on = DayField(label="Counsel outside got it on paper on", required=False)
    counsel_at = ClockField(label="At what hour", required=False)
    sections = (
        ("The report", ("for_day", "status", "next_on")),
        ("Counsel outside the coalition", ("counsel_on", "counsel_at")),
    )
    why = {
        "status": "“Not engaging” is no status. When nothing may be said, write no report: the court reads “no report”"
        ", and no reason.",
        "counsel_on": "Counsel reads a report 24 hours before court and prosecution. Counsel in the coalition gets it now.",
    }

    def __init__(self, *args: Any, is_counsel_outside: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("page", uuid.uuid4())
        if not is_counsel_outside:
            del self.fields["counsel_on"], self.fields["counsel_at"]

    def clean_for_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["for_day"]
        if day < timezone.localdate():
            raise forms.ValidationError("This day is over. Write a report for a day to come.")
        return day

    def given_to_counsel_at(self) -> dt.datetime | None:
        day, hour = self.cleaned_data.get("counsel_on"), self.cleaned_data.get("counsel_at")
        return timezone.make_aware(dt.datetime.combine(day, hour)) if day and hour else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("counsel_on")) != bool(cleaned.get("counsel_at")) and not self.errors:
            self.add_error("counsel_on", "Give the day and the hour, or neither.")
        given = self.given_to_counsel_at() if not self.errors else None
        if given is not None and given > timezone.now():
            self.add_error("counsel_on", "This hour has not come yet.")
        return cleaned
