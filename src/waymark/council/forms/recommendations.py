"""What the council recommends, and what is answered."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from waymark.accounts.models import Agency
from waymark.council.models import Recommendation
from waymark.pages.questions import PlainForm


class RecommendationForm(PlainForm):
    text = forms.CharField(
        label="What the council recommends",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One thing, in plain words, that somebody can do.",
    )
    why = {"text": "It is public as soon as a second seat supports it, under the council's name and nobody's own."}


class ReplyForm(PlainForm):
    owner = forms.ChoiceField(label="Agency that owns it", required=False)
    status = forms.ChoiceField(label="How it stands", choices=Recommendation.Status.choices, widget=forms.RadioSelect)
    reply = forms.CharField(
        label="Reply, for everybody to read",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What will be done by when, or why not.",
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        """`agencies` could own it; none, for whom the owner is not to choose."""
        super().__init__(*args, **kwargs)
        if agencies:
            cast(forms.ChoiceField, self.fields["owner"]).choices = [
                ("", "Nobody yet"),
                *((str(each.pk), each.name) for each in agencies),
            ]
        else:
            del self.fields["owner"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("status") == Recommendation.Status.DECLINED and not data.get("reply"):
            self.add_error("reply", "Say why it is declined. The council and the public read it.")
        if "owner" in self.fields and data.get("status") not in (None, Recommendation.Status.NEW) and not data.get("owner"):
            self.add_error("owner", "Say first which agency owns it.")
        return data
