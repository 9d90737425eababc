"""What workers type into relief cases. Every question has the answer "not known", and it is the one that is given first."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone

from waymark.accounts.models import Agency
from waymark.law.formats.dated_files import relief_file
from waymark.law.policies.relief import Entry
from waymark.pages.offers import offer, offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField
from waymark.people.forms.contacts import OFF
from waymark.relief.formats.sections import read_section
from waymark.relief.formats.words import ENTRY_WORDS, NO, UNKNOWN, YES, Asked, Draft
from waymark.relief.models import Move
from waymark.relief.selectors.counting import QuarterLine

ANSWERS = ((UNKNOWN, "Not known"), (YES, "Yes"), (NO, "No"))
LONG = 20_000
PROGRAM_REFERENCE = r"^R-[0-9A-HJ-NP-Z]{4}-[0-9A-HJ-NP-Z]{4}$"
TEXT = forms.TextInput(attrs=OFF)
# In front of the key of a fact, under which its answer stands in the form.
FACT = "fact_"


class EntryForm(PlainForm):
    """One line of a record as the rules read it. It says nothing of whose it is."""

    entry = forms.ChoiceField(
        label="What stands in the record", choices=[(code.value, words) for code, words in ENTRY_WORDS.items()],
        widget=forms.RadioSelect, initial=Entry.CONVICTION.value,
    )  # fmt: skip
    charged = forms.CharField(
        label="Section", max_length=40, required=False, widget=TEXT, help_text="As it stands there, like PC 653.22."
    )

    why = {"charged": "Some ways are for one section alone. Leave it empty when it is not known."}

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            FACT + key: forms.ChoiceField(
                label=asks, choices=ANSWERS, widget=forms.RadioSelect, required=False, initial=UNKNOWN
            )
            for key, asks in relief_file().facts.items()
        }

    def clean_charged(self) -> str:
        return read_section(self.cleaned_data["charged"])

    def asked(self) -> Asked:
        """What is asked; a fact that nobody answered is left out."""
        data = self.cleaned_data
        facts = {key: data[FACT + key] for key in relief_file().facts if data.get(FACT + key)}
        day = data.get("entry_on")
        return Asked(
            entry=data["entry"],
            charged=data["charged"],
            entry_on=day.isoformat() if day else "",
            court=data.get("court", ""),
            case_number=data.get("case_number", ""),
            program_reference=data.get("program_reference", ""),
            facts=facts,
        )

    @classmethod
    def initial_of(cls, asked: Asked) -> dict[str, Any]:
        """A form that shows what was asked before."""
        day = dt.date.fromisoformat(asked.entry_on) if asked.entry_on else None
        facts = {FACT + key: answer for key, answer in asked.facts.items()}
        texts = ("entry", "charged", "court", "case_number", "program_reference")
        return {**{name: getattr(asked, name) for name in texts}, "entry_on": day, **facts}


class QuestionsForm(EntryForm):
    """The same for one person, with where the entry comes from."""

    page = forms.UUIDField(widget=forms.HiddenInput)
    entry_on = DayField(label="Day", required=False, help_text="Of the arrest, or of the judgment.")
    court = forms.CharField(label="Court", max_length=200, required=False, widget=TEXT)
    case_number = forms.CharField(label="Case number", max_length=60, required=False, widget=TEXT)
    program_reference = forms.RegexField(
        PROGRAM_REFERENCE,
        label="Reference in a diversion program",
        max_length=11,
        required=False,
        widget=TEXT,
        help_text="Like R-7K2M-9QXA, when the entry went through one.",
        error_messages={"invalid": "A reference looks like R-7K2M-9QXA."},
    )

    sections = (
        ("The entry", ("entry", "charged", "entry_on", "court", "case_number", "program_reference")),
        ("What is known", tuple(FACT + key for key in relief_file().facts)),
    )
    why = {
        **EntryForm.why,
        "case_number": "From the public court file or from counsel. Never a number of the FBI or of the state’s index.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("page", uuid.uuid4())

    def clean_entry_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["entry_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return day


class DraftForm(PlainForm):
    """For whom, under which section, by which attorney, in whose words."""

    section = forms.ChoiceField(label="Under which section")
    petitioner = forms.CharField(label="Petitioner’s name for the court", max_length=200, required=False, widget=TEXT)
    attorney = forms.CharField(label="Attorney", max_length=120, widget=TEXT)
    bar_number = forms.CharField(label="State Bar number", max_length=20, required=False, widget=TEXT)
    office = forms.CharField(
        label="Office and address", max_length=400, required=False, widget=forms.Textarea(attrs={**OFF, "rows": 3})
    )
    reach = forms.CharField(label="Phone or e-mail of the attorney", max_length=120, required=False, widget=TEXT)
    declaration = forms.CharField(
        label="Declaration, in the person’s own words",
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={**OFF, "rows": 12}),
    )
    evidence = forms.CharField(
        label="Evidence, one on each line",
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={**OFF, "rows": 4}),
    )

    sections = (
        ("The petition", ("section", "petitioner")),
        ("For which attorney", ("attorney", "bar_number", "office", "reach")),
        ("Their words", ("declaration", "evidence")),
    )
    why = {
        "attorney": "A draft is for one attorney, who decides whether and what is filed. The software files nothing.",
        "declaration": "Only what they want to say, in words that are theirs. It may stay empty: they can write it with "
        "the attorney. It is sealed, goes into no packet, and can be deleted when the case is over.",
    }

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "section", [("", "Choose"), *offered])

    def draft(self) -> Draft:
        return Draft(**{name: self.cleaned_data[name] for name in self.fields if name != "section"})


DAY_OF = {
    Move.SERVE: "Served on",
    Move.FILE: "Filed on",
    Move.SET_HEARING: "Day of the hearing",
    Move.ORDER: "Ordered on",
    Move.DENY: "Decided on",
}


class StepForm(PlainForm):
    """One step and its day. Steps of our own office happen today."""

    happened_on = DayField(label="Day")
    is_signed = forms.BooleanField(label="The petitioner has signed the petition, and the attorney served it.")

    def __init__(self, *args: Any, move: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Move(move) in DAY_OF:
            self.fields["happened_on"].label = DAY_OF[Move(move)]
        else:
            del self.fields["happened_on"]
        if move != Move.SERVE:
            del self.fields["is_signed"]

    @property
    def day(self) -> dt.date:
        day: dt.date = self.cleaned_data.get("happened_on") or timezone.localdate()
        return day


class HolderForm(PlainForm):
    """Who holds rows about the entry: a member, or an agency outside."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Member of the coalition", required=False, empty_label="None of them"
    )
    name = forms.CharField(
        label="Or another agency", max_length=120, required=False, help_text="Like the Department of Justice. No person."
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "agency", agencies)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("agency")) == bool(data.get("name")):
            raise forms.ValidationError("Choose a member, or write the name of another agency; one of the two.")
        return data


class ConfirmForm(PlainForm):
    """What an agency confirmed."""

    sealed_on = DayField(label="Its rows are sealed since")
    destroyed_on = DayField(
        label="Its rows are destroyed since", required=False, help_text="Empty while they are sealed only."
    )


class QuarterForm(PlainForm):
    """Which quarter an office lets out: those that are over for a month and were not given."""

    quarter = forms.ChoiceField(label="Quarter", widget=forms.RadioSelect)

    def __init__(self, *args: Any, quarters: list[QuarterLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.label) for one in quarters]
        offer(self, "quarter", choices)

    def quarter_chosen(self) -> tuple[int, int]:
        year, _, quarter = self.cleaned_data["quarter"].partition("-")
        return int(year), int(quarter)
