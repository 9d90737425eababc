"""A court's paper: what it is, what the judge said, whether the person was told, what the order names."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from waymark.consent.formats.scopes import CODES, labels_of
from waymark.obligations.formats.part_two import FINDINGS, Mandate
from waymark.obligations.models import LegalProcess
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField, PhoneField

OFF = {"autocomplete": "off"}


class ProcessForm(PlainForm):
    """What came, as it stands on the paper."""

    kind = forms.ChoiceField(label="What came", choices=LegalProcess.Kind.choices, widget=forms.RadioSelect)
    received_on = DayField(label="It came on")
    due_on = DayField(label="It wants an answer by", required=False, help_text="Empty if it names no day.")
    sender = forms.CharField(
        label="Who sent or brought it", max_length=300, required=False, widget=forms.TextInput(attrs=OFF)
    )
    court = forms.CharField(
        label="Court, judge and number", max_length=300, required=False, widget=forms.TextInput(attrs=OFF)
    )
    asks_for = forms.CharField(
        label="What it asks for", max_length=4000, required=False, widget=forms.Textarea(attrs={**OFF, "rows": 3})
    )
    sections = (("The paper", ("kind", "received_on", "due_on")), ("What stands on it", ("sender", "court", "asks_for")))
    why = {"kind": "Not sure? Choose what stands at the top. Writing it down here releases nothing."}

    def clean_received_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["received_on"]
        if on > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return on

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("sender", "court", "asks_for")}


class PrivilegeForm(PlainForm):
    """The privilege, and the judge's answer to it."""

    claimed_on = DayField(label="The privilege was claimed on", required=False)
    chambers = forms.ChoiceField(
        label="A judge reads it alone",
        choices=LegalProcess.Chambers.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    due_on = DayField(label="An answer is due by", required=False)
    why = {
        "claimed_on": "What was said to a qualified caseworker is the survivor's to open. You have to claim it "
        "(Cal. Evidence Code 1036, 1037.6, 1038.1).",
        "chambers": "Only after a judge has read a note alone, and said that it is to be given, can it be asked for here.",
    }


class TellingForm(PlainForm):
    """Whether the person was told of it."""

    was_told = forms.ChoiceField(
        label="Do they know?", choices=[("yes", "I told them"), ("no", "I could not tell them")], widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="How, or why not",
        max_length=2000,
        widget=forms.Textarea(attrs={**OFF, "rows": 3}),
        help_text="Like “on the phone at the agreed hour”, or “the order forbids it; counsel says so too”.",
    )
    why = {"was_told": "The law wants that we try to tell them before anything is given (34 USC 12291(b)(2)(C))."}


class AskForm(PlainForm):
    """What the order names, and no more. Nothing is ticked beforehand, and nothing ticked is nothing."""

    fields_named = forms.MultipleChoiceField(
        label="Parts of the file that it names",
        choices=[(code, labels_of([code])[0]) for code in CODES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    notes_named = forms.MultipleChoiceField(
        label="Notes that it names", required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label="The order's own words",
        max_length=4000,
        widget=forms.Textarea(attrs={**OFF, "rows": 4}),
        help_text="Copy what it says is to be given. Whoever approves compares.",
    )
    finding = forms.ChoiceField(
        label="What the order finds",
        choices=[(code, f"{label}: {finds}") for code, label, finds in FINDINGS],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the order finds. If it finds neither, nothing can be given: ask counsel."},
    )
    subpoena_on = DayField(
        label="Day of the subpoena that came with it",
        required=False,
        error_messages={"required": "Write the day of the subpoena. Without one, nothing can be given: ask counsel."},
        help_text="A subpoena, or a like mandate, that is still good. The order alone makes nobody give anything.",
    )
    why = {
        "finding": "A federal rule on treatment for substance use protects this file. An order that does not make the "
        "rule's own finding does not open it (42 CFR 2.64, 2.65). If you cannot find it in the order, stop and ask counsel."
    }

    def __init__(
        self,
        *args: Any,
        notes: Sequence[tuple[str, str]],
        offered: Sequence[str],
        is_part_two: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("finding", "subpoena_on"):
            if is_part_two:
                self.fields[name].required = True
            else:
                del self.fields[name]
        names: Any = self.fields["fields_named"]
        names.choices = [(code, labels_of([code])[0]) for code in CODES if code in offered]
        if notes:
            noted: Any = self.fields["notes_named"]
            noted.choices = notes
        else:
            del self.fields["notes_named"]

    def clean_subpoena_on(self) -> dt.date | None:
        on: dt.date | None = self.cleaned_data["subpoena_on"]
        if on is not None and on > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return on

    def mandate(self) -> Mandate:
        """What the order finds and what came with it; nothing where the rule does not bind the file."""
        return Mandate(self.cleaned_data.get("finding", ""), self.cleaned_data.get("subpoena_on"))

    def notes(self) -> list[uuid.UUID]:
        return [uuid.UUID(pk) for pk in self.cleaned_data.get("notes_named", [])]


class AnswerForm(PlainForm):
    """The second person's answer."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[("approve", "I have the order before me, and this is no more than it names"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
    )


class CounselForm(PlainForm):
    """Whom the agency calls."""

    name = forms.CharField(label="Lawyer or office", max_length=160)
    phone = PhoneField(label="Phone")
    hours = forms.CharField(label="When they answer", max_length=200, required=False)
