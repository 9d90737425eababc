"""What a seat says of something that is to go public, and the reason for going past the council."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.council.models import Voice
from waymark.pages.questions import PlainForm

REASON = forms.Textarea(attrs={"rows": 5})


class AnswerForm(PlainForm):
    answer = forms.ChoiceField(label="What your seat says", choices=Voice.Answer.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        max_length=2_000,
        required=False,
        widget=REASON,
        help_text="Asked for when you ask for changes or object. Say what should be different.",
    )
    why = {
        "reason": "Whoever asked the council reads it, with the name that you chose. If somebody goes past the council, "
        "the reason is published without a name. Write nothing about yourself: nobody here needs to know."
    }

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("answer") not in (None, Voice.Answer.ENDORSE) and not data.get("reason"):
            self.add_error("reason", "Say what should be different, so that they can change it.")
        return data


class OverrideForm(PlainForm):
    reason = forms.CharField(
        label="Reason, for everybody to read",
        min_length=20,
        max_length=2_000,
        widget=REASON,
        help_text="It stands on the public page of the council, beside what the council said.",
    )
    why = {"reason": "Nothing about survivors goes public without survivors, or a published reason says why it did."}


class DecideForm(PlainForm):
    decision = forms.ChoiceField(
        label="What you decide for your agency",
        choices=[
            ("confirm", "Go past the council, and publish the reason"),
            ("refuse", "Do not go past the council"),
        ],
        widget=forms.RadioSelect,
    )
