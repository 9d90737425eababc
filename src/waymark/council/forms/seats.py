"""Seats, pay and time. A form here asks how somebody wants to be called, and never who they are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils import timezone

from waymark.accounts.models import Agency, Membership
from waymark.council.models import PaidTime, SeatHolder
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

LONGEST_TERM = dt.timedelta(days=3 * 366)
AS_NAME = {"autocomplete": "off", "spellcheck": "false"}


class HoldingForm(PlainForm):
    agency = forms.ChoiceField(label="Agency that holds the council")
    why = {
        "agency": "It keeps the council's seats and pays its time. A public agency would have to show both to whoever asks "
        "for its records, so a non-profit or victim-services agency holds it."
    }

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["agency"]).choices = [
            ("", "Choose the agency"),
            *((str(each.pk), each.name) for each in agencies),
        ]


class SeatForm(PlainForm):
    member = forms.ChoiceField(label="Who sits", help_text="Members of your agency with the role “council”.")
    display_name = forms.CharField(
        label="Name that the person chose",
        max_length=60,
        help_text="As they want to be called: a first name, an invented one, a tree.",
        widget=forms.TextInput(attrs=AS_NAME),
    )
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day of the term")
    why = {
        "display_name": "The coalition sees this name and no other. Nobody is asked what they have lived through, and it "
        "is written nowhere."
    }

    def __init__(self, *args: Any, candidates: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["member"]).choices = [
            ("", "Choose the member"),
            *((str(each.pk), each.user.display_name) for each in candidates),
        ]
        self.initial.setdefault("starts_on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day comes before the first day. Check both.")
        elif first and last and last - first > LONGEST_TERM:
            self.add_error("ends_on", "A term lasts three years at most. Give another seat when it is over.")
        elif last and last < timezone.localdate():
            self.add_error("ends_on", "This day has passed.")
        return data


class OwnSeatForm(PlainForm):
    display_name = forms.CharField(
        label="What you want to be called",
        max_length=60,
        help_text="Everybody in the coalition sees this name. It can be any name.",
        widget=forms.TextInput(attrs=AS_NAME),
    )
    support_person = forms.CharField(
        label="Who comes along for support",
        max_length=60,
        required=False,
        help_text="What they want to be called. Leave it empty if nobody does, or if you prefer not to say.",
        widget=forms.TextInput(attrs=AS_NAME),
    )
    why = {
        "support_person": "So that a place and a meal are ready for two. Only the agency that holds the council sees it."
    }


class PayForm(PlainForm):
    pay_way = forms.ChoiceField(
        label="How you want to be paid",
        choices=[choice for choice in SeatHolder.Way.choices if choice[0]],
        widget=forms.RadioSelect,
        help_text="Where the money goes is settled with the agency, outside this page.",
    )
    gives_time = forms.BooleanField(
        label="I give my time without pay",
        required=False,
        help_text="You can change this at any time; it holds for time that is approved from then on.",
    )
    monthly_cap = forms.DecimalField(
        label="No more than this in a month, in dollars",
        min_value=Decimal("1"),
        max_value=Decimal("100000"),
        decimal_places=2,
        required=False,
        help_text="What goes over it waits for the next month.",
    )
    told = forms.BooleanField(
        label="I have read the note above, and I know whom I can ask before the first payment.",
        error_messages={"required": "Read the note first, and tick this when you have. Nobody is paid before."},
    )
    why = {"monthly_cap": "Some benefits end above an amount of income in a month. Only you can say what is safe for you."}


class TimeForm(PlainForm):
    on = DayField(label="Day")
    activity = forms.ChoiceField(label="What it was for", choices=PaidTime.Activity.choices, widget=forms.RadioSelect)
    hours = forms.IntegerField(label="Hours", min_value=0, max_value=16, initial=1)
    minutes = forms.TypedChoiceField(
        label="and minutes", choices=[(0, "0"), (15, "15"), (30, "30"), (45, "45")], coerce=int, initial=0
    )
    why = {"activity": "Reading beforehand and coming down afterwards are part of the work, and are paid like it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("hours") == 0 and data.get("minutes") == 0:
            self.add_error("hours", "Enter a quarter of an hour at least.")
        return data

    def length(self) -> int:
        """The minutes that were typed, in all."""
        hours: int = self.cleaned_data["hours"]
        minutes: int = self.cleaned_data["minutes"]
        return hours * 60 + minutes


class ApproveForm(PlainForm):
    """Approves what was shown: what is entered while the page is read waits."""

    times = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, times: list[PaidTime], **kwargs: Any) -> None:
        kwargs["initial"] = {"times": [str(time.pk) for time in times]}
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["times"]).choices = [(str(time.pk), "") for time in times]
        self.fields["times"].error_messages = {
            "required": "Nothing waits for approval.",
            "invalid_choice": "Something here was settled meanwhile. Look at the list again.",
        }


class PaidForm(PlainForm):
    paid_on = DayField(label="Day of the payment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("paid_on", timezone.localdate())


class RateForm(PlainForm):
    hourly = forms.DecimalField(
        label="Dollars an hour", min_value=Decimal("1"), max_value=Decimal("1000"), decimal_places=2
    )
    starts_on = DayField(label="From this day on", help_text="Time is paid by the rate of its day.")
    why = {
        "hourly": "One rate for everybody, for preparation, meetings and recovery alike, posted where everybody sees it."
    }
