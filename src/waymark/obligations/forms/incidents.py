"""An incident: closed lists first, words only where they can be sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from waymark.obligations.forms.moments import MomentForm
from waymark.obligations.models import Incident
from waymark.pages.questions import PlainForm
from waymark.people.formats.codes import read_code

OFF = {"autocomplete": "off"}
SOME = forms.IntegerField(label="About how many people", min_value=0, max_value=1_000_000, required=False)


class IncidentForm(MomentForm):
    """What happened, and since when somebody here knows."""

    kind = forms.ChoiceField(label="What happened", choices=Incident.Kind.choices, widget=forms.RadioSelect)
    reach = forms.ChoiceField(
        label="What could somebody read", choices=Incident.Reach.choices, initial="unknown", widget=forms.RadioSelect
    )
    about_people = SOME
    is_drill = forms.BooleanField(label="This is a drill.", required=False, help_text="Same clocks. Nobody is told.")
    words = forms.CharField(
        label="In words",
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={**OFF, "rows": 4}),
        help_text="Sealed; only your agency reads it.",
    )
    sections = (
        ("When somebody here found it", ("on", "at")),
        ("What", ("kind", "reach", "about_people", "words", "is_drill")),
    )
    why = {"reach": "Sealed data without a key tells nobody anything. Paper and open screens do. Not sure is an answer."}

    def __init__(self, *args: Any, can_seal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_seal:
            del self.fields["words"]


class CorrectForm(PlainForm):
    """What was learned since."""

    reach = forms.ChoiceField(label="What could somebody read", choices=Incident.Reach.choices, widget=forms.RadioSelect)
    about_people = SOME
    justice = forms.ChoiceField(
        label="The grant office of the Department of Justice",
        choices=Incident.Justice.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    why = {"justice": "Whoever has a grant tells its office within 24 hours of finding an actual or imminent breach."}


class ReachedForm(PlainForm):
    """Somebody whom it concerns."""

    code = forms.CharField(
        label="Code of their file", max_length=20, widget=forms.TextInput(attrs=OFF), help_text="Like tugad-73."
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError("A code is a word and two digits, like tugad-73.")
        return code


class ToldForm(PlainForm):
    """How they were told: here, or by a way that they agreed to for this hour."""

    way = forms.ChoiceField(label="How", required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label="What was said, or why nobody can tell them safely",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={**OFF, "rows": 3}),
    )

    def __init__(self, *args: Any, ways: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["way"]
        field.choices = [("here", "They are here with me"), *ways, ("", "Nobody can tell them safely")]
