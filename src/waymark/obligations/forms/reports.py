"""A report that the law demands: its own words, as few as it needs. Nothing can be attached."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.obligations.forms.moments import MomentForm
from waymark.obligations.models import MandatedReport
from waymark.pages.questions import PlainForm

OFF = {"autocomplete": "off"}
TOLD = "told"


class WordsForm(PlainForm):
    """What is said and sent: no more than whoever gets it must have to protect somebody."""

    receiver = forms.ChoiceField(label="Who gets it", choices=[("", "Choose"), *MandatedReport.Receiver.choices])
    who = forms.CharField(
        label="Who it is about", max_length=400, widget=forms.TextInput(attrs=OFF), help_text="Name and age, if known."
    )
    where = forms.CharField(
        label="Where they can be found",
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="Never a shelter's address. Give an office and a phone where the shelter is secret.",
    )
    happened = forms.CharField(
        label="What was seen or said",
        max_length=4000,
        widget=forms.Textarea(attrs={**OFF, "rows": 5}),
        help_text="Only what makes it reportable. Not their story, not their papers, not who else was here.",
    )

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("who", "where", "happened")}


class ReportForm(WordsForm, MomentForm):
    """A new report."""

    duty = forms.ChoiceField(label="What must be reported", widget=forms.RadioSelect)
    told = forms.ChoiceField(
        label="Before they told you, did they know that you must report it?",
        choices=[
            (TOLD, "Yes, I told them first"),
            *((value, label) for value, label in MandatedReport.Unsaid.choices if value),
        ],
        widget=forms.RadioSelect,
    )
    sections = (
        ("What and when", ("duty", "on", "at", "told")),
        ("What is said and sent", ("receiver", "who", "where", "happened")),
    )
    why = {"told": "Nobody should learn afterwards that telling you had this price."}

    def __init__(self, *args: Any, duties: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["duty"]
        field.choices = [(value, label) for value, label in MandatedReport.Duty.choices if value in duties]


class PhoneForm(PlainForm):
    """The call."""

    reached = forms.CharField(
        label="Who took it, and the number they gave",
        max_length=300,
        widget=forms.TextInput(attrs=OFF),
        help_text="Name or badge, and the report's number.",
    )
