"""What people type on the asset board. No form here has a place for a person, an address, or how full a place is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from waymark.coalition.models import Offer, OfferRequest
from waymark.coalition.policies.assets import says_too_much
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField


class OfferForm(PlainForm):
    kind = forms.ChoiceField(label="What it is", choices=Offer.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label="Title", max_length=120, help_text="Like “Meeting room with a projector”.")
    language = forms.CharField(label="Language", max_length=60, required=False, help_text="For an interpreter.")
    details = forms.CharField(
        label="What others should know",
        max_length=600,
        required=False,
        help_text="In general: for how many people, on which kinds of days, what it costs. Never a street address.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    why = {
        "kind": "Of beds, say only for whom they are, in general. No number, no address, no word about what is free: "
        "whoever looks for somebody would read it too, and it would be wrong by noon. A bed tonight is asked for by phone.",
    }

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name in ("title", "details"):
            trouble = says_too_much(data.get("kind", ""), data.get(name, ""))
            if trouble:
                self.add_error(name, trouble)
        if data.get("kind") == Offer.Kind.INTERPRETER and not data.get("language"):
            self.add_error("language", "Say which language the interpreter speaks.")
        return data


class AskForm(PlainForm):
    occasion = forms.ChoiceField(label="What for", choices=OfferRequest.Occasion.choices, widget=forms.RadioSelect)
    first_day = DayField(label="First day")
    last_day = DayField(label="Last day", required=False, help_text="Empty: that one day.")
    why = {"occasion": "Everything else goes by phone between the two offices. Never write here about a person."}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first = data.get("first_day")
        if first and first < timezone.localdate():
            self.add_error("first_day", "This day has passed.")
        if "last_day" not in self.errors:
            data["last_day"] = data.get("last_day") or first
        if first and data.get("last_day") and data["last_day"] < first:
            self.add_error("last_day", "The last day comes before the first day. Check both.")
        return data
