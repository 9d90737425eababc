"""Small forms: a dated check, a reason, a resolved report."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

SOURCE_HELP = "Like “Called the front desk” or the address of the page you read."


def _not_in_future(day: dt.date) -> dt.date:
    if day > timezone.localdate():
        raise forms.ValidationError("This day is in the future. Enter the day of the check.")
    return day


class VerifyForm(PlainForm):
    """A person's dated check of the source."""

    field_name = forms.ChoiceField(label="What you checked", required=False)
    source = forms.CharField(label="How you know", max_length=200, help_text=SOURCE_HELP)
    verified_on = DayField(label="Day of the check", help_text="The day you looked, like May 3 2026 or 5/3/2026.")

    why = {"verified_on": "The page tells people when it was last checked. The day you looked is what counts, not today."}

    def __init__(self, *args: Any, fields: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["field_name"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", "Everything on the page"), *fields]

    def clean_verified_on(self) -> dt.date:
        return _not_in_future(self.cleaned_data["verified_on"])


class VerifyLineForm(PlainForm):
    source = forms.CharField(label="How you know", max_length=300, help_text=SOURCE_HELP)
    verified_on = DayField(label="Day of the check", help_text="The date of the source, like May 3 2026 or 5/3/2026.")
    review_on = DayField(label="Check again on", help_text="At most a year ahead. 30 days is a good habit.")

    def clean_verified_on(self) -> dt.date:
        return _not_in_future(self.cleaned_data["verified_on"])

    def clean(self) -> dict[str, Any]:
        return check_review_day(self)


def check_review_day(form: forms.BaseForm) -> dict[str, Any]:
    """A review date that lies behind the check, or years ahead, would make a stale number look fresh."""
    data: dict[str, Any] = form.cleaned_data
    checked, review = data.get("verified_on"), data.get("review_on")
    if checked and review:
        if review <= checked:
            form.add_error("review_on", "The next check comes after the last one. Enter a later day.")
        elif review > checked + dt.timedelta(days=366):
            form.add_error("review_on", "A help line is checked at least once a year. Enter an earlier day.")
    return data


class ReasonForm(PlainForm):
    """Why something is done, for the colleague who reads it next month."""

    reason = forms.CharField(label="Why", max_length=200, help_text="One line for your colleagues.")


class EmptyForm(PlainForm):
    """A page that only asks to go on or to go back."""


class PutUpForm(PlainForm):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    compared = forms.BooleanField(
        label="I compared every number, the hours and the words with the source named here.",
        error_messages={"required": "Compare the line with its source and tick the box. Or go back and change nothing."},
    )


class CompareForm(PlainForm):
    compared = forms.BooleanField(
        label="I compared the new words with the source.",
        error_messages={"required": "Compare it with the source and tick the box. Or refuse the change."},
    )
