"""Who somebody is, as far as they tell. There is no field for a Social Security number."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField
from waymark.people.forms.contacts import OFF
from waymark.people.models import AgeBand
from waymark.people.policies import age_on, band_of

TEXT = forms.TextInput(attrs=OFF)


class PersonForm(PlainForm):
    """The file of a person."""

    name = forms.CharField(label="What should we call them?", max_length=120, required=False, widget=TEXT)
    legal_name = forms.CharField(label="Name on papers", max_length=200, required=False, widget=TEXT)
    aliases = forms.CharField(label="Other names they use", max_length=300, required=False, widget=TEXT)
    pronouns = forms.CharField(label="Pronouns", max_length=40, required=False, widget=TEXT)
    born = DayField(label="Day of birth", required=False)
    age_band = forms.ChoiceField(label="Age, about", choices=AgeBand.choices, required=False)
    languages = forms.CharField(label="Languages", max_length=120, required=False, widget=TEXT)
    code_word = forms.CharField(label="Code word", max_length=60, required=False, widget=TEXT)
    do_not_tell = forms.CharField(label="Who must not know", max_length=400, required=False, widget=TEXT)
    is_part_two = forms.BooleanField(
        label="Something in this file came from a program that treats substance use", required=False
    )

    sections = (
        ("Who they are", ("name", "legal_name", "aliases", "pronouns", "born", "age_band", "languages")),
        ("Safety", ("code_word", "do_not_tell")),
        ("Law", ("is_part_two",)),
    )
    why = {
        "is_part_two": "A federal rule (42 CFR Part 2) goes along with such records. It is sealed, and what they let us "
        "share then carries the notice of that rule. If in doubt, say yes.",
        "legal_name": "Only when a form that they want to send needs it.",
        "born": "Needed where a right begins or ends at an age. It is sealed; counts use the band.",
    }

    def clean_born(self) -> dt.date | None:
        born: dt.date | None = self.cleaned_data["born"]
        today = timezone.localdate()
        if born is not None and (born > today or age_on(born, today) > 120):
            raise forms.ValidationError("Check the year.")
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("born"):
            data["age_band"] = band_of(age_on(data["born"], timezone.localdate()))
        return data

    def facts(self) -> dict[str, Any]:
        """What is sealed beside the name."""
        data = self.cleaned_data
        names = ("legal_name", "aliases", "pronouns", "languages", "code_word", "do_not_tell")
        return {
            **{name: data[name] for name in names},
            "born": data["born"].isoformat() if data["born"] else "",
            "is_part_two": bool(data["is_part_two"]),
        }
