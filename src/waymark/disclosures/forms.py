"""What people type into a packet. The questions come from the list of kinds, so that a form and a kind cannot differ."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone

from waymark.accounts.models import Agency
from waymark.disclosures.formats.kinds import CALL, PERSONAL
from waymark.disclosures.models import Permit
from waymark.pages.files import WholeFileField
from waymark.pages.offers import offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField, PhoneField
from waymark.sealing.files import LARGEST

SOON = dt.timedelta(days=30)


class AgencyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the other agencies, by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Agency.objects.none(), empty_label="Choose an agency", **kwargs)


class PacketForm(PlainForm):
    """Every page on which a packet is written has an id, so that a form sent twice is one packet."""

    page = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("page", uuid.uuid4())


class CallForm(PacketForm):
    recipient = AgencyField(label="To")
    reason = forms.ChoiceField(
        label="What it is about",
        choices=CALL.question("reason").answers,  # type: ignore[union-attr]
        widget=forms.RadioSelect,
    )
    phone = PhoneField(label="Work phone", help_text="Where they reach you, like 916-555-0142.")
    by_day = DayField(label="Call by", help_text="Today, or a day within the next 30 days.")

    why = {
        "reason": "There is no line to write on, on purpose: a note to another agency would sooner or later name somebody. "
        "Say the rest on the phone.",
    }

    def __init__(self, *args: Any, recipients: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "recipient", recipients)

    def clean_by_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["by_day"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError("This day is over. Choose today or a later day.")
        if day > today + SOON:
            raise forms.ValidationError("Choose a day within the next 30 days.")
        return day

    def values(self, asker: str) -> dict[str, str]:
        """What is sealed."""
        data = self.cleaned_data
        return {
            "ask_for": asker,
            "by_day": data["by_day"].isoformat(),
            "phone": data["phone"],
            "reason": data["reason"],
        }


class PersonalForm(PacketForm):
    """The fields that the permit names, and no other."""

    def __init__(self, *args: Any, permit: Permit, **kwargs: Any) -> None:
        self.permit = permit
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        named = [question for question in PERSONAL.questions if question.code in self.permit.fields]
        return {
            question.code: forms.CharField(
                label=question.label,
                help_text=question.hint,
                max_length=question.limit,
                required=False,
                widget=(forms.TextInput if question.limit <= 200 else forms.Textarea)(attrs={"autocomplete": "off"}),
            )
            for question in named
        }

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.values():
            raise forms.ValidationError("Fill in at least one field. Leave empty what they do not need.")
        return self.cleaned_data

    def values(self) -> dict[str, str]:
        """What is sealed: the fields that were filled in."""
        return {code: text for code, text in self.cleaned_data.items() if code in self.permit.fields and text}


class PressForm(PlainForm):
    """Asks to go on or to go back."""


class TakeInForm(PlainForm):
    """A file from another installation: a packet, a recall or a receipt. It says itself which."""

    file = WholeFileField(largest=LARGEST, label="Their file", help_text="A file that ends in .waymark.")
