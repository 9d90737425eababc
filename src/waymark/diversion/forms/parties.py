"""What court, prosecution and defense type. There is no field for a story, and none for words to anybody."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.diversion.actions.enrollments import UNDER_18
from waymark.diversion.forms.fields import LANGUAGES, OFF, AgencyChoice, ChargeFields, NoRecordNumber, ReferenceField
from waymark.diversion.models import DocketEntry
from waymark.diversion.models.parties import Reason, Verdict
from waymark.diversion.selectors import programs as known
from waymark.pages.offers import offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField


class MatterForm(ChargeFields):
    program_agency = AgencyChoice(label="Who gives the program")
    reference = ReferenceField(
        label="Reference that another party gave", required=False, help_text="Leave it empty to get a new one."
    )
    initials = NoRecordNumber(
        label="Initials", max_length=6, widget=forms.TextInput(attrs={**OFF, "class": "usa-input clock"})
    )
    case_number = NoRecordNumber(label="Case number", max_length=30, required=False, widget=forms.TextInput(attrs=OFF))
    language = forms.ChoiceField(label="Language", choices=LANGUAGES)
    sections = (
        ("Which program", ("program_agency", "reference")),
        ("From the public court file, or from counsel", ("charge", "offense_on", "is_adult", "case_number")),
        ("For your own list", ("initials", "language")),
    )
    why = {
        "reference": "Agencies speak of somebody by a random reference. It says nothing, and it is sealed in each vault.",
        "case_number": "Numbers of criminal records (CII, FBI) are refused.",
        "is_adult": UNDER_18,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "program_agency", known.program_agencies())

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reference", "initials", "case_number", "language", "is_adult")}


class MatterChangeForm(PlainForm):
    initials = NoRecordNumber(
        label="Initials", max_length=6, widget=forms.TextInput(attrs={**OFF, "class": "usa-input clock"})
    )
    case_number = NoRecordNumber(label="Case number", max_length=30, required=False, widget=forms.TextInput(attrs=OFF))
    language = forms.ChoiceField(label="Language", choices=LANGUAGES)


class ReferForm(PlainForm):
    recipient = AgencyChoice(label="To")
    counsel_agrees = forms.BooleanField(label="Counsel agrees that the program calls the person", required=False)
    why = {
        "recipient": "Send it to whoever gives the program, and to the party that decides as well. No name goes along.",
        "counsel_agrees": "Without it the program calls counsel, never the person.",
    }

    def __init__(self, *args: Any, recipients: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "recipient", recipients)


class DecisionForm(PlainForm):
    verdict = forms.ChoiceField(label="Decision", choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label="Reason for “not now”", choices=Reason.choices, required=False)
    why = {"verdict": "“Not now” can become “agrees” later. It is told to the program alone, and to nobody else."}


class ContestForm(PlainForm):
    number = forms.ChoiceField(
        label="Which number",
        choices=(("sessions_attended", "Sessions attended"), ("hours", "Hours"), ("appointments", "Appointments kept")),
        widget=forms.RadioSelect,
    )
    says = forms.IntegerField(label="What it should be", min_value=0, max_value=9_999)
    court = AgencyChoice(label="Court that is told as well", required=False, empty_label="Nobody else")
    why = {"says": "A number, and no words: the rest is said between counsel and the program."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "court", known.courts())


class DocketForm(PlainForm):
    on = DayField(label="Court day")
    kind = forms.ChoiceField(label="What for", choices=DocketEntry.Kind.choices, initial="review")


class OutcomeForm(PlainForm):
    outcome = forms.ChoiceField(
        label="Outcome", choices=[row for row in DocketEntry.Outcome.choices if row[0]], widget=forms.RadioSelect
    )
    next_on = DayField(label="Next court day", required=False)
    next_kind = forms.ChoiceField(label="What for", choices=DocketEntry.Kind.choices, initial="review", required=False)
    tells_program = forms.BooleanField(label="Tell the program outcome and next day", required=False, initial=True)
    why = {"tells_program": "A packet with the two days and the outcome, and no word."}
