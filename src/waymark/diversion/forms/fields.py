"""Fields that several forms of diversion share: agencies, references, charges, and what refuses record numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils import timezone

from waymark.accounts.models import Agency
from waymark.diversion.actions.enrollments import UNDER_18
from waymark.diversion.formats.references import is_record_number, read_reference
from waymark.law.models import Charge
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

OFF = {"autocomplete": "off"}
LANGUAGES = (
    ("en", "English"),
    ("es", "Spanish"),
    ("hmn", "Hmong"),
    ("ru", "Russian"),
    ("uk", "Ukrainian"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
    ("tl", "Tagalog"),
    ("ar", "Arabic"),
    ("fa", "Dari or Farsi"),
    ("pa", "Punjabi"),
    ("ko", "Korean"),
    ("mul", "Another language"),
)


class AgencyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One agency, by name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "Choose")
        super().__init__(Agency.objects.none(), **kwargs)


class ReferenceField(forms.CharField):
    """A reference as it was said or written: `R-7Q2K-XM4P`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={**OFF, "class": "usa-input short"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "").strip()
        if not text:
            return ""
        found = read_reference(text)
        if found is None:
            raise forms.ValidationError("Enter the reference as it was given, like R-7Q2K-XM4P.")
        return found


class NoRecordNumber(forms.CharField):
    """A short text in which no number of a criminal record stands."""

    def clean(self, value: Any) -> str:
        text = " ".join(str(super().clean(value) or "").split())
        if text and is_record_number(text):
            raise forms.ValidationError(
                "This is, or names, a number of a criminal record (CII, FBI). Write the court’s case number."
            )
        return text


class ChargeFields(PlainForm):
    """A charge as it read on the day of the offense. From the public court file, or from counsel."""

    charge = forms.ChoiceField(label="Charge")
    offense_on = DayField(label="Day of the offense")
    is_adult = forms.BooleanField(label="The person was 18 or older on that day", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Charge.objects.order_by("section").values_list("section", flat=True).distinct()
        cast(forms.ChoiceField, self.fields["charge"]).choices = [("", "Choose"), *((row, row) for row in sections)]

    def clean_offense_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["offense_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def clean_is_adult(self) -> bool:
        if not self.cleaned_data["is_adult"]:
            raise forms.ValidationError(UNDER_18)
        return True


class PressForm(PlainForm):
    """Only a button."""
