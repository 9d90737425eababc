"""What a visitor may send without script: a few words, a few ticks, a ZIP; and one reason why a listing is wrong.

Nothing sent is kept, logged or put into an address; only a report leaves a row, with a reason and a day.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms

from waymark.directory.models import ListingReport
from waymark.finder.content import languages, strings

AGES = ("under_18", "18_24", "25_59", "60")
ZIP = re.compile(r"\d{5}")
EXAMPLE_ZIP = "95814"


class ListForm(forms.Form):
    """Search words and filters. What makes no sense is left out, never an error, except a ZIP that is no ZIP."""

    words = forms.CharField(required=False, max_length=200)
    need = forms.CharField(required=False, max_length=12)
    open = forms.BooleanField(required=False)
    no_police = forms.BooleanField(required=False)
    access = forms.BooleanField(required=False)
    free = forms.BooleanField(required=False)
    language = forms.CharField(required=False, max_length=20)
    age = forms.CharField(required=False, max_length=20)
    zip = forms.CharField(required=False, max_length=20)
    page = forms.CharField(required=False, max_length=6)

    def __init__(self, *args: Any, code: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code

    def clean_language(self) -> str:
        said = str(self.cleaned_data["language"])
        return said if said in {each.code for each in languages()} else ""

    def clean_age(self) -> str:
        said = str(self.cleaned_data["age"])
        return said if said in AGES else ""

    def clean_page(self) -> int:
        said = str(self.cleaned_data["page"])
        return max(1, int(said)) if said.isdigit() else 1

    def clean_zip(self) -> str:
        said = str(self.cleaned_data["zip"]).strip()
        if said and not ZIP.fullmatch(said[:5] if len(said) == 10 and said[5] == "-" else said):
            raise forms.ValidationError(strings(self.code)["results.zip_wrong"].format(example=EXAMPLE_ZIP))
        return said[:5]


class ReportForm(forms.Form):
    """One reason out of a closed list. There is no text field: what cannot be written cannot leak."""

    reason = forms.ChoiceField(choices=ListingReport.Reason.choices)
