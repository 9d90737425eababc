"""Where a person is, and who is with them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField
from waymark.people.actions.relations import NEVER_SIGNS
from waymark.people.formats.codes import read_code
from waymark.people.forms.contacts import OFF
from waymark.people.models import Address, AgeBand
from waymark.people.policies import age_on, band_of

# Why somebody may have to know where a person really is. A closed list, because it stands in the log.
REASONS = (
    ("visit", "I go there, and they expect me"),
    ("safety", "Somebody must be sent there now"),
    ("form", "They want it on a form that they send"),
    ("court", "A judge's order, after counsel was asked"),
)
KINDS = (
    ("child", "Child"),
    ("parent", "Parent"),
    ("spouse", "Spouse or partner"),
    ("relative", "Other relative"),
    ("guardian", "Guardian or foster parent"),
    ("chosen", "Chosen kin"),
    ("unrelated", "Not related"),
)


class AddressForm(PlainForm):
    """One address. The substitute is what every page shows."""

    kind = forms.ChoiceField(
        label="Which",
        choices=[(kind.value, kind.label) for kind in (Address.Kind.REAL, Address.Kind.SUBSTITUTE)],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label="Address", max_length=400, widget=forms.Textarea(attrs={**OFF, "rows": 3}))
    is_safe_at_home = forms.BooleanField(
        label="This is their Safe at Home box.",
        required=False,
        help_text="State and local agencies must accept it in place of any other (Cal. Government Code 6207).",
    )

    why = {"kind": "The real one is on no page, list or print. Who must know it asks for it, with a reason that is kept."}


class ReasonForm(PlainForm):
    """Why somebody has to know."""

    reason = forms.ChoiceField(label="Why", choices=REASONS, widget=forms.RadioSelect)


class RelationForm(PlainForm):
    """Somebody who is with a person: a file that is there, or a new one."""

    kind = forms.ChoiceField(label="They are the person's", choices=[("", "Choose"), *KINDS])
    code = forms.CharField(
        label="Code of their file",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="Empty for somebody new: they get a file of their own.",
    )
    name = forms.CharField(
        label="What should we call them?", max_length=120, required=False, widget=forms.TextInput(attrs=OFF)
    )
    born = DayField(label="Day of birth", required=False)
    age_band = forms.ChoiceField(label="Age, about", choices=AgeBand.choices, required=False)
    lives_with = forms.BooleanField(label="They live together.", required=False)
    custody = forms.CharField(
        label="Custody, orders", max_length=400, required=False, widget=forms.Textarea(attrs={**OFF, "rows": 2})
    )
    may_sign = forms.BooleanField(label="They may sign for this person, who is a child.", required=False)
    is_alleged_abuser = forms.BooleanField(
        label="They are said to have hurt this person or this person's parent.", required=False
    )

    sections = (
        ("Who they are", ("kind", "code", "name", "born", "age_band")),
        ("How it is", ("lives_with", "custody")),
        ("Signing", ("may_sign", "is_alleged_abuser")),
    )
    why = {
        "may_sign": "Only for a child, until the eighteenth birthday. Unknown is no: ask counsel; care does not wait.",
        "is_alleged_abuser": "They can never sign, whatever else is written.",
    }

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        code = read_code(typed) if typed else ""
        if code is None:
            raise forms.ValidationError("A code is a word and two digits, like tugad-73.")
        return code

    def clean_born(self) -> dt.date | None:
        born: dt.date | None = self.cleaned_data["born"]
        if born is not None and born > timezone.localdate():
            raise forms.ValidationError("Check the year.")
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("may_sign") and data.get("is_alleged_abuser"):
            self.add_error("may_sign", NEVER_SIGNS)
        if data.get("born"):
            data["age_band"] = band_of(age_on(data["born"], timezone.localdate()))
        return data

    def newcomer(self) -> dict[str, Any]:
        data = self.cleaned_data
        born = data["born"].isoformat() if data["born"] else ""
        return {"name": data["name"], "born": born, "age_band": data["age_band"]}

    def values(self) -> dict[str, Any]:
        """What is sealed."""
        return {name: self.cleaned_data[name] for name in ("kind", "lives_with", "custody")}


class MergeForm(PlainForm):
    """The other file of the same person."""

    code = forms.CharField(
        label="Code of the other file", max_length=20, widget=forms.TextInput(attrs=OFF), help_text="Like tugad-73."
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError("A code is a word and two digits, like tugad-73.")
        return code
