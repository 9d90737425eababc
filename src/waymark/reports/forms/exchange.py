"""Files that come in and go out, and reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField
from waymark.reports.actions.sheets import look_at_sheet
from waymark.reports.formats.counts.templates import FunderTemplate, quarter_name
from waymark.reports.formats.htcds import BadSheet
from waymark.reports.formats.htcds.sheets import LARGEST

SHOWN = 50
COC = r"[A-Za-z]{2}-[0-9]{3}"


class SheetFileForm(PlainForm):
    """A sheet of cases. It is read whole before anything of it is kept; every problem is named at once."""

    file = forms.FileField(
        label="File", max_length=120, help_text="A sheet by HTCDS 2.0, as .csv or .xlsx: one row a case. Up to 2,000 cases."
    )
    why = {"file": "Nothing is brought in yet. You see first what would become of every row."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = b""

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise forms.ValidationError("The file is larger than 5 MB. Split it.")
        self.content = sent.read()
        try:
            reading = look_at_sheet(self.content)
        except BadSheet as bad:
            raise forms.ValidationError(str(bad)) from None
        if reading.problems:
            shown = [str(problem) for problem in reading.problems[:SHOWN]]
            more = len(reading.problems) - SHOWN
            shown += [f"And {more} more."] if more > 0 else []
            shown[0] = f"Nothing was brought in. Mend your file, which stays with you, and send it again. {shown[0]}"
            raise forms.ValidationError(shown)
        return sent


class SureForm(PlainForm):
    """Taking something out is a decision, not a click."""

    sure = forms.BooleanField(label="I know what this file is, and where it may go.", required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].error_messages["required"] = "Read what this file is, and tick the box."


class TakeOutForm(SureForm):
    """Which cases, and as what file."""

    whose = forms.ChoiceField(
        label="Whose cases",
        choices=[("mine", "Mine"), ("all", "The whole agency's")],
        widget=forms.RadioSelect,
        initial="mine",
    )
    state = forms.ChoiceField(
        label="Which",
        choices=[("open", "Open ones"), ("every", "Closed ones, too")],
        widget=forms.RadioSelect,
        initial="open",
    )
    form = forms.ChoiceField(
        label="As", choices=[("xlsx", "Excel sheet"), ("csv", "CSV table")], widget=forms.RadioSelect, initial="xlsx"
    )
    field_order = ["whose", "state", "form", "sure"]


class HmisForm(SureForm):
    """The time of the export and the region of care."""

    starts_on = DayField(label="From")
    ends_on = DayField(label="To")
    place = forms.RegexField(
        COC,
        label="Continuum of Care",
        required=False,
        max_length=6,
        help_text="Its code, like CA-503.",
        error_messages={"invalid": "Write it like CA-503."},
    )
    field_order = ["starts_on", "ends_on", "place", "sure"]

    def clean_place(self) -> str:
        return str(self.cleaned_data["place"]).upper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "This day is before the first one.")
        if last and last > timezone.localdate():
            self.add_error("ends_on", "This day has not come yet.")
        return data


class QuarterForm(PlainForm):
    """Which quarter is counted."""

    quarter = forms.ChoiceField(label="Quarter", widget=forms.RadioSelect)

    def __init__(self, *args: Any, wanted: FunderTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarters = wanted.quarters(timezone.localdate())
        choices = [(first.isoformat(), quarter_name(first)) for first, _ in quarters]
        offer(self, "quarter", choices)
        self.initial.setdefault("quarter", choices[0][0])

    def first_day(self) -> dt.date:
        return dt.date.fromisoformat(self.cleaned_data["quarter"])


class CertifyForm(PlainForm):
    """That these numbers are right, as they were looked at."""

    mark = forms.CharField(widget=forms.HiddenInput, max_length=64)


class CorrectionForm(CertifyForm):
    """What was wrong with a certified report."""

    what_was_wrong = forms.CharField(
        label="What was wrong", max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"})
    )
    why = {"what_was_wrong": "It is read beside the report. Write no name and no number that the report hides."}
